//! Several indexes: who is asked first, and who wins.

use assay_types::{
    ProjectName,
    listing::{Listing, Origin, Status},
};

use crate::{Client, FindLinks, IndexError, IndexUrl};

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
    /// An index "has" the name when its page says anything: a file, a link that was passed over,
    /// or a status. An empty page counts as not having it, because some servers answer so for
    /// every name. An error stops; it never leads to the next index.
    pub fn listing(
        &self,
        client: &Client,
        project: &ProjectName,
    ) -> Result<Option<Listing>, IndexError> {
        let mut local = Vec::new();
        for place in &self.find_links {
            local.extend(place.files(client, project)?);
        }
        let listed = self.first_that_has(client, project)?;
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
            .filter(|index| matches!(ask(client, index, &listing.project), Ok(Some(_))))
            .map(IndexUrl::origin)
            .collect()
    }

    fn first_that_has(
        &self,
        client: &Client,
        project: &ProjectName,
    ) -> Result<Option<Listing>, IndexError> {
        for index in self.in_order() {
            let listing = ask(client, index, project)?;
            if listing.is_some() {
                return Ok(listing);
            }
        }
        Ok(None)
    }

    fn in_order(&self) -> impl Iterator<Item = &IndexUrl> {
        self.extra.iter().chain(&self.main)
    }
}

/// What one index has; a page that says nothing is none.
fn ask(
    client: &Client,
    index: &IndexUrl,
    project: &ProjectName,
) -> Result<Option<Listing>, IndexError> {
    let says_anything = |it: &Listing| {
        !it.files.is_empty() || !it.skipped.is_empty() || it.status != Status::Active
    };
    Ok(client.fetch_page(index, project)?.filter(says_anything))
}
