//! `assay verify` of an environment: what was changed in an environment since it was made, and who
//! vouches for the lists that tell.

use std::{fs, path::PathBuf};

use assay_testkit::wheel::WheelBuilder;
use serde_json::Value;
use sha2::Digest as _;

use crate::{
    beside_pip::Pip,
    machine::{Machine, Outcome, index, simple},
};

const COMMAND: [&str; 3] = ["verify", "--venv", "env"];

fn audit(machine: &Machine) -> Outcome {
    machine.assay(&[&COMMAND[..], &["--json"]].concat())
}

/// The kinds of findings with their paths, relative to site-packages where they lie there.
fn findings(report: &Value) -> Vec<(String, String)> {
    let all = report["findings"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let below = |path: String| {
        let parts = path.split_once("site-packages/");
        parts.map_or(path.clone(), |it| it.1.to_owned())
    };
    all.map(|it| (text(&it["kind"]), below(text(&it["path"]))))
        .collect()
}

fn standing(report: &Value, name: &str) -> String {
    let all = report["distributions"].as_array().unwrap();
    let found = all.iter().find(|it| it["name"] == name);
    found.unwrap()["standing"].as_str().unwrap().to_owned()
}

/// Rewrites a module, and its row of RECORD as well.
fn rewrite_with_record(machine: &Machine, content: &str) {
    replace(machine.site().join("app/__init__.py"), content);
    let record = machine.site().join("app-1.0.dist-info/RECORD");
    let text = fs::read_to_string(&record).unwrap();
    let lines = text.lines().map(|line| {
        if line.starts_with("app/__init__.py,") {
            row("app/__init__.py", content.as_bytes())
        } else {
            line.to_owned()
        }
    });
    replace(record, &(lines.collect::<Vec<_>>().join("\n") + "\n"));
}

fn row(path: &str, content: &[u8]) -> String {
    let digest = assay_types::Sha256(sha2::Sha256::digest(content).into());
    format!("{path},sha256={},{}", digest.to_record(), content.len())
}

/// As an editor does; what is shared with the store stays there as it is.
fn replace(path: PathBuf, content: &str) {
    fs::remove_file(&path).unwrap();
    fs::write(path, content).unwrap();
}

fn installed() -> Machine {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    machine
}

#[test]
fn what_assay_installed_is_vouched_for_before_and_after_it_ran() {
    let machine = installed();
    for _ in 0..2 {
        let report = audit(&machine).ok().json();
        assert_eq!(findings(&report), []);
        assert_eq!(report["outcome"], "accounted-for");
        assert_eq!(standing(&report, "app"), "vouched");
        // The second time there is bytecode.
        machine.python("import app");
    }
    let said = machine.assay(&COMMAND).ok().out;
    assert!(said.contains("every file is accounted for"), "{said}");
    assert!(said.contains("1 of 1 receipts"), "{said}");
    assert!(said.contains("Not covered: bin/python"), "{said}");
}

#[test]
fn nothing_is_run_changed_or_asked_for() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    // Whoever runs the environment's Python would see this.
    let code = "open('ran', 'w')\n";
    fs::write(machine.site().join("sitecustomize.py"), code).unwrap();
    let pth = format!("import os; {code}");
    fs::write(machine.site().join("evil.pth"), pth).unwrap();
    drop(server);
    let before = machine.snapshot();
    assert_eq!(audit(&machine).code, 1);
    machine.assert_unchanged(&before);
}

#[test]
fn a_file_that_was_changed_is_a_difference_and_its_list_too_a_contradiction() {
    let machine = installed();
    replace(machine.site().join("app/__init__.py"), "evil = True\n");
    let outcome = audit(&machine);
    assert_eq!(outcome.code, 1);
    let report = outcome.json();
    let expected = ("changed".to_owned(), "app/__init__.py".to_owned());
    assert_eq!(findings(&report), [expected]);
    assert_eq!(standing(&report, "app"), "vouched");

    rewrite_with_record(&machine, "evil = True\n");
    let outcome = audit(&machine);
    assert_eq!(outcome.code, 4);
    let report = outcome.json();
    assert_eq!(findings(&report), [], "all of it agrees with itself");
    assert_eq!(report["outcome"], "contradictions");
    assert_eq!(standing(&report, "app"), "contradicted");
    let said = machine.assay(&COMMAND);
    assert_eq!(said.code, 4);
    let words = "app 1.0: its RECORD was changed after it was installed";
    assert!(said.out.contains(words), "{}", said.out);
    assert!(said.err.contains("--force-reinstall"), "{}", said.err);
}

/// The limit that docs/verify.md names: the state is as good as what can write to it.
#[test]
fn who_can_write_to_the_state_too_is_not_noticed() {
    let machine = installed();
    rewrite_with_record(&machine, "evil = True\n");
    let record = fs::read(machine.site().join("app-1.0.dist-info/RECORD")).unwrap();
    let state = machine.path("../home/.local/state/assay/receipts");
    let list = fs::read_dir(state).unwrap().next().unwrap().unwrap().path();
    let mut json: Value = serde_json::from_slice(&fs::read(&list).unwrap()).unwrap();
    let digest = assay_types::Sha256(sha2::Sha256::digest(&record).into());
    json["receipts"]["app"]["record"] = digest.to_string().into();
    fs::write(&list, json.to_string()).unwrap();
    let report = audit(&machine).ok().json();
    assert_eq!(standing(&report, "app"), "vouched");
}

