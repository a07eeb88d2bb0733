//! Made, listed, handed out and removed.

use std::{fs, process::Stdio};

use assay_testkit::peers;
use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{chmod, kept, mode, secret};
use crate::machine::Machine;

#[test]
fn a_key_is_kept_encrypted() {
    let machine = Machine::new();
    secret(&machine, "secret", "hunter 2\n");
    let made = machine
        .assay(&[
            "key",
            "generate",
            "release",
            "--comment",
            "me@example.com",
            "--passphrase-file",
            "secret",
        ])
        .ok();
    let path = kept(&machine, "release");
    let text = fs::read_to_string(&path).unwrap();
    assert!(
        text.starts_with("-----BEGIN OPENSSH PRIVATE KEY-----\n"),
        "{text}"
    );
    let body: String = text.lines().filter(|it| !it.starts_with('-')).collect();
    let inside = BASE64_STANDARD.decode(body).unwrap();
    let inside = String::from_utf8_lossy(&inside);
    assert!(
        inside.contains("aes256-ctr") && inside.contains("bcrypt"),
        "{inside}"
    );
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    let line = machine.assay(&["key", "export", "release"]).ok().out;
    assert!(
        line.starts_with("ssh-ed25519 AAAA") && line.ends_with(" me@example.com\n"),
        "{line}"
    );
    assert_eq!(
        fs::read_to_string(kept(&machine, "release.pub")).unwrap(),
        line
    );
    assert!(
        made.out
            .contains(&format!("[keys.release]\nssh = \"{}\"", line.trim_end())),
        "{}",
        made.out
    );
}

#[test]
fn openssh_reads_a_key_of_ours_with_its_passphrase_alone() {
    let machine = Machine::new();
    secret(&machine, "secret", "hunter 2\n");
    let generate = ["key", "generate", "release", "--passphrase-file", "secret"];
    machine.assay(&generate).ok();
    let line = machine.assay(&["key", "export", "release"]).ok().out;
    let path = kept(&machine, "release");
    let Some(keygen) = peers::program("ssh-keygen") else {
        return;
    };
    let path = path.to_str().unwrap();
    let read = machine
        .run(&keygen, &["-y", "-P", "hunter 2", "-f", path])
        .ok();
    assert_eq!(read.out, line);
    assert_ne!(
        machine
            .run(&keygen, &["-y", "-P", "hunter 3", "-f", path])
            .code,
        0
    );
    let shown = machine.run(&keygen, &["-l", "-f", path]).ok().out;
    let listed = machine.assay(&["key", "list", "--json"]).ok().json();
    let fingerprint = listed[0]["fingerprint"].as_str().unwrap();
    assert!(shown.contains(fingerprint), "{shown}\n{listed}");
    assert_eq!(listed[0]["encrypted"], true);
    assert_eq!(listed[0]["with"], "release");
}

#[test]
fn a_key_without_a_passphrase_has_to_be_asked_for() {
    let machine = Machine::new();
    let nobody = machine.assay(&["key", "generate", "release", "--no-input"]);
    nobody.fails(2, &["--no-input", "--passphrase-file"]);
    machine.write("empty", "\n");
    chmod(&machine.path("empty"), 0o600);
    let empty = machine.assay(&["key", "generate", "release", "--passphrase-file", "empty"]);
    empty.fails(2, &["the passphrase is empty", "--no-passphrase"]);
    assert!(!kept(&machine, "release").exists());
    let both = [
        "key",
        "generate",
        "release",
        "--no-passphrase",
        "--passphrase-file",
        "empty",
    ];
    assert_eq!(machine.assay(&both).code, 2);
    machine
        .assay(&["key", "generate", "release", "--no-passphrase"])
        .ok();
    let listed = machine.assay(&["key", "list"]).ok();
    assert!(listed.out.contains("not encrypted"), "{}", listed.out);
}

#[test]
fn a_passphrase_in_a_file_is_one_line_that_nobody_else_reads() {
    let machine = Machine::new();
    let generate =
        |name: &str| machine.assay(&["key", "generate", name, "--passphrase-file", "secret"]);
    secret(&machine, "secret", "one\ntwo\n");
    generate("a").fails(2, &["one line"]);
    secret(&machine, "secret", "one\r\n");
    chmod(&machine.path("secret"), 0o644);
    generate("a").fails(4, &["mode 0644", "chmod 600"]);
    chmod(&machine.path("secret"), 0o600);
    generate("a").ok();
    // Neither a terminal nor a file of the disk: what a CI hands over.
    let script = "printf one | \"$0\" key generate b --passphrase-file -";
    machine
        .run("sh".as_ref(), &["-c", script, env!("CARGO_BIN_EXE_assay")])
        .ok();
    let Some(keygen) = peers::program("ssh-keygen") else {
        return;
    };
    for name in ["a", "b"] {
        let path = kept(&machine, name);
        machine
            .run(&keygen, &["-y", "-P", "one", "-f", path.to_str().unwrap()])
            .ok();
    }
}

