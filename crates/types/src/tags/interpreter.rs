//! The tags of an interpreter: which Pythons and ABIs, on which of its platforms.

use std::sync::Arc;

use super::{Tags, platform};
use crate::python::Python;

pub(super) fn add_all(tags: &mut Tags, python: &Python) {
    let version = major_minor(python);
    let mut list = List {
        tags,
        platforms: platform::of(python),
    };
    let interpreter = format!("{}{}{}", short_name(python), version[0], version[1]);
    match python.implementation.as_str() {
        "cpython" => {
            list.add_cpython(
                &version,
                cpython_abi(python, &version).into_iter().collect(),
            );
            list.add_compatible(&version, Some(interpreter));
        }
        "pypy" => {
            list.on_platforms(&interpreter, &pypy_abi(python, &version));
            list.on_platforms(&interpreter, "none");
            list.add_compatible(&version, Some("pp3".to_owned()));
        }
        _ => {
            list.on_platforms(&interpreter, "none");
            list.add_compatible(&version, None);
        }
    }
}

/// How Python tags begin for this implementation.
pub(super) fn short_name(python: &Python) -> &str {
    match python.implementation.as_str() {
        "cpython" => "cp",
        "pypy" => "pp",
        other => other,
    }
}

/// The first two numbers of the version.
pub(super) fn major_minor(python: &Python) -> Vec<u64> {
    let release = python.version.release();
    let number = |at: usize| release.get(at).copied().unwrap_or_default();
    vec![number(0), number(1)]
}

/// `cp312`, with the flags that the version had by default; none where the minor version is not
/// known.
pub(super) fn cpython_abi(python: &Python, version: &[u64]) -> Option<String> {
    let &[major, minor] = version else {
        return None;
    };
    let flags = match (major, minor) {
        // `m`: pymalloc, part of the ABI until 3.7; `u`: wide characters, until 3.2.
        (..=2, _) | (3, ..3) => "mu",
        (3, ..8) => "m",
        (3, 13..) if python.free_threaded => "t",
        _ => "",
    };
    Some(format!("cp{major}{minor}{flags}"))
}

/// The ABI of the interpreter at hand.
pub(super) fn own_abi(python: &Python) -> String {
    let version = major_minor(python);
    let own = match python.implementation.as_str() {
        "cpython" => cpython_abi(python, &version),
        "pypy" => Some(pypy_abi(python, &version)),
        _ => None,
    };
    own.unwrap_or_else(|| "none".to_owned())
}

/// Tags under way.
pub(super) struct List<'a> {
    pub tags: &'a mut Tags,
    /// Best first.
    pub platforms: Vec<Arc<str>>,
}

impl List<'_> {
    pub fn on_platforms(&mut self, python: &str, abi: &str) {
        let (python, abi) = (python.into(), abi.into());
        for platform in &self.platforms {
            self.tags.push(&python, &abi, platform);
        }
    }

    fn anywhere(&mut self, python: &str) {
        self.tags
            .push(&python.into(), &"none".into(), &"any".into());
    }

    /// The exact ABIs, the stable ABI, none, then the stable ABI of every older minor version. A
    /// version without a minor one has no stable ABI.
    pub fn add_cpython(&mut self, version: &[u64], mut abis: Vec<String>) {
        let interpreter = format!("cp{}", joined(version));
        let threaded = abis.first().is_some_and(|it| is_free_threaded(it));
        // PEP 384 and, for free-threaded builds, PEP 803. Both come in their own turn.
        let stable = if threaded { "abi3t" } else { "abi3" };
        abis.retain(|it| it != "none" && it != "abi3" && it != stable);
        abis.iter()
            .for_each(|abi| self.on_platforms(&interpreter, abi));
        let older = match *version {
            [major, minor] if (major, minor) >= (3, 2) => 2..minor,
            _ => 0..0,
        };
        let has_stable = version.len() > 1 && *version >= [3, 2][..];
        if has_stable {
            self.on_platforms(&interpreter, stable);
        }
        self.on_platforms(&interpreter, "none");
        for minor in older.rev() {
            self.on_platforms(&format!("cp{}{minor}", version[0]), stable);
        }
    }

    /// Python code that needs no ABI, first for a platform, then for any.
    pub fn add_compatible(&mut self, version: &[u64], interpreter: Option<String>) {
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

/// `[3, 12]` is `312`.
pub(super) fn joined(version: &[u64]) -> String {
    version.iter().map(u64::to_string).collect()
}

/// `cp313t`: a `t` among the flags.
fn is_free_threaded(abi: &str) -> bool {
    let Some(rest) = abi.strip_prefix("cp") else {
        return false;
    };
    let flags = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    flags.len() < rest.len() && flags.contains('t')
}

/// `py312`, `py3`, `py311` … `py30`; `py3` alone where the minor version is not known.
fn python_range(version: &[u64]) -> Vec<String> {
    match *version {
        [major, minor] => {
            let older = (0..minor).rev().map(|older| format!("py{major}{older}"));
            [format!("py{major}{minor}"), format!("py{major}")]
                .into_iter()
                .chain(older)
                .collect()
        }
        _ => vec![format!("py{}", joined(version))],
    }
}

/// `pypy39_pp73`: the language's version and PyPy's own.
fn pypy_abi(python: &Python, version: &[u64]) -> String {
    let own = &python.markers.implementation_version().version;
    let own: String = own.release().iter().take(2).map(u64::to_string).collect();
    format!("pypy{}_pp{own}", joined(version))
}
