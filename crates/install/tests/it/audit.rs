//! Each way in which an environment can differ from its RECORDs, and the nearest that does not.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
};

use assay_install::{Audit, Environment, Fact, Standing, Verdict};
use assay_testkit::wheel::WheelBuilder;
use sha2::Digest as _;

use crate::common::{Home, contents, site};

fn wheel() -> WheelBuilder {
    WheelBuilder::new("a", "1.0")
        .file("a/__init__.py", b"one")
        .file("a/b/x.py", b"two")
        .data("data", "share/a/x.txt", b"three")
        .entry_point("tool", "a:main")
}

/// A home with an environment that holds [`wheel`].
pub fn furnished() -> Option<(Home, Environment)> {
    let home = Home::new()?;
    let env = home.venv("env");
    home.install(&env, &[wheel()]).unwrap();
    Some((home, env))
}

pub fn audit(home: &Home, env: &Environment) -> Audit {
    env.audit(&home.state(), 2).unwrap()
}

/// The one finding about a file of site-packages.
#[track_caller]
fn only(home: &Home, env: &Environment, path: &str) -> Fact {
    let audit = audit(home, env);
    let [finding] = &audit.findings[..] else {
        panic!("{:?}", audit.findings);
    };
    assert!(finding.path.ends_with(path), "{}", finding.path);
    assert_ne!(audit.verdict(), Verdict::Accounted);
    finding.fact.clone()
}

#[track_caller]
pub fn clean(home: &Home, env: &Environment) {
    let audit = audit(home, env);
    assert_eq!(audit.findings, []);
    assert_eq!(audit.verdict(), Verdict::Accounted);
}

/// In place of what is there, without touching what is shared with the store.
pub fn replace(path: &Path, content: &[u8]) {
    let _ = fs::remove_file(path);
    fs::write(path, content).unwrap();
}

/// A metadata folder with a RECORD of these rows, each of them digest and size of `content`.
pub fn hand_made(env: &Environment, name: &str, files: &[(&str, &[u8])]) {
    let info = site(env).join(format!("{name}-1.0.dist-info"));
    fs::create_dir_all(&info).unwrap();
    let rows = files.iter().map(|(path, content)| {
        let digest = assay_types::Sha256(sha2::Sha256::digest(content).into());
        format!("{path},sha256={},{}\n", digest.to_record(), content.len())
    });
    let own = format!("{name}-1.0.dist-info/RECORD,,\n");
    let text: String = rows.chain([own]).collect();
    fs::write(info.join("RECORD"), text).unwrap();
}

#[test]
fn everything_that_was_installed_is_accounted_for_and_nothing_is_touched() {
    let Some((home, env)) = furnished() else {
        return;
    };
    let before = contents(env.folder());
    let audit = audit(&home, &env);
    assert_eq!(audit.findings, []);
    assert_eq!(audit.distributions[0].standing, Standing::Vouched);
    assert!(audit.compared >= 8, "{}", audit.compared);
    assert_eq!(contents(env.folder()), before);
}

#[test]
fn content_size_and_absence_are_told_apart() {
    let Some((home, env)) = furnished() else {
        return;
    };
    let file = site(&env).join("a/b/x.py");
    replace(&file, b"TWO");
    assert_eq!(only(&home, &env, "a/b/x.py"), Fact::Changed);
    replace(&file, b"twoo");
    assert_eq!(only(&home, &env, "a/b/x.py"), Fact::Resized(3, 4));
    fs::remove_file(&file).unwrap();
    assert_eq!(only(&home, &env, "a/b/x.py"), Fact::Missing);
    fs::create_dir(&file).unwrap();
    assert_eq!(only(&home, &env, "a/b/x.py"), Fact::Folder);
    fs::remove_dir(&file).unwrap();
    replace(&file, b"two");
    clean(&home, &env);
}

