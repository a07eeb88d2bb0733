//! Code that runs by itself, or in the place of other code: refused with exit code 4, and nothing
//! is left behind; the nearest harmless wheel installs.

use assay_testkit::wheel::{BuiltWheel, WheelBuilder};

use crate::machine::{Machine, index};

fn evil(path: &str, content: &[u8]) -> WheelBuilder {
    WheelBuilder::new("evil", "1.0").file(path, content)
}

fn script(path: &str) -> BuiltWheel {
    let wheel = WheelBuilder::new("evil", "1.0");
    wheel.data("scripts", path, b"../lib/std\n").build()
}

/// `evil` is refused where the victims are installed; then its neighbour is not.
fn check(victims: &[BuiltWheel], refused: BuiltWheel, accepted: BuiltWheel, words: &[&str]) {
    let machine = Machine::new();
    for wheels in victims.chunks(1) {
        let name = wheels[0].file_name.split('-').next().unwrap();
        machine.install(&index(wheels), &[name]).ok();
    }
    let before = machine.snapshot();
    let outcome = machine.install(&index(&[refused]), &["evil"]);
    outcome.fails(4, words);
    machine.assert_unchanged(&before);
    machine.install(&index(&[accepted]), &["evil"]).ok();
}

#[test]
fn what_the_interpreter_reads_beside_itself_is_not_installed() {
    for path in ["python._pth", "python3.11._pth", "pyvenv.cfg"] {
        check(&[], script(path), script("python-tool.cfg"), &[path]);
    }
    let data = |path| {
        let wheel = WheelBuilder::new("evil", "1.0");
        wheel.data("data", path, b"x").build()
    };
    check(
        &[],
        data("bin/pybuilddir.txt"),
        data("share/pybuilddir.txt"),
        &["pybuilddir.txt"],
    );
}

#[test]
fn a_pth_file_of_paths_does_not_lead_to_start_up_code() {
    let lead = |path| evil("evil.pth", b"evil_lib\n").file(path, b"").build();
    check(
        &[],
        lead("evil_lib/sitecustomize.py"),
        lead("evil_lib/x.py"),
        &["sitecustomize.py", "--allow-startup evil"],
    );
    let victim = WheelBuilder::new("victim", "1.0").file("victim.pth", b"evil_lib\n");
    check(
        &[victim.build()],
        evil("evil_lib/usercustomize.py", b"").build(),
        evil("evil_lib/x.py", b"").build(),
        &["usercustomize.py", "--allow-startup evil"],
    );
}

#[test]
fn another_distributions_module_is_not_shadowed() {
    let victim = || {
        let wheel = WheelBuilder::new("victim", "1.0");
        [wheel.file("reqs/__init__.py", b"honest = True\n").build()]
    };
    for (path, neighbour) in [
        ("reqs/__init__.abi3.so", "reqs/extra.abi3.so"),
        ("reqs.py", "reqs2.py"),
        ("pip/__main__.py", "reqs/__main__.py"),
    ] {
        check(
            &victim(),
            evil(path, b"").build(),
            evil(neighbour, b"").build(),
            &["collision", "--allow-overwrite evil:"],
        );
    }
    check(
        &victim(),
        script("re.py"),
        script("re"),
        &["re.py", "--allow-startup evil"],
    );
    check(
        &victim(),
        script("reqs.py"),
        script("reqs-tool.py"),
        &["reqs.py", "--allow-overwrite evil:victim"],
    );
}

#[test]
fn a_plain_folder_gets_no_metadata_from_the_data_folder() {
    let machine = Machine::new();
    let wheel = |path| {
        let wheel = evil("evil.py", b"").data("data", path, b"x");
        machine.write("evil-1.0-py3-none-any.whl", wheel.build().bytes)
    };
    let install = |path| {
        let wheel = wheel(path);
        let wheel = wheel.to_str().unwrap();
        machine.assay(&["install", "--target", "lib", "--no-index", wheel])
    };
    install("evil-1.0.dist-info/assay.json").fails(4, &["metadata below the data folder"]);
    install("evil.py").fails(4, &["two files for one place"]);
    assert!(!machine.path("lib/evil.py").exists());
    install("share/evil.py").ok();
    assert!(machine.path("lib/evil.py").exists());
}
