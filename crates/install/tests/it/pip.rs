//! Living together with pip: each removes and upgrades what the other installed, and both see the
//! same.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use assay_install::Environment;
use assay_testkit::wheel::{BuiltWheel, WheelBuilder};

use crate::common::{Home, pip, run, site, stdout};
use crate::install::demo;

/// Runs pip on an environment.
struct Pip {
    python: PathBuf,
}

impl Pip {
    fn new() -> Option<Self> {
        Some(Self { python: pip()? })
    }

    fn run(&self, env: &Environment, arguments: &[&str]) -> String {
        let output = Command::new(&self.python)
            .args([
                "-m",
                "pip",
                "--isolated",
                "--disable-pip-version-check",
                "--python",
            ])
            .arg(env.interpreter().executable())
            .args(arguments)
            .env_clear()
            .env("HOME", env.folder())
            .output()
            .unwrap();
        stdout(&output)
    }

    fn install(&self, env: &Environment, folder: &Path, built: &BuiltWheel) {
        let path = folder.join(&built.file_name);
        fs::write(&path, &built.bytes).unwrap();
        let path = path.display().to_string();
        self.run(
            env,
            &[
                "install",
                "--no-index",
                "--no-deps",
                "--no-cache-dir",
                &path,
            ],
        );
    }
}

#[test]
fn what_pip_installed_can_be_removed_and_upgraded() {
    let Some((home, pip)) = Home::new().zip(Pip::new()) else {
        return;
    };
    let env = home.venv("env");
    let before = fs::read_dir(site(&env)).unwrap().count();
    pip.install(
        &env,
        home.path(),
        &demo("1.0").data("data", "share/x", b"x").build(),
    );
    assert_eq!(stdout(&run(&env, "demo", &[])), "hello 1.0");
    let done = home.install(&env, &[demo("2.0")]).unwrap();
    assert!(done.notices.is_empty(), "{:?}", done.notices);
    assert_eq!(stdout(&run(&env, "demo", &[])), "hello 2.0");
    assert!(!env.folder().join("share").exists());

    pip.install(&env, home.path(), &demo("1.0").build());
    let done = home.uninstall(&env, "demo").unwrap();
    assert!(done.notices.is_empty(), "{:?}", done.notices);
    assert_eq!(fs::read_dir(site(&env)).unwrap().count(), before);
    assert!(!env.paths().scripts.join("demo").exists());
}

#[test]
fn pip_sees_and_removes_what_was_installed_here() {
    let Some((home, pip)) = Home::new().zip(Pip::new()) else {
        return;
    };
    let env = home.venv("env");
    let other = WheelBuilder::new("Other.Name", "2.0")
        .file("other.py", b"")
        .requires("demo>=1");
    home.install(&env, &[demo("1.0"), other]).unwrap();
    assert_eq!(pip.run(&env, &["check"]), "No broken requirements found.");
    let list = pip.run(&env, &["list", "--format", "freeze"]);
    assert_eq!(list, "demo==1.0\nOther.Name==2.0");
    pip.run(&env, &["uninstall", "-y", "demo", "other-name"]);
    // pip removes site-packages itself when it becomes empty, which does no harm.
    assert!(!site(&env).exists());
    home.install(&env, &[demo("1.0")]).unwrap();
    assert_eq!(stdout(&run(&env, "demo", &[])), "hello 1.0");
}

#[test]
fn an_editable_install_of_pip_is_listed_and_removed() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    // As pip leaves it: a path file and `direct_url.json`, both in RECORD.
    let digest = assay_testkit::wheel::record_digest;
    let (pth, url) = (
        b"/work/src\n".as_slice(),
        br#"{"url": "file:///work/src", "dir_info": {"editable": true}}"#.as_slice(),
    );
    let info = site(&env).join("edit-1.0.dist-info");
    fs::create_dir(&info).unwrap();
    fs::write(site(&env).join("__editable__.edit-1.0.pth"), pth).unwrap();
    fs::write(info.join("direct_url.json"), url).unwrap();
    let record = format!(
        "__editable__.edit-1.0.pth,{},{}\nedit-1.0.dist-info/direct_url.json,{},{}\nedit-1.0.dist-info/RECORD,,\n",
        digest(pth),
        pth.len(),
        digest(url),
        url.len()
    );
    fs::write(info.join("RECORD"), record).unwrap();
    let inventory = env.installed().unwrap();
    let location = inventory.distributions[0].editable_project().unwrap();
    assert_eq!(location.as_deref(), Some(Path::new("/work/src")));
    home.uninstall(&env, "edit").unwrap();
    assert_eq!(fs::read_dir(site(&env)).unwrap().count(), 0);
}
