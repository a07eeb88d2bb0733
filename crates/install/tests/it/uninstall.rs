//! Uninstalling removes what is the distribution's own and unchanged, and nothing else.

use std::{fs, path::Path};

use assay_install::{Environment, Error, Notice, Plan};
use assay_testkit::wheel::{WheelBuilder, record_digest};

use crate::common::{Home, picture, policy, run, site, stdout};
use crate::install::demo;

#[test]
fn everything_goes_and_the_environment_is_as_before() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let names = |env: &Environment| picture(env.folder()).into_keys().collect::<Vec<_>>();
    let before = names(&env);
    let wheel = demo("1.0")
        .data("data", "share/man/man1/demo.1", b"")
        .data("headers", "h.h", b"");
    home.install(&env, &[wheel]).unwrap();
    assert_eq!(stdout(&run(&env, "demo", &[])), "hello 1.0");
    assert!(site(&env).join("demo/__pycache__").is_dir());
    let done = home.uninstall(&env, "demo").unwrap();
    assert!(done.notices.is_empty(), "{:?}", done.notices);
    assert_eq!(names(&env), before);
}

#[test]
fn a_changed_file_is_kept_and_reported() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    home.install(&env, &[demo("1.0")]).unwrap();
    let file = site(&env).join("demo/data.txt");
    fs::remove_file(&file).unwrap();
    fs::write(&file, "my notes").unwrap();
    fs::write(site(&env).join("demo/own.py"), "mine").unwrap();
    let done = home.uninstall(&env, "demo").unwrap();
    let [Notice::Kept { path, .. }] = &done.notices[..] else {
        panic!("{:?}", done.notices)
    };
    assert_eq!(path, "demo/data.txt");
    assert_eq!(fs::read_to_string(&file).unwrap(), "my notes");
    assert!(site(&env).join("demo/own.py").is_file());
    assert!(!site(&env).join("demo/__init__.py").exists());
    assert!(env.installed().unwrap().distributions.is_empty());
}

#[test]
fn a_file_that_two_distributions_list_goes_with_the_last() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let part = |name: &str| WheelBuilder::new(name, "1.0").file("common/__init__.py", b"# same\n");
    home.install(&env, &[part("a"), part("b")]).unwrap();
    let shared = site(&env).join("common/__init__.py");
    home.uninstall(&env, "a").unwrap();
    assert!(shared.is_file());
    home.uninstall(&env, "b").unwrap();
    assert!(!site(&env).join("common").exists());
}

#[test]
fn two_distributions_with_a_common_file_go_at_once() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let part = |name: &str| WheelBuilder::new(name, "1.0").file("common/__init__.py", b"# same\n");
    home.install(&env, &[part("a"), part("b")]).unwrap();
    let inventory = env.installed().unwrap();
    let both = &inventory.distributions;
    let plan = Plan::build(&env, &inventory, both, Vec::new(), &policy()).unwrap();
    home.finish(&plan).unwrap();
    assert_eq!(fs::read_dir(site(&env)).unwrap().count(), 0);
}

/// A distribution with a RECORD that somebody wrote by hand.
fn plant(env: &Environment, rows: &str) {
    let info = site(env).join("planted-1.0.dist-info");
    fs::create_dir(&info).unwrap();
    fs::write(
        info.join("METADATA"),
        "Metadata-Version: 2.1\nName: planted\nVersion: 1.0\n",
    )
    .unwrap();
    fs::write(
        info.join("RECORD"),
        format!("{rows}planted-1.0.dist-info/RECORD,,\n"),
    )
    .unwrap();
}

#[test]
fn rows_that_lead_out_of_the_environment_remove_nothing() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let victim = home.path().join("victim");
    fs::write(&victim, "precious").unwrap();
    let digest = record_digest(b"precious");
    let inside = env.folder().join("inside");
    fs::write(&inside, "precious").unwrap();
    plant(
        &env,
        &format!(
            "../../../../victim,{digest},8\n{},{digest},8\n../../../inside,{digest},8\n",
            victim.display()
        ),
    );
    let done = home.uninstall(&env, "planted").unwrap();
    assert!(victim.is_file());
    assert_eq!(done.notices.len(), 2, "{:?}", done.notices);
    // Its neighbour: above site-packages, but inside the environment.
    assert!(!inside.exists());
}

