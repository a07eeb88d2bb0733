//! The copy that a program may look at, in a place that goes with it.

use std::{
    fs::{self, OpenOptions, Permissions},
    io::{self, BufWriter, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use assay_trust::{Authenticated, ReadAt};
use tempfile::{Builder, TempDir};

const OWNER_ONLY: u32 = 0o700;
const READ_ONLY: u32 = 0o400;

/// A folder of the user's own with the copy, and an empty one to work in. Both are removed with it.
pub struct Copy {
    folder: TempDir,
    path: PathBuf,
}

impl Copy {
    /// Copies the file into a new folder within `parent`.
    pub fn new<B: ReadAt>(
        parent: &Path,
        file_name: &str,
        authenticated: &Authenticated<'_, B>,
    ) -> io::Result<Self> {
        let folder = Builder::new()
            .prefix("hook-")
            .permissions(Permissions::from_mode(OWNER_ONLY))
            .tempdir_in(parent)?;
        let place = |name: &str| folder.path().join(name);
        fs::create_dir(place("file"))?;
        fs::create_dir(place("work"))?;
        let path = place("file").join(plain(file_name)?);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(READ_ONLY);
        let mut file = BufWriter::new(options.open(&path)?);
        authenticated.copy_to(&mut file)?;
        file.flush()?;
        Ok(Self { folder, path })
    }

    /// The copy; nobody else can read it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// An empty folder for the program to work in.
    pub fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// Removes all of it, whatever the program made of its permissions.
    pub fn remove(self) -> io::Result<()> {
        open_up(self.folder.path())?;
        self.folder.close()
    }
}

/// The name of a file that no separator leads elsewhere.
fn plain(name: &str) -> io::Result<&str> {
    let is_plain = !name.contains('/') && !matches!(name, "" | "." | "..");
    let wrong = || io::Error::new(io::ErrorKind::InvalidInput, "its name is no file's name");
    is_plain.then_some(name).ok_or_else(wrong)
}

/// Gives the owner back what it takes to remove a folder's contents.
fn open_up(folder: &Path) -> io::Result<()> {
    fs::set_permissions(folder, Permissions::from_mode(OWNER_ONLY))?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            open_up(&entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
