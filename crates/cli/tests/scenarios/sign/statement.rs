//! `.assay`, which says that a key publishes a file.

use std::fs;

use assay_trust::{
    TrustedKey,
    signature::{Key, KeyKind},
    statement::{Bundle, Predicate},
};

use super::wheel;
use crate::machine::{Machine, Outcome};

/// What the bundle beside a file says by this key.
pub fn said(machine: &Machine, file: &str, line: &str) -> Vec<String> {
    let bytes = fs::read(machine.path(&format!("{file}.assay"))).unwrap();
    let bundle = Bundle::parse(&bytes).unwrap();
    let key = TrustedKey {
        label: "k".parse().unwrap(),
        key: Key::parse(KeyKind::Ssh, line.as_bytes()).unwrap(),
        projects: None,
        place: String::new(),
    };
    let all = bundle.statements(&[&key]).unwrap();
    let texts = all.iter().map(|it| match it.statement().predicate() {
        Predicate::Publishes(release) => {
            let subject = &it.statement().subjects()[0];
            format!(
                "{} {} {}=={}",
                subject.name, subject.sha256, release.project, release.version
            )
        }
        other => format!("{other:?}"),
    });
    texts.collect()
}

/// It says by this key that it publishes demo 1.0, of the bytes that the file has.
#[track_caller]
pub fn says(machine: &Machine, file: &str, line: &str) {
    let name = file.rsplit('/').next().unwrap();
    let expected = format!("{name} {} demo==1.0", sha256(machine, file));
    assert_eq!(said(machine, file, line), [expected]);
}

fn sha256(machine: &Machine, file: &str) -> String {
    let hashed = machine.assay(&["hash", file]).ok().out;
    hashed.trim().rsplit(':').next().unwrap().to_owned()
}

fn sign(machine: &Machine, file: &str, with: &str, more: &[&str]) -> Outcome {
    machine.assay(&[&["sign", file, "--with", with], more].concat())
}

fn with_keys(names: &[&str]) -> Machine {
    let machine = Machine::new();
    for name in names {
        machine
            .assay(&["key", "generate", name, "--no-passphrase"])
            .ok();
    }
    machine
}

fn line(machine: &Machine, name: &str) -> String {
    machine.assay(&["key", "export", name]).ok().out
}

#[test]
fn a_wheel_is_signed_by_one_key_and_by_another() {
    let machine = with_keys(&["one", "two"]);
    let file = wheel(&machine);
    let told = sign(&machine, &file, "one", &[]).ok().out;
    assert!(told.contains("publishes demo==1.0"), "{told}");
    sign(&machine, &file, "two", &[]).ok();
    for name in ["one", "two"] {
        says(&machine, &file, &line(&machine, name));
    }
    let bundle = fs::read_to_string(machine.path(&format!("{file}.assay"))).unwrap();
    assert_eq!(bundle.lines().count(), 2);
}

#[test]
fn what_was_said_of_other_bytes_stops() {
    let machine = with_keys(&["one", "two"]);
    let file = wheel(&machine);
    sign(&machine, &file, "one", &[]).ok();
    machine.write(&file, "built anew");
    let before = machine.snapshot();
    for name in ["one", "two"] {
        sign(&machine, &file, name, &[]).fails(4, &["other bytes", "--force"]);
    }
    machine.assert_unchanged(&before);
    sign(&machine, &file, "two", &["--force"]).ok();
    says(&machine, &file, &line(&machine, "two"));
    assert!(said(&machine, &file, &line(&machine, "one")).is_empty());
}

#[test]
fn a_release_is_said_where_the_name_does_not_say_it() {
    let machine = with_keys(&["one"]);
    let file = wheel(&machine);
    machine.write("thing.gem", "gem");
    sign(&machine, "thing.gem", "one", &[]).fails(2, &["--as NAME==VERSION"]);
    sign(&machine, "thing.gem", "one", &["--as", "thing"]).fails(2, &["--as thing"]);
    sign(&machine, "thing.gem", "one", &["--as", "thing==1.0"]).ok();
    let said = said(&machine, "thing.gem", &line(&machine, "one"));
    assert!(said[0].ends_with(" thing==1.0"), "{said:?}");
    sign(&machine, &file, "one", &["--as", "demo==1.1"])
        .fails(2, &["--as demo==1.1: the name of ", " says demo==1.0"]);
    sign(&machine, &file, "one", &["--as", "Demo==1.0"]).ok();
    let two = [
        "sign",
        &file,
        "thing.gem",
        "--with",
        "one",
        "--as",
        "thing==1.0",
    ];
    machine.assay(&two).fails(2, &["--as"]);
}

#[test]
fn signatures_beside_the_files_are_passed_over() {
    let machine = with_keys(&["one"]);
    let file = wheel(&machine);
    for _ in 0..2 {
        let script = "\"$0\" sign *.whl* --with one";
        let shell = ["-c", script, env!("CARGO_BIN_EXE_assay")];
        machine.run("sh".as_ref(), &shell).ok();
    }
    assert!(!machine.path(&format!("{file}.assay.assay")).exists());
    // What is said already is not said again.
    says(&machine, &file, &line(&machine, "one"));
    let bundle = format!("{file}.assay");
    sign(&machine, &bundle, "one", &[]).fails(2, &["nothing to sign but signatures"]);
    sign(&machine, ".", "one", &[]).fails(2, &[]);
    machine.run("mkfifo".as_ref(), &["fifo.whl"]).ok();
    sign(&machine, "fifo.whl", "one", &[]).fails(2, &["no regular file"]);
    sign(&machine, "missing.whl", "one", &[]).fails(1, &["missing.whl"]);
}

#[test]
fn what_is_no_bundle_is_left_alone() {
    let machine = with_keys(&["one"]);
    let file = wheel(&machine);
    let bundle = machine.write(&format!("{file}.assay"), "hello\n");
    sign(&machine, &file, "one", &["--force"]).fails(1, &["move it away"]);
    assert_eq!(fs::read(&bundle).unwrap(), b"hello\n");
    fs::remove_file(&bundle).unwrap();
    sign(&machine, &file, "one", &[]).ok();
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&bundle).unwrap().permissions());
    assert_eq!(mode & 0o600, 0o600);
}

#[test]
fn signing_is_told_as_data() {
    let machine = with_keys(&["one"]);
    let file = wheel(&machine);
    let told = sign(&machine, &file, "one", &["--json"]).ok().json();
    assert_eq!(told[0]["sha256"], sha256(&machine, &file));
    assert_eq!(told[0]["said"], "publishes demo==1.0");
    let listed = machine.assay(&["key", "list", "--json"]).ok().json();
    assert_eq!(told[0]["fingerprint"], listed[0]["fingerprint"]);
}
