//! PEP 508 requirements as the resolver takes them.

use pep440_rs::Operator;

use crate::{
    Digests, ExtraName, MarkerEnvironment, MarkerTree, ProjectName, Url, VersionSpecifiers,
};

mod clause;
mod cursor;
mod direct_url;
mod marker;
mod marker_size;
mod parse;

pub use direct_url::{redacted, without_credentials};

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

/// A direct reference (`name @ https://…#sha256=…`), its fragment taken apart. `Display` shows it
/// redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectUrl {
    /// The URL without its fragment. Credentials may still be in it; never display it unredacted.
    pub url: Url,
    /// Digests from the fragment.
    pub digests: Digests,
    /// `subdirectory=` from the fragment, as written.
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
    /// Parses a PEP 508 requirement as `packaging` does (parentheses round the specifiers and a
    /// trailing comma, which old wheels have, included). Refused besides: control and
    /// bidirectional characters, more than 16 KiB, numbers of more than 18 digits, and markers
    /// that are nested more than 32 deep, take more than 256 decisions, or compare what has no
    /// order (`os_name ~= 'x'`, `'a' == 'a'`).
    pub fn parse(text: &str) -> Result<Self, RequirementError> {
        parse::requirement(text)
    }

    /// Whether the marker holds in an environment, any of `extras` being asked for.
    pub fn applies(&self, markers: &MarkerEnvironment, extras: &[ExtraName]) -> bool {
        self.marker.evaluate(markers, extras)
    }

    /// The version specifiers; `None` for a direct reference.
    pub fn specifiers(&self) -> Option<&VersionSpecifiers> {
        match &self.wanted {
            Wanted::Version(specifiers) => Some(specifiers),
            Wanted::Direct(_) => None,
        }
    }

    /// Whether one version is named: a single `==` without wildcard or `===`, and nothing else.
    pub fn is_pinned(&self) -> bool {
        match self.specifiers().map(|it| &it[..]) {
            Some([only]) => matches!(only.operator(), Operator::Equal | Operator::ExactEqual),
            _ => false,
        }
    }
}

/// Canonical PEP 508: normalised name, sorted extras, the URL redacted.
impl std::fmt::Display for Requirement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.name)?;
        if !self.extras.is_empty() {
            let extras: Vec<&str> = self.extras.iter().map(AsRef::as_ref).collect();
            write!(f, "[{}]", extras.join(","))?;
        }
        match &self.wanted {
            Wanted::Version(specifiers) => {
                let specifiers: Vec<_> = specifiers.iter().map(ToString::to_string).collect();
                f.write_str(&specifiers.join(","))?;
            }
            Wanted::Direct(direct) => write!(f, " @ {direct}")?,
        }
        match self.marker.try_to_string() {
            Some(marker) => write!(f, " ; {marker}"),
            None => Ok(()),
        }
    }
}