#[test]
fn links_are_found_and_not_followed() {
    let Some((home, env)) = furnished() else {
        return;
    };
    let outside = home.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("x.py"), "two").unwrap();
    let file = site(&env).join("a/b/x.py");
    fs::remove_file(&file).unwrap();
    symlink(outside.join("x.py"), &file).unwrap();
    assert_eq!(only(&home, &env, "a/b/x.py"), Fact::Link);
    fs::remove_file(&file).unwrap();
    fs::remove_dir(site(&env).join("a/b")).unwrap();
    symlink(&outside, site(&env).join("a/b")).unwrap();
    let facts: Vec<_> = audit(&home, &env).findings;
    let facts: Vec<_> = facts.into_iter().map(|it| it.fact).collect();
    assert_eq!(facts, [Fact::ForeignLink, Fact::Link]);
    fs::remove_file(site(&env).join("a/b")).unwrap();
    fs::create_dir(site(&env).join("a/b")).unwrap();
    fs::write(&file, "two").unwrap();
    clean(&home, &env);
}

#[test]
fn what_nobody_lists_is_found_among_modules_commands_and_named_data() {
    let Some((home, env)) = furnished() else {
        return;
    };
    let folder = env.folder();
    for path in ["bin/x", "bin/python._pth", "share/y", "share/a/z"] {
        fs::write(folder.join(path), "").unwrap();
        assert_eq!(only(&home, &env, path), Fact::Foreign);
        fs::remove_file(folder.join(path)).unwrap();
    }
    fs::write(site(&env).join("a/x.so"), "").unwrap();
    assert_eq!(only(&home, &env, "a/x.so"), Fact::Foreign);
    fs::remove_file(site(&env).join("a/x.so")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(folder.join("bin/pipe"))
        .status();
    if made.is_ok_and(|it| it.success()) {
        assert_eq!(only(&home, &env, "bin/pipe"), Fact::ForeignLink);
        fs::remove_file(folder.join("bin/pipe")).unwrap();
    }
    // No distribution names this folder, and none has anything beside the environment's own files.
    fs::create_dir(folder.join("notes")).unwrap();
    fs::write(folder.join("notes/x"), "").unwrap();
    fs::write(folder.join("CACHEDIR.TAG"), "").unwrap();
    clean(&home, &env);
}

#[test]
fn bytecode_goes_with_its_source_and_nothing_else_does() {
    let Some((home, env)) = furnished() else {
        return;
    };
    let cache = site(&env).join("a/b/__pycache__");
    fs::create_dir(&cache).unwrap();
    let made = cache.join("x.cpython-312.pyc");
    // Times and sizes of the source, or its hash, which Python compares.
    for flags in [0, 0b11] {
        fs::write(&made, [1, 2, 3, 4, flags, 0, 0, 0]).unwrap();
        let audit = audit(&home, &env);
        assert_eq!((audit.findings, audit.bytecode), (Vec::new(), 1));
    }
    fs::write(&made, [1, 2, 3, 4, 1, 0, 0, 0]).unwrap();
    assert_eq!(only(&home, &env, "x.cpython-312.pyc"), Fact::Unchecked);
    fs::write(&made, "").unwrap();
    for (path, fact) in [
        ("a/b/__pycache__/y.cpython-312.pyc", Fact::Sourceless),
        ("a/b/__pycache__/x.pyc", Fact::Sourceless),
        ("a/b/x.pyc", Fact::Sourceless),
        ("a/b/__pycache__/x.py", Fact::Foreign),
    ] {
        fs::write(site(&env).join(path), "").unwrap();
        assert_eq!(only(&home, &env, path), fact, "{path}");
        fs::remove_file(site(&env).join(path)).unwrap();
    }
    clean(&home, &env);
    // Without its source it is nobody's.
    fs::remove_file(site(&env).join("a/b/x.py")).unwrap();
    let facts = audit(&home, &env).findings.into_iter().map(|it| it.fact);
    assert_eq!(facts.collect::<Vec<_>>(), [Fact::Sourceless, Fact::Missing]);
}

#[test]
fn a_file_is_listed_once_inside_the_environment_and_with_a_digest() {
    let Some((home, env)) = furnished() else {
        return;
    };
    hand_made(&env, "b", &[("a/b/x.py", b"two")]);
    let listed_twice = |unlike: &[&str]| Fact::ListedTwice {
        unlike: unlike.iter().map(|it| it.parse().unwrap()).collect(),
    };
    assert_eq!(only(&home, &env, "a/b/x.py"), listed_twice(&[]));
    hand_made(&env, "b", &[("a/b/x.py", b"evil")]);
    assert_eq!(only(&home, &env, "a/b/x.py"), listed_twice(&["b"]));

    fs::write(site(&env).join("b.py"), "b").unwrap();
    hand_made(
        &env,
        "b",
        &[("b.py", b"b"), ("../site-packages/b.py", b"b")],
    );
    assert_eq!(only(&home, &env, "b.py"), listed_twice(&[]));
    hand_made(&env, "b", &[("b.py", b"b"), ("../../../../state/x", b"b")]);
    assert_eq!(only(&home, &env, "../../../../state/x"), Fact::Outside);
    hand_made(&env, "b", &[("b.py", b"b"), ("/etc/hostname", b"b")]);
    assert_eq!(only(&home, &env, "/etc/hostname"), Fact::Outside);
    hand_made(&env, "b", &[("b.py", b"b")]);
    clean(&home, &env);

    let record = site(&env).join("b-1.0.dist-info/RECORD");
    fs::write(&record, "b.py,,\n").unwrap();
    assert_eq!(only(&home, &env, "b.py"), Fact::NoDigest);
    fs::write(&record, "b.py,md5=x,\n").unwrap();
    let fact = only(&home, &env, "b-1.0.dist-info/RECORD");
    assert!(matches!(fact, Fact::BadRecord(_)), "{fact:?}");
}

#[test]
fn bytecode_that_an_installer_lists_may_come_and_go() {
    let Some((home, env)) = furnished() else {
        return;
    };
    hand_made(&env, "b", &[("b.py", b"b")]);
    fs::write(site(&env).join("b.py"), "b").unwrap();
    let record = site(&env).join("b-1.0.dist-info/RECORD");
    let text = fs::read_to_string(&record).unwrap();
    let listed = "__pycache__/b.cpython-312.pyc";
    fs::write(&record, format!("{text}{listed},,\n")).unwrap();
    clean(&home, &env);
    fs::create_dir(site(&env).join("__pycache__")).unwrap();
    fs::write(site(&env).join(listed), "").unwrap();
    clean(&home, &env);
    fs::write(&record, format!("{text}__pycache__/c.cpython-312.pyc,,\n")).unwrap();
    let facts: Vec<_> = audit(&home, &env).findings;
    let facts: Vec<_> = facts.into_iter().map(|it| it.fact).collect();
    assert_eq!(facts, [Fact::Missing]);
}

#[test]
fn names_that_some_file_systems_make_one_are_found() {
    let Some((home, env)) = furnished() else {
        return;
    };
    let content: &[u8] = b"b";
    let files = [("b/X.py", content), ("b/y.py", content)];
    fs::create_dir(site(&env).join("b")).unwrap();
    for (path, content) in files {
        fs::write(site(&env).join(path), content).unwrap();
    }
    hand_made(&env, "b", &files);
    clean(&home, &env);
    fs::write(site(&env).join("b/x.py"), content).unwrap();
    hand_made(&env, "b", &[files[0], files[1], ("b/x.py", content)]);
    let fact = only(&home, &env, "b/x.py");
    assert_eq!(fact, Fact::SameName("X.py".to_owned()));
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_compared() {
    let Some((home, env)) = furnished() else {
        return;
    };
    let folder = site(&env).join("a/b");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o0)).unwrap();
    let is_open = fs::read_dir(&folder).is_ok();
    let found = audit(&home, &env).findings;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    if is_open {
        println!("skipped: root reads every folder");
        return;
    }
    let is_unreadable = |it: &Fact| matches!(it, Fact::Unreadable(_));
    assert!(found.iter().all(|it| is_unreadable(&it.fact)), "{found:?}");
    assert_eq!(found.len(), 2, "the folder and its file");
}

#[test]
fn a_distribution_without_record_has_files_of_nobody() {
    let Some((home, env)) = furnished() else {
        return;
    };
    let info = site(&env).join("b-1.0.dist-info");
    fs::create_dir(&info).unwrap();
    assert_eq!(only(&home, &env, "b-1.0.dist-info"), Fact::NoRecord);
    fs::remove_dir(&info).unwrap();
    fs::write(site(&env).join("b-1.0.egg-info"), "").unwrap();
    let facts = audit(&home, &env).findings.into_iter().map(|it| it.fact);
    assert_eq!(facts.collect::<Vec<_>>(), [Fact::NoRecord, Fact::Foreign]);
}
