//! `[keys]`, `[statements]`, `[hooks]`, and the rule key that names keys.

use std::{collections::BTreeSet, path::PathBuf, time::Duration};

use assay_trust::signature::KeyKind;

use super::*;
use crate::settings::policy_file::{At, KeyText};

const ED25519: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

const TABLES: &str = r#"
[keys.acme]
ed25519 = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="
projects = ["acme-*"]
until = 2026-12-31
[keys.old]
openpgp = "keys/old.asc"
[statements.team]
at = "vouches"
keys = ["acme", "old"]
[hooks.scanner]
command = ["/opt/scan/bin/check", "--strict"]
[[policy.rule]]
projects = ["acme-*"]
evidence = { all = ["key:acme", { any = ["vouch:team", "hook:scanner"] }, "hash"] }
wheel-signature = ["old", "acme"]
"#;

fn tables(from: &str, to: &str) -> Result<Document, Mistake> {
    assert!(TABLES.contains(from), "{from}");
    parse(&TABLES.replacen(from, to, 1), Root::Document).map(Option::unwrap)
}

fn label(text: &str) -> Label {
    text.parse().unwrap()
}

#[test]
fn what_the_tables_say_and_where() {
    let document = tables("", "").unwrap();
    let acme = &document.keys[&label("acme")];
    assert_eq!((acme.line, acme.column), (2, 1));
    assert_eq!(acme.value.kind, KeyKind::Ed25519);
    assert_eq!(acme.value.text.line, 3);
    assert_eq!(acme.value.text.value, KeyText::Inline(ED25519.to_owned()));
    let old = &document.keys[&label("old")].value;
    assert_eq!(old.text.value, KeyText::File("keys/old.asc".into()));
    assert_eq!((&old.projects, old.until), (&None, None));
    let team = &document.statements[&label("team")].value;
    assert_eq!(team.at, At::Folder(PathBuf::from("vouches")));
    assert_eq!(team.criteria, BTreeSet::from(["looked-at".to_owned()]));
    let scanner = &document.hooks[&label("scanner")].value;
    assert_eq!(scanner.command, ["/opt/scan/bin/check", "--strict"]);
    assert_eq!(scanner.timeout, Duration::from_secs(60));
    let rule = &document.rules[0];
    let named = rule
        .named
        .iter()
        .map(|it| (it.value.to_string(), it.column));
    let named: Vec<_> = named.collect();
    let expected = [("key:acme", 21), ("vouch:team", 42), ("hook:scanner", 56)];
    assert_eq!(named, expected.map(|(word, at)| (word.to_owned(), at)));
    let signed = rule.wheel_signature.as_ref().unwrap();
    let signed: Vec<_> = signed.value.iter().map(|it| it.value.as_str()).collect();
    assert_eq!(signed, ["old", "acme"]);
}

