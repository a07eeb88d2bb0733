//! Several who sign the same file at the same time.

use std::{
    fs::{self, File},
    path::PathBuf,
    process::Stdio,
    thread,
    time::Duration,
};

use super::{
    beside,
    hostile_agents::{LIST, listed, listen, message, signature},
    statement::{said, says},
    wheel,
};
use crate::machine::Machine;

/// A file that bob signs besides; his statement is not there yet, but aside.
struct Shared {
    machine: Machine,
    file: String,
    bundle: PathBuf,
    aside: PathBuf,
}

impl Shared {
    fn new() -> Self {
        let machine = Machine::new();
        for name in ["alice", "bob"] {
            let generate = ["key", "generate", name, "--no-passphrase"];
            machine.assay(&generate).ok();
        }
        let file = wheel(&machine);
        machine.assay(&["sign", &file, "--with", "bob"]).ok();
        let bundle = machine.path(&format!("{file}.assay"));
        let aside = machine.path("aside");
        fs::rename(&bundle, &aside).unwrap();
        Self {
            machine,
            file,
            bundle,
            aside,
        }
    }

    fn assert_both_said(&self, other: &str) {
        let bob = self.machine.assay(&["key", "export", "bob"]).ok().out;
        says(&self.machine, &self.file, &bob);
        says(&self.machine, &self.file, other);
        assert_eq!(said(&self.machine, &self.file, other).len(), 1);
        let text = fs::read_to_string(&self.bundle).unwrap();
        assert_eq!(text.lines().count(), 2);
    }
}

#[test]
fn what_another_wrote_while_an_agent_signed_stays() {
    let shared = Shared::new();
    let (aside, bundle) = (shared.aside.clone(), shared.bundle.clone());
    let answers = move |request: &[u8]| match request[0] {
        LIST => listed(),
        _ => {
            fs::rename(&aside, &bundle).unwrap();
            signature(1, message(request))
        }
    };
    let (machine, socket) = (&shared.machine, listen(&shared.machine, answers));
    let sign = ["sign", &shared.file, "--with", "ssh-agent"];
    beside(machine, &socket, &sign).ok();
    let line = beside(machine, &socket, &["key", "export", "ssh-agent"]);
    shared.assert_both_said(&line.ok().out);
}

#[test]
fn a_run_waits_for_the_one_that_writes() {
    let shared = Shared::new();
    let folder = File::open(shared.machine.path("")).unwrap();
    folder.lock().unwrap();
    let mut command = shared.machine.command();
    command.args(["sign", &shared.file, "--with", "alice"]);
    let mut run = command.stdout(Stdio::null()).spawn().unwrap();
    thread::sleep(Duration::from_secs(2));
    assert!(!shared.bundle.exists());
    fs::rename(&shared.aside, &shared.bundle).unwrap();
    drop(folder);
    assert!(run.wait().unwrap().success());
    let alice = shared.machine.assay(&["key", "export", "alice"]).ok().out;
    shared.assert_both_said(&alice);
}
