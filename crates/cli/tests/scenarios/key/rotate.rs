//! A new key in the place of an old one.

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use assay_trust::{
    TrustedKey,
    signature::{Key, KeyKind},
    statement::{Bundle, Predicate},
};

use super::{kept, secret};
use crate::machine::Machine;

#[test]
fn the_old_key_is_kept_and_certifies_the_new_one() {
    let machine = Machine::new();
    machine
        .assay(&[
            "key",
            "generate",
            "acme",
            "--no-passphrase",
            "--comment",
            "acme's",
        ])
        .ok();
    let public = |name: &str| machine.assay(&["key", "export", name]).ok().out;
    let before = public("acme");
    let rotated = machine.assay(&[
        "key",
        "rotate",
        "acme",
        "--project",
        "acme-*",
        "--no-passphrase",
        "--until",
        "2199-12-31",
        "--json",
    ]);
    let rotated = rotated.ok().json();
    let old = rotated["old"]["name"].as_str().unwrap();
    assert!(
        old.starts_with("acme-2") && old.len() == "acme-20260101".len(),
        "{old}"
    );
    assert_eq!(public(old), before);
    let after = public("acme");
    assert_ne!(after, before);
    assert!(after.ends_with(" acme's\n"));

    assert_certified(&machine, &before, &after);

    // Once a day: the name is taken, and nothing is changed.
    let again = [
        "key",
        "rotate",
        "acme",
        "--project",
        "acme-*",
        "--no-passphrase",
    ];
    machine.assay(&again).fails(2, &["rotated today already"]);
    assert_eq!(public("acme"), after);
}

/// The statement is by the old key, and about the new one.
fn assert_certified(machine: &Machine, before: &str, after: &str) {
    let text = fs::read(machine.path("_keys.assay")).unwrap();
    let bundle = Bundle::parse(&text).unwrap();
    let key = |line: &str| TrustedKey {
        label: "k".parse().unwrap(),
        key: Key::parse(KeyKind::Ssh, line.as_bytes()).unwrap(),
        projects: None,
        place: String::new(),
    };
    let (old_key, new_key) = (key(before), key(after));
    assert!(bundle.statements(&[&new_key]).unwrap().is_empty());
    let said = bundle.statements(&[&old_key]).unwrap();
    let [said] = &said[..] else {
        panic!("{said:?}")
    };
    let Predicate::Certifies(certified) = said.statement().predicate() else {
        panic!()
    };
    assert_eq!(Some(certified.key.clone()), new_key.key.raw());
    let expires = said.statement().times().expires.unwrap();
    assert_eq!(expires, "2200-01-01T00:00:00Z".parse().unwrap());
}

#[test]
fn what_users_have_to_change_is_printed() {
    let machine = Machine::new();
    secret(&machine, "secret", "hunter2");
    machine
        .assay(&["key", "generate", "acme", "--passphrase-file", "secret"])
        .ok();
    let rotate = [
        "key",
        "rotate",
        "acme",
        "--project",
        "acme",
        "--until",
        "2199-12-31",
        "--passphrase-file",
        "secret",
    ];
    let told = machine.assay(&rotate).ok().out;
    let policy = machine
        .assay(&["key", "export", "acme", "--format", "policy"])
        .ok()
        .out;
    assert!(told.contains(policy.trim_end()), "{told}");
    assert!(
        told.contains("2199-12-31") && told.contains("certified:SOURCE"),
        "{told}"
    );
    // The new one has the same passphrase.
    machine.write("demo-1.0.tar.gz", "demo");
    let sign = [
        "sign",
        "demo-1.0.tar.gz",
        "--with",
        "acme",
        "--passphrase-file",
        "secret",
    ];
    machine.assay(&sign).ok();
    let listed = machine.assay(&["key", "list", "--json"]).ok().json();
    let all = listed.as_array().unwrap();
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|it| it["encrypted"] == true), "{listed}");
}

