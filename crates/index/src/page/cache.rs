//! Pages kept on disk: the body as it arrived, and what HTTP says about keeping it.
//!
//! A kept page is worth what the index's answer was worth and no more: it says which files exist
//! and with which digests. It is used only where the user's state remembers exactly these bytes, so
//! that nobody who can write to the cache, or bring one along, speaks for an index. A file that
//! cannot be read is the same as none.

use std::time::{SystemTime, UNIX_EPOCH};

use assay_types::{Sha256, Url};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use super::fetch::{Body, Page};
use crate::{folders::Kept, http::Head};

/// Longest time that a page counts as fresh, whatever the server says: a day.
const LONGEST_FRESH: u64 = 24 * 60 * 60;

/// What is remembered beside the body.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Meta {
    /// The URL that was asked for; guards against a collision of file names.
    pub(super) asked: Url,
    /// The URL after redirects.
    pub(crate) url: Url,
    pub(crate) content_type: String,
    etag: Option<String>,
    last_modified: Option<String>,
    /// Unix seconds.
    fetched: u64,
    /// Seconds.
    fresh_for: u64,
    /// `no-store` was said.
    private: bool,
    found: bool,
}

/// A page with what is known about its age.
pub(super) struct Cached {
    pub(super) meta: Meta,
    body: Body,
}

impl Cached {
    /// An answer that just arrived; without a body it says that the project does not exist.
    pub(super) fn new(asked: &Url, head: &Head, body: Option<Vec<u8>>) -> Self {
        let text = |name| head.header(name).map(str::to_owned);
        let control = head.header("cache-control").unwrap_or_default();
        let meta = Meta {
            asked: asked.clone(),
            url: head.url.clone(),
            content_type: text("content-type").unwrap_or_default(),
            etag: text("etag"),
            last_modified: text("last-modified"),
            fetched: now(),
            fresh_for: fresh_for(control),
            private: directives(control).any(|it| it == "no-store"),
            found: body.is_some(),
        };
        Self {
            meta,
            body: Body {
                bytes: body.unwrap_or_default(),
                start: 0,
            },
        }
    }

    /// The same page after the server said that nothing changed.
    pub(super) fn renewed(mut self, head: &Head) -> Self {
        self.meta.fetched = now();
        if let Some(control) = head.header("cache-control") {
            self.meta.fresh_for = fresh_for(control);
        }
        self
    }

    /// Reads a kept page; one that is unreadable, or that the state does not know, is as good as
    /// none: the index is asked as if nothing had been kept.
    pub(super) fn load(kept: &Kept, asked: &Url) -> Option<Self> {
        let name = name(asked);
        let memo = kept.page_memos.read(&name).ok()??;
        let bytes = kept.pages.read(&name).ok()??;
        if memo != sha256(&bytes).into_bytes() {
            return None;
        }
        let end = bytes.iter().position(|it| *it == b'\n')?;
        let meta: Meta = serde_json::from_slice(&bytes[..end]).ok()?;
        let body = Body {
            bytes,
            start: end + 1,
        };
        (meta.asked == *asked).then_some(Self { meta, body })
    }

    /// Keeps the page, unless the server forbids that, and remembers what was kept. Whoever comes
    /// between the two writes finds a page that the state does not know.
    pub(super) fn store(&self, kept: &Kept) -> Result<(), assay_files::Error> {
        if self.meta.private {
            return Ok(());
        }
        let name = name(&self.meta.asked);
        let mut bytes = serde_json::to_vec(&self.meta).map_err(|error| assay_files::Error::Io {
            path: kept.pages.path().join(&name),
            doing: "writing",
            source: error.into(),
        })?;
        bytes.push(b'\n');
        bytes.extend_from_slice(self.body.get());
        kept.pages.write(&name, &bytes)?;
        kept.page_memos.write(&name, sha256(&bytes).as_bytes())
    }

    /// Whether no request is needed. A clock that ran backwards makes it stale.
    pub(super) fn is_fresh(&self) -> bool {
        let age = now().checked_sub(self.meta.fetched);
        age.is_some_and(|age| age < self.meta.fresh_for)
    }

    /// The page, or the URL that answered "not found".
    pub(super) fn into_page(self) -> Result<Page, Url> {
        if !self.meta.found {
            return Err(self.meta.url);
        }
        Ok(Page {
            meta: self.meta,
            body: self.body,
        })
    }
}

impl Meta {
    /// Headers that ask only for a changed page (RFC 9110, 13.1).
    pub(super) fn validators(&self) -> Vec<(&'static str, String)> {
        let etag = self.etag.clone().map(|it| ("if-none-match", it));
        let date = self
            .last_modified
            .clone()
            .map(|it| ("if-modified-since", it));
        etag.into_iter().chain(date).collect()
    }
}

/// The name of a page and of its memo.
fn name(url: &Url) -> String {
    sha256(url.as_str().as_bytes())
}

fn sha256(bytes: &[u8]) -> String {
    Sha256(sha2::Sha256::digest(bytes).into()).to_string()
}

/// `max-age` in seconds, unless `no-cache` or `no-store` is said too (RFC 9111, 5.2.2).
fn fresh_for(control: &str) -> u64 {
    if directives(control).any(|it| it == "no-cache" || it == "no-store") {
        return 0;
    }
    directives(control)
        .find_map(|it| it.strip_prefix("max-age=")?.parse::<u64>().ok())
        .map_or(0, |seconds| seconds.min(LONGEST_FRESH))
}

fn directives(control: &str) -> impl Iterator<Item = String> + '_ {
    control.split(',').map(|it| it.trim().to_ascii_lowercase())
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |it| it.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn max_age_counts_unless_forbidden() {
        for (control, seconds) in [
            ("max-age=600, public", 600),
            ("public, Max-Age=5", 5),
            ("no-cache, max-age=600", 0),
            ("no-store", 0),
            ("max-age=99999999999", LONGEST_FRESH),
            ("max-age=x", 0),
            ("", 0),
        ] {
            assert_eq!(fresh_for(control), seconds, "{control}");
        }
    }

    #[test]
    fn a_page_is_fresh_for_its_time_and_not_before_it_was_fetched() {
        for (age, is_fresh) in [
            (0, true),
            (599, true),
            (601, false),
            (-60, false),
            (-1 << 40, false),
        ] {
            let url: Url = "https://index.example/simple/demo/".parse().unwrap();
            let meta = Meta {
                asked: url.clone(),
                url,
                content_type: String::new(),
                etag: None,
                last_modified: None,
                fetched: now().checked_add_signed(-age).unwrap(),
                fresh_for: 600,
                private: false,
                found: true,
            };
            let body = Body {
                bytes: Vec::new(),
                start: 0,
            };
            assert_eq!(Cached { meta, body }.is_fresh(), is_fresh, "{age}");
        }
    }
}
