//! Why there is no wheel.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use assay_sandbox::{Denied, Ending};
use assay_types::Printable;

use crate::Hook;

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a tree was not laid out, not understood, or not built. Texts are unescaped inside, `Display`
/// escapes them.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of the project says what it may not.
    #[error("{}: {}", Printable(place), Printable(fact))]
    Project {
        /// The file, and the line where it is known: `pyproject.toml:3`.
        place: String,
        /// What is wrong, naming the key.
        fact: String,
    },
    /// There is nothing to build.
    #[error("{folder:?} holds neither pyproject.toml nor setup.py")]
    NoProject {
        /// Where they were looked for.
        folder: PathBuf,
    },
    /// A setting for the backend that is none.
    #[error("{}: {why}", Printable(setting))]
    Setting {
        /// As it was given.
        setting: String,
        /// What is wrong.
        why: &'static str,
    },
    /// A tree that is too large to be copied.
    #[error("{tree:?} has more than {most}: a part of it may be built by naming its folder")]
    TooLarge {
        /// The tree.
        tree: PathBuf,
        /// What it has too many of.
        most: String,
    },
    /// This tier cannot do what was asked for.
    #[error("the sandbox ({tier}) {what}")]
    Tier {
        /// The tier.
        tier: assay_sandbox::Tier,
        /// What it cannot do.
        what: &'static str,
    },
    /// The backend failed, or was stopped.
    #[error(transparent)]
    Failed(Box<Failed>),
    /// What the backend left behind is not what it had to.
    #[error("{hook} of the build backend: {}", Printable(fact))]
    Left {
        /// What was run.
        hook: Hook,
        /// The fact.
        fact: String,
    },
    /// The file system.
    #[error("{doing} {path:?}: {source}")]
    Io {
        /// What was tried, such as `reading`.
        doing: &'static str,
        /// The path.
        path: PathBuf,
        /// The fact.
        source: io::Error,
    },
    /// The folder that workshops lie in.
    #[error(transparent)]
    Folder(#[from] assay_files::Error),
    /// The sdist.
    #[error(transparent)]
    Archive(#[from] assay_archive::ArchiveError),
    /// The sandbox did not start anything.
    #[error(transparent)]
    Sandbox(#[from] assay_sandbox::Error),
}

impl Error {
    pub(crate) fn io(doing: &'static str, path: &Path, source: impl Into<io::Error>) -> Self {
        Self::Io {
            doing,
            path: path.to_owned(),
            source: source.into(),
        }
    }
}

/// What is known of a backend that did not end well.
#[derive(Debug)]
pub struct Failed {
    /// What was run.
    pub hook: Hook,
    /// How it ended.
    pub ending: Ending,
    /// Whether processes of it may still live.
    pub lives: bool,
    /// The last lines of its output, unescaped.
    pub tail: String,
    /// All of its output, as long as the workshop is there.
    pub log: PathBuf,
    /// What it wanted of the network and did not get.
    pub denied: Vec<Denied>,
}

/// The fact alone; the tail is for whoever prints it.
impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of the build backend {}", self.hook, self.ending)?;
        match self.lives {
            true => f.write_str(", and left processes that could not be ended"),
            false => Ok(()),
        }
    }
}

impl std::error::Error for Failed {}
