//! Cache files that are whole or not there.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use crate::{IndexError, os};

/// Writes a new file and renames it into place; folders are made with mode 0700.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), IndexError> {
    try_write(path, bytes).map_err(|error| IndexError::io(path, "writing", error))
}

fn try_write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let (mut file, fresh) = match os::create_private(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            os::make_private_folder(folder)?;
            os::create_private(folder)?
        }
        other => other?,
    };
    let done = file
        .write_all(bytes)
        .and_then(|()| fs::rename(&fresh, path));
    if done.is_err() {
        // The first error is the one to tell; a leftover in a cache does no harm.
        let _ = fs::remove_file(&fresh);
    }
    done
}
