//! What can go wrong with a folder of the user's own.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a folder was not used, or a file in it not read or written.
#[derive(Debug)]
pub enum Error {
    /// Somebody else owns the folder, or can write to it.
    NotPrivate {
        /// The folder.
        folder: PathBuf,
        /// The fact, to follow the folder's name.
        fact: String,
        /// What helps, in words or as a command to type.
        way_out: String,
    },
    /// The file system.
    Io {
        /// The path.
        path: PathBuf,
        /// What was tried, such as `reading`.
        doing: &'static str,
        /// The fact.
        source: io::Error,
    },
}

impl Error {
    /// Wraps a system's error with what was being done to which path.
    pub(crate) fn io(doing: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            doing,
            source,
        }
    }
}

/// Paths are quoted and escaped.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPrivate { folder, fact, .. } => write!(f, "{folder:?} {fact}"),
            Self::Io {
                path,
                doing,
                source,
            } => write!(f, "{doing} {path:?}: {source}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotPrivate { .. } => None,
            Self::Io { source, .. } => Some(source),
        }
    }
}