#[test]
fn the_interpreter_and_files_without_digest_are_kept() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    fs::write(site(&env).join("unproven.py"), "").unwrap();
    let config = fs::read(env.folder().join("pyvenv.cfg")).unwrap();
    plant(
        &env,
        &format!(
            "../../../bin/python,,\n../../../pyvenv.cfg,{},{}\nunproven.py,,\n",
            record_digest(&config),
            config.len()
        ),
    );
    let done = home.uninstall(&env, "planted").unwrap();
    assert_eq!(done.notices.len(), 3, "{:?}", done.notices);
    for path in [
        env.folder().join("pyvenv.cfg"),
        site(&env).join("unproven.py"),
    ] {
        assert!(path.is_file());
    }
    assert_eq!(stdout(&run(&env, "python", &["-c", "print(1)"])), "1");
}

#[test]
fn nothing_goes_while_a_record_that_stays_cannot_be_read() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let part = |name: &str| WheelBuilder::new(name, "1.0").file("common/__init__.py", b"# same\n");
    home.install(&env, &[part("a"), part("b")]).unwrap();
    let record = site(&env).join("a-1.0.dist-info/RECORD");
    let whole = fs::read_to_string(&record).unwrap();
    fs::remove_file(&record).unwrap();
    fs::write(&record, whole.replace("RECORD,,", "RECORD")).unwrap();
    let before = picture(env.folder());
    let refused = home.uninstall(&env, "b");
    assert!(
        matches!(&refused, Err(Error::UnknownClaims { folder, .. }) if record.starts_with(folder)),
        "{refused:?}"
    );
    assert_eq!(picture(env.folder()), before);
    // Its neighbour: a digest that proves nothing is no reason to doubt the paths.
    fs::write(&record, whole.replace("sha256=", "md5=")).unwrap();
    home.uninstall(&env, "b").unwrap();
    assert!(site(&env).join("common/__init__.py").is_file());
}

#[test]
fn bytecode_behind_a_symlink_is_none_of_ours() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    home.install(&env, &[demo("1.0")]).unwrap();
    let elsewhere = home.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("__init__.cpython-312.pyc"), "").unwrap();
    let cache = site(&env).join("demo/__pycache__");
    std::os::unix::fs::symlink(&elsewhere, &cache).unwrap();
    home.uninstall(&env, "demo").unwrap();
    assert!(elsewhere.join("__init__.cpython-312.pyc").is_file());
    assert!(cache.is_symlink() && !site(&env).join("demo/__init__.py").exists());
}

#[test]
fn bytecode_without_a_digest_goes_with_its_own_source_only() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    home.install(&env, &[demo("1.0")]).unwrap();
    let caches = ["demo/__pycache__", "other/__pycache__"].map(|it| site(&env).join(it));
    let record = site(&env).join("demo-1.0.dist-info/RECORD");
    let mut rows = fs::read_to_string(&record).unwrap();
    for cache in &caches {
        fs::create_dir_all(cache).unwrap();
        fs::write(cache.join("__init__.cpython-312.pyc"), "").unwrap();
        let path = cache.strip_prefix(site(&env)).unwrap().display();
        rows += &format!("{path}/__init__.cpython-312.pyc,,\n");
    }
    fs::remove_file(&record).unwrap();
    fs::write(&record, rows).unwrap();
    let done = home.uninstall(&env, "demo").unwrap();
    assert!(!caches[0].exists());
    assert!(caches[1].join("__init__.cpython-312.pyc").is_file());
    let kept: Vec<_> = done.notices.iter().map(ToString::to_string).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(kept[0].contains("other/__pycache__"), "{kept:?}");
}

#[test]
fn without_a_record_nothing_is_touched() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let info = site(&env).join("bare-1.0.dist-info");
    fs::create_dir(&info).unwrap();
    let egg = site(&env).join("The_Egg-1.0-py3.12.egg-info");
    let metadata = "Metadata-Version: 1.1\nName: The.Egg\nVersion: 1.0\n";
    fs::write(egg, metadata).unwrap();
    let folder = site(&env).join("older-1.0.egg-info");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("PKG-INFO"), metadata).unwrap();
    let before = picture(env.folder());
    for (name, words) in [
        ("bare", "Cannot uninstall bare 1.0: it has no RECORD"),
        (
            "the-egg",
            "Cannot uninstall The.Egg 1.0: it was installed by distutils",
        ),
        (
            "older",
            "Cannot uninstall older 1.0: it was installed by setuptools",
        ),
    ] {
        let refused = home.uninstall(&env, name).unwrap_err();
        assert!(
            matches!(refused, Error::CannotUninstall { .. }),
            "{refused:?}"
        );
        assert!(refused.to_string().starts_with(words), "{refused}");
    }
    assert_eq!(picture(env.folder()), before);
    assert!(Path::new(&info).is_dir());
}
