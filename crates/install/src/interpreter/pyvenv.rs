//! `pyvenv.cfg`, which makes a folder a virtual environment (PEP 405).

use std::{
    io,
    path::{Path, PathBuf},
};

use assay_files::read_file;

use crate::{Error, Result};

/// Longest file in bytes.
const LONGEST: u64 = 1 << 20;

/// The environment of an executable. Looks where Python looks: beside it, then one folder up.
pub(super) fn beside(executable: &Path) -> Result<Option<PathBuf>> {
    for folder in executable.ancestors().skip(1).take(2) {
        if is_environment(folder)? {
            return Ok(Some(folder.to_owned()));
        }
    }
    Ok(None)
}

/// Whether a folder has a `pyvenv.cfg`. One that cannot be looked at is an error: what is installed
/// would land elsewhere.
pub(super) fn is_environment(folder: &Path) -> Result<bool> {
    let file = folder.join("pyvenv.cfg");
    match file.metadata() {
        Ok(found) => Ok(found.is_file()),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(false)
        }
        Err(error) => Err(Error::io("looking at", file, error)),
    }
}

/// Whether the environment sees the packages of the installation beneath it. As in Python's `site`,
/// the last setting counts, and one that is missing means yes.
pub(super) fn sees_base(folder: &Path) -> Result<bool> {
    let file = folder.join("pyvenv.cfg");
    let read = read_file(&file, LONGEST);
    let (bytes, _) = read.map_err(|error| Error::io("reading", &file, error))?;
    let text = String::from_utf8_lossy(&bytes);
    let mut settings = text.lines().filter_map(|it| it.split_once('='));
    let named = |name: &str| {
        name.trim()
            .eq_ignore_ascii_case("include-system-site-packages")
    };
    let last = settings.rfind(|(name, _)| named(name));
    Ok(last.is_none_or(|(_, value)| value.trim().eq_ignore_ascii_case("true")))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn an_environment_sees_its_base_where_it_says_so_or_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let sees = |text: &str| {
            fs::write(folder.path().join("pyvenv.cfg"), text).unwrap();
            sees_base(folder.path()).unwrap()
        };
        assert!(sees("home = /usr\nInclude-System-Site-Packages = TRUE\n"));
        assert!(sees("home = /usr\n"));
        assert!(!sees("include-system-site-packages=false\n"));
        assert!(!sees(
            "include-system-site-packages = true\ninclude-system-site-packages = no"
        ));
    }
}
