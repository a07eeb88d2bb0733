//! The `packaging` module of a real Python, as an oracle.

use std::io::Write as _;
use std::process::{Command, Stdio};

use assay_testkit::peers;
use serde_json::Value;

/// The first release whose decisions these tests expect.
const PACKAGING: &str = "import sys, packaging.version as v, packaging; \
    sys.exit(v.Version(packaging.__version__) < v.Version('26.3'))";

/// The Python that has `packaging`.
pub fn python() -> Option<std::path::PathBuf> {
    peers::python_with(PACKAGING, "packaging 26.3 or later")
}

/// Asks `peer.py`, one answer a question; `None` where the peer is missing.
pub fn ask(questions: &[Value]) -> Option<Vec<Value>> {
    let mut child = Command::new(python()?)
        .args(["-I", "-c", include_str!("peer.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let text: String = questions.iter().map(|it| format!("{it}\n")).collect();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let answers: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), questions.len(), "the peer stopped early");
    Some(answers)
}
