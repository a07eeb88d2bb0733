//! `assay hook`: for who writes one.

use std::path::Path;

use assay_testkit::{peers, program, wheel::WheelBuilder};

use super::{ACCEPT, Hooked, REFUSE};
use crate::machine::{Machine, Outcome, index, simple};

fn sample() -> String {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples/hook.py");
    std::fs::read_to_string(docs).unwrap()
}

/// Checks a script of this text.
fn check(machine: &Machine, text: &str, args: &[&str]) -> Outcome {
    program::script(&machine.path("hook"), text);
    let mut all = vec!["hook", "check"];
    all.extend(args);
    all.extend(["--", "./hook"]);
    machine.assay(&all)
}

/// What is wrong in which situation.
fn problems(outcome: &Outcome) -> Vec<(String, String)> {
    let rows = outcome.json();
    let text = |it: &serde_json::Value| it.as_str().map(str::to_owned);
    let rows = rows.as_array().unwrap().iter();
    rows.filter_map(|row| Some((text(&row["situation"])?, text(&row["problem"])?)))
        .collect()
}

/// The sample, with the Python that is there.
fn python_sample() -> Option<String> {
    let python = peers::python()?;
    let begin = format!("#!{} -I", python.display());
    Some(sample().replacen("#!/usr/bin/python3 -I", &begin, 1))
}

#[test]
fn what_cannot_be_run_is_told_with_the_command_that_helps() {
    let machine = Machine::new();
    let path = machine.write("hook", "#!/bin/sh\n");
    let checked = machine.assay(&["hook", "check", "--", "./hook"]);
    let hint = format!("hint: chmod +x {}, or name another", path.display());
    checked.fails(4, &["is not a program that can be run", &hint]);
    let checked = machine.assay(&["hook", "check", "--", "./no-hook"]);
    checked.fails(4, &["No such file", "hint: install it there"]);
    let fine = check(&machine, ACCEPT, &[]);
    assert_ne!(fine.code, 4, "{fine:?}");
}

#[test]
fn the_sample_keeps_to_the_protocol() {
    let Some(sample) = python_sample() else {
        return;
    };
    let machine = Machine::new();
    let outcome = check(&machine, &sample, &["--json"]);
    assert_eq!(problems(&outcome), []);
    assert_eq!(outcome.code, 0);
    let documented = include_str!("../../../../../docs/hooks.md");
    for row in outcome.json().as_array().unwrap() {
        let situation = row["situation"].as_str().unwrap();
        let answer = row["answer"].as_str().unwrap_or("-");
        let line = format!("{situation:17} {answer:8}");
        assert!(documented.contains(&line), "{line}");
    }
    let outcome = check(&machine, &sample, &[]).ok();
    assert!(
        outcome.out.ends_with("it keeps to the protocol\n"),
        "{}",
        outcome.out
    );
}

#[test]
fn the_sample_refuses_native_code_and_what_is_on_its_list() {
    let Some(sample) = python_sample() else {
        return;
    };
    let native = WheelBuilder::new("native", "1.0")
        .file("native/_fast.so", b"ELF")
        .build();
    let it = Hooked::with(ACCEPT, index(&[native, simple("lib", "1.0", &[])]));
    program::script(&it.machine.path("hook"), &sample);
    let own = |words: &str| {
        let hook = it.machine.path("hook");
        let text = format!(
            "[hooks.scan]\ncommand = ['{}', {words}]\n[policy]\nevidence = 'hook:scan'\n",
            hook.display()
        );
        it.machine.write("../home/.config/assay/policy.toml", text);
    };
    let list = it.machine.path("denied.txt");
    let list = format!("'--deny-list', '{}'", list.display());
    own(&list);
    it.install(&["lib"])
        .fails(4, &["exit status 1", "it said: FileNotFoundError"]);
    it.machine.write("denied.txt", "0000 other bytes\n");
    it.install(&["lib"]).ok();
    it.install(&["native"])
        .fails(4, &["native code: native/_fast.so and 0 more"]);
    own(&format!("'--allow-native', 'numpy,native', {list}"));
    let row = it.install(&["--json", "native"]).ok().json();
    let digest = row["packages"][0]["sha256"].as_str().unwrap().to_owned();
    it.machine
        .write("denied.txt", format!("{digest} it is evil\n"));
    it.install(&["--force-reinstall", "native"])
        .fails(4, &["it is evil"]);
}

