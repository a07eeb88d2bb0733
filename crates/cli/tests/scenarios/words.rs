//! The lines of pip that people and programs look for.

use crate::machine::{Machine, index, simple, upload};

#[test]
fn what_was_installed_and_what_went_to_make_room() {
    let server = index(&[
        simple("App.One", "1.0", &["lib[more]>=1"]),
        simple("App.One", "2.0", &[]),
        simple("lib", "1.0", &[]),
    ]);
    let machine = Machine::new();
    let outcome = machine.install(&server, &["app-one<2"]).ok();
    assert!(outcome.out.contains("(from app-one)"), "{}", outcome.out);
    assert!(
        outcome.out.contains("(from the command line)"),
        "{}",
        outcome.out
    );
    let last = outcome.out.lines().last().unwrap();
    assert_eq!(last, "Successfully installed App.One-1.0 lib-1.0");
    // Progress is no trouble: nothing else goes to standard error than the word about the extra.
    assert_eq!(outcome.err.lines().count(), 1, "{}", outcome.err);
    let outcome = machine.install(&server, &["-U", "App.One"]).ok();
    let gone = "Uninstalling App.One-1.0:\n  Successfully uninstalled App.One-1.0\n";
    assert!(outcome.out.contains(gone), "{}", outcome.out);
    let outcome = machine.assay(&["uninstall", "--venv", "env", "lib", "other"]);
    assert!(
        outcome
            .err
            .contains("Skipping other as it is not installed.")
    );
    assert!(outcome.out.contains("  Successfully uninstalled lib-1.0\n"));
}

#[test]
fn why_nothing_was_found_names_what_was_typed() {
    let server = index(&[
        simple("app", "1.0", &["Missing.Lib>3"]),
        simple("app", "0.9", &[]),
    ]);
    let machine = Machine::new();
    machine.install(&server, &["App>=2"]).fails(
        1,
        &[
            "No matching distribution found for App>=2\n",
            "satisfies the requirement App>=2 (from versions: 0.9, 1.0)",
        ],
    );
    machine
        .install(&server, &["app==1.0"])
        .fails(1, &["No matching distribution found for missing-lib>3"]);
    machine
        .install(&server, &["app>0.9", "app<1"])
        .fails(1, &["Cannot install app>0.9 and app<1 because these package versions have conflicting dependencies."]);
    machine.install(&server, &["app"]).ok();
}

#[test]
fn a_file_on_this_machine_is_named_where_it_is_processed() {
    let machine = Machine::new();
    let wheel = simple("app", "1.0", &[]);
    let path = machine.write(&wheel.file_name, &wheel.bytes);
    let install = |what: &str| machine.assay(&["install", "--venv", "env", "--no-index", what]);
    let line = format!("Processing {}\n", path.display());
    let outcome = install(&format!("./{}", wheel.file_name)).ok();
    assert!(outcome.out.contains(&line), "{}", outcome.out);
    assert!(!install("app").ok().out.contains("Processing"));
}

#[test]
fn a_constraint_is_a_name_and_a_limit() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    for (line, words) in [
        ("app[x]", "Constraints cannot have extras"),
        (
            "./app-1.0-py3-none-any.whl",
            "Unnamed requirements are not allowed as constraints",
        ),
        (
            "-e .",
            "Editable requirements are not allowed as constraints",
        ),
    ] {
        machine.write("c.txt", line);
        machine
            .install(&server, &["-c", "c.txt", "app"])
            .fails(2, &["c.txt:1", words]);
    }
    machine.write("c.txt", "app<2");
    machine.install(&server, &["-c", "c.txt", "app"]).ok();
}

#[test]
fn a_search_that_takes_long_says_so() {
    let versions = |name: &str, requires: &dyn Fn(usize) -> Vec<String>| {
        let all = (1..=15).map(|at| {
            let requires = requires(at);
            let requires: Vec<_> = requires.iter().map(String::as_str).collect();
            simple(name, &format!("{at}"), &requires)
        });
        all.collect::<Vec<_>>()
    };
    let one = versions("one", &|at| match at {
        1 => vec!["two==1".to_owned()],
        at => vec![format!("two=={at}"), format!("three=={}", at - 1)],
    });
    let two = versions("two", &|at| vec![format!("three=={at}")]);
    let three = versions("three", &|_| Vec::new());
    let mut builder = assay_testkit::server::IndexServer::builder();
    for wheel in one.iter().chain(&two).chain(&three) {
        builder = builder.upload(upload(wheel));
    }
    let server = builder.start();
    let machine = Machine::new();
    let said = machine.install(&server, &["one"]).ok().out;
    assert!(
        said.matches("This could take a while.").count() >= 2,
        "{said}"
    );
    assert!(said.contains("press Ctrl + C"), "{said}");
    let other = Machine::new();
    let said = other.install(&server, &["one==1"]).ok().out;
    assert!(!said.contains("take a while"), "{said}");
}

#[test]
fn why_no_wheel_fits_names_what_comes_nearest() {
    let built = |tag: &str| {
        assay_testkit::wheel::WheelBuilder::new("app", "1.0")
            .tag(tag)
            .build()
    };
    let machine = Machine::new();
    let install = |tags: &[&str]| {
        let wheels: Vec<_> = tags.iter().map(|it| built(it)).collect();
        machine.install(&index(&wheels), &["app"])
    };
    let old = "cp27-cp27m-manylinux1_x86_64";
    install(&[old, "py3-none-win_amd64"]).fails(
        1,
        &["app 1.0 has no wheel for this platform: built for Windows"],
    );
    install(&[old]).fails(
        1,
        &["app 1.0 has no wheel for this Python: built for CPython 2.7"],
    );
    install(&[old, "py3-none-any"]).ok();
}
