//! `assay verify` of files and names: what an install would say of them, without one.

use assay_testkit::{tar, wheel::WheelBuilder};

use crate::machine::{Machine, Outcome, index, simple};

/// Nothing that a verification finds ends up in the working folder.
fn verify(machine: &Machine, args: &[&str]) -> Outcome {
    let before = machine.snapshot();
    let outcome = machine.assay(&[&["verify"][..], args].concat());
    machine.assert_unchanged(&before);
    outcome
}

#[test]
fn a_file_is_judged_alone_as_the_policy_has_it() {
    let machine = Machine::new();
    let wheel = simple("app", "1.0", &["lib"]);
    machine.write(&wheel.file_name, &wheel.bytes);
    let told = verify(&machine, &[&wheel.file_name]).ok().out;
    for words in [
        "app-1.0-py3-none-any.whl: accepted",
        "any of (index, local, hash",
        "named by the command line",
        "1 file: accepted; nothing was installed",
    ] {
        assert!(told.contains(words), "{words}\n{told}");
    }
    // It is asked for by path here, so that the project's rule counts and no index is asked.
    machine.write(
        "assay.toml",
        "[[policy.rule]]\nprojects = ['app']\nevidence = 'index'\n",
    );
    let refused = verify(&machine, &[&wheel.file_name]);
    assert_eq!(refused.code, 4);
    let words = "missing: index, which assay.toml:3:12 asks for";
    assert!(refused.out.contains(words), "{}", refused.out);
    machine.write(
        "assay.toml",
        "[[policy.rule]]\nprojects = ['app']\ndeny = 'sold'\n",
    );
    let refused = verify(&machine, &[&wheel.file_name, "--json"]);
    assert_eq!(refused.code, 4);
    let fact = &refused.json()["distributions"][0]["refusal"]["fact"];
    assert!(fact.as_str().unwrap().contains("sold"), "{fact}");
}

#[test]
fn each_of_several_files_has_its_verdict_and_one_refusal_decides_the_code() {
    let machine = Machine::new();
    let good = simple("good", "1.0", &[]);
    machine.write(&good.file_name, &good.bytes);
    let bad = WheelBuilder::new("bad", "1.0").file("bad.py", b"x = 1\n");
    let bad = bad.build();
    let mut bytes = bad.bytes.clone();
    let at = bytes.windows(6).position(|it| it == b"x = 1\n");
    if let Some(at) = at {
        bytes[at] = b'y';
    } else {
        bytes.truncate(bytes.len() / 2);
    }
    machine.write(&bad.file_name, bytes);
    let metadata = b"Metadata-Version: 2.2\nName: source\nVersion: 1.0\n";
    let sdist = |name| tar::gzip(&tar::write(&[tar::Entry::file(name, metadata)]));
    machine.write("source-1.0.tar.gz", sdist("source-1.0/PKG-INFO"));
    machine.write("source-1.1.tar.gz", sdist("source-1.1/../PKG-INFO"));
    let all = [&*good.file_name, &bad.file_name, "source-1.0.tar.gz"];
    let outcome = verify(&machine, &[&all[..], &["--json"]].concat());
    assert_eq!(outcome.code, 4, "{outcome:?}");
    let report = outcome.json();
    let verdict = |at: usize| report["distributions"][at]["verdict"].clone();
    assert_eq!(
        [verdict(0), verdict(1), verdict(2)],
        ["accepted", "refused", "accepted"]
    );
    verify(&machine, &[all[0], all[2]]).ok();
    let refused = verify(&machine, &["source-1.1.tar.gz"]);
    assert_eq!(refused.code, 4);
    for words in ["entry path", "source-1.1/../PKG-INFO"] {
        assert!(refused.out.contains(words), "{}", refused.out);
    }
    verify(&machine, &[all[0], "gone-1.0.tar.gz"]).fails(1, &["gone-1.0.tar.gz"]);
}

#[test]
fn names_are_resolved_gathered_and_judged_and_nothing_is_installed() {
    let server = index(&[simple("app", "1.0", &["lib"]), simple("lib", "2.0", &[])]);
    let machine = Machine::new();
    machine.assay(&["venv", "env"]).ok();
    let url = server.index_url();
    let named = |args: &[&str]| {
        let own = ["--python", "./env", "--index-url", &url];
        verify(&machine, &[&own[..], args].concat())
    };
    let report = named(&["app==1.0", "--json"]).ok().json();
    let files = report["distributions"].as_array().unwrap().iter();
    let files: Vec<_> = files.map(|it| it["file"].as_str().unwrap()).collect();
    assert_eq!(files.len(), 2);
    assert_eq!(report["distributions"][0]["evidence"][0], "index");
    machine.write("requirements.txt", "lib\n");
    let told = named(&["-r", "requirements.txt"]).ok().out;
    assert!(
        told.contains("lib-2.0-py3-none-any.whl: accepted"),
        "{told}"
    );
    machine.write(
        "assay.toml",
        "[[policy.rule]]\nprojects = ['lib']\nevidence = 'hash'\n",
    );
    named(&["app"]).fails(4, &["lib-2.0", "rule: evidence (assay.toml:3:12)"]);
    named(&["--no-deps", "app"]).ok();
    named(&["nowhere"]).fails(1, &["nowhere"]);
    assert_eq!(machine.frozen(), Vec::<String>::new());
}

#[test]
fn a_file_and_names_are_told_apart_as_install_does_it() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine.write("app/pyproject.toml", "");
    let url = server.index_url();
    let wheel = simple("lib", "1.0", &[]);
    machine.write(&wheel.file_name, &wheel.bytes);
    let both = ["--index-url", &url, "app", &wheel.file_name, "--json"];
    let report = verify(&machine, &both).ok().json();
    let rows = report["distributions"].as_array().unwrap();
    let evidence = |at: usize| rows[at]["evidence"][0].as_str().unwrap();
    assert_eq!([evidence(0), evidence(1)], ["local", "index"]);
    let beside = ["--venv", "env", "app"];
    verify(&machine, &beside).fails(2, &["--venv"]);
}

#[test]
fn the_help_of_commands_that_look_says_what_can_be_named_and_no_option_that_changes() {
    let machine = Machine::new();
    let help = machine.assay(&["verify", "--help"]).ok().out;
    for words in [
        "[FILE|REQUIREMENT]...",
        "FILE: a wheel or sdist",
        "NAME==VERSION",
        "the environment",
        "Examples:",
    ] {
        assert!(help.contains(words), "{words}\n{help}");
    }
    for command in ["verify", "explain", "diff", "list", "show", "check"] {
        let help = machine.assay(&[command, "--help"]).ok().out;
        assert!(help.contains("--venv <DIR>"), "{help}");
        for without in [
            "--break-system-packages",
            "--root-user-action",
            "to install into",
        ] {
            assert!(!help.contains(without), "{command}: {without}\n{help}");
        }
        let option = [command, "--break-system-packages", "x"];
        machine.assay(&option).fails(2, &["unexpected argument"]);
    }
}
