//! What was made for a new environment, so that exactly that can be taken away again.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{Error, Result};

/// Files and folders in the order in which they were made.
#[derive(Debug, Default)]
pub(super) struct Made(Vec<PathBuf>);

impl Made {
    /// Makes a folder, and those above it that are missing.
    pub fn folder(&mut self, path: &Path) -> Result<()> {
        let missing: Vec<_> = path.ancestors().take_while(|it| !it.exists()).collect();
        for folder in missing.into_iter().rev() {
            match fs::create_dir(folder) {
                Ok(()) => self.0.push(folder.to_owned()),
                // Somebody else was faster; it is theirs.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
                Err(error) => return Err(Error::io("making", folder, error)),
            }
        }
        Ok(())
    }

    /// Notes a file that is about to be made, unless something has its name already.
    pub fn file(&mut self, path: &Path) {
        if path.symlink_metadata().is_err() {
            self.0.push(path.to_owned());
        }
    }

    /// Takes all of it away, newest first. A folder that holds anything else stays.
    pub fn undo(&mut self) {
        while let Some(path) = self.0.pop() {
            let is_folder = path.symlink_metadata().is_ok_and(|it| it.is_dir());
            // The error that matters is the one that led here.
            let _ = match is_folder {
                true => fs::remove_dir(&path),
                false => fs::remove_file(&path),
            };
        }
    }
}
