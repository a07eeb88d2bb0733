//! Keys, sources of statements and hooks of a project's file: what is approved with it.

use assay_testkit::voice::Voice;

use super::{approve, sha256};
use crate::machine::{Machine, index, simple};

const RULE: &str = "[[policy.rule]]\nprojects = ['app']\nevidence = { any = ['key:k', 'vouch:team', 'hook:scan'] }\n";
const TABLES: &str = "[keys.k]\ned25519 = 'keys/k.pem'\n\
                      [statements.team]\nat = 'vouches'\nkeys = ['k']\n\
                      [hooks.scan]\ncommand = ['/opt/scan', \"a b\\u001b\"]\n";

fn key(machine: &Machine, seed: u8) {
    machine.write("keys/k.pem", Voice::new(seed).public());
    machine.write("vouches/README", "");
}

#[test]
fn what_a_file_names_is_shown_whole_before_it_counts() {
    let machine = Machine::new();
    machine.write("assay.toml", format!("{RULE}{TABLES}"));
    let server = index(&[simple("app", "1.0", &[])]);
    machine.install(&server, &["app"]).fails(
        2,
        &[
            "assay.toml:3:21: [keys.k] is this file's alone",
            "assay policy approve assay.toml",
        ],
    );
    assert!(server.requests().is_empty());
    approve(&machine, &[]).fails(2, &["keys/k.pem: No such file", "named at assay.toml:5:11"]);
    key(&machine, 1);
    let fingerprint = Voice::new(1).fingerprint();
    let said = approve(&machine, &[]).ok().out;
    for words in [
        &format!("keys        k: ed25519 {fingerprint}"),
        "statements  team: vouches, signed by k, criteria looked-at",
        "hooks       scan: [\"/opt/scan\", \"a b\\u{1b}\"]",
        "assay.toml:4:1",
        &format!(
            "approved keys/k.pem until a byte of it changes: sha256 {}",
            sha256(&machine, "keys/k.pem")
        ),
    ] {
        assert!(said.contains(words), "{words} is not in\n{said}");
    }
    machine.assay(&["policy", "check"]).ok();
}

#[test]
fn a_key_is_approved_byte_for_byte() {
    let machine = Machine::new();
    machine.write("assay.toml", format!("{RULE}{TABLES}"));
    key(&machine, 1);
    let digests = ["assay.toml", "keys/k.pem"].map(|it| sha256(&machine, it));
    let [file, named] = digests.each_ref().map(String::as_str);
    approve(&machine, &["--sha256", file]).fails(4, &["keys/k.pem", named]);
    let named = &format!("keys/k.pem={named}");
    approve(&machine, &["--sha256", file, "--sha256", named]).ok();
    let check = || machine.assay(&["policy", "check"]);
    let list = || approve(&machine, &["--list"]).ok().out;
    check().ok();
    assert!(list().contains("as approved"));
    key(&machine, 2);
    check().fails(
        4,
        &[
            "keys/k.pem changed since",
            "assay policy approve",
            "assay.toml:5:11",
        ],
    );
    assert!(list().contains("changed"));
    key(&machine, 1);
    check().ok();
}

#[test]
fn a_digest_is_of_one_file() {
    let machine = Machine::new();
    let text = "[keys.release]\ned25519 = 'keys/release.pem'\n\
                [keys.intern]\ned25519 = 'keys/intern.pem'\n";
    machine.write("assay.toml", text);
    let write = |name: &str, seed: u8| {
        machine.write(&format!("keys/{name}.pem"), Voice::new(seed).public());
    };
    write("release", 1);
    write("intern", 2);
    let digest = |name: &str| sha256(&machine, name);
    let (release, intern) = (digest("keys/release.pem"), digest("keys/intern.pem"));
    let approve = |more: &[&str]| {
        let file = digest("assay.toml");
        let release = format!("keys/release.pem={release}");
        let intern = format!("keys/intern.pem={intern}");
        let all = ["--sha256", &file, "--sha256", &release, "--sha256", &intern];
        approve(&machine, &[&all, more].concat())
    };
    approve(&[]).ok();
    let other = format!("keys/other.pem={release}");
    approve(&["--sha256", &other]).fails(2, &["does not name keys/other.pem"]);
    let twice = format!("keys/intern.pem={release}");
    approve(&["--sha256", &twice]).fails(2, &["not the only digest of that file"]);
    // Both contents are known, and each is where the other belongs.
    write("release", 2);
    write("intern", 1);
    approve(&[]).fails(4, &["keys/intern.pem is not the file that --sha256 means"]);
    write("intern", 2);
    approve(&[]).fails(4, &["keys/release.pem is not the file that --sha256 means"]);
}

#[test]
fn what_would_be_wrong_once_it_is_approved_is_not_approved() {
    let machine = Machine::new();
    key(&machine, 1);
    let text = format!("{RULE}{TABLES}");
    machine.write("assay.toml", text.replace("keys = ['k']", "keys = ['j']"));
    approve(&machine, &[]).fails(2, &["assay.toml:8:9: there is no [keys.j]"]);
    let own = "../home/.config/assay/policy.toml";
    machine.write(
        own,
        format!("[keys.k]\ned25519 = '{}'\n", Voice::new(2).public()),
    );
    machine.write("assay.toml", &text);
    approve(&machine, &[]).fails(
        2,
        &[
            "assay.toml:4:1: [keys.k] is something else at",
            "policy.toml:1:1",
        ],
    );
    assert!(
        approve(&machine, &["--list"])
            .ok()
            .out
            .contains("no policy file is approved")
    );
    machine.write(
        own,
        format!("[keys.k]\ned25519 = '{}'\n", Voice::new(1).public()),
    );
    approve(&machine, &[]).ok();
    machine.assay(&["policy", "check"]).ok();
}
