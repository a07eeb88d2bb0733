//! The smaller commands.

use crate::machine::{Machine, index, simple};

#[test]
fn list_show_freeze_and_check_tell_what_is_there() {
    let server = index(&[
        simple("app", "1.0", &["lib>=1"]),
        simple("lib", "1.0", &[]),
        simple("lib", "0.5", &[]),
    ]);
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    let run = |args: &[&str]| machine.assay(&[args, &["--venv", "env"]].concat()).ok();
    assert!(
        run(&["list"])
            .out
            .starts_with("Package Version\n------- -------\n")
    );
    assert_eq!(
        run(&["list", "--format", "freeze"]).out,
        "app==1.0\nlib==1.0\n"
    );
    assert_eq!(
        run(&["list", "--not-required", "--json"]).json(),
        serde_json::json!([{ "name": "app", "version": "1.0" }])
    );
    let shown = run(&["show", "-f", "lib"]).out;
    assert!(
        shown.contains("Required-by: app")
            && shown.contains("lib/__init__.py")
            && shown.contains("Evidence: listed by"),
        "{shown}"
    );
    assert!(run(&["check"]).out.contains("No broken requirements"));
    machine.install(&server, &["--no-deps", "lib==0.5"]).ok();
    let outcome = machine.assay(&["check", "--venv", "env"]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome
            .out
            .contains("app 1.0 has requirement lib>=1, but you have lib 0.5"),
        "{}",
        outcome.out
    );
    assert_eq!(machine.assay(&["show", "missing", "--venv", "env"]).code, 1);
}

#[test]
fn download_writes_admitted_wheels_and_leaves_equal_ones_alone() {
    let wheel = simple("app", "1.0", &["lib"]);
    let server = index(&[wheel.clone(), simple("lib", "1.0", &[])]);
    let machine = Machine::new();
    let url = server.index_url();
    machine
        .assay(&["download", "-d", "wheels", "-i", &url, "app"])
        .ok();
    assert_eq!(
        std::fs::read(machine.path("wheels").join(&wheel.file_name)).unwrap(),
        wheel.bytes
    );
    assert_eq!(
        std::fs::read_dir(machine.path("wheels")).unwrap().count(),
        2
    );
    let again = machine
        .assay(&["download", "-d", "wheels", "-i", &url, "app"])
        .ok();
    assert!(again.out.contains("Already there"), "{}", again.out);
}

#[test]
fn download_refuses_a_wheel_that_is_not_what_its_sidecar_says() {
    let wheel = simple("app", "1.0", &["lib"]);
    let text = String::from_utf8(wheel.metadata.clone()).unwrap();
    let lie = text.replace("Requires-Dist: lib\n", "");
    let server = crate::machine::builder(&[])
        .upload(crate::machine::upload(&wheel).sidecar(lie))
        .start();
    let machine = Machine::new();
    let url = server.index_url();
    machine
        .assay(&["download", "-d", "wheels", "-i", &url, "app"])
        .fails(4, &["PEP 658"]);
    assert!(
        std::fs::read_dir(machine.path("wheels"))
            .unwrap()
            .next()
            .is_none()
    );
}

#[test]
fn hash_prints_what_requirements_files_take() {
    let machine = Machine::new();
    machine.write("x", "abc");
    let line = "--hash=sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(
        machine.assay(&["hash", "x"]).ok().out,
        format!("x:\n{line}\n")
    );
    for (algorithm, digest) in [
        ("sha384", "sha384:cb00753f45a35e8b"),
        ("sha512", "sha512:ddaf35a193617aba"),
    ] {
        let printed = machine.assay(&["hash", "-a", algorithm, "x"]).ok().out;
        assert!(printed.contains(digest), "{printed}");
    }
    machine.assay(&["hash", "gone"]).fails(1, &["gone"]);
}

#[test]
fn the_cache_can_be_looked_at_verified_and_emptied() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    assert!(
        machine
            .assay(&["cache", "info"])
            .ok()
            .out
            .contains("Wheels:   1")
    );
    machine.assay(&["cache", "verify"]).ok();
    let cache = machine.assay(&["cache", "dir"]).ok().out.trim().to_owned();
    let stored =
        crate::machine::files_with(std::path::Path::new(&cache).join("store").as_path(), "/0");
    std::fs::remove_file(&stored[0]).unwrap();
    std::fs::write(&stored[0], "poison").unwrap();
    let outcome = machine.assay(&["cache", "verify"]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    machine.assay(&["cache", "clean"]).ok();
    assert!(
        machine
            .assay(&["cache", "info"])
            .ok()
            .out
            .contains("Wheels:   0")
    );
    assert_eq!(machine.frozen(), ["app==1.0"]);
}

