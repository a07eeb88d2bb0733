//! Cache files that are whole or not there.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
};

use crate::IndexError;

/// Writes a new file and renames it into place; folders are made with mode 0700.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), IndexError> {
    let result = try_write(path, bytes);
    result.map_err(|error| IndexError::io(path, "writing", error))
}

fn try_write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let fresh = unique_name(folder);
    let mut file = match create_private(&fresh) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make_private_folder(folder)?;
            create_private(&fresh)?
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

/// Makes a folder that nobody else can look into, with its parents.
pub(super) fn make_private_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// A new file of mode 0600; fails where something of that name exists, a symlink included.
pub(super) fn create_private(path: &Path) -> io::Result<fs::File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// A name that no other thread or process of this machine uses at the same time.
pub(super) fn unique_name(folder: &Path) -> PathBuf {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    folder.join(format!(".new-{}-{count}", process::id()))
}
