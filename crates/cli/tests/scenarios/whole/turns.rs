//! Two runs on one environment take turns.

use std::{process::Stdio, time::Duration};

use assay_testkit::server::Behaviour;

use crate::machine::{Machine, builder, simple};

#[test]
fn two_installs_into_one_new_environment_take_turns() {
    let app = simple("app", "1.0", &[]);
    let path = format!("/files/{}", app.file_name);
    let drip = Behaviour::Drip(Duration::from_millis(1));
    let server = builder(&[app]).behave(&path, drip).start();
    let machine = Machine::new();
    let url = server.index_url();
    let line = ["install", "--venv", "env", "-i", &url, "app"];
    let run = || {
        let mut command = machine.command();
        let command = command.args(line).stdout(Stdio::null());
        command.stderr(Stdio::piped()).spawn().unwrap()
    };
    let runs = [run(), run()].map(|it| it.wait_with_output().unwrap());
    assert!(runs.iter().all(|it| it.status.success()), "{runs:?}");
    let waited = runs.iter().filter(|it| {
        let said = String::from_utf8_lossy(&it.stderr);
        said.contains("in the meantime")
    });
    assert!(waited.count() < 2, "{runs:?}");
    assert_eq!(machine.frozen(), ["app==1.0"]);
    machine.assay(&line).ok();
}

#[test]
fn one_waits_for_the_other_and_says_so() {
    let slow = simple("app", "1.0", &[]);
    let path = format!("/files/{}", slow.file_name);
    let drip = Behaviour::Drip(Duration::from_millis(1));
    let server = builder(&[simple("lib", "1.0", &[]), slow])
        .behave(&path, drip)
        .start();
    let machine = Machine::new();
    machine.install(&server, &["lib"]).ok();
    let mut install = machine.command();
    let url = server.index_url();
    install.args(["install", "--venv", "env", "-i", &url, "app"]);
    let mut install = install.stdout(Stdio::null()).spawn().unwrap();
    while !server
        .requests()
        .iter()
        .any(|it| it.path.ends_with(".whl") && it.path.contains("app"))
    {
        std::thread::sleep(Duration::from_millis(5));
    }
    let outcome = machine
        .assay(&["uninstall", "--yes", "--venv", "env", "app", "lib"])
        .ok();
    assert!(
        outcome.err.contains("waiting for another assay"),
        "{}",
        outcome.err
    );
    assert!(install.wait().unwrap().success());
    // It saw what the other one had done.
    assert!(outcome.out.contains("app"), "{}", outcome.out);
    assert_eq!(machine.frozen(), Vec::<String>::new());
}