/// A line of `TABLES`, what stands for it, and line, column and words of the mistake, or none.
const LINES: [(&str, &str, Option<Expected>); 62] = [
    ("[keys.acme]", "[keys.Acme]", Some((2, 7, "no name here"))),
    ("[keys.acme]", "[keys.'-a']", Some((2, 7, "no name here"))),
    ("[keys.old]", "[keys.9]", None),
    (
        "[statements.team]",
        "[statements.'a b']",
        Some((8, 13, "no name here")),
    ),
    (
        "[hooks.scanner]",
        "[hooks.a_b]",
        Some((11, 8, "no name here")),
    ),
    (
        "[keys.acme]",
        "[keys]\nx = 1\n[keys.acme]",
        Some((3, 5, "keys.x is not a table")),
    ),
    ("ED", "ed25519 = 'x.pem'", None),
    (
        "ED",
        "ed25519 = 'x.pub'",
        Some((3, 11, "ed25519: the text is no public key")),
    ),
    ("ED", "ed25519 = ''", Some((3, 11, "is no public key"))),
    ("ED", "ed25519 = 7", Some((3, 11, "ed25519 is not a text"))),
    (
        "ED",
        "ed25519 = 'https://a.example/x.pem'",
        Some((3, 11, "is the path of a file")),
    ),
    ("ED", "ed25519 = 'BwcH'", Some((3, 11, "is no public key"))),
    ("ED", "ecdsa-p256 = 'p256.pem'", None),
    (
        "ED",
        "ecdsa-p256 = 'BwcH'",
        Some((3, 14, "is no public key")),
    ),
    (
        "ED",
        "ed448 = 'BwcH'",
        Some((3, 1, "\"ed448\" is not known here")),
    ),
    (
        "ED",
        "",
        Some((
            2,
            1,
            "keys.acme has no key: give it openpgp, ssh, minisign, ed25519, ecdsa-p256",
        )),
    ),
    ("ED", "ssh = 'id.pub'", None),
    ("ED", "ssh = 'SSHLINE me@example.com'", None),
    (
        "ED",
        "ssh = 'ssh-ed25519 BwcH'",
        Some((3, 7, "ssh: the text")),
    ),
    ("ED", "minisign = 'MINISIGN'", None),
    ("ED", "minisign = 'mini.pub'", None),
    (
        "ED",
        "minisign = 'BwcH'",
        Some((3, 12, "minisign: the text")),
    ),
    ("ED", "openpgp = ''", Some((3, 11, "is the path of a file"))),
    (
        "ED",
        "openpgp = \"a\\n\"",
        Some((3, 11, "is the path of a file")),
    ),
    (
        "ED",
        "ssh = 'id.pub'\nopenpgp = 'a'",
        Some((4, 11, "its key as ssh already")),
    ),
    (
        "ED",
        "openpgp = 'a'\nssh = 'id.pub'",
        Some((4, 7, "its key as openpgp already")),
    ),
    (
        "projects = [\"acme-*\"]\nuntil",
        "projects = []\nuntil",
        Some((4, 12, "projects is empty")),
    ),
    (
        "projects = [\"acme-*\"]\nuntil",
        "projects = 'acme'\nuntil",
        Some((4, 12, "not a list")),
    ),
    (
        "projects = [\"acme-*\"]\nuntil",
        "projects = ['*-a']\nuntil",
        Some((4, 13, "neither a project's name")),
    ),
    (
        "until = 2026-12-31",
        "until = 2026-12-30",
        Some((5, 9, "held until 2026-12-30")),
    ),
    (
        "until = 2026-12-31",
        "until = '2026-12-31'",
        Some((5, 9, "a date")),
    ),
    (
        "until = 2026-12-31",
        "since = 2026-12-31",
        Some((5, 1, "\"since\"")),
    ),
    ("at = \"vouches\"", "at = '../team'", None),
    (
        "at = \"vouches\"",
        "at = 'https://a.example/set.assay'",
        None,
    ),
    (
        "at = \"vouches\"",
        "at = 'http://127.0.0.1:1/set.assay'",
        None,
    ),
    (
        "at = \"vouches\"",
        "at = 'http://a.example/set.assay'",
        Some((9, 6, "plain HTTP is refused")),
    ),
    (
        "at = \"vouches\"",
        "at = 'ftp://a.example/set.assay'",
        Some((9, 6, "ftp")),
    ),
    (
        "at = \"vouches\"",
        "at = 'https://u:pw@a.example/'",
        Some((9, 6, "credentials")),
    ),
    (
        "at = \"vouches\"",
        "at = 'https://a.example/?x'",
        Some((9, 6, "neither ? nor #")),
    ),
    (
        "at = \"vouches\"",
        "at = 'https://a.example/#x'",
        Some((9, 6, "neither ? nor #")),
    ),
    (
        "at = \"vouches\"",
        "at = 'https://'",
        Some((9, 6, "not a URL")),
    ),
    (
        "at = \"vouches\"",
        "at = ''",
        Some((9, 6, "at is a folder")),
    ),
    (
        "at = \"vouches\"\n",
        "",
        Some((8, 1, "statements.team has no \"at\"")),
    ),
    (
        "keys = [\"acme\", \"old\"]\n",
        "",
        Some((8, 1, "has no \"keys\"")),
    ),
    (
        "keys = [\"acme\", \"old\"]",
        "keys = []",
        Some((10, 8, "keys is empty")),
    ),
    (
        "keys = [\"acme\", \"old\"]",
        "keys = 'acme'",
        Some((10, 8, "not a list")),
    ),
    (
        "keys = [\"acme\", \"old\"]",
        "keys = ['acme', 'Old']",
        Some((10, 17, "no name here")),
    ),
    (
        "keys = [\"acme\", \"old\"]",
        "keys = ['a']\ncriteria = ['read', 'ran']",
        None,
    ),
    (
        "keys = [\"acme\", \"old\"]",
        "keys = ['a']\ncriteria = []",
        Some((11, 12, "criteria is empty")),
    ),
    (
        "keys = [\"acme\", \"old\"]",
        "keys = ['a']\ncriteria = [1]",
        Some((11, 13, "not a text")),
    ),
    (
        "keys = [\"acme\", \"old\"]",
        "keys = ['a']\nuntil = 2026-12-30",
        Some((11, 9, "held until")),
    ),
    (
        "\"/opt/scan/bin/check\", ",
        "\"check\", ",
        Some((12, 12, "not the absolute path")),
    ),
    (
        "\"/opt/scan/bin/check\", ",
        "\"/opt/\", ",
        Some((12, 12, "not the absolute path")),
    ),
    ("\"--strict\"", "\"\"", None),
    ("\"--strict\"", "\"a\\u0000\"", Some((12, 35, "a NUL"))),
    ("\"--strict\"", "1", Some((12, 35, "not a text"))),
    (
        "[\"/opt/scan/bin/check\", \"--strict\"]",
        "[]",
        Some((12, 11, "command is empty")),
    ),
    (
        "[\"/opt/scan/bin/check\", \"--strict\"]",
        "'/check'",
        Some((12, 11, "not a list")),
    ),
    (
        "--strict\"]",
        "a\"]\ntimeout = '2 min'\nuntil = 2026-12-31",
        None,
    ),
    (
        "--strict\"]",
        "a\"]\ntimeout = '61 min'",
        Some((13, 11, "is no timeout")),
    ),
    (
        "--strict\"]",
        "a\"]\ntimeout = '0'",
        Some((13, 11, "is no timeout")),
    ),
    (
        "--strict\"]",
        "a\"]\nshell = true",
        Some((13, 1, "\"shell\"")),
    ),
];

