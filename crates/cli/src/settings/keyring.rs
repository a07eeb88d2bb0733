//! `--keyring-provider`.

use std::{
    ffi::OsStr,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use crate::{
    args::KeyringArg,
    failure::{Failure, Result},
    surroundings::Surroundings,
};

/// The program to ask for passwords; `None` for nobody.
///
/// pip's `auto` asks a keyring only where it may ask the user, too. assay never does, so `auto` is
/// `disabled` here. Where there is no program, pip goes without, and so does this.
pub fn program(provider: KeyringArg, around: &Surroundings) -> Result<Option<PathBuf>> {
    match provider {
        KeyringArg::Auto | KeyringArg::Disabled => Ok(None),
        KeyringArg::Subprocess => Ok(around.path.as_deref().and_then(on_path)),
        KeyringArg::Import => Err(Failure::usage(
            "--keyring-provider import: assay is no Python program and imports nothing",
        )
        .hint(
            "--keyring-provider subprocess runs the keyring command, and gives the same answers",
        )),
    }
}

/// The first `keyring` on the PATH that belongs to no environment: what was installed into one
/// would be run with every password within reach. Relative entries mean the working folder, where
/// anything may lie.
fn on_path(path: &OsStr) -> Option<PathBuf> {
    let folders = std::env::split_paths(path);
    folders
        .filter(|it| it.is_absolute() && !is_environments(it))
        .map(|it| it.join("keyring"))
        .find(|it| is_program(it))
}

/// Whether the commands of a virtual or conda environment lie there.
fn is_environments(folder: &Path) -> bool {
    let root = folder.parent().unwrap_or(folder);
    root.join("pyvenv.cfg").exists() || root.join("conda-meta").exists()
}

fn is_program(path: &Path) -> bool {
    let stat = std::fs::metadata(path);
    stat.is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn tree(files: &[(&str, u32)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, mode) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(*mode)).unwrap();
        }
        folder
    }

    #[test]
    fn the_first_program_that_belongs_to_no_environment() {
        let tree = tree(&[
            ("venv/pyvenv.cfg", 0o644),
            ("venv/bin/keyring", 0o755),
            ("conda/conda-meta/history", 0o644),
            ("conda/bin/keyring", 0o755),
            ("plain/bin/keyring", 0o644),
            ("own/bin/keyring", 0o755),
            ("later/bin/keyring", 0o755),
        ]);
        let bin = |name: &str| tree.path().join(name).join("bin");
        let found = |folders: &[PathBuf]| on_path(&std::env::join_paths(folders).unwrap());
        let all = ["missing", "venv", "conda", "plain", "own", "later"].map(bin);
        assert_eq!(found(&all), Some(bin("own").join("keyring")));
        assert_eq!(found(&all[..4]), None);
        assert_eq!(found(&["bin".into(), PathBuf::new(), ".".into()]), None);
    }

    #[test]
    fn only_the_program_can_be_asked_for() {
        let tree = tree(&[("bin/keyring", 0o755)]);
        let mut around = Surroundings::default();
        around.path = Some(tree.path().join("bin").into());
        assert!(program(KeyringArg::Subprocess, &around).unwrap().is_some());
        for nobody in [KeyringArg::Auto, KeyringArg::Disabled] {
            assert_eq!(program(nobody, &around).unwrap(), None);
        }
        let failure = program(KeyringArg::Import, &around).unwrap_err();
        assert_eq!(failure.exit_code(), 2);
    }
}
