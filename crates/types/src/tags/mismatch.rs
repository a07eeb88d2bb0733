//! Why a wheel does not fit, in words.

use super::Tags;
use crate::WheelName;

/// The first of Python, ABI and platform that fits nowhere is the reason.
///
/// Of older CPythons only the stable ABI is taken, so a wheel for one of them is told by its
/// Python and not by its ABI.
pub(super) fn reason(tags: &Tags, wheel: &WheelName) -> Mismatch {
    let pythons: Vec<_> = wheel
        .python()
        .iter()
        .filter_map(|python| tags.ranks.get(python.as_str()))
        .collect();
    let abi_fits = pythons.iter().any(|abis| {
        wheel
            .abi()
            .iter()
            .any(|abi| abis.contains_key(abi.as_str()))
    });
    if !abi_fits && !pythons.iter().any(|abis| abis.contains_key("none")) {
        return Mismatch::new(0, list(wheel.python(), python));
    }
    if !abi_fits {
        return Mismatch::new(1, format!("the ABI {}", wheel.abi().join(" or ")));
    }
    Mismatch::new(2, list(wheel.platform(), platform))
}

/// What a wheel was built for. Of two, the greater one comes nearer to fitting.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mismatch {
    /// How many of Python, ABI and platform fit, in this order.
    fits: u8,
    built_for: String,
}

impl Mismatch {
    fn new(fits: u8, built_for: String) -> Self {
        Self { fits, built_for }
    }

    /// Whether Python and ABI fit, so that the platform alone does not.
    pub fn is_other_platform(&self) -> bool {
        self.fits == 2
    }

    /// How many of Python, ABI and platform fit, in this order.
    pub fn fits(&self) -> u8 {
        self.fits
    }
}

/// "built for CPython 3.8", "built for Windows", …; unescaped.
impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "built for {}", self.built_for)
    }
}

fn list(tags: &[String], describe: impl Fn(&str) -> String) -> String {
    let mut words: Vec<String> = tags.iter().map(|tag| describe(tag)).collect();
    words.dedup();
    words.join(" or ")
}

/// `cp38` is "CPython 3.8".
fn python(tag: &str) -> String {
    let digits = tag.find(|c: char| c.is_ascii_digit()).unwrap_or(tag.len());
    let (name, version) = tag.split_at(digits);
    let name = match name {
        "py" => "Python",
        "cp" => "CPython",
        "pp" => "PyPy",
        _ => return tag.to_owned(),
    };
    match version.split_at_checked(1) {
        Some((major, "")) => format!("{name} {major}"),
        Some((major, minor)) => format!("{name} {major}.{minor}"),
        None => name.to_owned(),
    }
}

/// `win_amd64` is "Windows (win_amd64)"; manylinux names the C library it needs.
fn platform(tag: &str) -> String {
    let parts: Vec<&str> = tag.splitn(4, '_').collect();
    match parts[..] {
        ["manylinux", major, minor, architecture] => {
            format!("Linux with glibc {major}.{minor} on {architecture}")
        }
        ["musllinux", major, minor, architecture] => {
            format!("Linux with musl {major}.{minor} on {architecture}")
        }
        ["macosx", major, minor, architecture] => {
            format!("macOS {major}.{minor} on {architecture}")
        }
        _ if tag.starts_with("win") => format!("Windows ({tag})"),
        _ => tag.to_owned(),
    }
}
