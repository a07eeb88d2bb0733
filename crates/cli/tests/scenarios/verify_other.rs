//! `assay verify --file thing.gem --as thing==1.0`: files of other tools, by the same keys and rules.

use std::{fs, path::PathBuf, process::Command};

use assay_testkit::{peers, voice::Voice};
use serde_json::json;
use tempfile::TempDir;

use crate::machine::{Machine, Outcome};

const THING: &str = "thing-1.0.gem";
const HOME: &str = "../home/.config/assay";
const POLICY: &str = "../home/.config/assay/policy.toml";
const BY_RELEASE: &str = "[[policy.rule]]\nprojects = ['thing']\nevidence = 'key:release'\n";

/// Nothing that a verification finds ends up in the working folder.
fn verify(machine: &Machine, release: &str, more: &[&str]) -> Outcome {
    let before = machine.snapshot();
    let fixed = ["verify", "--file", THING, "--as", release];
    let outcome = machine.assay(&[&fixed[..], more].concat());
    machine.assert_unchanged(&before);
    outcome
}

/// With a report on standard output that has these words.
#[track_caller]
fn refuses(outcome: Outcome, words: &str) {
    assert_eq!(outcome.code, 4, "{outcome:?}");
    assert!(outcome.out.contains(words), "{words}\n{}", outcome.out);
}

fn machine(bytes: &str) -> Machine {
    let machine = Machine::new();
    machine.write(THING, bytes);
    machine
}

#[test]
fn it_is_judged_by_the_rules_for_what_it_is_said_to_be() {
    let machine = machine("no archive that anybody here could open");
    let told = verify(&machine, "Thing==1.0", &[]).ok().out;
    for words in [
        "thing-1.0.gem: accepted",
        "named by the command line",
        "nothing of what is in it",
        "no rule asks for a signature of thing",
    ] {
        assert!(told.contains(words), "{words}\n{told}");
    }
    assert!(!told.contains("lies beside it"), "{told}");
    machine.write(&format!("{THING}.asc"), "not looked at");
    let told = verify(&machine, "Thing==1.0", &[]).ok().out;
    assert!(
        told.contains(".gem.asc lies beside it; no rule asks"),
        "{told}"
    );
    machine.write(
        POLICY,
        "[[policy.rule]]\nprojects = ['thing']\ndeny = 'sold'\n",
    );
    refuses(verify(&machine, "thing==1.0", &[]), "sold");
    let told = verify(&machine, "thing==1.0", &[]).out;
    let at = |word: &str| told.find(word).unwrap();
    assert!(at("sha256:") < at("hint:"), "{told}");
    assert!(told.contains("1 file: refused"), "{told}");
    verify(&machine, "other==1.0", &[]).ok();
    let refused = verify(&machine, "thing==1.0", &["--json"]);
    let row = &refused.json()["distributions"][0];
    assert_eq!(row["verdict"], "refused");
    assert_eq!(row["file"], THING);
}

#[test]
fn a_name_that_says_which_release_it_is_of_is_not_taken_for_another() {
    let machine = Machine::new();
    machine.write("demo-1.0.tar.gz", "no archive");
    let verify = |release| {
        let file = ["verify", "--file", "demo-1.0.tar.gz", "--as", release];
        machine.assay(&file)
    };
    verify("Demo == 1.0").ok();
    for release in ["other==2.0", "demo==2.0", "other==1.0"] {
        verify(release).fails(2, &["the name of demo-1.0.tar.gz says demo==1.0"]);
    }
}

#[test]
fn statements_beside_it_are_about_its_release_and_its_bytes() {
    let machine = machine("a gem");
    let alice = Voice::new(1);
    let key = format!("[keys.release]\ned25519 = \"{}\"\n", alice.public());
    machine.write(POLICY, format!("{key}{BY_RELEASE}"));
    let refused = verify(&machine, "thing==1.0", &["--json"]);
    assert_eq!(refused.code, 4);
    let sha256 = refused.json()["distributions"][0]["sha256"].clone();
    let predicate = json!({
        "issued": "2026-01-01T00:00:00Z", "project": "thing", "version": "1.0",
    });
    let said = alice.says("publishes", &[(THING, sha256.as_str().unwrap())], predicate);
    machine.write("elsewhere.assay", &said);
    verify(&machine, "thing==1.0", &["--signature", "elsewhere.assay"]).ok();
    machine.write(&format!("{THING}.assay"), &said);
    verify(&machine, "thing==1.0", &[]).ok();
    let other = verify(&machine, "thing==2.0", &[]);
    assert_eq!(
        other.code, 4,
        "an old release offered as a new one: {other:?}"
    );
    machine.write(THING, "other bytes");
    assert_eq!(verify(&machine, "thing==1.0", &[]).code, 4);
}

