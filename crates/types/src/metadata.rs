//! Core metadata (METADATA, PEP 658 sidecars).

mod fields;

use std::str::FromStr as _;

use crate::headers::Headers;
use crate::text::is_steering;
use crate::{ExtraName, ProjectName, Requirement, Version, VersionSpecifiers, names, range};

pub use fields::{FieldValue, fields};

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
    /// `Provides-Extra`, those whose names are names.
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
        let headers = headers(bytes)?;
        let display_name = one(&headers, "Name")?;
        if display_name.chars().any(is_steering) {
            return Err(field("Name", "it holds a control character"));
        }
        Ok(Self {
            metadata_version: metadata_version(&headers)?,
            name: names::project(display_name).ok_or_else(|| {
                field("Name", format!("{display_name:?} is not a project's name"))
            })?,
            display_name: display_name.to_owned(),
            version: version(&headers)?,
            requires_python: requires_python(&headers)?,
            requires_dist: requires_dist(&headers)?,
            provides_extra: provides_extra(&headers),
        })
    }
}

impl Description {
    /// Reads the fields that `show` prints; absent ones are empty.
    pub fn parse(bytes: &[u8]) -> Result<Self, MetadataError> {
        let headers = headers(bytes)?;
        let first = |name| headers.all(name).next().unwrap_or_default().to_owned();
        Ok(Self {
            summary: first("Summary"),
            home_page: home_page(&headers),
            author: first("Author"),
            author_email: first("Author-email"),
            license: match first("License-Expression") {
                empty if empty.is_empty() => first("License"),
                expression => expression,
            },
        })
    }
}

fn field(field: &'static str, why: impl Into<String>) -> MetadataError {
    MetadataError::Field {
        field,
        why: why.into(),
    }
}

fn headers(bytes: &[u8]) -> Result<Headers, MetadataError> {
    if bytes.len() > LIMIT {
        return Err(MetadataError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| MetadataError::NotUtf8)?;
    Headers::parse(text).map_err(|error| field("METADATA", error.to_string()))
}

fn one<'a>(headers: &'a Headers, name: &'static str) -> Result<&'a str, MetadataError> {
    headers.one(name).map_err(|why| field(name, why))
}

/// The specification: refuse an unknown major version, read on with an unknown minor one.
fn metadata_version(headers: &Headers) -> Result<String, MetadataError> {
    const NAME: &str = "Metadata-Version";
    let text = one(headers, NAME)?;
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('.') {
        Some(("1" | "2", minor)) if is_number(minor) => Ok(text.to_owned()),
        Some((major, minor)) if is_number(major) && is_number(minor) => {
            Err(field(NAME, format!("{text} is not known; 1.x and 2.x are")))
        }
        _ => Err(field(NAME, format!("{text:?} is not MAJOR.MINOR"))),
    }
}

fn version(headers: &Headers) -> Result<Version, MetadataError> {
    let text = one(headers, "Version")?;
    Version::from_str(text)
        .map_err(|_| field("Version", format!("{text:?} is not a version (PEP 440)")))
}

fn requires_python(headers: &Headers) -> Result<Option<VersionSpecifiers>, MetadataError> {
    const NAME: &str = "Requires-Python";
    let text = headers.at_most_one(NAME).map_err(|why| field(NAME, why))?;
    text.map(|text| {
        range::parse(text.trim_ascii()).map_err(|error| field(NAME, format!("{text:?}: {error}")))
    })
    .transpose()
}

fn requires_dist(headers: &Headers) -> Result<Vec<Requirement>, MetadataError> {
    headers
        .all("Requires-Dist")
        .map(|text| {
            // Python's e-mail module moves a long value to the next line; pip strips it, too.
            Requirement::parse(text.trim_ascii())
                .map_err(|error| field("Requires-Dist", format!("{text:?}: {error}")))
        })
        .collect()
}

/// Extras that old wheels give names which are none are left out: nobody can ask for them.
fn provides_extra(headers: &Headers) -> Vec<ExtraName> {
    headers
        .all("Provides-Extra")
        .filter_map(names::extra)
        .collect()
}

/// `Home-page`, else the `Project-URL` whose label, without case and punctuation, is "homepage".
fn home_page(headers: &Headers) -> String {
    if let Some(url) = headers.all("Home-page").find(|it| !it.is_empty()) {
        return url.to_owned();
    }
    let labelled = headers
        .all("Project-URL")
        .filter_map(|it| it.split_once(','));
    for (label, url) in labelled {
        let letters = label.chars().filter(|c| c.is_alphanumeric());
        if letters.flat_map(char::to_lowercase).eq("homepage".chars()) {
            return url.trim().to_owned();
        }
    }
    String::new()
}
