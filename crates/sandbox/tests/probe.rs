//! What is told of this machine is what is so.
#![forbid(unsafe_code)]

use std::path::Path;

use assay_sandbox::{Sandbox, Tier, probe};

const LAUNCHER: &str = env!("CARGO_BIN_EXE_assay-sandbox-launcher");

#[test]
fn a_tier_that_is_told_to_work_runs_a_program() {
    let report = probe(Path::new(LAUNCHER));
    println!("{}", report.lines().join("\n"));
    for finding in &report.findings {
        let work = tempfile::tempdir_in("/tmp").unwrap();
        let sandbox = Sandbox::new(finding.tier, work.path(), Path::new("/bin/true"));
        let ran = sandbox.launcher(Path::new(LAUNCHER)).run();
        assert_eq!(ran.is_ok_and(|it| it.success()), finding.holds.is_ok());
    }
}

#[test]
fn with_a_helper_that_does_nothing_no_tier_works() {
    let report = probe(Path::new("/bin/true"));
    assert!(report.findings.iter().all(|it| it.holds.is_err()));
    assert_eq!(report.best(true), None);
    let lines = report.lines();
    assert!(
        lines[0].starts_with("namespaces: does not work"),
        "{lines:?}"
    );
    assert!(lines.contains(&"source distributions are not built on this machine".to_owned()));
    assert_eq!(report.findings.len(), Tier::ALL.len());
}
