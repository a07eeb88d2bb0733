//! Files that a clone can bring, and that have no end: a FIFO to which nobody writes, a link to
//! `/dev/zero`. Nothing waits for the one or fills the memory with the other.

use std::{os::unix::fs::symlink, path::Path};

use crate::machine::{Machine, simple};

/// What a file is called, and the commands that read it or write to it.
const READERS: [(&str, &[&str]); 5] = [
    ("pyproject.toml", &["install", "--group", "g"]),
    ("requirements.txt", &["install", "-r", "requirements.txt"]),
    ("limits.txt", &["install", "app", "-c", "limits.txt"]),
    (
        "run.py",
        &["install", "--requirements-from-script", "run.py"],
    ),
    ("pip.conf", &["list"]),
];
const WRITERS: [(&str, &[&str]); 2] = [
    ("log.txt", &["list", "--log", "log.txt"]),
    (
        "r.json",
        &["install", "app", "--no-deps", "--report", "r.json"],
    ),
];

/// A machine with a wheel of `app` in `wheels`, and settings in the working folder.
fn run(machine: &Machine, words: &[&str]) -> crate::machine::Outcome {
    let links = machine.path("wheels").display().to_string();
    let settings = machine.path("pip.conf").display().to_string();
    let mut words = words.to_vec();
    if words[0] == "install" {
        words.extend(["--venv", "env", "--no-index", "--find-links", &links]);
    }
    machine.assay_with(&words, &[("PIP_CONFIG_FILE", &settings)])
}

fn machine() -> Machine {
    let machine = Machine::new();
    let app = simple("app", "1.0", &[]);
    machine.write(&format!("wheels/{}", app.file_name), &app.bytes);
    machine
}

fn fifo(machine: &Machine, name: &str) {
    machine.run(Path::new("mkfifo"), &[name]).ok();
}

#[test]
fn files_without_an_end_are_refused_at_once_and_their_neighbours_are_read() {
    let machine = machine();
    for (name, words) in READERS {
        fifo(&machine, name);
        run(&machine, words).fails(1, &[name, "not a regular file"]);
        let path = machine.path(name);
        std::fs::remove_file(&path).unwrap();
        symlink("/dev/zero", &path).unwrap();
        run(&machine, words).fails(1, &[name, "not a regular file"]);
        std::fs::remove_file(&path).unwrap();
    }
    machine.write("pyproject.toml", "[dependency-groups]\ng = ['app']\n");
    machine.write("requirements.txt", "app\n");
    machine.write("limits.txt", "app<2\n");
    machine.write("run.py", "# /// script\n# dependencies = ['app']\n# ///\n");
    machine.write("pip.conf", "[global]\n");
    for (_, words) in READERS {
        run(&machine, words).ok();
    }
}

#[test]
fn nothing_is_written_to_a_fifo_that_lies_there() {
    let machine = machine();
    for (name, words) in WRITERS {
        fifo(&machine, name);
        run(&machine, words).fails(1, &[name, "not a regular file"]);
        std::fs::remove_file(machine.path(name)).unwrap();
        run(&machine, words).ok();
        assert!(machine.path(name).is_file());
    }
}

#[test]
fn a_file_is_read_up_to_its_limit() {
    let machine = machine();
    let filled = |length: usize| format!("app\n#{}", "x".repeat(length - 5));
    machine.write("requirements.txt", filled(1 << 24));
    run(&machine, READERS[1].1).ok();
    machine.write("requirements.txt", filled((1 << 24) + 1));
    run(&machine, READERS[1].1).fails(1, &["requirements.txt", "more than 16777216 bytes"]);
}

#[test]
fn what_a_shell_hands_over_is_read() {
    let machine = machine();
    let assay = env!("CARGO_BIN_EXE_assay");
    let links = "--venv env --no-index --find-links wheels";
    for line in [
        format!("{assay} install {links} -r <(echo app) -c <(echo 'app<2')"),
        format!("(sleep 0.1; echo app) | {assay} install {links} -r /dev/stdin"),
        format!("{assay} install {links} app -c /dev/null"),
    ] {
        machine.run(Path::new("bash"), &["-c", &line]).ok();
    }
}

#[test]
fn a_netrc_without_an_end_is_refused() {
    let machine = machine();
    fifo(&machine, "netrc");
    for (netrc, code) in [
        ("netrc", 1),
        ("/dev/zero", 1),
        ("/dev/null", 0),
        ("gone", 0),
    ] {
        let words = [
            "install",
            "--venv",
            "env",
            "--no-index",
            "--find-links",
            "wheels",
            "app",
        ];
        let outcome = machine.assay_with(&words, &[("NETRC", netrc)]);
        assert_eq!(outcome.code, code, "{netrc}: {}", outcome.err);
    }
}
