//! pip at work on the same machine, to compare with.

use std::path::PathBuf;

use assay_testkit::peers;
use serde_json::Value;

use crate::machine::{Machine, Outcome};

/// The pip whose formats are followed.
pub struct Pip<'m> {
    machine: &'m Machine,
    python: PathBuf,
}

impl<'m> Pip<'m> {
    /// `None` where there is none.
    pub fn of(machine: &'m Machine) -> Option<Self> {
        let needs = "import pip; assert pip.__version__ == '26.3'";
        let python = peers::python_with(needs, "pip 26.3")?;
        Some(Self { machine, python })
    }

    /// Runs pip on the machine's environment.
    pub fn run(&self, args: &[&str]) -> Outcome {
        let env = self.machine.venv().join("bin/python");
        let own = ["-m", "pip", "--isolated", "--disable-pip-version-check"];
        let target = ["--python", env.to_str().unwrap()];
        self.machine
            .run(&self.python, &[&own[..], &target, args].concat())
    }

    /// What both print on standard output, ours first; assay works on the same environment.
    pub fn both(&self, args: &[&str]) -> (String, String) {
        let ours = self.machine.assay(&with_venv(args)).ok().out;
        (ours, self.run(args).ok().out)
    }

    /// The same as JSON.
    pub fn both_json(&self, args: &[&str]) -> (Value, Value) {
        let ours = self.machine.assay(&with_venv(args)).ok().json();
        (ours, self.run(args).ok().json())
    }
}

/// The command, `--venv env`, and its options.
fn with_venv<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [&args[..1], &["--venv", "env"], &args[1..]].concat()
}
