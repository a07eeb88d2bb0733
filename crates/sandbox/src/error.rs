//! Why nothing was run.

use std::{io, path::PathBuf};

use crate::Tier;

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the program was not started, or what became of it is not known.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// This system has no sandbox.
    #[error("nothing holds a build on this system: {0}")]
    Unsupported(&'static str),
    /// A layer could not be put up: the program was not started.
    #[error("the sandbox ({tier}) could not be set up: {step}: {reason}")]
    NotSetUp {
        /// The tier that was asked for.
        tier: Tier,
        /// What was being done.
        step: String,
        /// The fact.
        reason: String,
    },
    /// The helper ended without a word on the program.
    #[error("the sandbox's helper ended without a report ({status}): {said}")]
    Silent {
        /// How the helper ended.
        status: String,
        /// The end of what was written, unescaped.
        said: String,
    },
    /// A file or folder of the host.
    #[error("{doing} {path:?}: {source}")]
    Path {
        /// What was tried, such as `lending`.
        doing: &'static str,
        /// The path.
        path: PathBuf,
        /// The fact.
        source: io::Error,
    },
    /// A folder cannot be seen at that path.
    #[error("the build cannot have a folder at {at:?}: {reason}")]
    Place {
        /// The path.
        at: PathBuf,
        /// The fact.
        reason: String,
    },
    /// A tier out of which nothing can lead.
    #[error("a build in tier {tier} cannot be given a network: {reason}")]
    NoNetwork {
        /// The tier that was asked for.
        tier: Tier,
        /// The fact.
        reason: &'static str,
    },
    /// The helper could not be started or talked to.
    #[error("{doing}: {source}")]
    Helper {
        /// What was tried.
        doing: &'static str,
        /// The fact.
        source: io::Error,
    },
}

#[cfg(target_os = "linux")]
impl Error {
    pub(crate) fn path(doing: &'static str, path: &std::path::Path, source: io::Error) -> Self {
        let path = path.to_owned();
        Self::Path {
            doing,
            path,
            source,
        }
    }
}
