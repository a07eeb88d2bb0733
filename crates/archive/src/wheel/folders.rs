//! The two special folders at the top of a wheel.

use std::{collections::BTreeSet, str::FromStr as _};

use assay_types::{SafePath, Version, WheelName, names};

use crate::{
    ArchiveError, Kind,
    error::{refused, require},
    zip::Entry,
};

/// The folders, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Folders {
    /// Such as `flask-1.0.dist-info`.
    pub(super) dist_info: String,
    /// Such as `flask-1.0.data`.
    pub(super) data: Option<String>,
}

pub(super) const DIST_INFO: &str = ".dist-info";
const DATA: &str = ".data";
/// Written by installers; a wheel that brings them would speak in their name.
const INSTALLERS_OWN: [&str; 4] = ["INSTALLER", "REQUESTED", "direct_url.json", "assay.json"];
/// RECORD and its signatures, which RECORD does not list (binary distribution format).
const RECORD_FILES: [&str; 3] = ["RECORD", "RECORD.jws", "RECORD.p7s"];

impl Folders {
    /// Whether this is RECORD or a signature of it, which are never installed.
    pub(super) fn is_record(&self, path: &SafePath) -> bool {
        path.strip_prefix(&self.dist_info)
            .is_some_and(|rest| RECORD_FILES.contains(&rest.as_str()))
    }
}

/// Finds exactly one top-level `*.dist-info` and at most one `*.data`, both named for the project
/// and version of the file name, compared as such. Folders of that kind further down are ordinary
/// content: real wheels vendor other distributions.
pub(super) fn find(entries: &[Entry], name: &WheelName) -> Result<Folders, ArchiveError> {
    let dist_info = one(entries, DIST_INFO, name)?
        .ok_or_else(|| refused("dist-info", "there is no .dist-info folder at the top"))?;
    let data = one(entries, DATA, name)?;
    let folders = Folders { dist_info, data };
    check_dist_info(entries, &folders)?;
    check_eggs(entries)?;
    Ok(folders)
}

/// The one top-level name that ends like that, in whatever case: file systems may not tell.
fn one(
    entries: &[Entry],
    suffix: &'static str,
    name: &WheelName,
) -> Result<Option<String>, ArchiveError> {
    let rule = if suffix == DIST_INFO {
        "dist-info"
    } else {
        "data folder"
    };
    let tops = entries.iter().filter_map(|it| it.path.parts().next());
    let tops: BTreeSet<&str> = tops.collect();
    let mut tops = tops
        .into_iter()
        .filter(|it| it.to_lowercase().ends_with(suffix));
    let Some(top) = tops.next() else {
        return Ok(None);
    };
    if let Some(other) = tops.next() {
        return Err(refused(rule, format!("there are two: {top} and {other}")));
    }
    let is_folder = entries
        .iter()
        .all(|it| it.path.as_str() != top || it.kind == Kind::Directory);
    require(is_folder, rule, || format!("{top} is a file"))?;
    let ours = top
        .strip_suffix(suffix)
        .is_some_and(|stem| is_stem(stem, name));
    require(ours, rule, || {
        format!("{top} is not named for {}", name.as_str())
    })?;
    Ok(Some(top.to_owned()))
}

/// Whether `stem` is `project-version` of that wheel. Old tools left dashes in names, so the last
/// dash counts, as for those who list what is installed: `pkg-1.0-1` is a project `pkg-1.0` to
/// them, not a post-release of `pkg`.
fn is_stem(stem: &str, name: &WheelName) -> bool {
    stem.rsplit_once('-').is_some_and(|(project, version)| {
        names::project(project).as_ref() == Some(name.project())
            && Version::from_str(version).as_ref() == Ok(name.version())
    })
}

fn check_dist_info(entries: &[Entry], folders: &Folders) -> Result<(), ArchiveError> {
    for entry in entries {
        let Some(rest) = entry.path.strip_prefix(&folders.dist_info) else {
            continue;
        };
        let reserved = INSTALLERS_OWN
            .iter()
            .any(|it| it.eq_ignore_ascii_case(rest.as_str()));
        require(!reserved, "installer's file", || {
            format!("{} may be written by an installer only", entry.path)
        })?;
    }
    Ok(())
}

/// Metadata of the older kind, at the top, is another distribution to every tool that lists them.
fn check_eggs(entries: &[Entry]) -> Result<(), ArchiveError> {
    let tops: BTreeSet<&str> = entries
        .iter()
        .filter_map(|it| it.path.parts().next())
        .collect();
    match tops.into_iter().find(|it| is_egg(it)) {
        None => Ok(()),
        Some(top) => Err(refused("egg metadata", top)),
    }
}

/// Whether a name among the libraries announces a distribution in the older way.
pub(super) fn is_egg(name: &str) -> bool {
    let name = name.to_lowercase();
    name.ends_with(".egg-info") || name.ends_with(".egg-link")
}
