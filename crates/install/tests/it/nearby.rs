//! The environment that nobody named.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, chown, symlink},
    path::{Path, PathBuf},
    process::Command,
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

/// A clone with `.venv` in its folder `d`, whose executable is a link to `target`; what a clone can
/// bring along marks that it ran.
struct Clone<'h> {
    home: &'h Home,
    folder: PathBuf,
}

impl<'h> Clone<'h> {
    fn new(home: &'h Home, name: &str) -> Self {
        let folder = home.path().join(name);
        let clone = Self { home, folder };
        clone.environment("d/.venv", home.python.base_executable());
        clone.script("tools/python");
        clone
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    fn environment(&self, path: &str, target: &Path) {
        let bin = self.path(path).join("bin");
        fs::create_dir_all(&bin).unwrap();
        fs::write(self.path(path).join("pyvenv.cfg"), "home = /usr/bin\n").unwrap();
        symlink(target, bin.join("python")).unwrap();
    }

    fn script(&self, path: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mark = self.home.path().join("ran");
        fs::write(&path, format!("#!/bin/sh\ntouch {}\n", mark.display())).unwrap();
        set_mode(&path, 0o755);
    }

    fn link(&self, target: &str, path: &str) {
        let path = self.path(path);
        let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
        symlink(target, path).unwrap();
    }

    fn accepted(&self) {
        let found = discover(self.home, &self.path("d"));
        assert_eq!(found, Ok(Some(self.path("d/.venv"))));
    }

    fn refused_for(&self, path: &str) {
        assert_eq!(
            discover(self.home, &self.path("d")),
            Err(self.path(path)),
            "{path}"
        );
        assert!(!self.home.path().join("ran").exists(), "{path}");
    }
}

#[test]
fn no_link_leads_to_what_came_with_the_clone() {
    let Some(home) = Home::new() else { return };
    let clone = Clone::new(&home, "relative");
    let absolute = clone.path("tools/python");
    clone.accepted();
    let parent = format!("{}/../tools/python", clone.path("d").display());
    for target in [
        "../../../tools/python",
        "/proc/self/cwd/../tools/python",
        "/proc/self/cwd/python",
        "/dev/fd/../cwd/python",
        &parent,
        "sub/python",
        "python",
    ] {
        clone.link(target, "d/.venv/bin/python");
        clone.link(target, "d/.venv/bin/python3");
        // What does not resolve at all is refused for other reasons.
        let found = Interpreter::discover(None, &clone.path("d"), &[], &home.cache());
        assert!(found.is_err(), "{target}");
        if clone.path("d/.venv/bin/python").exists() {
            clone.refused_for("d/.venv/bin/python");
        }
        assert!(!home.path().join("ran").exists(), "{target}");
    }
    // By way of another link in `bin`, which is judged as well.
    clone.link("../../../tools/python", "d/.venv/bin/python3");
    clone.link("python3", "d/.venv/bin/python");
    clone.refused_for("d/.venv/bin/python");
    let base = home.python.base_executable().to_str().unwrap();
    clone.link(base, "d/.venv/bin/python3");
    clone.accepted();
    assert!(absolute.exists());
}

#[test]
fn no_part_of_it_is_a_symlink() {
    let Some(home) = Home::new() else { return };
    for part in [".venv", ".venv/bin", ".venv/pyvenv.cfg"] {
        let clone = Clone::new(&home, &part.replace('/', "-"));
        clone.environment("f0/in/.venv", Path::new("/nowhere"));
        fs::remove_file(clone.path("f0/in/.venv/bin/python")).unwrap();
        clone.script("f0/in/.venv/bin/python");
        clone.accepted();
        let up = "../".repeat(part.split('/').count());
        clone.link(&format!("{up}f0/in/{part}"), &format!("d/{part}"));
        clone.refused_for(&format!("d/{part}"));
    }
}

#[test]
fn its_interpreter_lies_outside_of_the_working_copy() {
    let Some(home) = Home::new() else { return };
    for name in [".git", ".hg", ".svn"] {
        let clone = Clone::new(&home, &format!("of{name}"));
        let tool = clone.path("tools/python");
        fs::create_dir(clone.path(name)).unwrap();
        // The interpreter lies outside, and `python -m venv` makes such links.
        clone.accepted();
        clone.link(tool.to_str().unwrap(), "d/.venv/bin/python");
        clone.refused_for("d/.venv/bin/python");
        // What a clone can bring does not end the search for its root.
        if name == ".git" {
            fs::create_dir(clone.path("d/.svn")).unwrap();
            clone.refused_for("d/.venv/bin/python");
            fs::write(clone.path("d/.git"), "gitdir: ../.git/modules/d\n").unwrap();
            clone.refused_for("d/.venv/bin/python");
        }
    }
}

#[test]
fn those_that_the_usual_tools_make_count() {
    let Some(home) = Home::new() else { return };
    let base = home.python.base_executable();
    let clone = Clone::new(&home, "usual");
    fs::create_dir(clone.path(".git")).unwrap();
    let made = Command::new(base)
        .args(["-m", "venv", "--without-pip", "--clear"])
        .arg(clone.path("d/.venv"))
        .status();
    assert!(made.unwrap().success());
    clone.accepted();
    // virtualenv and uv: `python` is the absolute link, the others lead to it.
    let bin = clone.path("d/.venv/bin");
    fs::remove_dir_all(&bin).unwrap();
    fs::create_dir(&bin).unwrap();
    clone.link(base.to_str().unwrap(), "d/.venv/bin/python");
    clone.link("python", "d/.venv/bin/python3");
    clone.accepted();
    // Debian's `python3 -m venv`: the other way round.
    clone.link(base.to_str().unwrap(), "d/.venv/bin/python3");
    clone.link("python3", "d/.venv/bin/python");
    clone.accepted();
    fs::remove_dir_all(clone.path("d/.venv")).unwrap();
    home.venv("usual/d/.venv");
    clone.accepted();
}
