//! PEP 508 requirements as the resolver takes them.

use crate::{Digests, ExtraName, MarkerTree, ProjectName, Url, VersionSpecifiers};

/// A requirement without its position in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Normalised project name.
    pub name: ProjectName,
    /// Extras, sorted, no duplicates.
    pub extras: Vec<ExtraName>,
    /// What is asked of the version, or a direct reference.
    pub wanted: Wanted,
    /// Environment marker; true where absent.
    pub marker: MarkerTree,
}

/// The version part of a requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Specifiers; empty for any version.
    Version(VersionSpecifiers),
    /// `name @ url`.
    Direct(DirectUrl),
}

/// A direct reference (`name @ https://…#sha256=…`), its fragment taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectUrl {
    /// The URL without its fragment. Credentials may still be in it; never display it unredacted.
    pub url: Url,
    /// Digests from the fragment.
    pub digests: Digests,
    /// `subdirectory=` from the fragment.
    pub subdirectory: Option<String>,
}

/// Why a requirement is refused; `column` points into the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct RequirementError {
    /// What is wrong; unescaped.
    pub why: String,
    /// 0-based character offset into the input.
    pub column: usize,
    /// How many characters are meant; at least 1.
    pub width: usize,
}

impl Requirement {
    /// Parses a PEP 508 requirement.
    pub fn parse(text: &str) -> Result<Self, RequirementError> {
        let _ = text;
        todo!()
    }
}

impl std::fmt::Display for Requirement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let _ = f;
        todo!()
    }
}

/// A URL without user, password and query secrets, fit for display and for `direct_url.json`.
pub fn redacted(url: &Url) -> Url {
    let _ = url;
    todo!()
}
