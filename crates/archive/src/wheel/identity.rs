//! Whether METADATA and WHEEL say what the file name says.

use assay_types::{WheelName, file_name::MOST_TAGS, metadata::Metadata, wheel_info::WheelInfo};

use crate::{
    ArchiveError,
    error::{refused, require},
};

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

/// WHEEL's Tag rows and Build are those of the file name. An editable wheel that was built here may leave
/// Build out: setuptools names each of them `0.editable`, and nobody else ever sees one.
pub(super) fn check_info(
    info: &WheelInfo,
    name: &WheelName,
    is_own_editable: bool,
) -> Result<(), ArchiveError> {
    check_tags(info, name)?;
    if is_own_editable && info.build.is_none() {
        return Ok(());
    }
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

/// Every tag of the file name is covered by a Tag row, and every row covers one.
///
/// Off-spec, because of real wheels (`docs/archive-rules.md`): rows may be compressed sets (poetry,
/// maturin, ziglang); a row for the platform `any` covers a file name for one platform, which
/// claims less (playwright); a WHEEL without rows claims nothing (scikit-build puts them below an
/// empty line, where nobody reads them).
fn check_tags(info: &WheelInfo, name: &WheelName) -> Result<(), ArchiveError> {
    let disagree = || {
        let rows = info.tags.join(", ");
        refused("WHEEL tags", format!("{rows} in {}", name.as_str()))
    };
    if info.tags.is_empty() {
        return Ok(());
    }
    let triples = info.tags.iter().map(|row| triples(row));
    let triples = triples.fold(0, usize::saturating_add);
    require(triples <= MOST_TAGS, "WHEEL tags", || {
        format!("{triples} combinations, at most {MOST_TAGS} are accepted")
    })?;
    let mut rows = Vec::new();
    for row in &info.tags {
        rows.extend(expand(row).ok_or_else(disagree)?);
    }
    let wanted: Vec<String> = name.tags().map(|it| it.to_ascii_lowercase()).collect();
    let all_covered = wanted
        .iter()
        .all(|tag| rows.iter().any(|row| covers(row, tag)));
    let all_used = rows
        .iter()
        .all(|row| wanted.iter().any(|tag| covers(row, tag)));
    if all_covered && all_used {
        Ok(())
    } else {
        Err(disagree())
    }
}

/// For how many tags a row stands. Counted before any is made: the product of three long sets does
/// not fit in memory.
fn triples(row: &str) -> usize {
    let sets = row.split('-').map(|it| it.split('.').count());
    sets.fold(1, usize::saturating_mul)
}

/// The product of a compressed tag set (PEP 425); `None` where the row is none.
fn expand(row: &str) -> Option<Vec<String>> {
    let row = row.to_ascii_lowercase();
    let mut sets = row.split('-').map(|it| it.split('.'));
    let (python, abi, platform) = (sets.next()?, sets.next()?, sets.next()?);
    if sets.next().is_some() {
        return None;
    }
    let mut tags = Vec::new();
    for python in python {
        for abi in abi.clone() {
            tags.extend(platform.clone().map(|it| format!("{python}-{abi}-{it}")));
        }
    }
    Some(tags)
}

/// Whether a wheel built for `row` runs wherever one named `tag` may go.
fn covers(row: &str, tag: &str) -> bool {
    let for_any = || {
        let everywhere = row.strip_suffix("-any");
        everywhere.is_some() && everywhere == tag.rsplit_once('-').map(|(head, _)| head)
    };
    row == tag || for_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_editable_of_ones_own_may_leave_its_build_tag_out() {
        let name = WheelName::parse("demo-1.0-0.editable-py3-none-any.whl").unwrap();
        let info = |build: &str| {
            let text =
                format!("Wheel-Version: 1.0\nRoot-Is-Purelib: true\n{build}Tag: py3-none-any\n");
            WheelInfo::parse(text.as_bytes()).unwrap()
        };
        assert!(check_info(&info(""), &name, true).is_ok());
        assert!(check_info(&info(""), &name, false).is_err());
        assert!(check_info(&info("Build: 0.editable\n"), &name, false).is_ok());
        assert!(check_info(&info("Build: 1\n"), &name, true).is_err());
    }
}
