//! RECORD, compared with what the archive holds.

use std::collections::{HashMap, HashSet};

use assay_types::{Digest, SafePath, record::Row};

use super::folders::Folders;
use crate::{
    ArchiveError, Kind,
    error::{refused, require},
    zip::Entry,
};

/// The rows of a RECORD whose paths are safe, by path.
pub(super) struct Record {
    rows: HashMap<SafePath, Row>,
}

/// Parses RECORD. Paths that are absolute, lead out or occur twice are refused whatever the
/// options say: an uninstaller that believed them would delete other people's files.
pub(super) fn read(bytes: &[u8]) -> Result<Record, ArchiveError> {
    let parsed = assay_types::record::parse(bytes).map_err(|why| refused("RECORD", why))?;
    let mut rows = HashMap::with_capacity(parsed.len());
    for row in parsed {
        let path = SafePath::parse(&row.path)
            .map_err(|why| refused("RECORD path", format!("{}: {why}", row.path)))?;
        if let Some(twice) = rows.insert(path, row) {
            return Err(refused(
                "RECORD path",
                format!("{} occurs twice", twice.path),
            ));
        }
    }
    Ok(Record { rows })
}

impl Record {
    /// What a file must hash to.
    pub(super) fn digest(&self, path: &SafePath) -> Option<&Digest> {
        self.rows.get(path)?.digest.as_ref()
    }

    /// RECORD lists exactly the regular files: each with digest and size, itself without either.
    /// All 240 real wheels that were looked at give both. Its signatures may be listed or not:
    /// the specification says not, and they are never installed.
    pub(super) fn check_set(
        &self,
        entries: &[Entry],
        folders: &Folders,
    ) -> Result<(), ArchiveError> {
        let mut listed = 0;
        for entry in entries.iter().filter(|it| it.kind != Kind::Directory) {
            let row = self.rows.get(&entry.path);
            listed += usize::from(row.is_some());
            if folders.is_record(&entry.path) {
                self.check_own(row, entry)?;
            } else {
                check_row(row, entry)?;
            }
        }
        if listed == self.rows.len() {
            return Ok(());
        }
        let regular = entries.iter().filter(|it| it.kind != Kind::Directory);
        let present: HashSet<&SafePath> = regular.map(|it| &it.path).collect();
        let absent = self.rows.keys().filter(|it| !present.contains(it)).min();
        Err(refused(
            "RECORD row without a file",
            absent.map_or("RECORD", SafePath::as_str),
        ))
    }

    /// RECORD must list itself, without a digest that it cannot have.
    fn check_own(&self, row: Option<&Row>, entry: &Entry) -> Result<(), ArchiveError> {
        let Some(row) = row else {
            let is_record = entry.path.file_name() == "RECORD";
            return require(!is_record, "file not in RECORD", || &entry.path);
        };
        let blank = row.digest.is_none() && row.size.is_none();
        require(blank, "RECORD row", || {
            format!("{}: a digest or size of itself", entry.path)
        })
    }
}

fn check_row(row: Option<&Row>, entry: &Entry) -> Result<(), ArchiveError> {
    let row = row.ok_or_else(|| refused("file not in RECORD", &entry.path))?;
    require(row.digest.is_some(), "RECORD digest", || {
        format!("{}: there is none", entry.path)
    })?;
    require(row.size == Some(entry.size), "RECORD size", || {
        format!("{}: it has {} bytes", entry.path, entry.size)
    })
}
