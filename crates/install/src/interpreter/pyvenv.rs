//! `pyvenv.cfg`, which makes a folder a virtual environment (PEP 405).

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{Error, Result};

/// What an environment's `pyvenv.cfg` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PyvenvConfig {
    /// `include-system-site-packages`.
    pub system_site_packages: bool,
}

impl PyvenvConfig {
    /// Looks where Python looks: beside the executable, then one folder up. Gives the
    /// environment's folder with what the file says.
    pub fn beside(executable: &Path) -> Result<Option<(PathBuf, Self)>> {
        for folder in executable.ancestors().skip(1).take(2) {
            if let Some(config) = Self::in_folder(folder)? {
                return Ok(Some((folder.to_owned(), config)));
            }
        }
        Ok(None)
    }

    /// Reads a folder's `pyvenv.cfg`; `None` where it has none.
    pub fn in_folder(folder: &Path) -> Result<Option<Self>> {
        let file = folder.join("pyvenv.cfg");
        match fs::read_to_string(&file) {
            Ok(text) => Ok(Some(Self::parse(&text))),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(Error::io("reading", file, error)),
        }
    }

    /// As `site` reads it: `key = value`, keys in any case.
    fn parse(text: &str) -> Self {
        let value = |wanted: &str| {
            let pairs = text.lines().filter_map(|line| line.split_once('='));
            pairs
                .filter(|(key, _)| key.trim().eq_ignore_ascii_case(wanted))
                .map(|(_, value)| value.trim())
                .next_back()
        };
        let system = value("include-system-site-packages");
        Self {
            system_site_packages: system.is_some_and(|it| it.eq_ignore_ascii_case("true")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_is_seen_only_where_the_file_says_true() {
        let sees = |text| PyvenvConfig::parse(text).system_site_packages;
        assert!(sees(
            "home = /usr/bin\nInclude-System-Site-Packages = TRUE\n"
        ));
        assert!(!sees(
            "home = /usr/bin\ninclude-system-site-packages = false\n"
        ));
        assert!(!sees("include-system-site-packages = yes\n"));
        assert!(!sees("home = /usr/bin\n"));
    }
}
