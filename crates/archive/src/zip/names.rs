//! Names that cannot live side by side.

use std::collections::HashMap;

use assay_types::SafePath;

use crate::{ArchiveError, error::refused};

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// An entry of its own.
    File,
    /// An entry of its own that is a directory.
    Directory,
    /// Only known as the parent of an entry.
    Parent,
}

/// All names of an archive, by the key under which they collide on file systems that ignore case
/// or normalise.
#[derive(Default)]
pub(super) struct Names {
    seen: HashMap<String, (SafePath, Place)>,
}

impl Names {
    /// Adds an entry; refuses duplicates, names that differ only in case or normalisation (in any
    /// of their parts), and a file where a directory is.
    pub(super) fn add(&mut self, path: &SafePath, is_directory: bool) -> Result<(), ArchiveError> {
        let place = if is_directory {
            Place::Directory
        } else {
            Place::File
        };
        self.insert(path, place)?;
        let mut parent = path.parent();
        while let Some(directory) = parent {
            if !self.insert(&directory, Place::Parent)? {
                break;
            }
            parent = directory.parent();
        }
        Ok(())
    }

    /// Whether the name is new.
    fn insert(&mut self, path: &SafePath, place: Place) -> Result<bool, ArchiveError> {
        let key = path.collision_key();
        let Some((other, known)) = self.seen.get_mut(&key) else {
            self.seen.insert(key, (path.clone(), place));
            return Ok(true);
        };
        if other != path {
            return Err(refused("name collision", format!("{path} and {other}")));
        }
        match (*known, place) {
            (Place::File, Place::File) | (Place::Directory, Place::Directory) => {
                Err(refused("duplicate entry", path))
            }
            (Place::File, _) | (_, Place::File) => {
                Err(refused("file and directory", format!("{path} is both")))
            }
            (Place::Parent, Place::Directory) => {
                *known = Place::Directory;
                Ok(false)
            }
            (_, Place::Parent) => Ok(false),
        }
    }
}
