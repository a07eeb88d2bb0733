//! Which project's file governs a folder, and whether it may.

use std::{
    fs::{self, Metadata},
    io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use super::{LONGEST, Read, Root, Times, read};
use crate::failure::{Failure, Result};
use assay_files::{objection, read_file};

/// In the order in which they are looked for.
const FILES: [(&str, Root); 2] = [
    ("assay.toml", Root::Document),
    ("pyproject.toml", Root::Tool),
];
/// What lies in the folder with which a working copy begins.
const COPIES: [&str; 6] = [".git", ".hg", ".svn", ".bzr", ".jj", ".sl"];
const OTHERS_WRITE: u32 = 0o002;
/// Without it there is no `[tool.assay]`.
const WORD: &[u8] = b"assay";

/// The nearest file with rules, from `folder` upwards, and what it says. The search ends with the
/// beginning of a working copy, before the user's home and at the edge of a file system, and does
/// not go up into a folder where everybody can write: no project lies around ours there.
///
/// A file that somebody else could have written is an error and is not passed over: whoever put it
/// there wanted it to hold, and whoever works here would think that it does.
pub(super) fn find(
    folder: &Path,
    home: Option<&Path>,
    times: Times,
) -> Result<Option<(PathBuf, Read)>> {
    let is_home = |it: &Path| home == Some(it);
    let looking = |error| Failure::could_not(format!("looking at {}: {error}", folder.display()));
    let device = fs::metadata(folder).map_err(looking)?.dev();
    for above in folder.ancestors() {
        if above != folder {
            let is_ours = |it: Metadata| it.dev() == device && it.mode() & OTHERS_WRITE == 0;
            if is_home(above) || !fs::metadata(above).is_ok_and(is_ours) {
                break;
            }
        }
        if let Some(found) = in_folder(above, folder, times)? {
            return Ok(Some(found));
        }
        let is_copy = COPIES
            .iter()
            .any(|it| above.join(it).symlink_metadata().is_ok());
        if is_copy || is_home(above) {
            break;
        }
    }
    Ok(None)
}

/// Where the rules are in a project's file of this name; `None` for one that is none by its name.
pub(super) fn root_of(path: &Path) -> Option<Root> {
    let mut files = FILES.iter();
    let named = files.find(|(name, _)| path.file_name().is_some_and(|it| it == *name));
    named.map(|(_, root)| *root)
}

/// A path as it is said to somebody in `folder`.
pub(super) fn shown(path: &Path, folder: &Path) -> String {
    let shown = path.strip_prefix(folder).unwrap_or(path);
    shown.display().to_string()
}

fn in_folder(above: &Path, folder: &Path, times: Times) -> Result<Option<(PathBuf, Read)>> {
    let mut found: Option<(PathBuf, Read)> = None;
    for (name, root) in FILES {
        let path = above.join(name);
        let shown = shown(&path, folder);
        let Some((text, stat)) = text(&path, &shown, root)? else {
            continue;
        };
        let Some(rules) = read(&shown, &text, root, times)? else {
            continue;
        };
        if let Some(fact) = objection(&stat) {
            return Err(not_yours(&shown, &fact));
        }
        if let Some((first, _)) = &found {
            let first = super::search::shown(first, folder);
            let fact = format!("{first} and {shown} both have rules for this project");
            return Err(Failure::usage(fact).hint("keep them in one of the two"));
        }
        found = Some((path, rules));
    }
    Ok(found)
}

/// The text of a regular file and what is known of it; `None` where there is none. A pyproject that
/// is none of our business may be as broken as it likes.
fn text(path: &Path, shown: &str, root: Root) -> Result<Option<(String, Metadata)>> {
    let is_missing = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    if path.symlink_metadata().is_err_and(|it| is_missing(&it)) {
        return Ok(None);
    }
    if root == Root::Tool && !path.is_file() {
        return Ok(None);
    }
    let (bytes, stat) = read_file(path, LONGEST).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidInput | io::ErrorKind::FileTooLarge => {
            Failure::usage(format!("{shown}: {error}"))
        }
        _ => Failure::could_not(format!("reading {shown}: {error}")),
    })?;
    if root == Root::Tool && !bytes.windows(WORD.len()).any(|it| it == WORD) {
        return Ok(None);
    }
    let text =
        String::from_utf8(bytes).map_err(|_| Failure::usage(format!("{shown} is not UTF-8")))?;
    Ok(Some((text, stat)))
}

