//! Platform tags, best first.

use std::sync::Arc;

use crate::python::{Libc, Python};

/// Where manylinux ends on architectures that CentOS 5 ran on, and on the others (PEP 600).
const OLDEST_GLIBC_MINOR_X86: u32 = 5;
const OLDEST_GLIBC_MINOR: u32 = 17;
/// Names that manylinux tags had before PEP 600, by minor version of glibc 2.
const LEGACY: [(u32, &str); 3] = [
    (17, "manylinux2014"),
    (12, "manylinux2010"),
    (5, "manylinux1"),
];
/// Architectures that manylinux knows.
const MANYLINUX: [&str; 9] = [
    "x86_64",
    "i686",
    "aarch64",
    "armv7l",
    "ppc64",
    "ppc64le",
    "s390x",
    "loongarch64",
    "riscv64",
];

pub(super) fn of(python: &Python) -> Vec<Arc<str>> {
    let platform = python.platform.replace(['-', '.', ' '], "_");
    let tags = if let Some(architecture) = platform.strip_prefix("linux_") {
        linux(architecture, python)
    } else if let Some(macos) = python.platform.strip_prefix("macosx-") {
        macos_tags(macos).unwrap_or_else(|| vec![platform])
    } else {
        vec![platform]
    };
    tags.into_iter().map(Arc::from).collect()
}

/// A platform tag with those of older systems whose files run there too, as pip expands what was
/// asked for: macOS, iOS and Android by their versions, and the names that manylinux had before
/// PEP 600. `manylinux_2_28_x86_64` stands for itself alone.
pub(super) fn with_older(platform: &str) -> Vec<String> {
    let (family, rest) = platform.split_once('_').unwrap_or((platform, ""));
    let older = match family {
        "manylinux2014" if matches!(rest, "x86_64" | "i686") => Some(legacy(
            &["manylinux2014", "manylinux2010", "manylinux1"],
            rest,
        )),
        "manylinux2010" => Some(legacy(&["manylinux2010", "manylinux1"], rest)),
        "macosx" => apple(rest).and_then(|it| macos_tags(&it)),
        "ios" => ios_tags(rest),
        "android" => android_tags(rest),
        _ => None,
    };
    older.unwrap_or_else(|| vec![platform.to_owned()])
}

fn legacy(names: &[&str], architecture: &str) -> Vec<String> {
    let tags = names.iter().map(|it| format!("{it}_{architecture}"));
    tags.collect()
}

/// `14_0_arm64` is `14.0-arm64`.
fn apple(rest: &str) -> Option<String> {
    let (major, minor, architecture) = version_and_rest(rest)?;
    Some(format!("{major}.{minor}-{architecture}"))
}

/// The two numbers that a tag's rest begins with.
fn version_and_rest(rest: &str) -> Option<(u32, u32, &str)> {
    let mut parts = rest.splitn(3, '_');
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next()?.parse().ok()?;
    Some((major, minor, parts.next()?))
}

/// Every minor version down to 12.0; of older major versions as many as there might be.
fn ios_tags(rest: &str) -> Option<Vec<String>> {
    const OLDEST: u32 = 12;
    const LAST_MINOR: u32 = 9;
    let (newest, minor, machine) = version_and_rest(rest)?;
    let tags = (OLDEST..=newest).rev().flat_map(|major| {
        let last = if major == newest { minor } else { LAST_MINOR };
        let minors = (0..=last).rev();
        minors.map(move |minor| format!("ios_{major}_{minor}_{machine}"))
    });
    Some(tags.collect())
}

/// Every API level down to 16.
fn android_tags(rest: &str) -> Option<Vec<String>> {
    const OLDEST: u32 = 16;
    let (level, machine) = rest.split_once('_')?;
    let level: u32 = level.parse().ok()?;
    let levels = (OLDEST..=level).rev();
    Some(levels.map(|it| format!("android_{it}_{machine}")).collect())
}

