//! Other indexes that have the same name: joined where PEP 708 allows it, else left aside.

use std::collections::HashMap;

use assay_trust::{Join, Sighting, join};
use assay_types::{
    Digests, Url,
    listing::{File, Joined, Listing, Origin, Status},
};

use super::Indexes;
use crate::{Client, IndexError, IndexUrl, page::Answer};

/// An index that has the name and was not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shadowed {
    /// The index.
    pub origin: Origin,
    /// Why its word, or the first index's, about being one project does not suffice, where there is
    /// one: a clause about this index. Unescaped.
    pub denied: Option<String>,
}

impl Indexes {
    /// The indexes after the winner that have the name too and were not joined with it, for a
    /// report. Asks only where more than one index is configured. One that cannot be asked is left
    /// out: it decides nothing.
    pub fn shadowed(&self, client: &Client, listing: &Listing) -> Vec<Shadowed> {
        let project = &listing.project;
        if self.pins.of(project).is_some() {
            return Vec::new();
        }
        let mut after = self
            .in_order()
            .skip_while(|it| it.origin() != listing.origin);
        let Some(first) = after.next() else {
            return Vec::new();
        };
        let is_joined = |it: &IndexUrl| listing.joined.iter().any(|j| j.origin == it.origin());
        let mut shadowed = Vec::new();
        for index in after.filter(|it| !is_joined(it)) {
            if let Ok(Answer::Page(theirs)) = client.ask_index(index, project) {
                let pages = [first, index].map(|it| it.page(project));
                shadowed.push(Shadowed {
                    origin: index.origin(),
                    denied: match judge(&pages, listing, &theirs) {
                        Join::Denied(why) => Some(why),
                        _ => None,
                    },
                });
            }
        }
        shadowed
    }
}

/// Adds the files of those indexes that the winner's page names and that agree. One of them that
/// fails is an error, as the winner's own failure would be: whoever can break it must not decide
/// which versions there are.
pub(super) fn with_others<'a>(
    client: &Client,
    after: impl Iterator<Item = &'a IndexUrl>,
    mut listing: Listing,
    first: &IndexUrl,
) -> Result<Listing, IndexError> {
    let project = listing.project.clone();
    for index in after {
        let pages = [first, index].map(|it| it.page(&project));
        if !listing.relations.name(&pages[1]) {
            continue;
        }
        let Answer::Page(theirs) = client.ask_index(index, &project)? else {
            continue;
        };
        let is_mutual = match judge(&pages, &listing, &theirs) {
            Join::Mutual => true,
            Join::Tracked => false,
            Join::Unrelated | Join::Denied(_) => continue,
        };
        listing.joined.push(Joined {
            origin: index.origin(),
            is_mutual,
            announces: theirs.announces,
        });
        add(&mut listing, *theirs, &pages[1])?;
    }
    Ok(listing)
}

fn judge(pages: &[Url; 2], first: &Listing, other: &Listing) -> Join {
    let sighting = |at: usize, listing| Sighting {
        page: &pages[at],
        relations: listing,
    };
    join(sighting(0, &first.relations), sighting(1, &other.relations))
}

/// One name is one file: where both list it, the first index's entry stands, and digests that
/// contradict each other are an error.
fn add(listing: &mut Listing, theirs: Listing, page: &Url) -> Result<(), IndexError> {
    let Listing {
        files,
        status,
        status_reason,
        origin,
        ..
    } = theirs;
    let known: HashMap<&str, &File> = listing
        .files
        .iter()
        .map(|it| (it.name.as_str(), it))
        .collect();
    let mut new = Vec::new();
    for file in files {
        match known.get(file.name.as_str()) {
            None => new.push(file),
            Some(ours) if contradict(&ours.digests, &file.digests) => {
                return Err(two_files(page, &file, &listing.origin));
            }
            Some(_) => {}
        }
    }
    listing.files.append(&mut new);
    // A quarantine at either place is one of the whole.
    if listing.status == Status::Active || status == Status::Quarantined {
        if status != Status::Active {
            let reason = status_reason.map(|it| format!(": {it}"));
            listing.status_reason = Some(format!("on {origin}{}", reason.unwrap_or_default()));
        }
        listing.status = status;
    }
    Ok(())
}

/// Whether one algorithm has different values.
fn contradict(ours: &Digests, theirs: &Digests) -> bool {
    let theirs = theirs.strong();
    ours.strong().iter().any(|one| {
        let mut same = theirs.iter().filter(|it| it.algorithm() == one.algorithm());
        same.any(|it| it != one)
    })
}

fn two_files(page: &Url, file: &File, first: &Origin) -> IndexError {
    IndexError::Forbidden {
        url: crate::error::redacted(page),
        fact: format!(
            "it lists {} with another digest than {first}, which says that both have one project \
             (PEP 708)",
            file.name.as_str()
        ),
        hint: Some(format!(
            "pin {} to one of the two in assay.toml, and tell their operators",
            file.name.project()
        )),
    }
}