#[test]
fn a_name_is_taken_once_and_given_back() {
    let machine = Machine::new();
    let generate = |name: &str| machine.assay(&["key", "generate", name, "--no-passphrase"]);
    for wrong in ["Release", "../release", "re lease", "ssh-agent", ""] {
        generate(wrong).fails(2, &[]);
    }
    generate("release").ok();
    let text = fs::read(kept(&machine, "release")).unwrap();
    generate("release").fails(
        2,
        &["there is a key release already", "assay key rotate release"],
    );
    assert_eq!(fs::read(kept(&machine, "release")).unwrap(), text);
    machine
        .assay(&["key", "export", "other"])
        .fails(2, &["there is no key other", "keys: release"]);
    machine
        .assay(&["key", "remove", "other"])
        .fails(2, &["there is no key other"]);
    machine.assay(&["key", "remove", "release"]).ok();
    assert!(!kept(&machine, "release").exists() && !kept(&machine, "release.pub").exists());
    generate("release").ok();
}

#[test]
fn the_public_half_is_handed_out_in_each_form_and_the_private_one_in_none() {
    let machine = Machine::new();
    machine
        .assay(&[
            "key",
            "generate",
            "release",
            "--no-passphrase",
            "--comment",
            r#"a "b" \c"#,
        ])
        .ok();
    let export = |form: &str| {
        machine
            .assay(&["key", "export", "release", "--format", form])
            .ok()
            .out
    };
    let pem = export("pem");
    assert!(
        pem.starts_with("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA"),
        "{pem}"
    );
    machine.write("assay.toml", export("policy"));
    machine.assay(&["policy", "check"]).ok();
    machine.write(
        "assay.toml",
        export("policy").replace("ssh-ed25519 AAAA", "ssh-ed25519 AAAB"),
    );
    machine
        .assay(&["policy", "check"])
        .fails(2, &["assay.toml"]);
    for form in ["ssh", "pem", "policy"] {
        assert!(!export(form).contains("PRIVATE"));
    }
    assert_eq!(
        machine
            .assay(&["key", "export", "release", "--format", "private"])
            .code,
        2
    );
}

#[test]
fn a_key_that_others_could_read_signs_nothing() {
    let machine = Machine::new();
    machine
        .assay(&["key", "generate", "release", "--no-passphrase"])
        .ok();
    let path = kept(&machine, "release");
    for mode in [0o640, 0o604, 0o620, 0o644] {
        chmod(&path, mode);
        let word = format!("mode {mode:04o}");
        machine
            .assay(&["key", "export", "release"])
            .fails(4, &[&word, "chmod 600"]);
    }
    for mode in [0o600, 0o400] {
        chmod(&path, mode);
        machine.assay(&["key", "export", "release"]).ok();
    }
}

#[test]
fn a_key_that_cannot_be_read_is_told_beside_those_that_can() {
    let machine = Machine::new();
    for name in ["bad", "good"] {
        machine
            .assay(&["key", "generate", name, "--no-passphrase"])
            .ok();
    }
    let text = fs::read_to_string(kept(&machine, "bad")).unwrap();
    fs::write(kept(&machine, "bad"), &text[..text.len() / 2]).unwrap();
    let listed = machine.assay(&["key", "list", "--json"]).ok();
    assert_eq!(listed.json().as_array().unwrap().len(), 1);
    assert!(listed.err.contains("is damaged"), "{}", listed.err);
    // The public line is a convenience: the private file has it, too.
    fs::remove_file(kept(&machine, "good.pub")).unwrap();
    machine.assay(&["key", "export", "good"]).ok();
    machine.assay(&["key", "remove", "bad"]).ok();
    assert!(!kept(&machine, "bad").exists());
}

#[test]
fn of_several_that_make_a_key_of_one_name_one_does() {
    let machine = Machine::new();
    let start = |_| {
        let mut command = machine.command();
        command.args(["key", "generate", "release", "--no-passphrase", "-qq"]);
        let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
        quiet.spawn().unwrap()
    };
    let all: Vec<_> = (0..6).map(start).collect();
    let codes = all.into_iter().map(|mut it| it.wait().unwrap().code());
    let mut codes: Vec<_> = codes.collect();
    codes.sort();
    assert_eq!(codes, [0, 2, 2, 2, 2, 2].map(Some));
    let line = machine.assay(&["key", "export", "release"]).ok().out;
    let beside = fs::read_to_string(kept(&machine, "release.pub")).unwrap();
    assert_eq!(line, beside);
}
