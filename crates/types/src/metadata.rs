//! Core metadata (METADATA, PEP 658 sidecars).

use crate::{ExtraName, ProjectName, Requirement, Version, VersionSpecifiers};

/// The fields that an installer needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// `Metadata-Version`, 1.0 to 2.x.
    pub metadata_version: String,
    /// `Name`, normalised.
    pub name: ProjectName,
    /// `Name` as written (for display and `pip list`), control characters refused.
    pub display_name: String,
    /// `Version`.
    pub version: Version,
    /// `Requires-Python`.
    pub requires_python: Option<VersionSpecifiers>,
    /// `Requires-Dist`, in order.
    pub requires_dist: Vec<Requirement>,
    /// `Provides-Extra`.
    pub provides_extra: Vec<ExtraName>,
}

/// Fields that `show` prints, unescaped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Description {
    /// `Summary`.
    pub summary: String,
    /// `Home-page`, or the `Project-URL` that pip would show.
    pub home_page: String,
    /// `Author` and `Author-email`.
    pub author: String,
    /// `Author-email`.
    pub author_email: String,
    /// `License-Expression` or `License`.
    pub license: String,
}

/// Why metadata is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// Over [`LIMIT`] bytes.
    #[error("metadata is larger than {LIMIT} bytes")]
    TooLarge,
    /// Not UTF-8.
    #[error("metadata is not UTF-8")]
    NotUtf8,
    /// A header is missing, doubled or malformed.
    #[error("{field}: {why}")]
    Field {
        /// Header name.
        field: &'static str,
        /// What is wrong; text from the file, unescaped.
        why: String,
    },
}

/// Largest METADATA that is read, in bytes.
pub const LIMIT: usize = 8 * 1024 * 1024;

impl Metadata {
    /// Parses METADATA. Name, Version and Metadata-Version must occur once and be well-formed.
    pub fn parse(bytes: &[u8]) -> Result<Self, MetadataError> {
        let _ = bytes;
        todo!()
    }
}

impl Description {
    /// Reads the fields that `show` prints; absent ones are empty.
    pub fn parse(bytes: &[u8]) -> Result<Self, MetadataError> {
        let _ = bytes;
        todo!()
    }
}
