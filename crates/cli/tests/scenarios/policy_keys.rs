//! `[keys]`, `[statements]`, `[hooks]` and `wheel-signature` in policy files: read, listed, shown.

use assay_testkit::voice::Voice;

use crate::machine::{Machine, Outcome, index, simple};

/// Made by gpg for nobody.
pub const CERTIFICATE: &str = "\
-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEawO89xYJKwYBBAHaRw8BAQdAENO88omNVXvGvMkm36siHyPKsKI+czHin4gS
tzdQ0WC0F1Rlc3QgPHRlc3RAZXhhbXBsZS5jb20+iJAEExYIADgWIQQTBsdNyJ+t
yIxEES7frGj+CW3yugUCawO89wIbAwULCQgHAgYVCgkICwIEFgIDAQIeAQIXgAAK
CRDfrGj+CW3yulfpAQC+xeO0PtexEnHFaaD7QcFpbhzqyhMZg0+ZkYCHi4vIsgEA
g1hMd4u8wdX9rXZ0x/KlIspiLW7S1Kw9dG3/I+zkUgA=
=lGeZ
-----END PGP PUBLIC KEY BLOCK-----
";
/// Its fingerprint.
const FINGERPRINT: &str = "1306C74DC89FADC88C44112EDFAC68FE096DF2BA";
/// Public keys: two of no use to anybody, and the generator of P-256.
pub const SSH: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH";
pub const MINISIGN: &str = "RWQAAQIDBAUGBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH";
pub const P256: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\
                        6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==";
const OWN: &str = "../home/.config/assay/policy.toml";

/// Every kind of key, a source and a hook.
fn tables() -> String {
    let ed25519 = Voice::new(7).public();
    format!(
        "[keys.acme]\ned25519 = '{ed25519}'\nprojects = ['acme-*']\nuntil = 2999-12-31\n\
         [keys.gpg]\nopenpgp = 'keys/gpg.asc'\n\
         [keys.ssh]\nssh = '{SSH} somebody'\n\
         [keys.mini]\nminisign = '{MINISIGN}'\n\
         [keys.p256]\necdsa-p256 = '{P256}'\n\
         [statements.team]\nat = 'vouches'\nkeys = ['acme', 'ssh']\nprojects = ['acme-*']\n\
         [hooks.scanner]\ncommand = ['/opt/scan/bin/check', '--strict']\nuntil = 2999-12-30\n"
    )
}

const RULES: &str = "[[policy.rule]]\nprojects = ['acme-*']\n\
                     evidence = { all = ['key:acme', 'vouch:team', 'hook:scanner'] }\n\
                     wheel-signature = ['mini', 'p256']\n\
                     [[policy.rule]]\nprojects = ['other']\nevidence = 'key:gpg'\n";

/// A machine whose user names them all.
fn named() -> Machine {
    let machine = Machine::new();
    machine.write(OWN, format!("{}{RULES}", tables()));
    machine.write("../home/.config/assay/keys/gpg.asc", CERTIFICATE);
    machine.write("../home/.config/assay/vouches/README", "");
    machine
}

fn contains(outcome: Outcome, words: &[&str]) {
    let out = outcome.ok().out;
    for words in words {
        assert!(out.contains(words), "{words} is not in\n{out}");
    }
}

#[test]
fn a_check_lists_what_a_file_names() {
    let machine = named();
    let listed = "(user, 2 rules, keys acme gpg mini p256 ssh, statements team, hooks scanner)";
    contains(machine.assay(&["policy", "check"]), &[listed]);
    contains(machine.assay(&["policy", "check", OWN]), &[listed]);
    let row = machine.assay(&["policy", "check", "--json"]).ok().json();
    let keys = serde_json::json!(["acme", "gpg", "mini", "p256", "ssh"]);
    assert_eq!(row[0]["keys"], keys);
    assert_eq!(row[0]["statements"], serde_json::json!(["team"]));
    assert_eq!(row[0]["hooks"], serde_json::json!(["scanner"]));
}

