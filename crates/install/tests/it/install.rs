//! Installing: what is written, that it runs, and that pip agrees.

use std::fs;

use crate::common::{Home, policy, project, run, site, stdout};
use assay_install::{LinkMode, Lookup};
use assay_testkit::wheel::WheelBuilder;

fn demo() -> WheelBuilder {
    WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", b"def main():\n    print('hello')\n")
        .file("demo/data.txt", b"data")
        .entry_point("demo", "demo:main")
}

#[test]
fn a_wheel_is_installed_and_runs() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let done = home.install(&env, &[demo()]).unwrap();
    assert!(done.notices.is_empty());
    assert_eq!(stdout(&run(&env, "demo", &[])), "hello");
    let info = site(&env).join("demo-1.0.dist-info");
    assert_eq!(
        fs::read_to_string(info.join("INSTALLER")).unwrap(),
        "assay\n"
    );
    assert!(!info.join("REQUESTED").exists());
    let inventory = env.installed().unwrap();
    let installed = inventory.get(&project("demo")).unwrap();
    assert_eq!(installed.version().to_string(), "1.0");
    let rows = installed.record().unwrap();
    let script = rows
        .iter()
        .find(|it| it.path.ends_with("bin/demo"))
        .unwrap();
    assert_eq!(script.path, "../../../bin/demo");
}
