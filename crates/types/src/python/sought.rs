//! Another Python than the one at hand, as far as pip's options describe it.

use std::str::FromStr as _;

use super::Python;
use crate::{MarkerEnvironment, Version};

/// What `--platform`, `--python-version`, `--implementation` and `--abi` say. What none of them
/// says is as the interpreter at hand has it. [`Tags::sought`](crate::tags::Tags::sought) gives
/// the wheel tags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// Platform tags such as `manylinux2014_x86_64`, best first; none for the platform at hand.
    pub platforms: Vec<String>,
    /// One to three numbers: `[3]`, `[3, 12]`, `[3, 12, 1]`.
    pub version: Option<Vec<u64>>,
    /// The beginning of a Python tag: `cp`, `pp`, `py`.
    pub implementation: Option<String>,
    /// ABI tags, best first; none for those of the version.
    pub abis: Vec<String>,
}

/// Why a text is no value of `--python-version`, in pip's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoVersion {
    /// `3.12.1.0`.
    #[error("at most three version parts are allowed")]
    TooLong,
    /// `3.x`.
    #[error("each version part must be an integer")]
    NoNumber,
}

impl Sought {
    /// Reads a value of `--python-version`: `3`, `3.12`, `3.12.1`, or `312`, which is 3.12.
    pub fn parse_version(text: &str) -> Result<Vec<u64>, NoVersion> {
        let parts: Vec<&str> = match text.split('.').collect::<Vec<_>>()[..] {
            [major_minor] => match major_minor.split_at_checked(1) {
                Some((major, minor)) if !minor.is_empty() => vec![major, minor],
                _ => vec![major_minor],
            },
            ref parts if parts.len() <= 3 => parts.to_vec(),
            _ => return Err(NoVersion::TooLong),
        };
        let is_number = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
        let number = |it: &str| {
            let number = is_number(it).then(|| it.parse().ok()).flatten();
            number.ok_or(NoVersion::NoNumber)
        };
        parts.into_iter().map(number).collect()
    }

    /// Whether nothing differs from the interpreter at hand.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The full version, for `Requires-Python`; what is left out counts as zero, as in pip.
    pub fn version(&self, python: &Python) -> Version {
        match &self.version {
            None => python.version.clone(),
            Some(numbers) => Version::new((0..3).map(|at| numbers.get(at).copied().unwrap_or(0))),
        }
    }

    /// Marker values of the Python that is sought. pip takes those of the interpreter that it runs
    /// on, and so leaves out what only the sought one needs.
    ///
    /// Platforms that disagree about the system or the machine leave both as they are here. The
    /// release and version of another system are unknown: empty.
    pub fn markers(&self, python: &Python) -> MarkerEnvironment {
        let mut markers = python.markers.clone();
        let names = self.implementation.as_deref().and_then(implementation);
        if let Some((name, display_name)) = names {
            markers = markers
                .with_implementation_name(name)
                .with_platform_python_implementation(display_name);
        }
        if self.version.is_some() {
            markers = self.with_version(markers, python);
        }
        let mut systems = self.platforms.iter().filter_map(|it| System::of(it));
        match systems.next() {
            Some(system) if systems.all(|it| it == system) => system.with(markers),
            _ => markers,
        }
    }

    fn with_version(&self, markers: MarkerEnvironment, python: &Python) -> MarkerEnvironment {
        let full = self.version(python);
        let numbers = full.release();
        let short = Version::new(numbers.iter().take(2).copied()).to_string();
        let full = full.to_string();
        let is_cpython = markers.implementation_name() == "cpython";
        // What was parsed once parses again.
        let text = |it: &str| pep508_rs::StringVersion::from_str(it);
        let (Ok(short), Ok(full)) = (text(&short), text(&full)) else {
            return markers;
        };
        let markers = match is_cpython {
            true => markers.with_implementation_version(full.clone()),
            false => markers,
        };
        markers
            .with_python_version(short)
            .with_python_full_version(full)
    }
}

