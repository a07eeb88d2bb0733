//! Which git.

use std::{
    ffi::{OsStr, OsString},
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use assay_files::objection_on_the_way;

use crate::IndexError;

/// The program, and those entries of `PATH` in which it may look for ssh and its helpers: relative ones
/// mean the working folder, where anything may lie, and what others can write to is anybody's.
pub(super) fn find(path: &OsStr) -> Result<(PathBuf, OsString), IndexError> {
    let entries = std::env::split_paths(path).filter(|it| it.is_absolute());
    let (own, foreign): (Vec<_>, Vec<_>) = entries
        .filter(|it| it.is_dir())
        .map(|it| (objection(&it), it))
        .partition(|(objection, _)| objection.is_none());
    let mut own = own.into_iter().map(|(_, folder)| folder);
    let searched: Vec<_> = own.by_ref().collect();
    let program = searched.iter().map(|it| it.join("git"));
    let Some(program) = program.into_iter().find(|it| is_program(it)) else {
        return Err(none(&foreign));
    };
    if let Some(fact) = objection(&program) {
        return Err(setting(fact, "use another git, first on the PATH"));
    }
    let path = std::env::join_paths(&searched)
        .map_err(|error| setting(format!("PATH: {error}"), "mend PATH"))?;
    Ok((program, path))
}

fn is_program(path: &Path) -> bool {
    let stat = fs::metadata(path);
    stat.is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

/// What lets somebody else put something there, with the place.
fn objection(path: &Path) -> Option<String> {
    match objection_on_the_way(path) {
        Ok(None) => None,
        Ok(Some((place, fact))) => Some(format!("{}: {} {fact}", path.display(), place.display())),
        Err(error) => Some(error.to_string()),
    }
}

fn none(foreign: &[(Option<String>, PathBuf)]) -> IndexError {
    let passed_over = foreign.iter().find(|(_, it)| is_program(&it.join("git")));
    match passed_over {
        Some((Some(fact), _)) => setting(
            format!("git: {fact}"),
            "a program that others could change is not run: use another git, first on the PATH",
        ),
        _ => setting(
            "there is no git on the PATH".to_owned(),
            "install git, or name an sdist or a folder instead of a repository",
        ),
    }
}

fn setting(fact: String, hint: &str) -> IndexError {
    IndexError::Setting {
        fact,
        hint: Some(hint.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(parent: &Path, name: &str, mode: u32) -> PathBuf {
        let folder = parent.join(name);
        fs::create_dir(&folder).unwrap();
        assay_testkit::program::script(&folder.join("git"), "#!/bin/sh\n");
        fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
        folder
    }

    #[test]
    fn a_git_that_others_could_change_is_passed_over_and_told_where_it_is_the_only_one() {
        let parent = tempfile::tempdir().unwrap();
        let open = folder(parent.path(), "open", 0o777);
        let own = folder(parent.path(), "own", 0o755);
        let path = |folders: &[&Path]| std::env::join_paths(folders).unwrap();
        let (program, searched) = find(&path(&[Path::new("own"), &open, &own])).unwrap();
        assert_eq!(program, own.join("git"));
        assert_eq!(searched, own.as_os_str());
        let error = find(&path(&[&open])).unwrap_err().to_string();
        assert!(
            error.contains("can be written to by other users"),
            "{error}"
        );
        let error = find(&path(&[parent.path()])).unwrap_err().to_string();
        assert!(error.contains("no git on the PATH"), "{error}");
    }
}
