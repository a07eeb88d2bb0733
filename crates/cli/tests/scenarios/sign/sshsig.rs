//! `.sshsig`, beside OpenSSH.

use std::fs;

use assay_testkit::peers;

use super::{ssh_key, wheel};
use crate::machine::Machine;

/// `ssh-keygen` accepts the signature beside the file, by this key and for these bytes alone.
#[track_caller]
pub fn check(machine: &Machine, file: &str, line: &str) {
    let Some(keygen) = peers::program("ssh-keygen") else {
        return;
    };
    let [kind, key] = [0, 1].map(|it| line.split(' ').nth(it).unwrap());
    machine.write("allowed", format!("me@example.com {kind} {key}\n"));
    let run = |file: &str, args: &str| {
        let script = format!("\"$0\" -Y {args} -n file -s '{file}.sshsig' < '{file}'");
        machine.run("sh".as_ref(), &["-c", &script, keygen.to_str().unwrap()])
    };
    let verify = "verify -f allowed -I me@example.com";
    run(file, verify).ok();
    run(file, "check-novalidate").ok();
    let changed = [&fs::read(machine.path(file)).unwrap()[..], b"x"].concat();
    machine.write("changed", changed);
    fs::copy(
        machine.path(&format!("{file}.sshsig")),
        machine.path("changed.sshsig"),
    )
    .unwrap();
    assert_ne!(run("changed", verify).code, 0);
    assert_ne!(run("changed", "check-novalidate").code, 0);
}

#[test]
fn openssh_verifies_what_keys_of_both_sign() {
    let machine = Machine::new();
    let file = wheel(&machine);
    let sign = |with: &str| {
        machine.assay(&[
            "sign", &file, "--with", with, "--format", "sshsig", "--force",
        ])
    };
    machine
        .assay(&["key", "generate", "release", "--no-passphrase"])
        .ok();
    sign("release").ok();
    check(
        &machine,
        &file,
        &machine.assay(&["key", "export", "release"]).ok().out,
    );
    for kind in ["ed25519", "ecdsa"] {
        let Some(key) = ssh_key(&machine, kind) else {
            return;
        };
        // Each signature of ECDSA has other numbers, of other lengths.
        for _ in 0..8 {
            sign(&format!("./{key}")).ok();
            let line = fs::read_to_string(machine.path(&format!("{key}.pub"))).unwrap();
            check(&machine, &file, &line);
        }
    }
}

#[test]
fn a_signature_that_is_there_is_kept() {
    let machine = Machine::new();
    let file = wheel(&machine);
    for name in ["one", "two"] {
        machine
            .assay(&["key", "generate", name, "--no-passphrase"])
            .ok();
    }
    machine.write("other.txt", "other");
    let sign = |with: &str, more: &[&str]| {
        let words = [
            "sign",
            "other.txt",
            &file,
            "--format",
            "sshsig",
            "--with",
            with,
        ];
        machine.assay(&[&words[..], more].concat())
    };
    machine
        .assay(&["sign", &file, "--format", "sshsig", "--with", "one"])
        .ok();
    let before = machine.snapshot();
    sign("two", &[]).fails(2, &["is there already", "--force"]);
    // Nor was the other file signed.
    machine.assert_unchanged(&before);
    sign("two", &["--force"]).ok();
    check(
        &machine,
        &file,
        &machine.assay(&["key", "export", "two"]).ok().out,
    );
    sign("two", &["--force", "--as", "x==1"]).fails(2, &[]);
}