#[test]
fn venvs_targets_and_folders_that_are_something_else() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine.assay(&["venv", "env"]).ok();
    assert_eq!(
        machine
            .python("import sys; print(sys.prefix != sys.base_prefix)")
            .out,
        "True\n"
    );
    machine.write("mine/precious.txt", "x");
    assert_ne!(machine.assay(&["venv", "mine"]).code, 0);
    assert!(machine.path("mine/precious.txt").exists());
    let url = server.index_url();
    machine
        .assay(&["install", "-t", "plain", "-i", &url, "app"])
        .ok();
    assert!(machine.path("plain/app/__init__.py").exists());
}

#[test]
fn an_environment_that_exists_is_not_made_over_by_accident() {
    let machine = Machine::new();
    machine.assay(&["venv", "env"]).ok();
    let before = machine.snapshot();
    machine
        .assay(&["venv", "env"])
        .fails(1, &["already", "--clear"]);
    machine.assert_unchanged(&before);
    machine.assay(&["venv", "--clear", "env"]).ok();
}

#[test]
fn without_a_place_for_the_cache_a_run_goes_without() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    let url = server.index_url();
    let args = ["install", "--venv", "env", "-i", &url, "app"];
    let outcome = machine.assay_with(&args, &[("HOME", "/proc/nowhere")]).ok();
    let said = "nothing is kept for the next run";
    assert!(outcome.err.contains(said), "{}", outcome.err);
}

#[test]
fn pips_variables_decide_whom_to_ask_and_what_suffices() {
    let one = index(&[simple("app", "1.0", &[])]);
    let two = index(&[simple("app", "2.0", &[])]);
    let (one, two) = (one.index_url(), two.index_url());
    let machine = Machine::new();
    machine.write("limits.txt", "app<1\n");
    let run = |venv: &str, more: &[&str], variables: &[(&str, &str)]| {
        machine.assay_with(
            &[&["install", "--venv", venv, "app"], more].concat(),
            variables,
        )
    };
    let frozen = |venv| machine.assay(&["freeze", "--venv", venv]).ok().out;
    run("a", &[], &[("PIP_INDEX_URL", &one)]).ok();
    run("b", &["-i", &two], &[("PIP_INDEX_URL", &one)]).ok();
    run("c", &["-i", &two], &[("PIP_EXTRA_INDEX_URL", &one)]).ok();
    assert_eq!(
        ["a", "b", "c"].map(frozen),
        ["app==1.0\n", "app==2.0\n", "app==1.0\n"]
    );
    let index = ("PIP_INDEX_URL", one.as_str());
    run("d", &[], &[index, ("PIP_NO_INDEX", "1")]).fails(1, &["app was not found"]);
    run("d", &[], &[index, ("PIP_REQUIRE_HASHES", "yes")]).fails(4, &["--hash"]);
    run("d", &[], &[index, ("PIP_CONSTRAINT", "limits.txt")]).fails(1, &["limits.txt:1"]);
    run("d", &[], &[index, ("PIP_NO_INDEX", "0")]).ok();
}

#[test]
fn what_was_typed_and_lies_here_is_pointed_at() {
    let machine = Machine::new();
    machine.write("requirements.txt", "app\n");
    let args = ["install", "--venv", "env", "--no-index"];
    let run = |name| machine.assay(&[&args[..], &[name]].concat());
    run("requirements.txt").fails(1, &["did you mean -r requirements.txt?", "asked: nobody"]);
    run("./gone").fails(1, &["there is no file or folder"]);
}

#[test]
fn help_version_and_completions_are_there() {
    let machine = Machine::new();
    assert!(machine.assay(&["--version"]).ok().out.starts_with("assay "));
    for command in [
        "install",
        "uninstall",
        "download",
        "list",
        "freeze",
        "show",
        "check",
        "venv",
        "hash",
        "cache",
        "completion",
    ] {
        let help = machine.assay(&[command, "--help"]).ok().out;
        assert!(help.contains("Usage: assay"), "{command}");
    }
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            machine
                .assay(&["completion", shell])
                .ok()
                .out
                .contains("assay")
        );
    }
    machine
        .assay(&["install", "--no-such-option"])
        .fails(2, &["--no-such-option"]);
}