#[test]
fn a_signature_of_gpg_beside_it_counts_for_the_projects_of_its_key() {
    let Some(ann) = Ann::new() else { return };
    let machine = machine("a gem");
    machine.write(&format!("{HOME}/ann.asc"), ann.certificate());
    let signature = ann.sign(b"a gem");

    let policy = |projects: &str| {
        let key = format!("[keys.release]\nopenpgp = 'ann.asc'\nprojects = ['{projects}']\n");
        machine.write(POLICY, format!("{key}{BY_RELEASE}"));
    };
    policy("thing");
    refuses(verify(&machine, "thing==1.0", &[]), "missing: key:release");
    machine.write(&format!("{THING}.asc"), &signature);
    let told = verify(&machine, "thing==1.0", &[]).ok().out;
    for words in [
        "signed (OpenPGP) by ",
        "Ann <ann@example.com>",
        "(key:release)",
    ] {
        assert!(told.contains(words), "{words}\n{told}");
    }
    // The key of one project on another.
    policy("other");
    refuses(verify(&machine, "thing==1.0", &[]), "missing: key:release");
    policy("thing");
    // An old good signature for other bytes.
    machine.write(THING, "another gem");
    refuses(
        verify(&machine, "thing==1.0", &[]),
        "not a signature of this file",
    );
}

#[test]
fn what_is_typed_has_to_make_sense() {
    let machine = machine("a gem");
    machine.write("thing-1.0-py3-none-any.whl", "no wheel");
    machine.write("a.asc", "no signature");
    machine.write("b.asc", "no signature");
    let usage = |args: &[&str], words: &str| {
        let outcome = machine.assay(&[&["verify"][..], args].concat());
        outcome.fails(2, &[words]);
    };
    usage(&["--file", THING], "--as");
    usage(&["--as", "thing==1.0"], "--file");
    for release in ["thing", "thing==", "thing>=1", "==1.0", "thing==one"] {
        usage(&["--file", THING, "--as", release], "NAME==VERSION");
    }
    let good = ["--file", THING, "--as", "thing==1.0"];
    let with = |more: &[&'static str]| [&good[..], more].concat();
    usage(&with(&["demo"]), "--file names the one file");
    usage(&with(&["--venv", "env"]), "--venv");
    usage(&with(&["--provenance", "a.asc"]), "--provenance");
    usage(&with(&["--signature", "a.sig"]), "of no form");
    usage(
        &with(&["--signature", "a.asc", "--signature", "b.asc"]),
        "a second .asc",
    );
    let wheel = "thing-1.0-py3-none-any.whl";
    usage(&["--file", wheel, "--as", "thing==1.0"], "is a wheel");
    machine
        .assay(&["verify", "--file", "gone.gem", "--as", "thing==1.0"])
        .fails(1, &["gone.gem"]);
    machine.write("long.asc", vec![0xc2; 1 << 20]);
    let long = [&["verify"], &with(&["--signature", "long.asc"])[..]].concat();
    machine
        .assay(&long)
        .fails(4, &["long.asc", "signature size"]);
    let missing = [&["verify"], &with(&["--signature", "gone.asc"])[..]].concat();
    machine.assay(&missing).fails(1, &["gone.asc"]);
}

/// Somebody with gpg.
pub struct Ann {
    gpg: PathBuf,
    home: TempDir,
}

impl Ann {
    /// Her key is for `Ann <ann@example.com>`. `None` where there is no gpg.
    pub fn new() -> Option<Self> {
        let gpg = peers::program("gpg")?;
        let home = tempfile::tempdir().unwrap();
        let ann = Self { gpg, home };
        let id = "Ann <ann@example.com>";
        ann.run(&["--quick-generate-key", id, "ed25519", "sign", "0"]);
        Some(ann)
    }

    pub fn certificate(&self) -> Vec<u8> {
        self.run(&["--armor", "--export"])
    }

    pub fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        let path = self.home.path().join("file");
        fs::write(&path, bytes).unwrap();
        let path = path.to_str().unwrap();
        self.run(&["--armor", "--output", "-", "--detach-sign", path])
    }

    fn run(&self, args: &[&str]) -> Vec<u8> {
        let mut command = Command::new(&self.gpg);
        command.args([
            "--batch",
            "--quiet",
            "--pinentry-mode",
            "loopback",
            "--passphrase",
            "",
        ]);
        let command = command.arg("--homedir").arg(self.home.path()).args(args);
        let output = command.output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {error}");
        output.stdout
    }
}

/// Its agent would outlive the test.
impl Drop for Ann {
    fn drop(&mut self) {
        let mut command = Command::new("gpgconf");
        let command = command.arg("--homedir").arg(self.home.path());
        drop(command.args(["--kill", "all"]).status());
    }
}
