//! The same files in the same places as pip's.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use assay_testkit::peers;

use super::{everything, installed_python};
use crate::machine::Machine;

/// What an installer adds of its own.
const OWN: [&str; 5] = [
    "RECORD",
    "INSTALLER",
    "REQUESTED",
    "assay.json",
    "direct_url.json",
];

#[test]
fn every_file_lands_where_pip_puts_it() {
    let machine = Machine::new();
    let Some(pip) = peers::python_with("import pip; assert pip.__version__ >= '26.3'", "pip 26.3")
    else {
        return;
    };
    let Some(python) = installed_python(&machine) else {
        return;
    };
    machine.assay(&["venv", "env"]).ok();
    let wheel = everything();
    machine.write(&format!("wheels/{}", wheel.file_name), &wheel.bytes);
    let base = python.to_str().unwrap();
    let venv = machine.venv().join("bin/python");
    let venv = venv.to_str().unwrap();
    // pip looks for a folder that it may write to above it, and stops at the end of a relative path.
    let root = machine.path("to");
    let root = root.to_str().unwrap();
    for (python, options) in [
        (base, &["--prefix", "to"][..]),
        (base, &["--root", root]),
        (base, &["--root", root, "--prefix", "usr"]),
        (base, &["--root", root, "--prefix", "/usr"]),
        (base, &["--root", root, "--user"]),
        (base, &["--user", "--break-system-packages"]),
        (base, &["--target", "to"]),
        (venv, &["--prefix", "to"]),
        (venv, &["--root", root]),
        (venv, &["--target", "to"]),
    ] {
        let ours = Case {
            machine: &machine,
            python,
            options,
        }
        .assay();
        let theirs = Case {
            machine: &machine,
            python,
            options,
        }
        .pip(&pip);
        assert_eq!(ours, theirs, "{python} {options:?}");
    }
}

struct Case<'a> {
    machine: &'a Machine,
    python: &'a str,
    options: &'a [&'a str],
}

/// The first line of a file, by its path.
type Tree = BTreeMap<PathBuf, String>;

impl Case<'_> {
    fn assay(&self) -> Tree {
        self.in_place("ours", |all| {
            let args = [&["install", "--python", self.python], all].concat();
            self.machine
                .assay_with(&args, &[("PYTHONUSERBASE", "to")])
                .ok();
        })
    }

    fn pip(&self, pip: &Path) -> Tree {
        let base = format!("PYTHONUSERBASE={}", self.machine.path("to").display());
        self.in_place("theirs", |all| {
            let pip = pip.to_str().unwrap();
            let pip = [&base, pip, "-m", "pip", "--python", self.python, "install"];
            let more = ["--no-compile", "--disable-pip-version-check"];
            let args = [&pip[..], &more, all].concat();
            self.machine.run(Path::new("/usr/bin/env"), &args).ok();
        })
    }

    /// Runs an installer into `to` and moves that away.
    fn in_place(&self, name: &str, run: impl FnOnce(&[&str])) -> Tree {
        let all = [
            self.options,
            &["--no-index", "--find-links", "wheels", "app"],
        ]
        .concat();
        run(&all);
        let kept = self.machine.path(name);
        std::fs::remove_dir_all(&kept).ok();
        std::fs::rename(self.machine.path("to"), &kept).unwrap();
        let mut tree = Tree::new();
        collect(&kept, &kept, &mut tree);
        assert!(!tree.is_empty());
        tree
    }
}

fn collect(root: &Path, folder: &Path, tree: &mut Tree) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, tree);
        } else if !OWN.iter().any(|it| path.ends_with(it)) {
            let text = String::from_utf8(std::fs::read(&path).unwrap()).unwrap();
            let line = text.lines().next().unwrap_or_default().to_owned();
            tree.insert(path.strip_prefix(root).unwrap().to_owned(), line);
        }
    }
}
