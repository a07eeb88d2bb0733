//! PEP 503 pages, with the attributes of PEP 592, 658, 714 and 740 and the meta tags of PEP 629, 708
//! and 792.
//!
//! Tags are judged as they come, and of each no more is kept than the attributes that mean
//! anything: a page takes no more memory than its bytes and the files on it.

use std::borrow::Cow;

use assay_types::listing::Skipped;
use html5gum::{
    Span, Tokenizer,
    emitters::callback::{CallbackEmitter, CallbackEvent},
};

use super::{
    ANNOUNCES_PROVENANCE, PageContext, PageError, Reading, check_version, empty_listing,
    link::{Link, Links},
    relations::{self, MOST_CLAIMS},
    set_status,
};

/// Parses a page. Only `<a href>`, the first `<base href>` and the `pypi:` meta tags mean anything.
pub(super) fn parse(body: &[u8], context: PageContext<'_>) -> Result<Reading, PageError> {
    let mut page = Page::new(context);
    let mut open: Option<Tag> = None;
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| {
        match event {
            CallbackEvent::OpenStartTag { name } => open = Tag::open(name),
            CallbackEvent::AttributeName { name } => {
                if let Some(tag) = &mut open {
                    tag.attribute(name);
                }
            }
            CallbackEvent::AttributeValue { value } => {
                if let Some(tag) = &mut open {
                    tag.value(value);
                }
            }
            CallbackEvent::CloseStartTag { .. } => {
                return open.take().and_then(|tag| page.take(&tag).err());
            }
            _ => open = None,
        }
        None
    });
    // What stands in <script>, <style> and <title> is text.
    emitter.naively_switch_states(true);
    if let Some(Ok(error)) = Tokenizer::new_with_emitter(body, emitter).next() {
        return Err(error);
    }
    Ok(page.close())
}

/// What is known of the page so far.
struct Page<'a> {
    context: PageContext<'a>,
    reading: Reading,
    links: Links<'a>,
    seen_base: bool,
    status: Option<String>,
    reason: Option<String>,
    tracks: Vec<String>,
    alternate_locations: Vec<String>,
}

impl<'a> Page<'a> {
    fn new(context: PageContext<'a>) -> Self {
        Self {
            context,
            reading: Reading {
                listing: empty_listing(context),
                is_marked: false,
            },
            links: Links::new(context),
            seen_base: false,
            status: None,
            reason: None,
            tracks: Vec::new(),
            alternate_locations: Vec::new(),
        }
    }

    fn take(&mut self, tag: &Tag) -> Result<(), PageError> {
        match tag.name {
            TagName::Base => self.base(tag),
            TagName::Meta => self.meta(tag)?,
            TagName::Anchor => {
                if let Some(link) = tag.link() {
                    self.links.add(&link, &mut self.reading.listing)?;
                }
            }
        }
        Ok(())
    }

    fn base(&mut self, tag: &Tag) {
        let is_first = !std::mem::replace(&mut self.seen_base, true);
        if let Some(href) = tag.get("href").filter(|_| is_first)
            && let Err(why) = self.links.set_base(href)
        {
            let what = "<base>".to_owned();
            self.reading.listing.skipped.push(Skipped { what, why });
        }
    }

    fn meta(&mut self, tag: &Tag) -> Result<(), PageError> {
        match (tag.get("name"), tag.get("content")) {
            (Some("pypi:repository-version"), Some(version)) => {
                let minor = check_version(version)?;
                self.reading.listing.announces |= minor >= ANNOUNCES_PROVENANCE;
                self.reading.is_marked = true;
            }
            (Some("pypi:project-status"), Some(it)) => self.status = Some(it.to_owned()),
            (Some("pypi:project-status-reason"), Some(it)) => self.reason = Some(it.to_owned()),
            (Some("pypi:tracks"), Some(it)) => remember(&mut self.tracks, it),
            (Some("pypi:alternate-locations"), Some(it)) => {
                remember(&mut self.alternate_locations, it);
            }
            _ => {}
        }
        Ok(())
    }

    fn close(mut self) -> Reading {
        if let Some(status) = self.status {
            set_status(&mut self.reading.listing, &status, self.reason);
            self.reading.is_marked = true;
        }
        self.reading.listing.relations = relations::read(
            self.context,
            self.tracks.iter().map(String::as_str),
            self.alternate_locations.iter().map(String::as_str),
        );
        self.reading
    }
}

/// One more than may be is kept, so that whoever judges them sees that there are too many.
fn remember(claims: &mut Vec<String>, url: &str) {
    if claims.len() <= MOST_CLAIMS {
        claims.push(url.to_owned());
    }
}

#[derive(Clone, Copy)]
enum TagName {
    Anchor,
    Base,
    Meta,
}

/// Attributes that mean anything.
const KNOWN: [&str; 9] = [
    "href",
    "name",
    "content",
    "data-requires-python",
    "data-yanked",
    "data-core-metadata",
    "data-dist-info-metadata",
    "data-provenance",
    "data-gpg-sig",
];

/// A start tag that matters, with its known attributes; of two with one name the first counts
/// (WHATWG).
struct Tag {
    name: TagName,
    values: [Option<String>; KNOWN.len()],
    /// The attribute whose value comes next, where it is one to keep.
    current: Option<usize>,
}

impl Tag {
    fn open(name: &[u8]) -> Option<Self> {
        let name = match name {
            b"a" => TagName::Anchor,
            b"base" => TagName::Base,
            b"meta" => TagName::Meta,
            _ => return None,
        };
        Some(Self {
            name,
            values: Default::default(),
            current: None,
        })
    }

    fn attribute(&mut self, name: &[u8]) {
        let known = KNOWN.iter().position(|it| it.as_bytes() == name);
        self.current = known.filter(|it| self.values[*it].is_none());
        if let Some(current) = self.current {
            self.values[current] = Some(String::new());
        }
    }

    fn value(&mut self, value: &[u8]) {
        if let Some(current) = self.current.take() {
            self.values[current] = Some(String::from_utf8_lossy(value).into_owned());
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        let at = KNOWN.iter().position(|it| *it == name)?;
        let value = self.values[at].as_deref()?;
        Some(value.trim_matches(|c: char| c.is_ascii_whitespace()))
    }

    fn link(&self) -> Option<Link<'_>> {
        let borrowed = |name| self.get(name).map(Cow::Borrowed);
        // PEP 714: data-core-metadata, where both are given.
        let sidecar = self
            .get("data-core-metadata")
            .or_else(|| self.get("data-dist-info-metadata"));
        let metadata = sidecar.and_then(|it| it.split_once('='));
        Some(Link {
            href: borrowed("href")?,
            metadata: metadata
                .map(|(name, hex)| (name.into(), hex.into()))
                .into_iter()
                .collect(),
            requires_python: borrowed("data-requires-python"),
            yanked: borrowed("data-yanked"),
            provenance: borrowed("data-provenance"),
            gpg_sig: self.get("data-gpg-sig").and_then(|it| it.parse().ok()),
            ..Link::default()
        })
    }
}
