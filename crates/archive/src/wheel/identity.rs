//! Whether METADATA and WHEEL say what the file name says.

use std::collections::BTreeSet;

use assay_types::{WheelName, metadata::Metadata, wheel_info::WheelInfo};

use crate::{ArchiveError, error::require};

/// Name and version, compared normalised and by PEP 440.
pub(super) fn check_metadata(metadata: &Metadata, name: &WheelName) -> Result<(), ArchiveError> {
    require(&metadata.name == name.project(), "METADATA name", || {
        format!("{} in {}", metadata.display_name, name.as_str())
    })?;
    require(
        &metadata.version == name.version(),
        "METADATA version",
        || format!("{} in {}", metadata.version, name.as_str()),
    )
}

/// WHEEL's Tag rows are the file name's tags, expanded, as a set: the specification says so, and so
/// it is in all 240 real wheels that were looked at. Build agrees, too.
pub(super) fn check_info(info: &WheelInfo, name: &WheelName) -> Result<(), ArchiveError> {
    let expected: BTreeSet<String> = name.tags().map(|it| it.to_ascii_lowercase()).collect();
    let tags: BTreeSet<String> = info.tags.iter().map(|it| it.to_ascii_lowercase()).collect();
    require(tags == expected, "WHEEL tags", || {
        format!("{} in {}", list(&tags), name.as_str())
    })?;
    let build = info.build.as_deref().map(split_build);
    let expected = name.build().map(|(number, rest)| (*number, rest.as_str()));
    require(
        build.flatten() == expected && build != Some(None),
        "WHEEL build",
        || {
            format!(
                "{} in {}",
                info.build.as_deref().unwrap_or("no build tag"),
                name.as_str()
            )
        },
    )
}

/// The leading number and the rest, as file names have it; `None` without a number.
fn split_build(build: &str) -> Option<(u64, &str)> {
    let end = build
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(build.len());
    let (number, rest) = build.split_at(end);
    Some((number.parse().ok()?, rest))
}

fn list(tags: &BTreeSet<String>) -> String {
    let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
    if tags.is_empty() {
        "no tags".to_owned()
    } else {
        tags.join(", ")
    }
}
