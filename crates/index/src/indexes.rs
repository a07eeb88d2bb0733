//! Several indexes: who is asked first, and who wins.

use assay_types::{
    ProjectName,
    listing::{Listing, Origin, Status},
};

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
}

impl Indexes {
    /// The files of one project: those of the first index that has the name, and those found by
    /// `--find-links`; `None` where nobody has it.
    ///
    /// Only 404 and 410 lead to the next index. An error stops, and so does a page that lists
    /// nothing: whoever can put a page to log in, or an empty one, in the place of a private
    /// project's would have the public index serve that name. Where no index follows, an empty page
    /// is only that.
    pub fn listing(
        &self,
        client: &Client,
        project: &ProjectName,
    ) -> Result<Option<Listing>, IndexError> {
        let mut local = Vec::new();
        for place in &self.find_links {
            local.extend(place.files(client, project)?);
        }
        let listed = self.first_that_has(client, project, !local.is_empty())?;
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

    /// The indexes after the winner that have the name too, for a report. Asks only where more
    /// than one index is configured. One that cannot be asked is left out: it decides nothing.
    pub fn shadowed(&self, client: &Client, listing: &Listing) -> Vec<Origin> {
        let after = self
            .in_order()
            .skip_while(|it| it.origin() != listing.origin)
            .skip(1);
        after
            .filter(|index| {
                matches!(
                    client.ask_index(index, &listing.project),
                    Ok(Answer::Page(_))
                )
            })
            .map(IndexUrl::origin)
            .collect()
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
                    return Ok(Some(listing));
                }
                Answer::Page(_) => return Err(no_file(index, project)),
                Answer::Nothing(_) if is_last => {}
                Answer::Nothing(error) => return Err(*error),
            }
        }
        Ok(None)
    }

    fn in_order(&self) -> impl Iterator<Item = &IndexUrl> {
        self.extra.iter().chain(&self.main)
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
