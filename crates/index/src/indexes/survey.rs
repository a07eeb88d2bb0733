//! What every place says about a name, for an explanation.

use assay_types::{
    ProjectName,
    listing::{Listing, Origin},
};

use super::Indexes;
use crate::{Client, IndexError, page::Answer};

/// One place and what it said.
#[derive(Debug)]
pub struct Survey {
    /// The index, or the place given with `--find-links`.
    pub origin: Origin,
    /// Its answer.
    pub seen: Seen,
}

/// What a place said about a name.
#[derive(Debug)]
pub enum Seen {
    /// It was not asked, and an install would not ask it either: why.
    NotAsked(&'static str),
    /// It does not have the name.
    Absent,
    /// It has the name.
    Page(Box<Listing>),
    /// So many files of `--find-links`.
    Files(usize),
    /// It could not be asked, or what it answers may be somebody else's.
    Failed(IndexError),
}

const NEVER_HERE: &str = "the project is pinned to another index";
const AFTER_FAILURE: &str = "an index before it does not answer for certain";

impl Indexes {
    /// Asks each place that an install would ask about this name, in its order, and no other: whom
    /// a pin keeps from serving a name does not hear of it.
    pub fn survey(&self, client: &Client, project: &ProjectName) -> Vec<Survey> {
        let pin = self.pins.of(project);
        let mut seen = Vec::new();
        for place in &self.find_links {
            let answer = if pin.is_some() && !place.is_for_this_run() {
                Seen::NotAsked(NEVER_HERE)
            } else {
                match place.files(client, project) {
                    Ok(files) => Seen::Files(files.len()),
                    Err(error) => Seen::Failed(error),
                }
            };
            seen.push(Survey {
                origin: place.origin().clone(),
                seen: answer,
            });
        }
        let (mut has_winner, mut is_stopped) = (false, false);
        let pinned = self.for_pins.iter();
        let pinned = pinned.filter(|it| pin.is_some_and(|pin| pin.index == *it.url()));
        for index in self.in_order().chain(pinned) {
            let answer = if pin.is_some_and(|it| it.index != *index.url()) {
                Seen::NotAsked(NEVER_HERE)
            } else if is_stopped {
                Seen::NotAsked(AFTER_FAILURE)
            } else {
                ask(client, index, project)
            };
            has_winner |= matches!(answer, Seen::Page(_));
            is_stopped |= !has_winner && matches!(answer, Seen::Failed(_));
            seen.push(Survey {
                origin: index.origin(),
                seen: answer,
            });
        }
        seen
    }
}

fn ask(client: &Client, index: &crate::IndexUrl, project: &ProjectName) -> Seen {
    match client.ask_index(index, project) {
        Ok(Answer::Absent) => Seen::Absent,
        Ok(Answer::Page(listing)) => Seen::Page(listing),
        Ok(Answer::Nothing(error)) => Seen::Failed(*error),
        Err(error) => Seen::Failed(error),
    }
}
