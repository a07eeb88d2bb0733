//! What a working folder brings along.

use std::{fs, os::unix::fs::PermissionsExt as _};

use crate::machine::{Machine, index, simple};

#[test]
fn a_clone_does_not_bring_its_own_interpreter() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    let install = || {
        let url = server.index_url();
        machine.assay(&["install", "--index-url", &url, "app"])
    };
    machine.assay(&["venv", ".venv"]).ok();
    install().ok();

    let mark = machine.path("ran");
    let python = machine.path(".venv/bin/python");
    fs::remove_file(&python).unwrap();
    fs::write(&python, format!("#!/bin/sh\ntouch {}\n", mark.display())).unwrap();
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
    for command in ["list", "freeze", "check"] {
        machine
            .assay(&[command])
            .fails(4, &[".venv/bin/python", "installed elsewhere", "--venv"]);
    }
    install().fails(4, &["installed elsewhere"]);
    assert!(!mark.exists());
}

#[test]
fn a_version_or_a_command_is_nothing_that_a_clone_brings() {
    let machine = Machine::new();
    let mark = machine.path("ran");
    let script = format!("#!/bin/sh\ntouch {}\nexit 1\n", mark.display());
    for name in ["3", "99.1", "python3", "no-such-python"] {
        let python = machine.write(&format!("{name}/bin/python"), &script);
        fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let list = |python: &str| machine.assay(&["list", "--python", python]);
    for word in ["3", "python3"] {
        list(word).ok();
    }
    for word in ["99.1", "no-such-python"] {
        list(word).fails(1, &["on PATH", &format!("named ./{word}")]);
    }
    assert!(!mark.exists());
    for named in ["./99.1", "99.1/", "python3/bin/python"] {
        list(named).fails(1, &["python"]);
        fs::remove_file(&mark).unwrap();
    }
}
