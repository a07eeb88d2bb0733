//! Programs that others wrote, where they are found: git, and setuptools.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use assay_build::{Hook, Said};
use assay_testkit::{
    peers,
    sdist::{Backend, SdistBuilder},
};

use crate::rig::{demo, each_tree, folder, workshop};

/// Runs a program to its end; what it prints.
fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_version_comes_from_git() {
    let Some(git) = peers::program("git").filter(|it| it.starts_with("/usr")) else {
        return;
    };
    let describe = "
import subprocess
said = subprocess.run(['git', 'describe', '--tags', '--dirty'], stdout=subprocess.PIPE)
assert said.stdout == b'v1.0\\n', said
";
    let tree = demo().in_tree(&Backend::new().during("get_requires_for_build_wheel", describe));
    each_tree(&tree, |rig| {
        let at = rig.tree.path();
        let git = |arguments: &[&str]| {
            let who = ["-c", "user.name=A", "-c", "user.email=a@example.com"];
            let mut command = Command::new(&git);
            command.arg("-C").arg(at).args(who).args(arguments);
            output(command.env("HOME", at).env("GIT_CONFIG_NOSYSTEM", "1"));
        };
        git(&["init", "-q"]);
        git(&["add", "."]);
        git(&["commit", "-q", "-m", "all"]);
        git(&["tag", "v1.0"]);
        let home = folder();
        let mut laid_out = workshop(&home);
        laid_out.lay_out_tree(at, None).unwrap();
        rig.workshop = laid_out;
        rig.makes(Hook::Wheel);
    });
}

#[test]
fn setuptools_builds_a_project_that_says_nothing() {
    let Some(python) = peers::python_with("import setuptools", "setuptools") else {
        return;
    };
    let code = "import sys; print(sys.executable, sys.prefix, sys.base_prefix, sep='\\n')";
    let paths = output(Command::new(&python).args(["-I", "-c", code]));
    let mut paths = paths.lines().map(PathBuf::from);
    let python = paths.next().unwrap();
    let readable: Vec<_> = paths.filter(|it| it != Path::new("/usr")).collect();
    let tree = SdistBuilder::simple("demo", "1.0").setup_py("packages=['demo']");
    each_tree(&tree, |rig| {
        if !rig.tier.mounts() {
            println!(
                "skipped: {}: the interpreter may lie where only its owner looks",
                rig.tier
            );
            return;
        }
        (rig.python, rig.readable) = (python.clone(), readable.clone());
        assert_eq!(rig.makes(Hook::Sdist), "demo-1.0.tar.gz");
        // Since 70.1 it needs nothing else.
        match rig.run(Hook::Wheel).unwrap() {
            Said::Needs(needs) => assert_eq!(needs, ["wheel"]),
            said => assert_eq!(said, Said::Made("demo-1.0-py3-none-any.whl".to_owned())),
        }
    });
}
