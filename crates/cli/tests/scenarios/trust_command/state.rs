//! What becomes of pins where the state is damaged, shared, newer or missing.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Stdio};

use serde_json::json;

use super::{DEMO, INDEX, MOVED, accept, known, list, state};
use crate::machine::{Machine, Snapshot};

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_damaged_state_stops_and_says_how_to_go_on() {
    let machine = Machine::new();
    known(&machine, "demo", DEMO, INDEX);
    let path = state(&machine).join("publishers.json");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    for args in [
        &["trust", "list"][..],
        &["trust", "export", "--index", INDEX],
        &["trust", "remove", "demo"],
        &[
            "trust",
            "accept",
            "demo",
            "--identity",
            DEMO,
            "--index",
            INDEX,
        ],
    ] {
        let outcome = machine
            .assay(args)
            .fails(1, &["publishers.json", "is damaged", "mv "]);
        for word in ["attack", "bug", "tamper"] {
            assert!(!outcome.err.contains(word), "{}", outcome.err);
        }
    }
    // The way out, typed as it stands there.
    let outcome = machine.assay(&["trust", "list"]);
    let command = outcome.err.split("aside: ").nth(1).unwrap();
    let command = command.split(". ").next().unwrap();
    machine.run(Path::new("sh"), &["-c", command]).ok();
    assert_eq!(list(&machine, &[]), json!([]));
    fs::write(&path, whole).unwrap();
    assert_eq!(list(&machine, &[]).as_array().unwrap().len(), 1);
}

#[test]
fn what_others_could_have_written_is_not_believed() {
    let machine = Machine::new();
    known(&machine, "demo", DEMO, INDEX);
    let folder = state(&machine);
    for (path, mode) in [
        (folder.clone(), 0o777),
        (folder.join("publishers.json"), 0o666),
    ] {
        let good = fs::metadata(&path).unwrap().permissions().mode();
        set_mode(&path, mode);
        let words = ["can be written to by other users", "chmod go-w"];
        machine.assay(&["trust", "list"]).fails(4, &words);
        let named = ["--identity", MOVED, "--index", INDEX];
        accept(&machine, "demo", &named).fails(4, &words);
        set_mode(&path, good);
        assert_eq!(list(&machine, &[])[0]["identities"], json!([DEMO]));
    }
}

#[test]
fn of_many_at_once_none_is_lost() {
    let machine = Machine::new();
    let started = (0..16).map(|number| {
        let name = format!("demo-{number}");
        let named = ["--identity", DEMO, "--index", INDEX];
        let mut command = machine.command();
        command.args(["trust", "accept", &name]).args(named);
        command.stdout(Stdio::null()).spawn().unwrap()
    });
    for mut process in started.collect::<Vec<_>>() {
        assert!(process.wait().unwrap().success());
    }
    assert_eq!(list(&machine, &[]).as_array().unwrap().len(), 16);
}

#[test]
fn a_newer_state_is_neither_read_nor_changed() {
    let machine = Machine::new();
    known(&machine, "demo", DEMO, INDEX);
    let mark = state(&machine).join("format.json");
    fs::write(&mark, r#"{"format":99}"#).unwrap();
    let before = Snapshot::of(&state(&machine));
    machine
        .assay(&["trust", "list"])
        .fails(1, &["newer assay (format 99)"]);
    let named = ["--identity", MOVED, "--index", INDEX];
    accept(&machine, "demo", &named).fails(1, &["left alone"]);
    let after = Snapshot::of(&state(&machine));
    assert!(before.changes_to(&after).is_empty());
}

#[test]
fn without_a_home_nothing_can_be_accepted_and_nothing_is_known() {
    let machine = Machine::new();
    let home = [("HOME", "")];
    let named = ["--identity", DEMO, "--index", INDEX];
    let args = [&["trust", "accept", "demo"][..], &named].concat();
    let outcome = machine.assay_with(&args, &home);
    outcome.fails(1, &["no place to keep", "XDG_STATE_HOME"]);
    let listed = machine.assay_with(&["trust", "list"], &home).ok();
    assert!(listed.out.contains("no publishers are known"));
    let place = machine.path("place");
    let place = [home[0], ("XDG_STATE_HOME", place.to_str().unwrap())];
    machine.assay_with(&args, &place).ok();
    let listed = machine.assay_with(&["trust", "list"], &place).ok();
    assert!(listed.out.contains(DEMO));
}
