//! Several indexes: who is asked first, and who wins.

mod join;
mod survey;

use assay_trust::{IndexPin, IndexPins};
use assay_types::{
    Printable, ProjectName,
    listing::{Listing, Status},
};

pub use join::Shadowed;
pub use survey::{Seen, Survey};

use crate::{Client, FindLinks, IndexError, IndexUrl, page::Answer};

/// All places that files may come from. `--no-index` is an empty `extra` and no `main`.
#[derive(Default)]
pub struct Indexes {
    /// Asked first, in this order.
    pub extra: Vec<IndexUrl>,
    /// Asked last.
    pub main: Option<IndexUrl>,
    /// Their files are added to what the winning index lists.
    pub find_links: Vec<FindLinks>,
    /// Projects that one index alone may serve.
    pub pins: IndexPins,
    /// Asked for projects that are pinned to them, and for no others.
    pub for_pins: Vec<IndexUrl>,
}

impl Indexes {
    /// The files of one project: those of the first index that has the name, of others that its
    /// page names (PEP 708, see [`assay_trust::join`]), and those found by `--find-links`; `None`
    /// where nobody has it.
    ///
    /// Only 404 and 410 lead to the next index. An error stops, and so does a page that lists
    /// nothing: whoever can put a page to log in, or an empty one, in the place of a private
    /// project's would have the public index serve that name. Where no index follows, an empty page
    /// is only that.
    ///
    /// A pinned project comes from its index and from places that this run's command line names by
    /// path; where neither has it, that is an error.
    pub fn listing(
        &self,
        client: &Client,
        project: &ProjectName,
    ) -> Result<Option<Listing>, IndexError> {
        let pin = self.pins.of(project);
        let mut local = Vec::new();
        for place in self.places(pin) {
            local.extend(place.files(client, project)?);
        }
        let listed = match pin {
            Some(pin) => self.pinned(client, project, pin, !local.is_empty())?,
            None => self.first_that_has(client, project, !local.is_empty())?,
        };
        let Some(mut listing) = listed else {
            let Some(origin) = local.first().map(|it| it.origin.clone()) else {
                return Ok(None);
            };
            return Ok(Some(Listing::new(project.clone(), origin, local)));
        };
        if !local.is_empty() {
            local.append(&mut listing.files);
            listing.files = local;
        }
        Ok(Some(listing))
    }

    /// All indexes, in the order in which they are asked.
    pub fn in_order(&self) -> impl Iterator<Item = &IndexUrl> {
        self.extra.iter().chain(&self.main)
    }

    /// The one index that may serve what is pinned so, if it is asked at all.
    fn that_serves(&self, pin: &IndexPin) -> Option<&IndexUrl> {
        let mut all = self.in_order().chain(&self.for_pins);
        all.find(|it| *it.url() == pin.index)
    }

    /// The places besides indexes that may serve a project.
    fn places(&self, pin: Option<&IndexPin>) -> impl Iterator<Item = &FindLinks> {
        let is_free = pin.is_none();
        let places = self.find_links.iter();
        places.filter(move |it| is_free || it.is_for_this_run())
    }

    /// `has_local`: whether there are files of it in other places, so that the winner need not have
    /// any.
    fn first_that_has(
        &self,
        client: &Client,
        project: &ProjectName,
        has_local: bool,
    ) -> Result<Option<Listing>, IndexError> {
        let mut indexes = self.in_order().peekable();
        while let Some(index) = indexes.next() {
            let is_last = indexes.peek().is_none();
            match client.ask_index(index, project)? {
                Answer::Absent => {}
                Answer::Page(listing) if is_last || has_local || says_anything(&listing) => {
                    return join::with_others(client, indexes, *listing, index).map(Some);
                }
                Answer::Page(_) => return Err(no_file(index, project)),
                Answer::Nothing(_) if is_last => {}
                Answer::Nothing(error) => return Err(*error),
            }
        }
        Ok(None)
    }

    /// What the one index says that may serve the project; `None` where no index is asked at all.
    fn pinned(
        &self,
        client: &Client,
        project: &ProjectName,
        pin: &IndexPin,
        has_local: bool,
    ) -> Result<Option<Listing>, IndexError> {
        if self.in_order().next().is_none() {
            return Ok(None);
        }
        let index = self.that_serves(pin);
        let index = index.ok_or_else(|| {
            let (pattern, from) = (&pin.pattern, Printable(&pin.stated_in));
            let fact = format!("{from} pins {pattern} to an index that is not asked");
            IndexError::forbidden(&pin.index, fact)
        })?;
        match client.ask_index(index, project)? {
            Answer::Page(listing) => Ok(Some(*listing)),
            Answer::Absent if has_local => Ok(None),
            Answer::Absent => Err(absent_where_pinned(index, project, pin)),
            Answer::Nothing(error) => Err(*error),
        }
    }
}

fn says_anything(listing: &Listing) -> bool {
    !listing.files.is_empty() || !listing.skipped.is_empty() || listing.status != Status::Active
}

fn no_file(index: &IndexUrl, project: &ProjectName) -> IndexError {
    let fact = format!(
        "it has the name {project} and not one file of it; the indexes after this one are not asked"
    );
    IndexError::no_way_on(&index.page(project), fact)
}

fn absent_where_pinned(index: &IndexUrl, project: &ProjectName, pin: &IndexPin) -> IndexError {
    let IndexPin {
        pattern, stated_in, ..
    } = pin;
    IndexError::Forbidden {
        url: crate::error::redacted(&index.page(project)),
        fact: format!(
            "the index does not have {project}, and {stated_in} lets {pattern} come from nowhere else"
        ),
        hint: Some(format!(
            "look for a slip in the name; else upload {project} there, or change the rule"
        )),
    }
}
