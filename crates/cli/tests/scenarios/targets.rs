//! Where an install goes: prefixes, roots, a user's own folder, environments of conda; and for
//! which Python.

mod conda;
mod elsewhere;
mod pip;
mod platforms;
mod versions;
mod warnings;

use std::path::{Path, PathBuf};

use assay_testkit::{
    peers,
    wheel::{BuiltWheel, WheelBuilder},
};

use crate::machine::Machine;

/// An interpreter that is no virtual environment; `None` where there is no Python.
fn installed_python(machine: &Machine) -> Option<PathBuf> {
    let python = peers::python()?;
    let code = "import sys; print(getattr(sys, '_base_executable', sys.executable))";
    let said = machine.run(&python, &["-I", "-c", code]).ok().out;
    Some(PathBuf::from(said.trim()).canonicalize().unwrap())
}

/// A wheel with something for every scheme.
fn everything() -> BuiltWheel {
    WheelBuilder::new("app", "1.0")
        .file("app/__init__.py", b"def main(): print('app runs')\n")
        .data("purelib", "app_pure.py", b"x = 1\n")
        .data("platlib", "app_plat/__init__.py", b"x = 1\n")
        .data("scripts", "app-script", b"#!python\nprint(1)\n")
        .data("data", "share/app/data.txt", b"x\n")
        .data("headers", "app.h", b"/* */\n")
        .entry_point("app-tool", "app:main")
        .build()
}

/// The site-packages folder below a prefix or a user's base.
fn site_below(folder: &Path) -> PathBuf {
    let lib = folder.join("lib");
    let entries = std::fs::read_dir(&lib).unwrap_or_else(|error| panic!("{lib:?}: {error}"));
    let found = entries.map(|it| it.unwrap().path());
    let mut found = found.filter(|it| it.join("site-packages").is_dir());
    found.next().unwrap().join("site-packages")
}