/// `implementation_name` and `platform_python_implementation`.
fn implementation(tag: &str) -> Option<(&'static str, &'static str)> {
    match tag {
        "cp" => Some(("cpython", "CPython")),
        "pp" => Some(("pypy", "PyPy")),
        _ => None,
    }
}

/// What a platform tag says of the machine.
#[derive(PartialEq, Eq)]
struct System {
    os_name: &'static str,
    sys_platform: &'static str,
    platform_system: &'static str,
    machine: String,
}

impl System {
    /// `None` where the tag tells no system that CPython's markers name.
    fn of(platform: &str) -> Option<Self> {
        let platform = platform.to_ascii_lowercase();
        let (os_name, sys_platform, platform_system, machine) = match platform.as_str() {
            "win32" => ("nt", "win32", "Windows", "x86"),
            "win_amd64" => ("nt", "win32", "Windows", "AMD64"),
            "win_arm64" => ("nt", "win32", "Windows", "ARM64"),
            other => match (architecture(other)?, other) {
                (it, other) if other.starts_with("macosx_") => ("posix", "darwin", "Darwin", it),
                (it, _) => ("posix", "linux", "Linux", it),
            },
        };
        Some(Self {
            os_name,
            sys_platform,
            platform_system,
            machine: machine.to_owned(),
        })
    }

    fn with(self, markers: MarkerEnvironment) -> MarkerEnvironment {
        let is_other = markers.platform_system() != self.platform_system;
        let markers = match is_other {
            true => markers.with_platform_release("").with_platform_version(""),
            false => markers,
        };
        markers
            .with_os_name(self.os_name)
            .with_sys_platform(self.sys_platform)
            .with_platform_system(self.platform_system)
            .with_platform_machine(self.machine)
    }
}

/// The machine in a tag of Linux or macOS. A file for several machines names none.
fn architecture(platform: &str) -> Option<&str> {
    let (family, rest) = platform.split_once('_')?;
    let machine = match family {
        "linux" | "manylinux1" | "manylinux2010" | "manylinux2014" => rest,
        "manylinux" | "musllinux" | "macosx" => rest.splitn(3, '_').nth(2)?,
        _ => return None,
    };
    let is_one = !machine.starts_with("universal") && !machine.starts_with("fat");
    (is_one && machine != "intel").then_some(machine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_pip_reads_them() {
        let read = |text| Sought::parse_version(text);
        assert_eq!(read("3"), Ok(vec![3]));
        assert_eq!(read("3.12"), Ok(vec![3, 12]));
        assert_eq!(read("312"), Ok(vec![3, 12]));
        assert_eq!(read("3.12.1"), Ok(vec![3, 12, 1]));
        assert_eq!(read("3.12.1.0"), Err(NoVersion::TooLong));
        for text in ["", "3.", "3.x", "x", "+3", "3 12", "é"] {
            assert_eq!(read(text), Err(NoVersion::NoNumber), "{text}");
        }
    }

    #[test]
    fn platform_tags_tell_system_and_machine() {
        let of = |tag| System::of(tag).map(|it| (it.sys_platform, it.machine));
        let expect = |system, machine: &str| Some((system, machine.to_owned()));
        assert_eq!(of("manylinux2014_x86_64"), expect("linux", "x86_64"));
        assert_eq!(of("manylinux_2_17_aarch64"), expect("linux", "aarch64"));
        assert_eq!(of("musllinux_1_2_x86_64"), expect("linux", "x86_64"));
        assert_eq!(of("linux_armv7l"), expect("linux", "armv7l"));
        assert_eq!(of("macosx_11_0_arm64"), expect("darwin", "arm64"));
        assert_eq!(of("macosx_10_9_x86_64"), expect("darwin", "x86_64"));
        assert_eq!(of("WIN_AMD64"), expect("win32", "AMD64"));
        for unclear in ["any", "macosx_11_0_universal2", "android_24_arm64_v8a", ""] {
            assert_eq!(of(unclear), None, "{unclear}");
        }
    }
}
