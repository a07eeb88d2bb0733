//! A symlink inside an environment leads nowhere, neither for installing nor for uninstalling.

use std::{fs, os::unix::fs::symlink};

use assay_install::{Environment, Error, Interpreter, Notice};
use assay_testkit::wheel::WheelBuilder;

use crate::common::{Home, picture, rule, site};

fn wheel(path: &str) -> WheelBuilder {
    WheelBuilder::new("pkg", "1.0").file(path, b"x = 1\n")
}

#[test]
fn a_package_folder_that_is_a_symlink_is_refused() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let outside = home.path().join("outside");
    fs::create_dir(&outside).unwrap();
    symlink(&outside, site(&env).join("pkg")).unwrap();
    let before = picture(env.folder());
    assert_eq!(rule(home.install(&env, &[wheel("pkg/x.py")])), "collision");
    assert_eq!(
        rule(home.install(&env, &[wheel("pkg/deep/x.py")])),
        "collision"
    );
    assert_eq!(picture(env.folder()), before);
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
    home.install(&env, &[wheel("pkg2/x.py")]).unwrap();
}

#[test]
fn a_file_that_is_a_symlink_is_not_written_through() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let outside = home.path().join("outside");
    fs::write(&outside, "precious").unwrap();
    symlink(&outside, site(&env).join("x.py")).unwrap();
    assert_eq!(rule(home.install(&env, &[wheel("x.py")])), "collision");
    assert_eq!(fs::read(&outside).unwrap(), b"precious");
}

#[test]
fn a_scheme_folder_that_leads_out_is_refused_and_lib64_is_not() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let folder = env.folder().to_owned();
    assert!(folder.join("lib64").is_symlink());
    let elsewhere = home.path().join("elsewhere");
    fs::rename(folder.join("bin"), &elsewhere).unwrap();
    symlink(&elsewhere, folder.join("bin")).unwrap();
    let python = Interpreter::of_environment(&folder, &home.cache()).unwrap();
    let opened = Environment::open(python, false);
    assert!(
        matches!(opened, Err(Error::Environment { .. })),
        "{opened:?}"
    );
}

#[test]
fn a_folder_that_becomes_a_symlink_after_opening_is_refused() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let outside = home.path().join("outside");
    fs::rename(env.folder().join("bin"), &outside).unwrap();
    symlink(&outside, env.folder().join("bin")).unwrap();
    let before = picture(&outside);
    let wheel = wheel("pkg/x.py").entry_point("tool", "pkg.x:f");
    assert_eq!(rule(home.install(&env, &[wheel])), "collision");
    assert_eq!(picture(&outside), before);
}

#[test]
fn uninstalling_follows_no_symlink() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    home.install(&env, &[wheel("pkg/x.py")]).unwrap();
    let outside = home.path().join("outside");
    fs::rename(site(&env).join("pkg"), &outside).unwrap();
    symlink(&outside, site(&env).join("pkg")).unwrap();
    let done = home.uninstall(&env, "pkg").unwrap();
    assert_eq!(fs::read(outside.join("x.py")).unwrap(), b"x = 1\n");
    assert!(
        matches!(&done.notices[..], [Notice::Kept { .. }]),
        "{:?}",
        done.notices
    );
    assert!(!site(&env).join("pkg-1.0.dist-info").exists());
}
