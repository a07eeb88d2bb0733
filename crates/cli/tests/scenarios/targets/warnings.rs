//! What pip warns of: commands that no shell finds, requirements that an install leaves unmet, an
//! install for everybody.

use super::{everything, installed_python};
use crate::machine::{Machine, index, simple};

const OFF_PATH: &str = "which is not on PATH";

#[test]
fn commands_off_the_path_are_told_once() {
    let server = index(&[everything()]);
    let url = server.index_url();
    let machine = Machine::new();
    machine
        .assay(&["venv", "open", "--system-site-packages"])
        .ok();
    let path = std::env::join_paths([machine.path("user/bin"), "/usr/bin".into()]).unwrap();
    let path = path.to_str().unwrap();
    let told = |options: &[&str], variables: &[(&str, &str)]| {
        let args = ["install", "--python", "./open", "-I", "-i", &url, "app"];
        let variables = [&[("PYTHONUSERBASE", "user")], variables].concat();
        let outcome = machine
            .assay_with(&[&args, options].concat(), &variables)
            .ok();
        (outcome.out + &outcome.err).matches(OFF_PATH).count()
    };
    assert_eq!(told(&["--user"], &[]), 1);
    assert_eq!(told(&["--user", "--no-warn-script-location"], &[]), 0);
    assert_eq!(told(&["--user"], &[("PATH", path)]), 0);
    assert_eq!(told(&["--prefix", "there"], &[]), 0);
    assert_eq!(told(&["--target", "plain"], &[]), 0);
    // The interpreter's own folder: whoever named it knows the way.
    assert_eq!(told(&[], &[]), 0);
}

#[test]
fn what_an_install_leaves_unmet_is_told() {
    let server = index(&[
        simple("app", "1.0", &["lib<2"]),
        simple("odd", "1.0", &["missing"]),
        simple("lib", "1.0", &[]),
        simple("lib", "2.0", &[]),
        simple("other", "1.0", &[]),
    ]);
    let machine = Machine::new();
    let said = |args: &[&str]| {
        let outcome = machine.install(&server, args).ok();
        outcome.out + &outcome.err
    };
    said(&["app"]);
    said(&["--no-deps", "odd"]);
    let conflict = "app 1.0 has requirement lib<2, but you have lib 2.0";
    let first = said(&["lib==2.0"]);
    assert!(first.contains(conflict), "{first}");
    assert!(!first.contains("missing"), "{first}");
    for quiet in ["--no-warn-conflicts", "--no-deps"] {
        said(&["lib==1.0"]);
        assert!(!said(&[quiet, "lib==2.0"]).contains(conflict), "{quiet}");
    }
    // What was broken before and has nothing to do with it is not told again.
    assert!(!said(&["other"]).contains(conflict));
}

#[test]
fn an_install_for_everybody_is_told_unless_it_is_meant() {
    let server = index(&[simple("app", "1.0", &[])]);
    let url = server.index_url();
    let machine = Machine::new();
    let Some(python) = installed_python(&machine) else {
        return;
    };
    let python = python.to_str().unwrap();
    let said = |more: &[&str]| {
        let args = [
            "install",
            "--dry-run",
            "--break-system-packages",
            "-i",
            &url,
            "app",
        ];
        let outcome = machine.assay(&[&args, more].concat()).ok();
        outcome.out + &outcome.err
    };
    let warning = "outside of a virtual environment";
    assert!(said(&["--python", python]).contains(warning));
    let ignored = ["--python", python, "--root-user-action", "ignore"];
    assert!(!said(&ignored).contains(warning));
    machine.assay(&["venv", "env"]).ok();
    assert!(!said(&["--python", "./env"]).contains(warning));
}
