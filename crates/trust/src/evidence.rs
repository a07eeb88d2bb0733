//! What is known of an artifact before anybody judges it.

use assay_types::{
    Digests, ProjectName, Version,
    listing::{File, Origin},
    repository::Commit,
};

use crate::{Background, Heard, attestation::Attested};

/// One distribution file, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// The project it claims to be.
    pub project: ProjectName,
    /// The version it claims to be.
    pub version: Version,
    /// File name, unescaped.
    pub file_name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Size that the index announced, in bytes.
    pub size: Option<u64>,
}

impl Artifact {
    /// The artifact that a listed file claims to be.
    pub fn of(file: &File) -> Self {
        Self {
            project: file.name.project().clone(),
            version: file.version().clone(),
            file_name: file.name.as_str().to_owned(),
            origin: file.origin.clone(),
            size: file.size,
        }
    }
}

/// A claim about an artifact, not yet compared with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// The index lists the file with these digests.
    Index {
        /// Which index.
        origin: Origin,
        /// What it lists; may hold nothing but weak ones.
        digests: Digests,
    },
    /// The user gave digests: `--hash`, or the fragment of a direct URL. Any one of them may match,
    /// because a requirement lists one for each file of the version.
    Hash {
        /// The accepted digests.
        digests: Digests,
        /// Where the user wrote it, such as `requirements.txt:3`.
        given_in: String,
    },
    /// The user named this file, or the folder it lies in.
    Local {
        /// Where: `the command line`, `requirements.txt:3`, `--find-links wheels`. Unescaped.
        named_in: String,
    },
    /// The user named the commit that a source tree was checked out of, by its full id, and whoever
    /// checked it out has seen that it is that one.
    Commit {
        /// The commit.
        commit: Commit,
        /// Where the user wrote it.
        given_in: String,
    },
    /// Who attested the file, beside who published its project before.
    Publishers(Box<Publishers>),
    /// What keys, vouchers, notaries and hooks say of it.
    Heard(Box<Heard>),
}

/// What is known of a file's publishers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Publishers {
    /// Attestations that hold for a file of this name and digest.
    pub attested: Vec<Attested>,
    /// Why attestations that the index announces could not be had, unescaped. Whoever gathers stops
    /// instead where they are [needed](crate::Policy::needs_publisher).
    pub trouble: Option<String>,
    /// What was known before.
    pub background: Background,
}