#[test]
fn the_tables_are_read_strictly() {
    for (from, to, mistake) in LINES {
        let from = from.replace("ED", &format!("ed25519 = \"{ED25519}\""));
        let to = to.replace("SSHLINE", SSH).replace("MINISIGN", MINISIGN);
        match (mistake, tables(&from, &to)) {
            (None, found) => assert!(found.is_ok(), "{to}: {found:?}"),
            (Some((line, column, words)), Err(found)) => {
                assert!(found.fact.contains(words), "{to}: {found:?}");
                assert_eq!(
                    (found.line, found.column),
                    (line, column),
                    "{to}: {found:?}"
                );
                assert!(!found.fact.contains("pw@"), "{found:?}");
            }
            (Some(_), Ok(_)) => panic!("{to} was read"),
        }
    }
}

const SSH: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH";
const MINISIGN: &str = "RWQAAQIDBAUGBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH";

#[test]
fn signatures_in_wheels_are_asked_for_by_the_names_of_keys() {
    for (line, mistake) in [
        ("wheel-signature = ['acme']", None),
        (
            "wheel-signature = []",
            Some((16, 19, "wheel-signature is empty")),
        ),
        ("wheel-signature = 'acme'", Some((16, 19, "not a list"))),
        (
            "wheel-signature = ['key:acme']",
            Some((16, 20, "no name here")),
        ),
        (
            "wheel-signature = ['acme', 1]",
            Some((16, 28, "not a text")),
        ),
    ] {
        let found = tables("wheel-signature = [\"old\", \"acme\"]", line);
        let place = found.err().map(|it| (it.line, it.column, it.fact));
        match (mistake, place) {
            (None, None) => {}
            (Some((line, column, words)), Some(found)) => {
                assert_eq!((found.0, found.1), (line, column), "{found:?}");
                assert!(found.2.contains(words), "{found:?}");
            }
            (_, found) => panic!("{line}: {found:?}"),
        }
    }
    let general = tables(
        "[[policy.rule]]",
        "[policy]\nwheel-signature = ['acme']\n[[policy.rule]]",
    );
    let fact = general.unwrap_err().fact;
    assert!(
        fact.contains("\"wheel-signature\" is not known here"),
        "{fact}"
    );
}