#[test]
fn what_counts_for_a_project_is_shown_with_its_place_and_its_end() {
    let machine = named();
    let show = |project| machine.assay(&["policy", "show", project]);
    contains(
        show("acme-lib"),
        &[
            "keys             acme: ed25519 SHA256:",
            "hears key:acme: ed25519 SHA256:",
            "policy.toml:1:1), until 2999-12-31",
            "hears the statements of team: ",
            "/vouches, signed by acme or ssh, criteria looked-at",
            "asks hook:scanner: [\"/opt/scan/bin/check\", \"--strict\"], 60s at most",
            "until 2999-12-30",
            "is signed inside of the wheel by mini or p256",
        ],
    );
    contains(show("other"), &["hears key:gpg: openpgp", FINGERPRINT]);
    let out = show("other").ok().out;
    assert!(!out.contains("team") && !out.contains("asks hook"), "{out}");
    let json = |project| {
        let shown = machine.assay(&["policy", "show", project, "--json"]);
        shown.ok().json()["project"].clone()
    };
    let acme = json("acme-lib");
    assert_eq!(acme["keys"][0]["name"], "acme");
    assert_eq!(acme["keys"][0]["until"], "2999-12-31");
    assert_eq!(acme["statements"][0]["name"], "team");
    assert_eq!(acme["hooks"][0]["until"], "2999-12-30");
    assert_eq!(acme["wheel-signature"].as_array().unwrap().len(), 1);
    let none = json("nobody");
    for key in ["keys", "statements", "hooks", "wheel-signature"] {
        assert_eq!(none[key], serde_json::json!([]), "{key}");
    }
}

#[test]
fn what_nobody_approved_is_shown_as_such_and_not_read() {
    let machine = Machine::new();
    machine.write("assay.toml", tables());
    let unread = "gpg: openpgp keys/gpg.asc (of no effect until it is approved)";
    let show = || machine.assay(&["policy", "show", "acme-lib"]);
    contains(
        show(),
        &[unread, "hooks       scanner: [\"/opt/scan/bin/check\""],
    );
    assert!(!show().ok().out.contains("hears"));
    machine.write("keys/gpg.asc", CERTIFICATE);
    machine.assay(&["policy", "approve"]).ok();
    contains(show(), &[FINGERPRINT, "hears the statements of team"]);
    assert!(!show().ok().out.contains("of no effect"));
}

#[test]
fn a_name_that_nothing_has_stops_before_anybody_is_asked() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = named();
    let rule = |word: &str| {
        let rule = format!("[policy]\nevidence = {{ any = ['index', '{word}'] }}\n");
        machine.write("assay.toml", rule);
    };
    for (word, table) in [
        ("key:acne", "[keys.acne]"),
        ("vouch:acme", "[statements.acme]"),
        ("hook:team", "[hooks.team]"),
    ] {
        rule(word);
        let place = format!("assay.toml:2:30: there is no {table}");
        machine.install(&server, &["app"]).fails(2, &[&place]);
        machine
            .assay(&["policy", "check", "assay.toml"])
            .fails(2, &[&place]);
        let option = format!("app={word}");
        let fact = format!("--evidence: {word}: no policy file in force has {table}");
        std::fs::remove_file(machine.path("assay.toml")).unwrap();
        machine
            .install(&server, &["--evidence", &option, "app"])
            .fails(2, &[&fact]);
        machine.write("r.txt", format!("app\n--evidence {option}\n"));
        let fact = format!("r.txt:2: --evidence: {word}: no policy file in force has {table}");
        machine
            .install(&server, &["-r", "r.txt"])
            .fails(2, &[&fact]);
    }
    assert!(server.requests().is_empty());
    for word in ["key:acme", "vouch:team", "hook:scanner"] {
        rule(word);
        machine.assay(&["policy", "check", "assay.toml"]).ok();
    }
}