#[test]
fn start_up_code_comes_first_with_what_it_does() {
    let wheel = WheelBuilder::new("app", "1.0")
        .file("app/__init__.py", b"")
        .file("app.pth", b"import app\n");
    let server = index(&[wheel.build()]);
    let machine = Machine::new();
    machine
        .install(&server, &["--allow-startup", "app", "app"])
        .ok();
    let report = audit(&machine).ok().json();
    let file = &report["startup"][0];
    assert!(file["path"].as_str().unwrap().ends_with("app.pth"));
    assert_eq!(file["projects"][0], "app");
    assert_eq!(file["does"][0], "runs: import app");
    assert_eq!(file["findings"].as_array().unwrap().len(), 0);

    let site = machine.site();
    fs::write(site.join("aaa.py"), "").unwrap();
    fs::write(site.join("zzz.pth"), "lib\nimport os\x1b[2J\n").unwrap();
    fs::write(site.join("usercustomize.py"), "").unwrap();
    let outcome = machine.assay(&COMMAND);
    assert_eq!(outcome.code, 1);
    let at = |words: &str| outcome.out.find(words).expect(words);
    assert!(at("zzz.pth") < at("aaa.py"), "{}", outcome.out);
    assert!(at("usercustomize.py") < at("aaa.py"), "{}", outcome.out);
    assert!(outcome.out.contains("runs: import os\\u{1b}[2J"));
    assert!(outcome.out.contains("puts lib on the import path"));
    let first = findings(&audit(&machine).json());
    assert_eq!(first[2].1, "aaa.py", "{first:?}");
}

#[test]
fn what_pip_installed_agrees_with_itself_and_nobody_vouches() {
    let machine = Machine::new();
    machine.assay(&["venv", "env"]).ok();
    let Some(pip) = Pip::of(&machine) else { return };
    let wheel = WheelBuilder::new("app", "1.0")
        .file("app/__init__.py", b"def main(): pass\n")
        .data("data", "share/app/x.txt", b"x")
        .entry_point("tool", "app:main")
        .build();
    let file = machine.write(&wheel.file_name, &wheel.bytes);
    let file = file.to_str().unwrap();
    pip.run(&["install", "--no-index", file]).ok();
    let report = audit(&machine).ok().json();
    assert_eq!(findings(&report), []);
    assert_eq!(standing(&report, "app"), "self-consistent");
    let said = machine.assay(&COMMAND).ok().out;
    let words = "app 1.0: it was installed by pip";
    assert!(said.contains(words), "{said}");

    // pip in the place of assay's: the state speaks against it.
    let server = index(&[simple("app", "0.9", &[])]);
    machine.install(&server, &["app==0.9"]).ok();
    assert_eq!(standing(&audit(&machine).ok().json(), "app"), "vouched");
    pip.run(&["install", "--no-index", file]).ok();
    let said = machine.assay(&COMMAND);
    assert_eq!(said.code, 4);
    let words = "assay installed 0.9, and this is in its place";
    assert!(said.out.contains(words), "{}", said.out);
}

#[test]
fn without_the_state_it_is_said_that_nobody_vouches() {
    let machine = installed();
    let said = machine.assay_with(&COMMAND, &[("HOME", "")]).ok();
    assert!(said.out.contains("Vouched for by nobody"), "{}", said.out);
    assert!(said.out.contains("another user or machine"), "{}", said.out);
    fs::remove_dir_all(machine.path("../home/.local/state/assay/receipts")).unwrap();
    let report = audit(&machine).ok().json();
    assert_eq!(standing(&report, "app"), "self-consistent");
}

#[test]
fn the_environments_own_files_are_compared_where_assay_writes_them() {
    let machine = installed();
    let activate = machine.venv().join("bin/activate");
    let text = fs::read_to_string(&activate).unwrap();
    fs::write(&activate, format!("{text}\nevil\n")).unwrap();
    let config = machine.venv().join("pyvenv.cfg");
    let whole = fs::read_to_string(&config).unwrap();
    let kinds = |outcome: Outcome| {
        assert_eq!(outcome.code, 1, "{outcome:?}");
        findings(&outcome.json())
    };
    let finding = |path: &str| ("environment".to_owned(), path.to_owned());
    assert_eq!(kinds(audit(&machine)), [finding("bin/activate")]);
    fs::write(&activate, text).unwrap();
    audit(&machine).ok();

    let mut lines: Vec<_> = whole.lines().collect();
    lines[0] = "home = /evil";
    fs::write(&config, lines.join("\n")).unwrap();
    assert_eq!(kinds(audit(&machine)), [finding("pyvenv.cfg")]);
    fs::write(&config, whole).unwrap();

    let numbered = machine.venv().join("bin/python3");
    fs::remove_file(&numbered).unwrap();
    std::os::unix::fs::symlink("/bin/sh", &numbered).unwrap();
    assert_eq!(kinds(audit(&machine)), [finding("bin/python3")]);
}
