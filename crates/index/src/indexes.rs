//! Several indexes: who is asked first, and who wins.

use assay_types::{
    ProjectName,
    listing::{Listing, Origin, Status},
};

use crate::{Client, FindLinks, IndexError, IndexUrl, PageOutcome};

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
            return Ok(Some(Listing {
                project: project.clone(),
                origin,
                status: Status::Active,
                status_reason: None,
                files: local,
                skipped: Vec::new(),
            }));
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
                client
                    .fetch_page(index, &listing.project)
                    .is_ok_and(|outcome| outcome.says_anything())
            })
            .map(IndexUrl::origin)
            .collect()
    }

    fn first_that_has(
        &self,
        client: &Client,
        project: &ProjectName,
    ) -> Result<Option<Listing>, IndexError> {
        for index in self.in_order() {
            let outcome = client.fetch_page(index, project)?;
            if let PageOutcome::Listing(listing) = outcome
                && says_anything(&listing)
            {
                return Ok(Some(listing));
            }
        }
        Ok(None)
    }

    fn in_order(&self) -> impl Iterator<Item = &IndexUrl> {
        self.extra.iter().chain(&self.main)
    }
}

impl PageOutcome {
    fn says_anything(&self) -> bool {
        matches!(self, Self::Listing(listing) if says_anything(listing))
    }
}

fn says_anything(listing: &Listing) -> bool {
    !listing.files.is_empty() || !listing.skipped.is_empty() || listing.status != Status::Active
}
