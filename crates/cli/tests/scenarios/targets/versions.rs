//! Which versions count: `--only-deps`, `--ignore-installed`, `--all-releases`, `--only-final`,
//! `--ignore-requires-python`.

use assay_testkit::wheel::WheelBuilder;

use crate::machine::{Machine, files_with, index, simple};

#[test]
fn only_dependencies_are_installed_where_only_they_are_wanted() {
    let server = index(&[
        simple("app", "1.0", &["lib"]),
        simple("lib", "1.0", &["core"]),
        simple("core", "1.0", &[]),
    ]);
    let machine = Machine::new();
    machine.install(&server, &["--only-deps", "app"]).ok();
    assert_eq!(machine.frozen(), ["core==1.0", "lib==1.0"]);
    machine.install(&server, &["--only-deps", "app"]).ok();
    let args = ["--only-deps", "--no-deps", "app"];
    machine.install(&server, &args).fails(2, &["--no-deps"]);
    let url = server.index_url();
    let args = ["download", "-d", "wheels", "--only-deps", "-i", &url, "app"];
    machine.assay(&args).ok();
    let wheels = files_with(&machine.path("wheels"), ".whl");
    assert_eq!(wheels.len(), 2, "{wheels:?}");
}

#[test]
fn what_is_installed_has_no_say_where_it_is_ignored() {
    let server = index(&[
        simple("app", "1.0", &["lib"]),
        simple("app", "2.0", &["lib"]),
        simple("lib", "1.0", &[]),
    ]);
    let machine = Machine::new();
    machine.install(&server, &["app==1.0"]).ok();
    machine.install(&server, &["app"]).ok();
    assert_eq!(machine.frozen(), ["app==1.0", "lib==1.0"]);
    let report = machine
        .install(&server, &["-I", "--json", "app"])
        .ok()
        .json();
    assert_eq!(report["packages"].as_array().unwrap().len(), 2);
    assert_eq!(machine.frozen(), ["app==2.0", "lib==1.0"]);
    assert!(files_with(&machine.site(), "app-1.0").is_empty());
}

#[test]
fn prereleases_are_admitted_by_project() {
    let server = index(&[
        simple("app", "1.0", &[]),
        simple("app", "2.0rc1", &[]),
        simple("lib", "1.0", &[]),
        simple("lib", "2.0rc1", &[]),
        simple("raw", "1.0a1", &[]),
    ]);
    let machine = Machine::new();
    let versions = |options: &[&str]| {
        let args = [options, &["--dry-run", "--json", "app", "lib"]].concat();
        let report = machine.install(&server, &args).ok().json();
        let packages = report["packages"].as_array().unwrap().clone();
        let mut pins: Vec<_> = packages
            .iter()
            .map(|it| format!("{}{}", it["name"], it["version"]).replace('"', ""))
            .collect();
        pins.sort();
        pins.join(" ")
    };
    assert_eq!(versions(&[]), "app1.0 lib1.0");
    assert_eq!(versions(&["--pre"]), "app2.0rc1 lib2.0rc1");
    assert_eq!(versions(&["--all-releases", "lib"]), "app1.0 lib2.0rc1");
    let but_lib = ["--all-releases", ":all:", "--only-final", "lib"];
    assert_eq!(versions(&but_lib), "app2.0rc1 lib1.0");
    machine.install(&server, &["raw"]).ok();
    machine.write("r.txt", "--all-releases app\n--only-final lib,raw\n");
    let with_file = |more: &[&str]| versions(&[&["-r", "r.txt"], more].concat());
    assert_eq!(with_file(&[]), "app2.0rc1 lib1.0");
    assert_eq!(with_file(&["--only-final", "app"]), "app1.0 lib1.0");
    assert_eq!(with_file(&["--pre"]), "app2.0rc1 lib2.0rc1");
    let machine = Machine::new();
    let outcome = machine.install(&server, &["--only-final", ":all:", "raw"]);
    outcome.fails(1, &["--only-final leaves it out"]);
    let args = ["--pre", "--only-final", "app", "app"];
    machine
        .install(&server, &args)
        .fails(2, &["--pre cannot be used"]);
    let args = ["--all-releases", "app", "--only-final", "App", "app"];
    machine.install(&server, &args).fails(2, &["both name app"]);
}

#[test]
fn a_python_that_does_not_fit_is_taken_where_the_user_says_so() {
    let wheel = WheelBuilder::new("app", "1.0")
        .file("app.py", b"")
        .requires_python(">=4")
        .build();
    let server = index(&[wheel]);
    let machine = Machine::new();
    machine.install(&server, &["app"]).fails(1, &[">=4"]);
    machine
        .install(&server, &["--ignore-requires-python", "app"])
        .ok();
    assert_eq!(machine.frozen(), ["app==1.0"]);
}
