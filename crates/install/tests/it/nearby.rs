//! The environment that nobody named.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, chown, symlink},
    path::{Path, PathBuf},
};

use assay_install::{Error, Interpreter};

use crate::common::Home;

/// What is found from `folder`: an environment, the Python of the search path, or a refusal with
/// what it is about.
fn discover(home: &Home, folder: &Path) -> Result<Option<PathBuf>, PathBuf> {
    let search = [home.python.executable().parent().unwrap().to_owned()];
    match Interpreter::discover(None, folder, &search, &home.cache()) {
        Ok(found) => Ok(found.venv().map(Path::to_owned)),
        Err(Error::NotPrivate {
            folder, way_out, ..
        }) => {
            assert!(way_out.contains("--venv"), "{way_out}");
            Err(folder)
        }
        Err(other) => panic!("{other}"),
    }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn it_counts_where_nobody_else_can_write() {
    let Some(home) = Home::new() else { return };
    let env = home.venv(".venv");
    let own = Ok(Some(env.folder().to_owned()));
    for part in ["", "bin", "pyvenv.cfg"] {
        let part = env.folder().join(part);
        let part = part.components().as_path();
        set_mode(part, 0o757);
        assert_eq!(discover(&home, home.path()), Err(part.to_owned()));
        set_mode(part, 0o755);
        assert_eq!(discover(&home, home.path()), own);
    }
}

#[test]
fn the_search_ends_where_others_can_write() {
    let Some(home) = Home::new() else { return };
    let env = home.venv(".venv");
    let own = Ok(Some(env.folder().to_owned()));
    let shared = home.path().join("shared");
    let below = shared.join("project");
    fs::create_dir_all(&below).unwrap();
    assert_eq!(discover(&home, &below), own);
    set_mode(&shared, 0o777);
    assert_ne!(discover(&home, &below), own);
}

#[test]
fn one_that_another_user_left_is_not_used() {
    let Some(home) = Home::new() else { return };
    let env = home.venv(".venv");
    let folder = env.folder().to_owned();
    if chown(&folder, Some(4711), None).is_err() {
        eprintln!("skipped: only root can give files away");
        return;
    }
    assert_eq!(discover(&home, home.path()), Err(folder.clone()));
    // In a folder such as /tmp anybody may leave one, so it stops nobody.
    set_mode(home.path(), 0o1777);
    assert_ne!(discover(&home, home.path()), Ok(Some(folder.clone())));
    chown(&folder, Some(0), None).unwrap();
    assert_eq!(discover(&home, home.path()), Ok(Some(folder)));
}

#[test]
fn its_interpreter_is_one_that_is_installed_elsewhere() {
    let Some(home) = Home::new() else { return };
    let env = home.venv(".venv");
    let python = env.folder().join("bin/python");
    let mark = home.path().join("ran");
    let script = home.path().join("tools-python");
    fs::write(&script, format!("#!/bin/sh\ntouch {}\n", mark.display())).unwrap();
    set_mode(&script, 0o755);
    for at in [&script, &python] {
        fs::remove_file(&python).unwrap();
        if at == &python {
            fs::copy(&script, &python).unwrap();
        } else {
            symlink(at, &python).unwrap();
        }
        assert_eq!(discover(&home, home.path()), Err(python.clone()));
        assert!(!mark.exists());
    }
    fs::remove_file(&python).unwrap();
    symlink(home.python.base_executable(), &python).unwrap();
    assert_eq!(
        discover(&home, home.path()),
        Ok(Some(env.folder().to_owned()))
    );
}
