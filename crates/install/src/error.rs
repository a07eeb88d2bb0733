//! What can go wrong here. Texts from outside stay unescaped in values and are escaped when shown.

use std::{
    io,
    path::{Path, PathBuf},
};

use assay_archive::ArchiveError;
use assay_trust::Refusal;
use assay_types::{Printable, Sha256};

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not installed, removed or read. [`Error::Refused`] and [`Error::NotPrivate`]
/// are rules of trust (exit code 4), everything else is a fact of this machine.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule refuses it; nothing was changed.
    #[error(transparent)]
    Refused(#[from] Box<Refusal>),
    /// A folder of the cache or the state, or an environment that nobody named, belongs to somebody
    /// else, or others can write to it: a rule of trust too.
    #[error("{} {fact}", Shown(folder))]
    NotPrivate {
        /// The folder.
        folder: PathBuf,
        /// The fact.
        fact: String,
        /// What helps.
        way_out: String,
    },
    /// A file-system call failed.
    #[error("{action} {}: {source}", Shown(path))]
    Io {
        /// What was being done, such as `reading`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The interpreter cannot be found, run or understood.
    #[error("Python {}: {why}", Printable(python))]
    Interpreter {
        /// The path or name that was asked for.
        python: String,
        /// Why it cannot be used.
        why: String,
    },
    /// The folder is not an environment, or one that must not be changed.
    #[error("environment {}: {why}", Shown(path))]
    Environment {
        /// The folder.
        path: PathBuf,
        /// Why it cannot be used.
        why: String,
    },
    /// PEP 668: the operating system's package manager owns this interpreter.
    #[error(
        "{} is managed by the operating system (PEP 668){}",
        Shown(path),
        note(message)
    )]
    ExternallyManaged {
        /// The interpreter.
        path: PathBuf,
        /// What its EXTERNALLY-MANAGED file advises; may be empty.
        message: String,
    },
    /// Nobody listed the files of a distribution that should go. The words are pip's.
    #[error("Cannot uninstall {}: {}", Printable(name), Printable(why))]
    CannotUninstall {
        /// Name and version of the distribution.
        name: String,
        /// Why not.
        why: String,
    },
    /// A distribution or its metadata cannot be used.
    #[error("{}: {why}", Printable(name))]
    Distribution {
        /// The distribution.
        name: String,
        /// Why not.
        why: String,
    },
    /// The RECORD of a distribution that stays cannot be read: any file might be its own, so none
    /// can be removed.
    #[error("{}: {}; any file might belong to it", Shown(folder), Printable(why))]
    UnknownClaims {
        /// Its dist-info folder.
        folder: PathBuf,
        /// What is wrong with RECORD.
        why: String,
    },
    /// It failed while files were moved, and some could not be moved back. These folders hold the
    /// journal and the files; whoever locks the environment next moves them.
    #[error(
        "{source}; and not everything could be moved back ({}): this environment is a mixture of \
         old and new until the next install or uninstall here, which mends it first",
        join(folders)
    )]
    Stranded {
        /// The staging folders.
        folders: Vec<PathBuf>,
        /// What failed first.
        source: Box<Error>,
    },
    /// A run that was stopped could not be brought to its end, so nothing else was begun.
    #[error(
        "a run that was stopped ({}) could not be finished yet: {source}",
        join(folders)
    )]
    Unfinished {
        /// Its staging folders.
        folders: Vec<PathBuf>,
        /// What failed.
        source: Box<Error>,
    },
    /// A wheel's archive broke a rule while it was unpacked; nothing was published.
    #[error("{}: {source}", Printable(file_name))]
    Archive {
        /// The wheel.
        file_name: String,
        /// The rule.
        source: ArchiveError,
    },
    /// A file of the store was changed after it was published. Forget the entry
    /// ([`crate::Store::forget`]), fetch the wheel again and repeat.
    #[error("the store's copy of {} is damaged: {why}", Printable(file_name))]
    Damaged {
        /// Which entry.
        sha256: Sha256,
        /// The wheel.
        file_name: String,
        /// Which file, and how it differs.
        why: String,
    },
}

impl Error {
    /// Wraps a system's error with what was being done to which path.
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
        source: impl Into<io::Error>,
    ) -> Self {
        Self::Io {
            action,
            path: path.into(),
            source: source.into(),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<assay_files::Error> for Error {
    fn from(error: assay_files::Error) -> Self {
        use assay_files::Error;
        match error {
            Error::NotPrivate {
                folder,
                fact,
                way_out,
            } => Self::NotPrivate {
                folder,
                fact,
                way_out,
            },
            Error::Io {
                path,
                doing,
                source,
            } => Self::io(doing, path, source),
        }
    }
}

/// A path as text that cannot steer a terminal.
pub(crate) struct Shown<'a>(pub(crate) &'a Path);

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", Printable(&self.0.to_string_lossy()))
    }
}

/// Paths in a row, as text that cannot steer a terminal.
pub(crate) fn join(paths: &[PathBuf]) -> String {
    let paths: Vec<_> = paths.iter().map(|it| Shown(it).to_string()).collect();
    paths.join(", ")
}

/// The distributor's advice after a colon, if there is any.
fn note(message: &str) -> String {
    if message.is_empty() {
        return String::new();
    }
    let lines: Vec<_> = message
        .lines()
        .map(|line| Printable(line).to_string())
        .collect();
    format!(":\n{}", lines.join("\n"))
}
