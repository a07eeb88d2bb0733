//! Keys that `ssh-keygen` made.

use std::fs;

use assay_testkit::peers;

use super::{chmod, kept, secret};
use crate::machine::{Machine, simple};

#[test]
fn openssh_keys_are_kept_as_they_are_and_sign() {
    let Some(keygen) = peers::program("ssh-keygen") else {
        return;
    };
    let machine = Machine::new();
    secret(&machine, "secret", "hunter2");
    for kind in ["ed25519", "ecdsa"] {
        let file = format!("id_{kind}");
        machine
            .run(
                &keygen,
                &[
                    "-q",
                    "-t",
                    kind,
                    "-N",
                    "hunter2",
                    "-C",
                    "me@example.com",
                    "-f",
                    &file,
                ],
            )
            .ok();
        machine
            .assay(&["key", "import", &file])
            .fails(2, &["--name NAME"]);
        // No passphrase is needed for that.
        machine
            .assay(&["key", "import", &file, "--name", kind])
            .ok();
        let public = fs::read_to_string(machine.path(&format!("{file}.pub"))).unwrap();
        assert_eq!(machine.assay(&["key", "export", kind]).ok().out, public);
        let path = kept(&machine, kind);
        let read = machine.run(
            &keygen,
            &["-y", "-P", "hunter2", "-f", path.to_str().unwrap()],
        );
        assert_eq!(read.ok().out, public);
        let wheel = simple("demo", "1.0", &[]);
        let name = format!("{kind}/{}", wheel.file_name);
        machine.write(&name, &wheel.bytes);
        for with in [kind, &file] {
            let sign = |secret| {
                machine.assay(&["sign", &name, "--with", with, "--passphrase-file", secret])
            };
            super::secret(&machine, "wrong", "hunter3");
            sign("wrong").fails(1, &["the passphrase does not open"]);
            sign("secret").ok();
        }
    }
}

#[test]
fn a_key_is_encrypted_anew_where_that_is_wanted_or_it_was_not() {
    let Some(keygen) = peers::program("ssh-keygen") else {
        return;
    };
    let machine = Machine::new();
    secret(&machine, "old", "hunter2");
    secret(&machine, "new", "hunter3");
    machine
        .run(
            &keygen,
            &["-q", "-t", "ed25519", "-N", "hunter2", "-f", "locked"],
        )
        .ok();
    machine
        .run(&keygen, &["-q", "-t", "ed25519", "-N", "", "-f", "open"])
        .ok();
    let opens = |name: &str, passphrase: &str| {
        let path = kept(&machine, name);
        machine
            .run(
                &keygen,
                &["-y", "-P", passphrase, "-f", path.to_str().unwrap()],
            )
            .code
            == 0
    };
    let import = |args: &[&str]| machine.assay(&[&["key", "import", "--no-input"], args].concat());
    import(&[
        "locked",
        "--name",
        "a",
        "--passphrase-file",
        "old",
        "--new-passphrase-file",
        "new",
    ])
    .ok();
    assert!(opens("a", "hunter3") && !opens("a", "hunter2"));
    import(&[
        "locked",
        "--name",
        "b",
        "--passphrase-file",
        "old",
        "--no-passphrase",
    ])
    .ok();
    assert!(opens("b", ""));
    import(&["open", "--name", "c"]).fails(2, &["--no-input"]);
    import(&["open", "--name", "c", "--new-passphrase-file", "new"]).ok();
    assert!(opens("c", "hunter3") && !opens("c", ""));
    import(&["open", "--no-passphrase"]).ok();
    assert!(opens("open", ""));
}

#[test]
fn what_is_no_such_key_is_refused_with_the_way_out() {
    let Some(keygen) = peers::program("ssh-keygen") else {
        return;
    };
    let machine = Machine::new();
    let import =
        |file: &str| machine.assay(&["key", "import", file, "--name", "x", "--no-passphrase"]);
    let make = |args: &[&str]| {
        machine
            .run(&keygen, &[&["-q", "-N", "", "-f"], args].concat())
            .ok()
    };
    make(&["good", "-t", "ed25519"]);
    import("good.pub").fails(2, &["is a public key", "without .pub"]);
    make(&["rsa", "-t", "rsa", "-b", "2048"]);
    import("rsa").fails(2, &["ssh-rsa", "signs no statements", "ssh-agent"]);
    make(&["p384", "-t", "ecdsa", "-b", "384"]);
    import("p384").fails(2, &["signs no statements"]);
    make(&["pem", "-t", "ecdsa", "-m", "PEM"]);
    import("pem").fails(2, &["no private key of OpenSSH's form", "ssh-keygen -p"]);
    secret(&machine, "text", "hello");
    import("text").fails(2, &["no private key of OpenSSH's form"]);
    import("missing").fails(1, &["missing"]);
    chmod(&machine.path("good"), 0o640);
    import("good").fails(4, &["mode 0640", "chmod 600"]);
    chmod(&machine.path("good"), 0o600);
    assert!(!kept(&machine, "x").exists());
    import("good").ok();
}

#[test]
fn a_key_that_was_cut_or_changed_is_none() {
    let machine = Machine::new();
    machine
        .assay(&["key", "generate", "release", "--no-passphrase"])
        .ok();
    let text = fs::read_to_string(kept(&machine, "release")).unwrap();
    let import = |text: &str| {
        secret(&machine, "file", text);
        machine.assay(&["key", "import", "file", "--name", "copy", "--no-passphrase"])
    };
    for end in (0..text.len() - 2).step_by(7) {
        let outcome = import(&text[..end]);
        assert!(matches!(outcome.code, 1 | 2), "{end}: {outcome:?}");
    }
    let lines: Vec<_> = text.lines().collect();
    // A public key that is not the private one's.
    let other = lines[1].replacen("AAAA", "AAAB", 1);
    assert!(matches!(
        import(&text.replace(lines[1], &other)).code,
        1 | 2
    ));
    assert!(!kept(&machine, "copy").exists());
    import(&text).ok();
}

#[test]
fn what_old_wheel_trusts_is_printed_as_a_policy_that_is_one() {
    let machine = Machine::new();
    let import = |text: &str| {
        machine.write("wheel.json", text);
        machine.assay(&["key", "import", "--wheel-trust", "wheel.json"])
    };
    let key = "A".repeat(43);
    let trust = format!(
        r#"{{"schema": 1, "signers": [], "verifiers": [{{"scope": "demo", "vk": "{key}"}}]}}"#
    );
    let policy = import(&trust).ok().out;
    assert!(
        policy.contains("wheel-signature = [\"old-wheel-1\"]"),
        "{policy}"
    );
    machine.write("../home/.config/assay/policy.toml", &policy);
    machine.assay(&["policy", "check"]).ok();
    import(&trust[1..]).fails(1, &["no trust file of wheel"]);
    assert!(!kept(&machine, "").exists());
    let both = ["key", "import", "x", "--wheel-trust", "wheel.json"];
    assert_eq!(machine.assay(&both).code, 2);
    assert_eq!(machine.assay(&["key", "import"]).code, 2);
}
