//! What a killed run left in an environment.

use std::{fmt, path::PathBuf};

use super::staging::{DONE, MOVING, STAGED};
use crate::{
    Result,
    environment::Root,
    error::Shown,
    sys::{Kind, Lock},
};

/// A staging folder whose run was killed. `Display` says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leftover {
    /// It held nothing but copies and was removed.
    Removed(PathBuf),
    /// The run was moving files: what it had moved away may lie in this folder and nowhere else.
    Interrupted(PathBuf),
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Removed(folder) => {
                let folder = Shown(folder);
                write!(f, "removed {folder}, which a run that was stopped had left")
            }
            Self::Interrupted(folder) => {
                let folder = Shown(folder);
                write!(
                    f,
                    "a run was stopped while it moved files, so this environment may be neither \
                     old nor new: repeat that run with --force-reinstall, or make the environment \
                     anew; {folder} holds the files that were replaced (in `old`) and those that \
                     did not arrive, and can go after that"
                )
            }
        }
    }
}

/// Looks for what killed runs left and removes what nobody needs. Folders of runs that live, and of
/// other users, are left alone.
pub(crate) fn sweep(roots: &[Root]) -> Result<Vec<Leftover>> {
    let mut found = Vec::new();
    for root in roots {
        for (name, kind) in root.dir.entries()? {
            let is_needed = match kind {
                Kind::Folder if is_called(&name, STAGED) || is_called(&name, DONE) => false,
                Kind::Folder if is_called(&name, MOVING) => true,
                _ => continue,
            };
            let Ok(folder) = root.dir.beneath(&name) else {
                continue;
            };
            let Some(_dead) = Lock::try_exclusive(&folder)? else {
                continue;
            };
            let path = folder.path().to_owned();
            if is_needed {
                found.push(Leftover::Interrupted(path));
            } else {
                root.dir.remove_tree(&name)?;
                found.push(Leftover::Removed(path));
            }
        }
    }
    Ok(found)
}

/// A prefix and sixteen hexadecimal digits, as [`crate::sys::Scratch`] makes them.
fn is_called(name: &str, prefix: &str) -> bool {
    let digits = name.strip_prefix(prefix).unwrap_or_default();
    digits.len() == 16 && digits.bytes().all(|it| it.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::{super::staging::Staging, *};
    use crate::sys::Dir;

    fn root(path: &Path) -> [Root; 1] {
        let path = path.canonicalize().unwrap();
        let dir = Dir::open(&path).unwrap();
        [Root { path, dir }]
    }

    #[test]
    fn copies_go_and_what_may_be_the_only_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let roots = root(folder.path());
        let make = |name: &str| {
            let path = roots[0].path.join(name);
            fs::create_dir_all(path.join("old")).unwrap();
            fs::write(path.join("old/0"), "").unwrap();
            path
        };
        let gone = [
            make(".assay-stage-0123456789abcdef"),
            make(".assay-done-0123456789abcdef"),
        ];
        let moving = make(".assay-moving-0123456789abcdef");
        let others = [
            make(".assay-stage-mine"),
            make("assay-stage-0123456789abcdef"),
        ];
        let found = sweep(&roots).unwrap();
        assert_eq!(found.len(), 3, "{found:?}");
        for path in gone {
            assert!(found.contains(&Leftover::Removed(path.clone())) && !path.exists());
        }
        assert!(found.contains(&Leftover::Interrupted(moving.clone())));
        for path in others.iter().chain([&moving]) {
            assert!(path.join("old/0").is_file(), "{}", path.display());
        }
        assert_eq!(sweep(&roots).unwrap(), [Leftover::Interrupted(moving)]);
    }

    #[test]
    fn a_run_that_lives_is_left_alone_in_every_phase() {
        let folder = tempfile::tempdir().unwrap();
        let roots = root(folder.path());
        let mut staging = Staging::new(&roots, |_| true).unwrap();
        assert!(sweep(&roots).unwrap().is_empty());
        staging.begin().unwrap();
        assert!(sweep(&roots).unwrap().is_empty());
        staging.dir(0).unwrap().make("old", 0o700).unwrap();
        let kept = staging.keep();
        assert!(kept[0].join("old").is_dir());
        assert_eq!(
            sweep(&roots).unwrap(),
            [Leftover::Interrupted(kept[0].clone())]
        );
        let mut staging = Staging::new(&roots, |_| true).unwrap();
        staging.begin().unwrap();
        staging.finish();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