fn linux(architecture: &str, python: &Python) -> Vec<String> {
    let narrow = python.pointer_width == 32;
    let architectures: &[&str] = match architecture {
        "x86_64" if narrow => &["i686"],
        "aarch64" if narrow => &["armv8l", "armv7l"],
        "armv8l" => &["armv8l", "armv7l"],
        other => &[other],
    };
    let mut tags: Vec<String> = architectures
        .iter()
        .map(|it| format!("linux_{it}"))
        .collect();
    let supported = architectures.iter().any(|it| MANYLINUX.contains(it));
    for architecture in architectures {
        match python.libc {
            Libc::Glibc(major, minor) if supported => {
                manylinux(&mut tags, architecture, major, minor);
            }
            Libc::Musl(major, minor) => tags.extend(
                (0..=minor)
                    .rev()
                    .map(|minor| format!("musllinux_{major}_{minor}_{architecture}")),
            ),
            Libc::Glibc(..) | Libc::None => {}
        }
    }
    tags
}

/// glibc 2 only: there is no other yet, and its last minor version is not known.
fn manylinux(tags: &mut Vec<String>, architecture: &str, major: u32, minor: u32) {
    if major != 2 {
        return;
    }
    let oldest = match architecture {
        "x86_64" | "i686" => OLDEST_GLIBC_MINOR_X86,
        _ => OLDEST_GLIBC_MINOR,
    };
    for minor in (oldest..=minor).rev() {
        tags.push(format!("manylinux_2_{minor}_{architecture}"));
        if let Some((_, legacy)) = LEGACY.iter().find(|(it, _)| *it == minor) {
            tags.push(format!("{legacy}_{architecture}"));
        }
    }
}

/// `14.0-arm64`: every older macOS, by the years since 11 and by the minor versions of 10.
fn macos_tags(text: &str) -> Option<Vec<String>> {
    let (version, architecture) = text.split_once('-')?;
    let mut numbers = version.split('.').map(str::parse::<u32>);
    let major = numbers.next()?.ok()?;
    let minor = numbers.next().unwrap_or(Ok(0)).ok()?;
    let mut tags = Vec::new();
    let mut add = |major, minor, formats: &[&str]| {
        tags.extend(
            formats
                .iter()
                .map(|it| format!("macosx_{major}_{minor}_{it}")),
        );
    };
    if major == 10 {
        for minor in (0..=minor).rev() {
            add(10, minor, &binary_formats((10, minor), architecture));
        }
    }
    for major in (11..=major).rev() {
        add(major, 0, &binary_formats((major, 0), architecture));
    }
    if major >= 11 {
        for minor in (4..=16).rev() {
            match architecture {
                "x86_64" => add(10, minor, &binary_formats((10, minor), architecture)),
                // Only the other half of a universal2 file may be older than 11.
                _ => add(10, minor, &["universal2"]),
            }
        }
    }
    Some(tags)
}

/// The file formats that hold code for an architecture, with the fat ones of their time.
fn binary_formats(version: (u32, u32), architecture: &str) -> Vec<&str> {
    let mut formats = vec![architecture];
    match architecture {
        "x86_64" | "i386" if version < (10, 4) => return Vec::new(),
        "x86_64" => formats.extend(["intel", "fat64", "fat3"]),
        "i386" => formats.extend(["intel", "fat3", "fat"]),
        "ppc64" if !((10, 4)..=(10, 5)).contains(&version) => return Vec::new(),
        "ppc64" => formats.push("fat64"),
        "ppc" if version > (10, 6) => return Vec::new(),
        "ppc" => formats.extend(["fat3", "fat"]),
        _ => {}
    }
    if matches!(architecture, "arm64" | "x86_64") {
        formats.push("universal2");
    }
    if matches!(architecture, "x86_64" | "i386" | "ppc64" | "ppc" | "intel") {
        formats.push("universal");
    }
    formats
}
