//! PEP 691 pages, with the keys of PEP 700 (sizes, times), 708 (other repositories), 714 (metadata),
//! 740 (provenance) and 792 (status).

use std::borrow::Cow;

use serde::Deserialize;

use super::{
    ANNOUNCES_PROVENANCE, Kind, PageContext, PageError, Reading, check_version, empty_listing,
    json_values::{AtMost, Hashes, Sidecar, Text, Yanked},
    link::{Link, Links, MOST_LINKS},
    relations::{self, MOST_CLAIMS},
    set_status,
};

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    meta: Meta<'a>,
    name: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "project-status")]
    status: Option<ProjectStatus<'a>>,
    #[serde(borrow, rename = "alternate-locations")]
    alternate_locations: Option<AtMost<Text<'a>, MOST_CLAIMS>>,
    #[serde(borrow)]
    files: AtMost<JsonFile<'a>, MOST_LINKS>,
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(borrow, rename = "api-version")]
    api_version: Cow<'a, str>,
    #[serde(borrow)]
    tracks: Option<AtMost<Text<'a>, MOST_CLAIMS>>,
}

#[derive(Deserialize)]
struct ProjectStatus<'a> {
    #[serde(borrow)]
    status: Option<Cow<'a, str>>,
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct JsonFile<'a> {
    #[serde(borrow)]
    filename: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow)]
    hashes: Hashes<'a>,
    #[serde(borrow)]
    requires_python: Option<Text<'a>>,
    #[serde(borrow)]
    core_metadata: Option<Sidecar<'a>>,
    #[serde(borrow)]
    dist_info_metadata: Option<Sidecar<'a>>,
    #[serde(borrow)]
    yanked: Option<Yanked<'a>>,
    size: Option<u64>,
    #[serde(borrow)]
    upload_time: Option<Text<'a>>,
    #[serde(borrow)]
    provenance: Option<Text<'a>>,
    gpg_sig: Option<bool>,
}

/// Parses a page; the name on it must be the project that was asked for.
pub(super) fn parse(body: &[u8], context: PageContext<'_>) -> Result<Reading, PageError> {
    let page: Page<'_> = serde_json::from_slice(body)
        .map_err(|error| PageError(format!("is not a JSON page of PEP 691: {error}")))?;
    let minor = check_version(&page.meta.api_version)?;
    check_name(page.name.as_deref(), context)?;
    let mut listing = empty_listing(context);
    listing.announces = minor >= ANNOUNCES_PROVENANCE;
    if let Some(ProjectStatus {
        status: Some(status),
        reason,
    }) = page.status
    {
        set_status(&mut listing, &status, reason);
    }
    let [tracks, alternate] =
        [page.meta.tracks, page.alternate_locations].map(|it| it.map_or_else(Vec::new, |it| it.0));
    listing.relations = relations::read(
        context,
        tracks.iter().map(|it| &*it.0),
        alternate.iter().map(|it| &*it.0),
    );
    listing.files.reserve_exact(page.files.0.len());
    let mut links = Links::new(context);
    for file in page.files.0 {
        links.add(&file.into_link(), &mut listing)?;
    }
    Ok(Reading {
        listing,
        is_marked: page.name.is_some(),
    })
}

fn check_name(name: Option<&str>, context: PageContext<'_>) -> Result<(), PageError> {
    let Some(name) = name.filter(|_| matches!(context.kind, Kind::Project)) else {
        return Ok(());
    };
    if name.parse().ok().as_ref() == Some(context.project) {
        return Ok(());
    }
    Err(PageError(format!(
        "is the page of \"{name}\"; {} was asked for",
        context.project
    )))
}

impl<'a> JsonFile<'a> {
    fn into_link(self) -> Link<'a> {
        let metadata = self.core_metadata.or(self.dist_info_metadata);
        Link {
            href: self.url.0,
            file_name: Some(self.filename.0),
            hashes: self.hashes.0,
            metadata: metadata.unwrap_or_default().0.0,
            requires_python: self.requires_python.map(|it| it.0),
            yanked: self.yanked.and_then(|it| it.0),
            size: self.size,
            upload_time: self.upload_time.map(|it| it.0),
            provenance: self.provenance.map(|it| it.0),
            gpg_sig: self.gpg_sig,
        }
    }
}