#[test]
fn what_is_wrong_with_a_program_is_told() {
    let machine = Machine::new();
    let wrong = |script: &str| {
        let outcome = check(
            &machine,
            &format!("#!/bin/sh\n{script}\n"),
            &["--json", "--within", "2 s"],
        );
        assert_eq!(outcome.code, 1, "{}\n{}", outcome.out, outcome.err);
        problems(&outcome)
    };
    // It reads no facts, and so accepts whatever they are.
    let unread: Vec<_> = wrong(ACCEPT).into_iter().map(|it| it.0).collect();
    assert_eq!(unread, ["unknown protocol", "no facts"]);
    let reading = format!("grep -q '\"protocol\":1,' || exit 1; {ACCEPT}");
    assert!(check(&machine, &format!("#!/bin/sh\n{reading}\n"), &[]).code == 0);
    for (script, fact, situations) in [
        (
            "echo fine".to_owned(),
            "it gave no answer of the protocol: it is not one JSON object",
            11,
        ),
        ("exit 1".to_owned(), "it ended with exit status 1", 11),
        (
            format!("[ -n \"$HOME\" ] || exit 1; {reading}"),
            "it ended with exit status 1",
            1,
        ),
    ] {
        let found = wrong(&script);
        assert_eq!(found.len(), situations, "{found:?}");
        assert!(found.iter().all(|it| it.1 == fact), "{found:?}");
    }
    let counter = machine.path("counter");
    let flips = format!(
        "grep -q '\"protocol\":1,' || exit 1; if mkdir {0} 2>/dev/null; then {ACCEPT}; else rmdir {0}; {REFUSE}; fi",
        counter.display()
    );
    let found = wrong(&flips);
    assert_eq!(
        found[0],
        (
            "the same again".to_owned(),
            "it answers refuse, and accept at first".to_owned()
        )
    );
    let changes = format!(
        "copy=$(sed 's/.*\"path\":\"\\([^\"]*\\)\".*/\\1/'); rm -f \"$copy\"; [ -n \"$copy\" ] || exit 1; {ACCEPT}"
    );
    assert!(
        wrong(&changes)
            .iter()
            .any(|it| it.1 == "it changed or removed its copy")
    );
}

#[test]
fn what_is_typed_is_a_program() {
    let machine = Machine::new();
    machine
        .assay(&["hook", "check", "--", "sh"])
        .fails(2, &["sh is no path", "./sh"]);
    machine
        .assay(&["hook", "check", "--", "./missing"])
        .fails(4, &["missing: No such file"]);
    let args = ["hook", "check", "--within", "soon", "--", "/bin/true"];
    machine
        .assay(&args)
        .fails(2, &["--within: \"soon\" is no timeout"]);
}

#[test]
fn a_hook_of_the_policy_is_tried_on_a_file() {
    let it = Hooked::new(ACCEPT);
    let wheel = simple("lib", "1.0", &[]);
    let path = it.machine.write(&wheel.file_name, &wheel.bytes);
    let path = path.to_str().unwrap();
    let outcome = it.assay(&["hook", "run", "scan", path]).ok();
    assert!(
        outcome.out.contains("policy.toml:1:1) accepts it"),
        "{}",
        outcome.out
    );
    it.hook(REFUSE);
    let outcome = it.assay(&["--json", "hook", "run", "scan", path]);
    assert_eq!(
        (outcome.code, &outcome.json()["answer"]),
        (4, &"refuse".into())
    );
    it.hook("exit 1");
    it.assay(&["hook", "run", "scan", path])
        .fails(4, &["exit status 1"]);
    it.assay(&["hook", "run", "other", path])
        .fails(2, &["has [hooks.other]"]);
    assert!(it.server.requests().is_empty());
}