#[test]
fn a_key_has_to_be_one_and_to_last() {
    let machine = named();
    let check = || machine.assay(&["policy", "check"]);
    check().ok();
    let text = format!("{}{RULES}", tables());
    for (from, to, words) in [
        (
            "2999-12-31",
            "2020-12-31",
            "policy.toml:4:9: this rule held until 2020-12-31",
        ),
        (
            "2999-12-30",
            "2020-12-31",
            "policy.toml:19:9: this rule held until 2020-12-31",
        ),
        ("gpg.asc", "no.asc", "keys/no.asc: No such file"),
        (
            "ssh = 'ssh-ed25519",
            "ssh = 'ssh-rsa",
            "policy.toml:8:7: ssh: the text is no SSH public key",
        ),
        (
            "ssh = 'ssh-ed25519 ",
            "ssh = 'ssh-ed25519 AAAA… ",
            "it is one line as ssh-keygen writes it",
        ),
        (
            "ed25519 = ",
            "ssh = '.'\ned25519 = ",
            "policy.toml:3:11: keys.acme has its key as ssh already",
        ),
    ] {
        assert!(text.contains(from), "{from}");
        machine.write(OWN, text.replacen(from, to, 1));
        check().fails(2, &[words]);
    }
    machine.write(OWN, text);
    machine.write("../home/.config/assay/keys/gpg.asc", &CERTIFICATE[..300]);
    check().fails(2, &["policy.toml:6:11: openpgp: keys/gpg.asc "]);
}

#[test]
fn what_a_file_names_on_this_machine_is_looked_for() {
    let machine = named();
    let check = || machine.assay(&["policy", "check"]);
    let said = "warning: hook:scanner (";
    let why = "cannot be asked: /opt/scan/bin/check: No such file";
    let err = check().ok().err;
    assert!(err.contains(said) && err.contains(why), "{err}");
    let folder = machine.path("../home/.config/assay/vouches");
    std::fs::remove_dir_all(&folder).unwrap();
    let place = "policy.toml:13:1: statements.team: at is ";
    check().fails(2, &[place, "No such file", "mkdir -p"]);
    machine.write("../home/.config/assay/vouches", "");
    check().fails(2, &[place, "it is a file"]);
    let text = format!("{}{RULES}", tables());
    assert!(text.contains("at = 'vouches'"));
    let served = |url: &str| {
        machine.write(
            OWN,
            text.replace("at = 'vouches'", &format!("at = '{url}'")),
        );
        check()
    };
    served("https://sets.example/set.assay").ok();
    served("http://sets.example/set.assay").fails(2, &["plain HTTP is refused"]);
}

#[test]
fn nobody_speaks_twice_where_several_have_to() {
    let keys = |second| {
        let keys = [("alice", 7), ("bob", second)].map(|(name, seed)| {
            let key = Voice::new(seed).public();
            format!("[keys.{name}]\ned25519 = '{key}'\n")
        });
        keys.concat()
    };
    let two = "{ at-least = 2, of = ['key:alice', 'key:bob'] }";
    let rule = format!("[policy]\nevidence = {two}\n");
    let machine = Machine::new();
    machine.write(OWN, format!("{}{rule}", keys(8)));
    machine.assay(&["policy", "check"]).ok();
    machine.write(OWN, format!("{}{rule}", keys(7)));
    let said = ["policy.toml:6:12", "key:alice and key:bob", "count twice"];
    machine.assay(&["policy", "check"]).fails(2, &said);
    machine.assay(&["install", "app"]).fails(2, &said);
    machine.write(OWN, keys(7));
    machine.write("r.txt", format!("--evidence \"{two}\"\napp\n"));
    let said = ["r.txt", "count twice"];
    machine.assay(&["install", "-r", "r.txt"]).fails(2, &said);
    machine.write(OWN, rule.replace("key:bob", "key:alice"));
    let said = ["key:alice stands here twice"];
    machine.assay(&["policy", "check"]).fails(2, &said);
}
