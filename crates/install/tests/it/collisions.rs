//! Files that two sides want: every rule, refused and accepted, and a refusal leaves no trace.

use std::fs;

use assay_install::{Environment, Error, Notice, Plan};
use assay_testkit::wheel::WheelBuilder;

use crate::common::{Home, contents, picture, policy, project, rule, site};

fn wheel(name: &str, path: &str, content: &[u8]) -> WheelBuilder {
    WheelBuilder::new(name, "1.0").file(path, content)
}

#[test]
fn code_that_differs_between_two_wheels_is_refused_and_other_files_are_not() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let before = picture(env.folder());
    let code = [
        wheel("a", "shared/x.py", b"1"),
        wheel("b", "shared/x.py", b"2"),
    ];
    assert_eq!(rule(home.install(&env, &code)), "collision");
    assert_eq!(picture(env.folder()), before);

    let same = [
        wheel("a", "shared/x.py", b"1"),
        wheel("b", "shared/x.py", b"1"),
    ];
    home.install(&env, &same).unwrap();
    for name in ["a", "b"] {
        let inventory = env.installed().unwrap();
        let rows = inventory.get(&project(name)).unwrap().record().unwrap();
        assert!(rows.iter().any(|it| it.path == "shared/x.py"), "{name}");
    }

    let env = home.venv("other");
    let data = [
        wheel("b", "shared/LICENSE", b"2"),
        wheel("a", "shared/LICENSE", b"1"),
    ];
    let done = home.install(&env, &data).unwrap();
    // By name, not by the order they were given in.
    assert_eq!(fs::read(site(&env).join("shared/LICENSE")).unwrap(), b"1");
    assert!(
        matches!(&done.notices[..], [Notice::FirstStays { project, .. }] if project.as_ref() == "b")
    );
    let inventory = env.installed().unwrap();
    let rows = inventory.get(&project("b")).unwrap().record().unwrap();
    assert!(rows.iter().all(|it| it.path != "shared/LICENSE"));
}

#[test]
fn what_decides_whom_to_trust_or_is_loaded_is_code_too() {
    let Some(home) = Home::new() else { return };
    for (index, path) in ["certifi/cacert.pem", "certifi/data.zip"]
        .iter()
        .enumerate()
    {
        let env = home.venv(&format!("env{index}"));
        let first = wheel("certifi", path, b"1").file("certifi/README.txt", b"1");
        home.install(&env, &[first]).unwrap();
        let before = picture(env.folder());
        let other = [wheel("evil", path, b"2")];
        assert_eq!(rule(home.install(&env, &other)), "collision", "{path}");
        let both = [wheel("b", "b/x.pem", b"1"), wheel("c", "b/x.pem", b"2")];
        assert_eq!(rule(home.install(&env, &both)), "collision");
        assert_eq!(picture(env.folder()), before);
        // The same content, and other data, hurt nobody.
        let same = wheel("fine", path, b"1").file("certifi/README.txt", b"2");
        home.install(&env, &[same]).unwrap();
        assert_eq!(fs::read(site(&env).join(path)).unwrap(), b"1");
    }
}

#[test]
fn a_file_that_nobody_lists_is_not_adopted_silently() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    fs::write(site(&env).join("mine.txt"), b"1").unwrap();
    let done = home.install(&env, &[wheel("a", "mine.txt", b"1")]).unwrap();
    assert!(
        matches!(&done.notices[..], [Notice::Adopted { path, .. }] if path.ends_with("mine.txt")),
        "{:?}",
        done.notices
    );
    // What another distribution lists is shared with it.
    let done = home.install(&env, &[wheel("b", "mine.txt", b"1")]).unwrap();
    assert_eq!(done.notices, []);
}

