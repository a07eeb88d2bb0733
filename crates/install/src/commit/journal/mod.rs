//! What a run is about to move, written down before it moves the first file.
//!
//! ```text
//! assay-journal 1 <SHA-256 of the rest, hexadecimal>
//! {"work":{…},"site":"…","roots":[…],"ledger":"…","groups":[…]}
//! ```
//!
//! It lies in the staging folder of the run's first root. Whoever finds it there after the run was
//! killed can tell each step's state from the staging folder alone, which nobody else writes to:
//! what goes is done when its staged place is taken, what comes is done when its staged place is
//! free. A journal is input: it lies in the environment, so it is parsed strictly, and a place in
//! it is only ever opened beneath a root of the environment, without following symlinks.

mod of_plan;
mod parse;
mod work;

use assay_types::Sha256;
use serde::{Deserialize, Serialize};

use crate::{
    Environment, Error, Result,
    environment::{Place, Root},
    hash, ledger,
    sys::{Dir, Facts},
};
pub(super) use work::Work;

/// The journal's name in the staging folder.
const NAME: &str = "journal";
/// The first words of its first line; the number is raised with every change of the format.
const HEAD: &str = "assay-journal 1";
/// Where outgoing files wait until everything is in place, in the staging folder.
pub(super) const TRASH: &str = "old";

/// All that a run moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Journal {
    /// For the person who is told.
    pub work: Work,
    /// Which environment it is: SHA-256 of its site-packages' canonical path.
    site: String,
    /// Its roots: SHA-256 of each canonical path.
    roots: Vec<String>,
    /// SHA-256 of the list of receipts that holds afterwards; it waits in the user's state.
    pub ledger: String,
    /// In the order in which they are moved.
    pub groups: Vec<Group>,
}

/// What is moved out of one folder of the environment, or into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub way: Way,
    /// Index of the folder's root.
    root: usize,
    /// The folder, relative to its root.
    folder: String,
    /// The folder in the root's staging folder.
    pub staging: String,
    pub things: Vec<Thing>,
}

/// Which way a group goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Way {
    Out,
    In,
}

/// A file, or a folder with all it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Thing {
    /// Its name in the environment.
    pub name: String,
    /// Its name in the staging folder.
    pub staged: String,
    pub facts: Facts,
}

impl Journal {
    /// Writes it into a staging folder; gives the SHA-256 of its text.
    pub fn write(&self, into: &Dir) -> Result<Sha256> {
        let body = serde_json::to_vec(self)
            .map_err(|error| Error::io("writing", into.path().join(NAME), error))?;
        let mut text = format!("{HEAD} {}\n", hash::bytes(&body)).into_bytes();
        text.extend(body);
        into.write(NAME, 0o600, &text)?;
        Ok(hash::bytes(&text))
    }

    /// Gives each group the index that its root has in this environment; `None` where the journal
    /// speaks of another environment, or of places that are not this one's: a folder above it is
    /// open to others, and what lies there may be anybody's.
    pub fn bind(mut self, environment: &Environment) -> Option<Self> {
        if self.site != ledger::site(environment).to_string() {
            return None;
        }
        let roots: Vec<_> = environment.roots().iter().map(name_of).collect();
        for group in &mut self.groups {
            let name = &self.roots[group.root];
            group.root = roots.iter().position(|it| it == name)?;
        }
        self.roots = roots;
        let own = environment.own_folders();
        let is_own = |group: &Group| {
            let folder = environment.path_of(&group.folder());
            let is_in = own.iter().any(|it| folder.starts_with(it));
            // The run may have made the environment's own folders.
            let makes = |thing: &Thing| {
                let path = folder.join(&thing.name);
                group.way == Way::In && own.iter().any(|it| it.starts_with(&path))
            };
            is_in || group.things.iter().all(makes)
        };
        self.groups.iter().all(is_own).then_some(self)
    }

    /// The same with only some of its things.
    pub fn only(&self, mut wanted: impl FnMut(&Group, &Thing) -> bool) -> Vec<Group> {
        let groups = self.groups.iter().map(|group| Group {
            things: {
                let things = group.things.iter();
                things.filter(|it| wanted(group, it)).cloned().collect()
            },
            ..group.clone()
        });
        groups.filter(|it| !it.things.is_empty()).collect()
    }
}

impl Group {
    /// The folder of the environment.
    pub fn folder(&self) -> Place {
        Place {
            root: self.root,
            path: self.folder.clone(),
        }
    }
}

fn name_of(root: &Root) -> String {
    hash::bytes(root.path.as_os_str().as_encoded_bytes()).to_string()
}
