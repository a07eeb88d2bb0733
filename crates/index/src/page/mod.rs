//! Index pages: PEP 503 HTML and PEP 691 JSON become one [`Listing`].
//!
//! The parsers take bytes and cannot reach the network; [`crate::Client::fetch_page`] feeds them.

mod answer;
mod cache;
mod fetch;
mod html;
mod json;
mod json_values;
mod link;
mod relations;
mod target;
mod time;

use std::sync::Arc;

use assay_types::{
    ProjectName, Url,
    listing::{Listing, Origin, Status},
};

pub(crate) use answer::Answer;
pub(crate) use fetch::{LONGEST_PAGE, Page, fetch_bytes};
pub(crate) use time::IndexTime;

/// Where a page comes from and what was asked for.
#[derive(Debug, Clone, Copy)]
pub struct PageContext<'a> {
    /// The URL after redirects, against which relative links are resolved.
    pub url: &'a Url,
    /// Who is responsible for the page.
    pub origin: &'a Origin,
    /// The project that was asked for.
    pub project: &'a ProjectName,
    /// What the page may be of, and where its links may lead.
    pub kind: Kind<'a>,
}

/// What a page may be of, and where its links may lead.
#[derive(Debug, Clone, Copy)]
pub enum Kind<'a> {
    /// The project's own page on an index.
    Project,
    /// A `--find-links` page from the network, of anything.
    Links,
    /// The same from a file of the user's: its links may also lead to files below its folder.
    LocalLinks {
        /// Where the user named the page; counts for these files too.
        named_in: &'a Arc<str>,
    },
}

/// The fact that makes a whole page unusable; unescaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PageError(pub String);

/// Format of a page, by its content type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// PEP 691.
    Json,
    /// PEP 503.
    Html,
}

impl Format {
    /// Reads a `Content-Type` header. Versions other than 1 and everything that is not a simple
    /// index page is an error.
    pub fn from_content_type(content_type: &str) -> Result<Self, PageError> {
        let essence = content_type.split(';').next().unwrap_or_default();
        match essence.trim().to_ascii_lowercase().as_str() {
            "application/vnd.pypi.simple.v1+json" => Ok(Self::Json),
            "application/vnd.pypi.simple.v1+html" | "text/html" => Ok(Self::Html),
            other => Err(PageError(format!(
                "answers with the content type \"{other}\", which is no simple index page"
            ))),
        }
    }
}

/// Parses a page. Links that are not usable files are listed in [`Listing::skipped`] with the
/// reason; an error means that nothing on the page can be relied on.
pub fn parse(format: Format, body: &[u8], context: PageContext<'_>) -> Result<Listing, PageError> {
    read(format, body, context).map(|it| it.listing)
}

/// The first minor version of the API whose pages announce provenance (PEP 740).
const ANNOUNCES_PROVENANCE: u32 = 3;

/// What was read of a page.
struct Reading {
    listing: Listing,
    /// Whether it says of itself that it is a project's page: JSON with its name (PEP 691), HTML
    /// with a repository version (PEP 629) or a project status (PEP 792).
    is_marked: bool,
}

fn read(format: Format, body: &[u8], context: PageContext<'_>) -> Result<Reading, PageError> {
    match format {
        Format::Json => json::parse(body, context),
        Format::Html => html::parse(body, context),
    }
}

/// The repository version of a page must be of major version 1 (PEP 629). Gives the minor one; 0
/// where that is no number, for then the page promises nothing that a later version added.
fn check_version(version: &str) -> Result<u32, PageError> {
    let mut parts = version.split('.');
    if parts.next() != Some("1") {
        return Err(PageError(format!(
            "has the repository version {version}; only 1.x is known"
        )));
    }
    let minor = parts.next().and_then(|it| it.parse().ok());
    Ok(minor.unwrap_or(0))
}

fn empty_listing(context: PageContext<'_>) -> Listing {
    Listing::new(context.project.clone(), context.origin.clone(), Vec::new())
}

/// PEP 792: the four statuses, and whatever else an index says.
fn set_status(listing: &mut Listing, status: &str, reason: Option<String>) {
    // In whatever case: what is quarantined must not slip through by a capital.
    listing.status = match status.trim().to_ascii_lowercase().as_str() {
        "active" => Status::Active,
        "archived" => Status::Archived,
        "deprecated" => Status::Deprecated,
        "quarantined" => Status::Quarantined,
        _ => Status::Unknown(status.to_owned()),
    };
    listing.status_reason = reason;
}