#[test]
fn paths_that_differ_only_by_case_are_refused_and_folders_that_do_may_share() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let before = picture(env.folder());
    let pairs = [
        ("Pack/x.py", "pack/X.py"),
        ("Readme.txt", "README.TXT"),
        ("caf\u{e9}/x", "cafe\u{301}/x"),
        ("thing", "Thing/x.py"),
        ("Thing/x.py", "thing"),
    ];
    for (a, b) in pairs {
        // The same content: it is the name that would be lost.
        let pair = [wheel("a", a, b"#"), wheel("b", b, b"#")];
        assert_eq!(rule(home.install(&env, &pair)), "collision", "{a} {b}");
        assert_eq!(picture(env.folder()), before);
    }
    let mut allowed = policy();
    allowed.overwrite.insert((project("b"), project("a")));
    let pair = [
        wheel("a", "Readme.txt", b"#"),
        wheel("b", "README.TXT", b"#"),
    ];
    home.install_with(&home.venv("allowed"), &pair, &allowed)
        .unwrap();
    let neighbours = [wheel("a", "Pack/x.py", b""), wheel("b", "pack/y.py", b"")];
    home.install(&env, &neighbours).unwrap();
    assert!(site(&env).join("pack/y.py").is_file());
}

#[test]
fn code_of_an_installed_distribution_is_overwritten_by_permission_only() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    home.install(&env, &[wheel("owner", "shared/x.py", b"1")])
        .unwrap();
    let before = picture(env.folder());
    let writer = || [wheel("writer", "shared/x.py", b"2")];
    assert_eq!(rule(home.install(&env, &writer())), "collision");
    let mut wrong = policy();
    wrong
        .overwrite
        .insert((project("owner"), project("writer")));
    assert_eq!(
        rule(home.install_with(&env, &writer(), &wrong)),
        "collision"
    );
    assert_eq!(picture(env.folder()), before);

    let mut right = policy();
    right
        .overwrite
        .insert((project("writer"), project("owner")));
    home.install_with(&env, &writer(), &right).unwrap();
    assert_eq!(fs::read(site(&env).join("shared/x.py")).unwrap(), b"2");
    // What is not the owner's any more stays when the owner goes.
    home.uninstall(&env, "owner").unwrap();
    assert_eq!(fs::read(site(&env).join("shared/x.py")).unwrap(), b"2");
}

#[test]
fn a_file_that_nobody_owns_is_not_replaced_and_the_same_file_is_adopted() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    fs::create_dir(site(&env).join("mine")).unwrap();
    fs::write(site(&env).join("mine/x.py"), "own work").unwrap();
    let before = picture(env.folder());
    assert_eq!(
        rule(home.install(&env, &[wheel("a", "mine/x.py", b"theirs")])),
        "collision"
    );
    assert_eq!(picture(env.folder()), before);
    home.install(&env, &[wheel("b", "mine/x.py", b"own work")])
        .unwrap();
    home.uninstall(&env, "b").unwrap();
    assert!(!site(&env).join("mine/x.py").exists());
}

#[test]
fn a_data_file_that_is_there_stays() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    home.install(&env, &[wheel("a", "share/notes.txt", b"1")])
        .unwrap();
    let done = home
        .install(&env, &[wheel("b", "share/notes.txt", b"2")])
        .unwrap();
    assert_eq!(fs::read(site(&env).join("share/notes.txt")).unwrap(), b"1");
    assert_eq!(done.notices.len(), 1);
    home.uninstall(&env, "b").unwrap();
    assert_eq!(fs::read(site(&env).join("share/notes.txt")).unwrap(), b"1");
}

#[test]
fn commands_collide_like_code() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let command = |name: &str, target: &str| {
        wheel(name, &format!("{name}.py"), b"def f(): pass\n").entry_point("tool", target)
    };
    home.install(&env, &[command("a", "a:f")]).unwrap();
    let before = picture(env.folder());
    assert_eq!(
        rule(home.install(&env, &[command("b", "b:f")])),
        "collision"
    );
    let with_data = wheel("c", "c.py", b"").data("data", "bin/tool", b"not the same");
    assert_eq!(rule(home.install(&env, &[with_data])), "collision");
    assert_eq!(picture(env.folder()), before);
    let other = wheel("c", "c.py", b"").data("data", "bin/tool2", b"fine");
    home.install(&env, &[other]).unwrap();
}