#[test]
fn nothing_is_rotated_where_the_statement_could_not_be_made() {
    let machine = Machine::new();
    machine
        .assay(&["key", "generate", "acme", "--no-passphrase"])
        .ok();
    let before = fs::read(kept(&machine, "acme")).unwrap();
    let rotate = |args: &[&str]| {
        machine.assay(&[&["key", "rotate", "acme", "--no-passphrase"], args].concat())
    };
    rotate(&[]).fails(2, &["--project"]);
    rotate(&["--project", "a*b*"]).fails(2, &["--project a*b*"]);
    rotate(&["--project", "acme", "--until", "2020-01-01"]).fails(2, &["that day is over"]);
    rotate(&["--project", "acme", "--until", "soon"]).fails(2, &["--until soon"]);
    machine.write("_keys.assay", "hello\n");
    rotate(&["--project", "acme"]).fails(1, &["_keys.assay"]);
    assert_eq!(fs::read(kept(&machine, "acme")).unwrap(), before);
    assert_eq!(
        fs::read_to_string(machine.path("_keys.assay")).unwrap(),
        "hello\n"
    );
    rotate(&["--project", "acme", "--statements", "missing"]).fails(1, &["missing"]);
    // Nor is anything said where the keys could not be changed.
    fs::remove_file(machine.path("_keys.assay")).unwrap();
    let line = kept(&machine, "acme.pub");
    fs::remove_file(&line).unwrap();
    fs::create_dir(&line).unwrap();
    rotate(&["--project", "acme"]).fails(1, &["acme.pub", "nothing was changed"]);
    assert!(!machine.path("_keys.assay").exists());
    assert_eq!(fs::read(kept(&machine, "acme")).unwrap(), before);
    fs::remove_dir(&line).unwrap();
    rotate(&["--project", "acme"]).ok();
    assert_ne!(fs::read(kept(&machine, "acme")).unwrap(), before);
}

#[test]
fn a_key_is_changed_only_once_there_is_a_statement_and_a_run_that_was_killed_is_repeated() {
    let machine = Machine::new();
    secret(&machine, "secret", "hunter2");
    let named = ["--passphrase-file", "secret"];
    let assay = |args: &[&str]| machine.assay(&[args, &named].concat());
    assay(&["key", "generate", "acme", "--comment", "acme's"]).ok();
    let before = fs::read(kept(&machine, "acme")).unwrap();
    let old_line = machine.assay(&["key", "export", "acme"]).ok().out;
    let until = ["--project", "acme", "--until", "2199-12-31"];
    let rotate = [&["key", "rotate", "acme"], &until[..]].concat();

    // It waits for its turn to change the keys, and is killed.
    let lock = fs::File::create(kept(&machine, ".lock")).unwrap();
    lock.lock().unwrap();
    let mut command = machine.command();
    let mut run = command.args(&rotate).args(named).spawn().unwrap();
    let statement = machine.path("_keys.assay");
    let in_time = Instant::now() + Duration::from_secs(20);
    while !statement.exists() && Instant::now() < in_time {
        thread::sleep(Duration::from_millis(20));
    }
    run.kill().unwrap();
    run.wait().unwrap();
    assert!(statement.exists(), "the keys are changed first");
    assert_eq!(fs::read(kept(&machine, "acme")).unwrap(), before);
    drop(lock);

    // Another is killed when it has given the old key its new name, and no longer has its public line.
    let day = jiff::Timestamp::now().strftime("%Y%m%d").to_string();
    let [old, old_public] = ["", ".pub"].map(|it| kept(&machine, &format!("acme-{day}{it}")));
    fs::copy(kept(&machine, "acme"), &old).unwrap();
    fs::rename(kept(&machine, "acme.pub"), &old_public).unwrap();

    let rotated = assay(&[&rotate[..], &["--json"]].concat()).ok().json();
    assert_eq!(rotated["old"]["public"], old_line.trim_end());
    let new_line = rotated["new"]["public"].as_str().unwrap();
    assert!(new_line.ends_with(" acme's") && !old_line.contains(new_line));
    assert_eq!(fs::read(&old).unwrap(), before);
    let line = fs::read_to_string(kept(&machine, "acme.pub")).unwrap();
    assert_eq!(line.trim_end(), new_line);
    let text = fs::read(&statement).unwrap();
    let last = text.trim_ascii_end().split(|it| *it == b'\n').next_back();
    fs::write(&statement, last.unwrap()).unwrap();
    assert_certified(&machine, &old_line, new_line);
}
