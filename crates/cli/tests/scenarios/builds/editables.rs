//! Start-up code of editable installs: the build writes it, and it runs outside of the sandbox.

use std::process::Command;

use assay_testkit::{
    peers,
    sdist::{Backend, SdistBuilder},
    server::IndexServer,
};

use super::{for_me, index, nothing_installed};
use crate::machine::Machine;

const FINDER: &str = "__editable___demo_1_0_finder";

/// A tree whose editable wheel has these files: an expression in Python, where `here` is the tree.
fn tree(machine: &Machine, files: &str) {
    std::fs::remove_dir_all(machine.path("tree")).ok();
    let code = format!("here = os.getcwd()\nreturn write_wheel(folder, {files})");
    let described = SdistBuilder::simple("demo", "1.0")
        .in_tree(&Backend::new().instead("build_editable", &code))
        .project("");
    described.write_tree(&machine.path("tree")).unwrap();
    machine.give(&machine.path("tree"));
}

fn nobody() -> IndexServer {
    index(&[], &[])
}

fn refused(machine: &Machine, words: &[&str]) {
    let outcome = machine.install(&nobody(), &["-e", "./tree"]);
    nothing_installed(machine, &outcome);
    let outcome = outcome.fails(4, &["demo", "start-up code", "--allow-startup demo"]);
    outcome.fails(4, words);
}

/// What setuptools writes for a package `demo` in the folder `HERE`, if this machine has it.
fn real_finder() -> Option<String> {
    const CODE: &str = "
from setuptools.command.editable_wheel import _finder_template as fill
print(fill('__editable__.demo-1.0.finder', {'demo': 'HERE/demo'}, {}), end='')";
    let python = peers::python_with(CODE, "setuptools with editable installs")?;
    let told = Command::new(python).args(["-I", "-c", CODE]).output();
    Some(String::from_utf8(told.unwrap().stdout).unwrap())
}

/// The files of an editable wheel with this text as its finder, and `HERE` in it.
fn with_finder(text: &str) -> String {
    format!(
        "{{'{FINDER}.py': {text:?}.replace('HERE', here).encode(), \
         '__editable__.demo-1.0.pth': b'import {FINDER}; {FINDER}.install()'}}"
    )
}

#[test]
fn a_finder_that_setuptools_does_not_write_is_start_up_code() {
    for_me(|machine| {
        let mark = machine.path("ran");
        let evil = format!("open({mark:?}, 'w')\ndef install(): pass\n");
        tree(machine, &with_finder(&evil));
        refused(machine, &["no finder that setuptools is known to write"]);
        // Nobody else brings the module, either.
        let line = format!("{{'x.pth': b'import {FINDER}; {FINDER}.install()'}}");
        tree(machine, &line);
        refused(machine, &["brings no such module"]);
        tree(machine, &with_finder(&evil));
        let allowed = ["-e", "./tree", "--allow-startup", "demo"];
        machine.install(&nobody(), &allowed).ok();
        machine.python("pass").ok();
        assert!(mark.exists());
    });
}

#[test]
fn a_finder_that_setuptools_writes_leads_into_the_folder_and_nowhere_else() {
    let Some(real) = real_finder() else {
        return;
    };
    for_me(|machine| {
        for (from, to, words) in [
            ("HERE/demo", "/tmp", "outside of"),
            ("'demo'", "'sitecustomize'", "maps sitecustomize"),
            ("import sys", "import sys, os", "known to write"),
            ("demo-1.0", "demo-1.1", "another finder's name"),
        ] {
            tree(machine, &with_finder(&real.replacen(from, to, 1)));
            refused(machine, &[words]);
        }
        // Python prefers a package of that name.
        let files = with_finder(&real);
        let rival = format!("{{**{files}, '{FINDER}/__init__.py': b'import os'}}");
        tree(machine, &rival);
        refused(machine, &["more than one"]);
        tree(machine, &files);
        machine.install(&nobody(), &["-e", "./tree"]).ok();
        let told = machine.python("import demo; print(demo.__file__)");
        let path = machine.path("tree/demo/__init__.py");
        assert_eq!(told.out, format!("{}\n", path.display()));
    });
}

#[test]
fn what_python_would_run_in_the_users_folder_is_start_up_code() {
    let plain = "{'demo.pth': here.encode()}";
    for_me(|machine| {
        for (name, words) in [
            ("sitecustomize.py", "is imported whenever Python starts"),
            ("UserCustomize.py", "is imported whenever Python starts"),
            ("sitecustomize/__init__.py", "sitecustomize"),
            ("usercustomize.abi3.so", "usercustomize.abi3.so"),
            ("other-1.0.dist-info/METADATA", "another distribution"),
            ("other.egg-info/PKG-INFO", "another distribution"),
        ] {
            tree(machine, plain);
            machine.write(&format!("tree/{name}"), "");
            refused(machine, &[words]);
        }
        tree(machine, plain);
        for name in [
            "demo.egg-info/PKG-INFO",
            "demo/sitecustomize.py",
            "tests/sitecustomize.py",
            "customize.py",
        ] {
            machine.write(&format!("tree/{name}"), "");
        }
        machine.install(&nobody(), &["-e", "./tree"]).ok();
        machine.write("tree/sitecustomize.py", "");
        let allowed = [
            "-e",
            "./tree",
            "--allow-startup",
            "demo",
            "--force-reinstall",
        ];
        machine.install(&nobody(), &allowed).ok();
    });
}

#[test]
fn a_path_leads_to_a_folder_that_is_there_and_out_by_no_link() {
    let lib = "{'demo.pth': (here + '/lib').encode()}";
    for_me(|machine| {
        tree(machine, lib);
        // A build that makes it, makes it in a copy.
        let outcome = machine.install(&nobody(), &["-e", "./tree"]);
        nothing_installed(machine, &outcome);
        outcome.fails(1, &["tree/lib, which is not there"]);
        machine.write("elsewhere/x.py", "");
        let link = machine.path("tree/lib");
        std::os::unix::fs::symlink(machine.path("elsewhere"), &link).unwrap();
        refused(machine, &["by way of a symlink"]);
        std::fs::remove_file(&link).unwrap();
        machine.write("tree/lib", "an archive, perhaps");
        refused(machine, &["is put on the import path"]);
        std::fs::remove_file(&link).unwrap();
        // One inside is the user's way to lay things out.
        machine.write("tree/src/x.py", "");
        std::os::unix::fs::symlink("src", &link).unwrap();
        machine.install(&nobody(), &["-e", "./tree"]).ok();
    });
}
