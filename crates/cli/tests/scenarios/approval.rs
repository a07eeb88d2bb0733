//! `assay policy approve`: what a project's file may say once the user approved its bytes.

mod loosening;
mod principals;

use std::{fs, os::unix::fs::PermissionsExt as _};

use assay_testkit::publisher::TestSigstore;

use crate::machine::{Machine, Outcome, index, simple};

const LOOSENING: &str = "[[policy.rule]]\nprojects = ['lib']\nstartup = true\nmin-age = '0'\n\
                         [publishers]\nlib = ['github:acme/lib']\n";

fn approve(machine: &Machine, args: &[&str]) -> Outcome {
    machine.assay(&[&["policy", "approve"], args].concat())
}

/// The digest as `assay hash` prints it.
fn sha256(machine: &Machine, name: &str) -> String {
    let hash = machine.assay(&["hash", name]).ok().out;
    hash.trim().rsplit(':').next().unwrap().to_owned()
}

#[test]
fn an_approved_file_loosens_until_a_byte_of_it_changes() {
    let machine = Machine::new();
    machine.write("assay.toml", LOOSENING);
    let check = || machine.assay(&["policy", "check"]);
    check().fails(
        2,
        &[
            "assay.toml:4:11: min-age loosens",
            "assay policy approve assay.toml",
        ],
    );
    let said = approve(&machine, &[]).ok().out;
    for words in [
        "startup     lib ",
        "min-age     0 ",
        "github:acme/lib",
        "assay.toml:3:11",
        "approved assay.toml",
        &sha256(&machine, "assay.toml"),
    ] {
        assert!(said.contains(words), "{words} is not in\n{said}");
    }
    let out = check().ok().out;
    assert!(
        out.contains("assay.toml: fine (project, approved, 1 rule, publishers of 1 project)"),
        "{out}"
    );
    let shown = machine
        .assay(&["policy", "show", "lib", "--json"])
        .ok()
        .json();
    assert_eq!(shown["project"]["startup"], true);
    assert_eq!(shown["project"]["ages"], serde_json::json!([]));
    assert_eq!(shown["project"]["publishers"][0]["leads"], true);

    machine.write("assay.toml", format!("{LOOSENING}\n"));
    check().fails(
        2,
        &[
            "min-age loosens",
            "was approved at",
            "changed since",
            "approve it again",
        ],
    );
    approve(&machine, &["assay.toml"]).ok();
    check().ok();
    // Of what only tightens nothing needs to be approved, changed or not.
    machine.write("assay.toml", "[policy]\nmin-age = '3 days'\n");
    let out = check().ok().out;
    assert!(out.contains("fine (project, 0 rules)"), "{out}");
}

#[test]
fn a_script_says_which_content_it_approves() {
    let machine = Machine::new();
    machine.write("assay.toml", LOOSENING);
    let right = sha256(&machine, "assay.toml");
    let wrong = right.replace(|it: char| it.is_ascii_digit(), "a");
    let check = || machine.assay(&["policy", "check"]);
    approve(&machine, &["--sha256", &wrong]).fails(4, &["is not the file", &right]);
    approve(&machine, &["--sha256", "abc"]).fails(2, &["--sha256"]);
    check().fails(2, &["loosens"]);
    let row = approve(&machine, &["--sha256", &right, "--json"])
        .ok()
        .json();
    assert_eq!(row["sha256"], right);
    assert_eq!(row["loosens"].as_array().unwrap().len(), 3);
    check().ok();
}

