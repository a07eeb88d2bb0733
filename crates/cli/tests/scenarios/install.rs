//! The main job.

use assay_testkit::{server::Upload, wheel::WheelBuilder};

use crate::machine::{Machine, builder, index, simple};

#[test]
fn one_command_makes_the_environment_and_installs_what_is_needed() {
    let server = index(&[
        simple("app", "1.0", &["lib>=2", "other; python_version < '3'"]),
        simple("lib", "1.0", &[]),
        simple("lib", "2.1", &[]),
    ]);
    let machine = Machine::new();
    let outcome = machine.install(&server, &["app"]).ok();
    assert!(outcome.out.contains("index sha256:"), "{}", outcome.out);
    assert_eq!(machine.frozen(), ["app==1.0", "lib==2.1"]);
    assert_eq!(
        machine
            .python("import app, lib; print(app.__version__, lib.__version__)")
            .out,
        "1.0 2.1\n"
    );
}

#[test]
fn a_second_run_has_nothing_to_do_and_asks_nobody() {
    let server = index(&[simple("app", "1.0", &["lib"]), simple("lib", "1.0", &[])]);
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    server.clear_requests();
    let outcome = machine.install(&server, &["app"]).ok();
    let site = machine.site();
    let line = format!(
        "Requirement already satisfied: app in {} (1.0)",
        site.display()
    );
    assert!(outcome.out.contains(&line), "{}", outcome.out);
    assert!(server.requests().is_empty());
}

#[test]
fn a_warm_install_fetches_no_wheel_again() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    server.clear_requests();
    let url = server.index_url();
    machine
        .assay(&["install", "--venv", "second", "-i", &url, "app"])
        .ok();
    assert!(
        server
            .requests()
            .iter()
            .all(|it| !it.path.ends_with(".whl"))
    );
}

#[test]
fn without_a_sidecar_the_wheel_is_admitted_read_and_kept() {
    let wheel = simple("app", "1.0", &["lib"]);
    let upload = assay_testkit::server::Upload::new(&wheel.file_name, wheel.bytes.clone())
        .sidecar_hash(None);
    let server = crate::machine::builder(&[simple("lib", "1.0", &[])])
        .upload(upload)
        .start();
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    assert_eq!(machine.frozen(), ["app==1.0", "lib==1.0"]);
    let fetched = server
        .requests()
        .iter()
        .filter(|it| it.path.ends_with("app-1.0-py3-none-any.whl"))
        .count();
    assert_eq!(fetched, 1);
}

#[test]
fn scripts_run_and_extras_are_installed() {
    let wheel = WheelBuilder::new("app", "1.0")
        .file("app.py", b"def main():\n    print('hello')\n")
        .entry_point("greet", "app:main")
        .extra("fast", &["lib"])
        .build();
    let server = index(&[wheel, simple("lib", "1.0", &[])]);
    let machine = Machine::new();
    machine.install(&server, &["app[fast]"]).ok();
    assert_eq!(machine.frozen(), ["app==1.0", "lib==1.0"]);
    assert_eq!(
        machine.run(&machine.venv().join("bin/greet"), &[]).out,
        "hello\n"
    );
}

#[test]
fn a_dry_run_changes_nothing() {
    let server = index(&[simple("app", "1.0", &["lib"]), simple("lib", "1.0", &[])]);
    let machine = Machine::new();
    let before = machine.snapshot();
    let outcome = machine.install(&server, &["--dry-run", "app"]).ok();
    assert!(
        outcome.out.contains("Would install app-1.0 lib-1.0\n"),
        "{}",
        outcome.out
    );
    machine.assert_unchanged(&before);
}

#[test]
fn the_report_as_data_names_the_bytes_and_whose_word_was_taken() {
    let wheel = simple("app", "1.0", &[]);
    let server = index(std::slice::from_ref(&wheel));
    let machine = Machine::new();
    let report = machine.install(&server, &["--json", "app"]).ok().json();
    assert_eq!(report["outcome"], "installed");
    assert_eq!(report["packages"][0]["sha256"], wheel.sha256.as_str());
    assert_eq!(
        report["packages"][0]["evidence"],
        serde_json::json!(["index"])
    );
    assert_eq!(report["packages"][0]["from"], server.index_url());
}

#[test]
fn quiet_says_nothing_and_failures_speak_anyway() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    let outcome = machine.install(&server, &["-q", "app"]).ok();
    assert_eq!((outcome.out.as_str(), outcome.err.as_str()), ("", ""));
    machine
        .install(&server, &["-q", "missing"])
        .fails(1, &["missing"]);
}

#[test]
fn a_requires_python_that_is_none_is_named_with_its_value() {
    let value = ">=3.4.*";
    let said = format!("Requires-Python: {value:?}");
    let broken = WheelBuilder::new("app", "2.0")
        .file("app/__init__.py", b"")
        .requires_python(value)
        .build();
    let machine = Machine::new();
    let path = machine.write(&broken.file_name, &broken.bytes);
    let by_path = [
        "install",
        "--venv",
        "env",
        "--no-index",
        path.to_str().unwrap(),
    ];
    machine.assay(&by_path).fails(4, &[&said]);
    let upload = || Upload::new(&broken.file_name, broken.bytes.clone());
    let older = || builder(&[simple("app", "1.0", &[])]);
    // Nobody vouches for the metadata but the wheel, and the wheel is refused.
    let wheel = older().upload(upload()).start();
    machine.install(&wheel, &["app"]).fails(4, &[&said]);
    let sidecar = upload().sidecar(broken.metadata.clone());
    let sidecar = older().upload(sidecar).start();
    machine.install(&sidecar, &["app==2.0"]).fails(1, &[&said]);
    machine.install(&sidecar, &["app"]).ok();
    assert_eq!(machine.frozen(), ["app==1.0"]);
    let page = older().upload(upload().requires_python(value)).start();
    machine.install(&page, &["app==2.0"]).fails(
        1,
        &[&broken.file_name, &format!("requires-python {value:?}")],
    );
}
