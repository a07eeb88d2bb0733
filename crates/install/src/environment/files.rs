//! The files of a distribution, as whoever installed it listed them.

use assay_types::record::{self, Row};

use super::{Distribution, InstalledKind};
use crate::{Error, Result};

impl Distribution {
    /// RECORD's rows. Paths are relative to [`Distribution::site`].
    pub fn record(&self) -> Result<Vec<Row>> {
        let Some(bytes) = self.file("RECORD")? else {
            return Err(self.broken(self.no_record()?));
        };
        record::parse(&bytes).map_err(|error| self.broken(error.to_string()))
    }

    /// The paths that RECORD lists, or the `installed-files.txt` of old versions of pip, sorted and
    /// relative to [`Distribution::site`]; `None` where there is neither. For people: nothing is
    /// removed by it.
    pub fn files(&self) -> Result<Option<Vec<String>>> {
        let mut paths = match self.file("RECORD")? {
            Some(record) => {
                record::paths(&record).map_err(|error| self.broken(error.to_string()))?
            }
            None => match self.file("installed-files.txt")? {
                Some(list) => listed(self.folder(), &String::from_utf8_lossy(&list)),
                None => return Ok(None),
            },
        };
        paths.sort_unstable();
        Ok(Some(paths))
    }

    /// The paths in its RECORD; none where it has no RECORD. What does not read as CSV is an error
    /// of its own: the distribution might claim any file.
    pub(crate) fn claims(&self) -> Result<Vec<String>> {
        let Some(bytes) = self.file("RECORD")? else {
            return Ok(Vec::new());
        };
        record::paths(&bytes).map_err(|error| Error::UnknownClaims {
            folder: self.path(),
            why: error.to_string(),
        })
    }

    /// Why the distribution cannot be removed, in the words that pip begins with.
    fn cannot_go(&self, why: String) -> Error {
        Error::CannotUninstall {
            name: format!("{} {}", self.spelling(), self.version()),
            why,
        }
    }

    /// RECORD's rows for removing what they list.
    pub(crate) fn record_to_remove(&self) -> Result<Vec<Row>> {
        let why = match self.kind() {
            InstalledKind::DistInfo => {
                return self.record().map_err(|error| match error {
                    Error::Distribution { why, .. } => self.cannot_go(why),
                    other => other,
                });
            }
            InstalledKind::EggInfo => {
                "it was installed by setuptools without a list of its files; remove it with the \
                 tool that installed it"
            }
            InstalledKind::EggFile => {
                "it was installed by distutils, which leaves no list of the files; remove it with \
                 the tool that installed it"
            }
        };
        Err(self.cannot_go(why.to_owned()))
    }

    /// Whoever installed it without a RECORD may know its files.
    fn no_record(&self) -> Result<String> {
        let fact = "it has no RECORD that lists its files";
        let by = self.installer()?;
        Ok(match by.filter(|it| !it.is_empty() && it != "assay") {
            Some(by) => format!("{fact}; it was installed by {by}: remove it with that"),
            None => fact.to_owned(),
        })
    }
}

/// `installed-files.txt`, whose paths are relative to the metadata folder.
fn listed(folder: &str, list: &str) -> Vec<String> {
    let lines = list.lines().filter(|it| !it.is_empty());
    let beside_modules = |line: &str| match line.strip_prefix("../") {
        Some(rest) => rest.to_owned(),
        None => format!("{folder}/{line}"),
    };
    lines.map(beside_modules).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_list_is_told_from_beside_the_modules() {
        let list = "../a/b.py\n\nPKG-INFO\n../../../bin/c\n";
        let expected = ["a/b.py", "a.egg-info/PKG-INFO", "../../bin/c"];
        assert_eq!(listed("a.egg-info", list), expected);
        assert!(listed("a.egg-info", "").is_empty());
    }
}