#[test]
fn the_environments_own_files_are_refused() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let before = picture(env.folder());
    for path in ["activate", "Activate.ps1"] {
        let bad = wheel("bad", "bad.py", b"").data("scripts", path, b"#!/bin/sh\n");
        assert_eq!(
            rule(home.install(&env, &[bad])),
            "environment's own file",
            "{path}"
        );
    }
    // Below a plain folder, what lies in `bin` reaches the commands from the top of the wheel, too.
    let target = home.path().join("target");
    let target = Environment::target(home.python.clone(), &target).unwrap();
    for path in [
        "bin/python._pth",
        "bin/pyvenv.cfg",
        "bin/Modules/Setup.local",
        "pyvenv.cfg",
    ] {
        let bad = wheel("bad", path, b"");
        let rule = rule(home.install(&target, &[bad]));
        assert_eq!(rule, "environment's own file", "{path}");
    }
    let good = wheel("good", "bin/python-tool", b"").file("bin/tool.cfg", b"");
    home.install(&target, &[good]).unwrap();
    assert_eq!(picture(env.folder()), before);
    let good = wheel("good", "good.py", b"")
        .data(
            "scripts",
            "activate-global-python-argcomplete",
            b"#!/bin/sh\n",
        )
        .data("data", "etc/pyvenv.cfg", b"");
    home.install(&env, &[good]).unwrap();
}

#[test]
fn a_folder_and_a_file_cannot_share_a_name() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let pair = [wheel("a", "thing", b"file"), wheel("b", "thing/x.py", b"")];
    assert_eq!(rule(home.install(&env, &pair)), "collision");
    home.install(&env, &[wheel("b", "thing/x.py", b"")])
        .unwrap();
    assert_eq!(
        rule(home.install(&env, &[wheel("a", "thing", b"file")])),
        "collision"
    );
    fs::write(site(&env).join("plain"), "").unwrap();
    assert_eq!(
        rule(home.install(&env, &[wheel("c", "plain/x.py", b"")])),
        "collision"
    );
    home.install(&env, &[wheel("c", "thing/y.py", b"")])
        .unwrap();
}

#[test]
fn two_versions_of_one_project_do_not_come_together() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let version = |version: &str| WheelBuilder::new("a", version).file("a.py", b"");
    let failed = home.install(&env, &[version("1.0"), version("2.0")]);
    assert!(
        matches!(failed, Err(Error::Distribution { .. })),
        "{failed:?}"
    );
    home.install(&env, &[version("2.0"), wheel("b", "b.py", b"")])
        .unwrap();
}

#[test]
fn a_file_that_was_changed_is_replaced_by_its_own_projects_new_version() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let version =
        |version: &str, content: &[u8]| WheelBuilder::new("a", version).file("a.py", content);
    home.install(&env, &[version("1.0", b"1")]).unwrap();
    let file = site(&env).join("a.py");
    fs::remove_file(&file).unwrap();
    fs::write(&file, "edited").unwrap();
    let done = home.install(&env, &[version("2.0", b"2")]).unwrap();
    assert_eq!(fs::read(&file).unwrap(), b"2");
    assert!(
        matches!(&done.notices[..], [Notice::ChangedReplaced { .. }]),
        "{:?}",
        done.notices
    );
}

#[test]
fn wherever_the_commit_stops_all_goes_back() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let old = WheelBuilder::new("a", "1.0")
        .file("a/x.py", b"1")
        .file("a/gone.py", b"");
    home.install(&env, &[old]).unwrap();
    let new = WheelBuilder::new("a", "2.0")
        .file("a/x.py", b"2")
        .file("a/new/y.py", b"2")
        .file("late.py", b"3")
        .data("data", "share/z", b"z")
        .entry_point("tool", "a.x:f");
    let lib = site(&env).strip_prefix(env.folder()).unwrap().to_owned();
    let arrivals = [
        lib.join("late.py"),
        lib.join("a/new"),
        lib.join("a-2.0.dist-info"),
        "share".into(),
        "bin/tool".into(),
    ];
    for arrival in arrivals {
        let inventory = env.installed().unwrap();
        let additions = vec![home.addition(&new)];
        let plan = Plan::build(&env, &inventory, &[], additions, &policy()).unwrap();
        // Somebody else is faster.
        let path = env.folder().join(&arrival);
        fs::write(&path, "theirs").unwrap();
        let before = contents(env.folder());
        let failed = home.finish(&plan);
        assert!(matches!(failed, Err(Error::Io { .. })), "{failed:?}");
        assert_eq!(contents(env.folder()), before, "{}", arrival.display());
        fs::remove_file(&path).unwrap();
    }
    home.install(&env, &[new]).unwrap();
    assert_eq!(fs::read(site(&env).join("a/x.py")).unwrap(), b"2");
}
