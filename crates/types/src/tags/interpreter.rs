//! The tags of an interpreter: which Pythons and ABIs, on which of its platforms.

use std::sync::Arc;

use super::{Tags, platform};
use crate::python::Python;

pub(super) fn add_all(tags: &mut Tags, python: &Python) {
    let release = python.version.release();
    let version = (
        release.first().copied().unwrap_or_default(),
        release.get(1).copied().unwrap_or_default(),
    );
    let mut list = List {
        tags,
        platforms: platform::of(python),
    };
    match python.implementation.as_str() {
        "cpython" => {
            list.add_cpython(python, version);
            list.add_compatible(version, Some(format!("cp{}{}", version.0, version.1)));
        }
        "pypy" => {
            list.add_generic(
                &format!("pp{}{}", version.0, version.1),
                &pypy_abi(python, version),
            );
            list.add_compatible(version, Some("pp3".to_owned()));
        }
        other => {
            list.add_generic(&format!("{other}{}{}", version.0, version.1), "none");
            list.add_compatible(version, None);
        }
    }
}

struct List<'a> {
    tags: &'a mut Tags,
    /// Best first.
    platforms: Vec<Arc<str>>,
}

impl List<'_> {
    fn on_platforms(&mut self, python: &str, abi: &str) {
        let (python, abi) = (python.into(), abi.into());
        for platform in &self.platforms {
            self.tags.push(&python, &abi, platform);
        }
    }

    fn anywhere(&mut self, python: &str) {
        self.tags
            .push(&python.into(), &"none".into(), &"any".into());
    }

    /// The exact ABI, the stable ABI, none, then the stable ABI of every older minor version.
    fn add_cpython(&mut self, python: &Python, (major, minor): (u64, u64)) {
        let interpreter = format!("cp{major}{minor}");
        let flags = match (major, minor) {
            // `m`: pymalloc, part of the ABI until 3.7.
            (3, ..8) => "m",
            (3, 13..) if python.free_threaded => "t",
            _ => "",
        };
        // PEP 384 and, for free-threaded builds, PEP 803.
        let stable = if flags == "t" { "abi3t" } else { "abi3" };
        self.on_platforms(&interpreter, &format!("{interpreter}{flags}"));
        let has_stable = (major, minor) >= (3, 2);
        if has_stable {
            self.on_platforms(&interpreter, stable);
        }
        self.on_platforms(&interpreter, "none");
        if has_stable {
            for older in (2..minor).rev() {
                self.on_platforms(&format!("cp{major}{older}"), stable);
            }
        }
    }

    fn add_generic(&mut self, interpreter: &str, abi: &str) {
        self.on_platforms(interpreter, abi);
        if abi != "none" {
            self.on_platforms(interpreter, "none");
        }
    }

    /// Python code that needs no ABI, first for a platform, then for any.
    fn add_compatible(&mut self, version: (u64, u64), interpreter: Option<String>) {
        let pythons = python_range(version);
        for python in &pythons {
            self.on_platforms(python, "none");
        }
        if let Some(interpreter) = interpreter {
            self.anywhere(&interpreter);
        }
        for python in &pythons {
            self.anywhere(python);
        }
    }
}

/// `py312`, `py3`, `py311` … `py30`.
fn python_range((major, minor): (u64, u64)) -> Vec<String> {
    let older = (0..minor).rev().map(|older| format!("py{major}{older}"));
    [format!("py{major}{minor}"), format!("py{major}")]
        .into_iter()
        .chain(older)
        .collect()
}

/// `pypy39_pp73`: the language's version and PyPy's own.
fn pypy_abi(python: &Python, (major, minor): (u64, u64)) -> String {
    let own = &python.markers.implementation_version().version;
    let own: String = own.release().iter().take(2).map(u64::to_string).collect();
    format!("pypy{major}{minor}_pp{own}")
}
