//! PEP 503 pages, with the attributes of PEP 592, 658 and 714 and the meta tags of PEP 629 and 792.

use std::{borrow::Cow, convert::Infallible};

use assay_types::listing::{Listing, Skipped};
use html5gum::{
    Span, Tokenizer,
    emitters::callback::{CallbackEmitter, CallbackEvent},
};

use super::{
    PageContext, PageError, check_version, empty_listing,
    link::{Link, Links},
    set_status,
};

/// Parses a page. Only `<a href>`, the first `<base href>` and the `pypi:` meta tags mean anything.
pub(super) fn parse(body: &[u8], context: PageContext<'_>) -> Result<Listing, PageError> {
    let mut listing = empty_listing(context);
    let mut links = Links::new(context);
    let mut seen_base = false;
    let mut status: Option<String> = None;
    let mut reason: Option<String> = None;
    for tag in tags(body) {
        match tag.name {
            TagName::Base if !seen_base => {
                seen_base = true;
                if let Err(why) = tag.get("href").map_or(Ok(()), |it| links.set_base(it)) {
                    listing.skipped.push(Skipped {
                        what: "<base>".into(),
                        why,
                    });
                }
            }
            TagName::Base => {}
            TagName::Meta => match (tag.get("name"), tag.get("content")) {
                (Some("pypi:repository-version"), Some(version)) => check_version(version)?,
                (Some("pypi:project-status"), Some(it)) => status = Some(it.to_owned()),
                (Some("pypi:project-status-reason"), Some(it)) => reason = Some(it.to_owned()),
                _ => {}
            },
            TagName::Anchor => {
                if let Some(link) = tag.link() {
                    links.add(&link, &mut listing);
                }
            }
        }
    }
    if let Some(status) = status {
        set_status(&mut listing, &status, reason);
    }
    Ok(listing)
}

#[derive(Clone, Copy)]
enum TagName {
    Anchor,
    Base,
    Meta,
}

/// A start tag that matters, with its attributes; of two with one name the first counts (WHATWG).
struct Tag {
    name: TagName,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        let attribute = self.attributes.iter().find(|(it, _)| it == name)?;
        Some(attribute.1.trim_matches(|c: char| c.is_ascii_whitespace()))
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
            ..Link::default()
        })
    }
}

/// All tags that matter, in order.
fn tags(body: &[u8]) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut open: Option<Tag> = None;
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| {
        match event {
            CallbackEvent::OpenStartTag { name } => open = Tag::open(name),
            CallbackEvent::AttributeName { name } => {
                if let Some(tag) = &mut open {
                    tag.attributes.push((lossy(name), String::new()));
                }
            }
            CallbackEvent::AttributeValue { value } => {
                if let Some(last) = open.as_mut().and_then(|it| it.attributes.last_mut()) {
                    last.1 = lossy(value);
                }
            }
            CallbackEvent::CloseStartTag { .. } => tags.extend(open.take()),
            _ => open = None,
        }
        None::<Infallible>
    });
    // What stands in <script>, <style> and <title> is text.
    emitter.naively_switch_states(true);
    for Ok(_) in Tokenizer::new_with_emitter(body, emitter) {}
    tags
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
            attributes: Vec::new(),
        })
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