fn not_yours(shown: &str, fact: &str) -> Failure {
    Failure::refused(format!("{shown} {fact}"))
        .detail("rule: the rules for a project are its owner's alone to write")
        .hint(format!("make it yours: chown and chmod go-w {shown}"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, chown, symlink};

    use assay_types::Timestamp;

    use super::*;

    const NOW: Times = Times {
        now: Timestamp::UNIX_EPOCH,
        latest: Timestamp::UNIX_EPOCH,
    };
    const RULES: &str = "[indexes.a]\nurl = 'https://a.example/'\n";

    struct Tree(tempfile::TempDir);

    impl Tree {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn write(&self, name: &str, text: &str) -> PathBuf {
            let path = self.path(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            path
        }

        /// What governs the folder `a/b/c`, with the tree as home.
        fn find(&self) -> Result<Option<PathBuf>> {
            let folder = self.path("a/b/c");
            fs::create_dir_all(&folder).unwrap();
            Ok(find(&folder, Some(self.0.path()), NOW)?.map(|(path, _)| path))
        }
    }

    #[test]
    fn the_nearest_one_upwards_and_not_in_the_home() {
        let tree = Tree::new();
        tree.write("assay.toml", "not even TOML");
        assert_eq!(tree.find().unwrap(), None);
        let far = tree.write("a/assay.toml", RULES);
        assert_eq!(tree.find().unwrap(), Some(far));
        tree.write("a/b/pyproject.toml", "[project]\nname = 'x'\n# assay");
        let nearer = tree.write("a/b/assay.toml", RULES);
        assert_eq!(tree.find().unwrap(), Some(nearer));
        let home = tree.path("");
        let at_home = find(&home, Some(&home), NOW);
        assert_eq!(at_home.unwrap_err().exit_code(), 2);
    }

    #[test]
    fn a_working_copy_ends_the_search_with_its_first_folder() {
        let tree = Tree::new();
        let outside = tree.write("a/assay.toml", RULES);
        assert_eq!(tree.find().unwrap(), Some(outside));
        tree.write("a/b/.git", "gitdir: elsewhere");
        assert_eq!(tree.find().unwrap(), None);
        let inside = tree.write("a/b/assay.toml", RULES);
        assert_eq!(tree.find().unwrap(), Some(inside));
    }

    #[test]
    fn nobody_leaves_rules_where_everybody_can_write() {
        let tree = Tree::new();
        tree.write("a/assay.toml", RULES);
        fs::create_dir_all(tree.path("a/b/c")).unwrap();
        fs::set_permissions(tree.path("a"), fs::Permissions::from_mode(0o1777)).unwrap();
        assert_eq!(tree.find().unwrap(), None);
        fs::set_permissions(tree.path("a"), fs::Permissions::from_mode(0o755)).unwrap();
        assert!(tree.find().unwrap().is_some());
    }

    #[test]
    fn a_file_that_others_can_write_to_is_refused_and_not_passed_over() {
        let tree = Tree::new();
        let file = tree.write("a/b/assay.toml", RULES);
        for (mode, refused) in [(0o644, false), (0o600, false), (0o646, true), (0o602, true)] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let outcome = tree.find();
            assert_eq!(outcome.is_err(), refused, "{mode:o}");
            if let Err(failure) = outcome {
                assert_eq!(failure.exit_code(), 4);
            }
        }
    }

    #[test]
    fn only_a_regular_file_of_some_length_is_read() {
        let tree = Tree::new();
        let path = tree.write("a/b/assay.toml", RULES);
        assert!(tree.find().is_ok());
        for wrong in [
            format!("{RULES}#{}", "x".repeat(1 << 20)).as_bytes(),
            b"\xff",
        ] {
            fs::write(&path, wrong).unwrap();
            assert!(tree.find().is_err());
        }
        fs::remove_file(&path).unwrap();
        for target in ["missing", "/dev/zero", "."] {
            for (name, is_wrong) in [("assay.toml", true), ("pyproject.toml", false)] {
                let link = tree.path("a/b").join(name);
                symlink(target, &link).unwrap();
                assert_eq!(tree.find().is_err(), is_wrong, "{name} -> {target}");
                fs::remove_file(&link).unwrap();
            }
        }
    }

    #[test]
    fn a_file_of_another_user_is_refused() {
        let tree = Tree::new();
        let file = tree.write("a/b/assay.toml", RULES);
        if chown(&file, Some(12345), None).is_err() {
            println!("skipped: only root can give a file away");
            return;
        }
        let failure = tree.find().unwrap_err();
        assert!(failure.render(false).contains("belongs to user 12345"));
        chown(&file, Some(0), None).unwrap();
        assert!(tree.find().unwrap().is_some());
    }

    #[test]
    fn two_files_in_one_folder_must_not_both_have_rules() {
        let tree = Tree::new();
        tree.write("a/b/assay.toml", RULES);
        tree.write("a/b/pyproject.toml", "[tool.assay]");
        assert!(tree.find().is_err());
        tree.write("a/b/pyproject.toml", "[tool.other]\nassay = 1");
        assert!(tree.find().is_ok());
        for broken in [&b"[broken"[..], b"\xff"] {
            fs::write(tree.path("a/b/pyproject.toml"), broken).unwrap();
            assert!(tree.find().is_ok());
        }
    }
}
