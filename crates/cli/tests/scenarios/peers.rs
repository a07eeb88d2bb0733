//! Real peers: pip must agree with what we install, and we must handle what pip installed.

use std::path::PathBuf;

use assay_testkit::peers;

use crate::machine::{Machine, index, simple};

fn python_with_pip() -> Option<PathBuf> {
    peers::python_with(
        "import pip; assert int(pip.__version__.split('.')[0]) >= 23",
        "pip that knows --python",
    )
}

#[test]
fn pip_agrees_with_what_was_installed() {
    let Some(python) = python_with_pip() else {
        return;
    };
    let server = index(&[simple("app", "1.0", &["lib"]), simple("lib", "1.0", &[])]);
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    let env = machine.venv().join("bin/python");
    let pip = |args: &[&str]| {
        machine.run(
            &python,
            &[
                &[
                    "-m",
                    "pip",
                    "--disable-pip-version-check",
                    "--python",
                    env.to_str().unwrap(),
                ],
                args,
            ]
            .concat(),
        )
    };
    assert!(pip(&["check"]).ok().out.contains("No broken requirements"));
    assert_eq!(pip(&["freeze"]).ok().out, "app==1.0\nlib==1.0\n");
    pip(&["uninstall", "-y", "app"]).ok();
    assert_eq!(machine.frozen(), ["lib==1.0"]);
    assert!(!machine.site().join("app").exists());
}

#[test]
fn what_pip_installed_can_be_upgraded_and_removed() {
    let Some(python) = python_with_pip() else {
        return;
    };
    let (old, new) = (simple("app", "1.0", &[]), simple("app", "2.0", &[]));
    let machine = Machine::new();
    machine.assay(&["venv", "env"]).ok();
    let wheel = machine.write(&old.file_name, &old.bytes);
    let env = machine.venv().join("bin/python");
    let args = [
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--python",
        env.to_str().unwrap(),
        "install",
        "--no-index",
        wheel.to_str().unwrap(),
    ];
    machine.run(&python, &args).ok();
    machine.install(&index(&[new]), &["-U", "app"]).ok();
    assert_eq!(machine.frozen(), ["app==2.0"]);
    machine
        .assay(&["uninstall", "-y", "--venv", "env", "app"])
        .ok();
    assert!(machine.frozen().is_empty());
    assert!(!machine.site().join("app").exists());
}

#[test]
fn uv_agrees_and_what_uv_installed_can_be_upgraded_and_removed() {
    let Some(uv) = peers::uv() else { return };
    let (old, new) = (simple("app", "1.0", &[]), simple("app", "2.0", &["lib"]));
    let machine = Machine::new();
    machine.assay(&["venv", "env"]).ok();
    let wheel = machine.write(&old.file_name, &old.bytes);
    let env = machine.venv().join("bin/python");
    let pip = |args: &[&str]| {
        let python = [
            "--python",
            env.to_str().unwrap(),
            "--offline",
            "--no-config",
        ];
        machine.run(&uv, &[&["pip"], args, &python].concat())
    };
    pip(&["install", wheel.to_str().unwrap()]).ok();
    assert_eq!(machine.frozen().len(), 1);
    let server = index(&[new, simple("lib", "1.0", &[])]);
    machine.install(&server, &["-U", "app"]).ok();
    assert_eq!(pip(&["freeze"]).ok().out, "app==2.0\nlib==1.0\n");
    pip(&["check"]).ok();
    machine
        .assay(&["uninstall", "-y", "--venv", "env", "app", "lib"])
        .ok();
    assert_eq!(pip(&["freeze"]).ok().out, "");
    assert!(!machine.site().join("app").exists());
}