#[test]
fn what_was_approved_is_listed_and_taken_back() {
    let machine = Machine::new();
    let list = || approve(&machine, &["--list"]).ok().out;
    assert!(list().contains("no policy file is approved"));
    machine.write("pyproject.toml", "[tool.assay.policy]\nmin-age = '0'\n");
    approve(&machine, &["pyproject.toml"]).ok();
    assert!(
        list().contains("pyproject.toml: as approved ("),
        "{}",
        list()
    );
    machine.write("pyproject.toml", "[tool.assay]\n");
    assert!(list().contains("pyproject.toml: changed ("), "{}", list());
    fs::remove_file(machine.path("pyproject.toml")).unwrap();
    assert!(list().contains("pyproject.toml: gone ("), "{}", list());
    approve(&machine, &["--remove", "pyproject.toml"]).ok();
    assert!(list().contains("no policy file is approved"));
    approve(&machine, &["--remove", "pyproject.toml"]).fails(1, &["is not approved", "--list"]);
}

#[test]
fn what_cannot_be_approved_is_told() {
    let machine = Machine::new();
    approve(&machine, &[]).fails(2, &["no project's file is in force here"]);
    machine.write("mine.toml", LOOSENING);
    approve(&machine, &["mine.toml"]).fails(2, &["no project's file by its name"]);
    approve(&machine, &["assay.toml"]).fails(2, &["is not there"]);
    machine.write("assay.toml", "[policy]\nage = 1\n");
    approve(&machine, &[]).fails(2, &["assay.toml:2:1"]);
    let path = machine.write("assay.toml", LOOSENING);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    for args in [&[][..], &["assay.toml"]] {
        approve(&machine, args).fails(4, &["can be written to by other users"]);
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    approve(&machine, &[]).ok();
    // The same bytes at another place are another file.
    machine.write("other/assay.toml", LOOSENING);
    machine
        .assay(&["policy", "check", "other/assay.toml"])
        .fails(2, &["loosens"]);
    machine.assay(&["policy", "check", "assay.toml"]).ok();
}

#[test]
fn an_approved_file_adds_an_index_for_the_projects_that_it_pins() {
    let public = index(&[simple("app", "1.0", &["acme-lib"])]);
    let private = index(&[simple("acme-lib", "2.0", &[]), simple("app", "9.0", &[])]);
    let machine = Machine::new();
    let rules = format!(
        "[indexes.acme]\nurl = '{}'\n[[policy.rule]]\nprojects = ['acme-*']\nindex = 'acme'\n",
        private.index_url()
    );
    machine.write("assay.toml", &rules);
    machine.install(&public, &["app"]).fails(
        2,
        &[
            "is named by this file alone",
            "assay policy approve assay.toml",
        ],
    );
    assert!(private.requests().is_empty());
    let said = approve(&machine, &[]).ok().out;
    assert!(said.contains(&private.index_url()), "{said}");
    machine.install(&public, &["app"]).ok();
    assert_eq!(machine.frozen(), ["acme-lib==2.0", "app==1.0"]);
    // It hears of no other name.
    let asked = private.requests();
    assert!(asked.iter().all(|it| it.path.contains("acme")), "{asked:?}");
    let outcome = machine.assay(&["explain-index", "-i", &public.index_url(), "acme-lib"]);
    assert_eq!(outcome.code, 0, "{}{}", outcome.out, outcome.err);
}

#[test]
fn ones_own_file_adds_an_index_for_the_projects_that_it_pins() {
    let public = index(&[simple("app", "1.0", &["acme-lib"])]);
    let private = index(&[simple("acme-lib", "2.0", &[])]);
    let machine = Machine::new();
    let rules = format!(
        "[indexes.acme]\nurl = '{}'\n[[policy.rule]]\nprojects = ['acme-*']\nindex = 'acme'\n",
        private.index_url()
    );
    machine.write("../home/.config/assay/policy.toml", &rules);
    machine.install(&public, &["app"]).ok();
    assert_eq!(machine.frozen(), ["acme-lib==2.0", "app==1.0"]);
    let offline = ["--no-index", "acme-lib", "--venv", "other"];
    machine
        .assay(&[&["install"], &offline[..]].concat())
        .fails(1, &["acme-lib"]);
}

#[test]
fn a_clock_that_is_set_back_brings_no_grant_back() {
    let machine = Machine::new();
    let rule = |until: &str| {
        format!("[[policy.rule]]\nprojects = ['lib']\nstartup = true\nuntil = {until}\n")
    };
    let own = "../home/.config/assay/policy.toml";
    // As an earlier run left it, whose clock was right.
    let seen = "{\"latest\":\"2199-01-02T00:00:00Z\"}";
    let state = machine.path("../home/.local/state/assay");
    machine.assay(&["cache", "dir"]).ok();
    fs::write(state.join("clock.json"), seen).unwrap();
    machine.write(own, rule("2199-01-02"));
    machine.assay(&["policy", "check"]).ok();
    machine.write(own, rule("2199-01-01"));
    machine.assay(&["policy", "check"]).fails(
        2,
        &[
            "policy.toml:4:9: this rule held until 2199-01-01",
            "said 2199-01-02T00:00:00Z",
            "clock.json",
        ],
    );
    fs::remove_file(state.join("clock.json")).unwrap();
    machine.assay(&["policy", "check"]).ok();
}

#[test]
fn a_trust_root_is_approved_with_the_file_that_names_it_byte_for_byte() {
    let machine = Machine::new();
    let text = "[sigstore]\ntrusted-root = 'keys/root.json'\n";
    machine.write("assay.toml", text);
    approve(&machine, &[]).fails(2, &["keys/root.json", "named at assay.toml:2:16"]);
    let root = |it: &TestSigstore| machine.write("keys/root.json", it.trusted_root_json());
    let mine = TestSigstore::new();
    root(&mine);
    let check = || machine.assay(&["policy", "check"]);
    check().fails(2, &["assay.toml:2:16: trusted-root loosens"]);
    // A script says both contents.
    let digests = ["assay.toml", "keys/root.json"].map(|it| sha256(&machine, it));
    let [file, named] = digests.each_ref().map(String::as_str);
    approve(&machine, &["--sha256", file]).fails(4, &["keys/root.json", named]);
    let named_so = &format!("keys/root.json={named}");
    let said = approve(&machine, &["--sha256", file, "--sha256", named_so])
        .ok()
        .out;
    assert!(
        said.contains(&format!(
            "approved keys/root.json until a byte of it changes: sha256 {named}"
        )),
        "{said}"
    );
    check().ok();
    let list = || approve(&machine, &["--list"]).ok().out;
    assert!(list().contains("as approved"));

    root(&TestSigstore::new());
    check().fails(
        4,
        &[
            "keys/root.json changed since",
            "assay policy approve",
            "assay.toml:2:16",
        ],
    );
    assert!(list().contains("changed"));
    root(&mine);
    check().ok();
    let path = machine.path("keys/root.json");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    check().fails(4, &["can be written to by other users"]);
}

#[test]
fn a_trust_root_in_ones_own_file_has_to_be_one() {
    let machine = Machine::new();
    let own = "../home/.config/assay/policy.toml";
    machine.write(own, "[sigstore]\ntrusted-root = 'root.json'\n");
    let check = || machine.assay(&["policy", "check"]);
    let place = "policy.toml:2:16";
    check().fails(2, &["root.json: No such file", place]);
    machine.write("../home/.config/assay/root.json", "{}");
    check().fails(2, &["root.json", place]);
    let root = TestSigstore::new().trusted_root_json();
    machine.write("../home/.config/assay/root.json", root);
    check().ok();
}

#[test]
fn a_project_pins_to_an_index_that_ones_own_file_names() {
    let public = index(&[]);
    let private = index(&[simple("acme-lib", "2.0", &[])]);
    let machine = Machine::new();
    let named = format!("[indexes.a]\nurl = '{}'\n", private.index_url());
    let rule = "[[policy.rule]]\nprojects = ['acme-*']\nindex = 'a'\n";
    machine.write("assay.toml", format!("{named}{rule}"));
    machine
        .install(&public, &["acme-lib"])
        .fails(2, &["is named by this file alone"]);
    machine.write("../home/.config/assay/policy.toml", named);
    machine.install(&public, &["acme-lib"]).ok();
}
