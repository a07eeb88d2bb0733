//! `pyvenv.cfg`, which makes a folder a virtual environment (PEP 405).

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::{Error, Result};

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
