//! Getting a page: from the cache while it is fresh, else from the index.

use assay_types::{ProjectName, Url, listing::Listing};

use super::{
    Format, PageContext, PageError, Reading,
    cache::{Cached, Meta},
};
use crate::{Client, IndexError};

/// JSON first; the weights tell old servers that HTML will do (PEP 691).
const ACCEPT: &str = "application/vnd.pypi.simple.v1+json, \
                      application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01";

/// Longest page in bytes, inflated. PyPI's longest is about 20 MiB.
pub(crate) const LONGEST_PAGE: u64 = 32 << 20;

/// A page as it arrived or was kept.
pub(crate) struct Page {
    pub(crate) meta: Meta,
    pub(super) body: Body,
}

/// The bytes of a page, perhaps with something before them that was read along from the disk.
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    pub(super) start: usize,
}

impl Body {
    pub(super) fn get(&self) -> &[u8] {
        &self.bytes[self.start..]
    }
}

impl Page {
    /// The listing on the page, with a failure told as one of the URL that was asked for.
    pub(crate) fn parse(&self, context: PageContext<'_>) -> Result<Listing, IndexError> {
        self.read(context).map(|it| it.listing)
    }

    pub(super) fn read(&self, context: PageContext<'_>) -> Result<Reading, IndexError> {
        Format::from_content_type(&self.meta.content_type)
            .and_then(|format| super::read(format, self.body.get(), context))
            .map_err(|PageError(fact)| IndexError::answer(&self.meta.asked, fact))
    }
}

/// The bytes of a page by its URL, that of a project or of anything; for 404 and 410 the URL, perhaps
/// another one, that said so.
pub(crate) fn fetch_bytes(
    client: &Client,
    url: &Url,
    project: Option<&ProjectName>,
) -> Result<Result<Page, Url>, IndexError> {
    let config = client.config();
    let kept = client.kept().and_then(|kept| Cached::load(kept, url));
    let kept = match kept {
        Some(kept) if config.offline || (!config.refresh.covers(project) && kept.is_fresh()) => {
            return Ok(kept.into_page());
        }
        kept => kept,
    };
    let mut headers = vec![("accept", ACCEPT), ("accept-encoding", "gzip")];
    let validators = kept
        .as_ref()
        .map(|it| it.meta.validators())
        .unwrap_or_default();
    headers.extend(
        validators
            .iter()
            .map(|(name, value)| (*name, value.as_str())),
    );
    let accept = |status| matches!(status, 200 | 304 | 404 | 410);
    let (head, body) = client.get(url, &headers, accept, LONGEST_PAGE)?;
    client.note_time(&head);
    let page = match (head.status, kept) {
        (304, Some(kept)) => kept.renewed(&head),
        (304, None) => return Err(IndexError::answer(url, "answers 304 to a plain request")),
        (200, _) => Cached::new(url, &head, Some(body)),
        _ => Cached::new(url, &head, None),
    };
    if let Some(kept) = client.kept() {
        client.note_keeping(page.store(kept));
    }
    Ok(page.into_page())
}
