//! Carrying a plan out: stage everything inside the environment's own file system, then rename.
//!
//! Until the first rename the environment is untouched; the renames are written down so that any
//! failure moves everything back. Each is one call within one file system, which is what a journal
//! on disk will need.

mod leftovers;
mod moves;
mod record;
mod stage;
mod staging;
mod tidy;

use std::path::Path;

use crate::{
    Error, LedgerTrouble, LinkMode, Plan, Result,
    environment::Place,
    ledger::{Ledger, Receipt},
    plan::Item,
    sys::Linker,
};
pub use leftovers::Leftover;
pub(crate) use leftovers::sweep;
use moves::Moves;
use staging::Staging;

/// How to carry a plan out.
#[derive(Debug, Clone, Copy)]
pub struct CommitOptions<'a> {
    /// How files come from the store.
    pub link_mode: LinkMode,
    /// How many threads link.
    pub threads: usize,
    /// The user's state, which keeps the digests of receipts.
    pub state_dir: &'a Path,
}

/// What was done.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Files of old distributions that went.
    pub removed: usize,
    /// What was wrong with the digests of earlier receipts. They are kept anew from here on.
    pub ledger_trouble: Option<LedgerTrouble>,
}

impl Plan<'_> {
    /// Carries the plan out, whole or not at all. [`crate::Error::Damaged`] says that a stored
    /// file was changed: forget that entry ([`crate::Store::forget`]), fetch the wheel again and
    /// make a new plan.
    pub fn commit(&self, options: CommitOptions<'_>) -> Result<Outcome> {
        if self.wheels.is_empty() && self.removals.is_empty() {
            return Ok(Outcome::default());
        }
        let (mut ledger, ledger_trouble) =
            Ledger::read(options.state_dir, self.environment, &self.staying)?;
        ledger.retain(|project| self.staying.iter().any(|it| it.name().as_ref() == project));
        ledger.extend(self.receipts());
        let linker = Linker::new(options.link_mode);
        let mut staging = Staging::new(self.environment.roots(), |root| self.uses(root))?;
        stage::run(self, &staging, &linker, options.threads)?;
        staging.begin()?;
        let mut moves = Moves::new(self, &staging);
        if let Err(error) = moves.run().and_then(|()| ledger.write()) {
            return Err(match moves.undo() {
                true => error,
                false => stranded(error, staging),
            });
        }
        staging.finish();
        tidy::remove_empty_folders(self);
        Ok(Outcome {
            removed: self.removed_files() + self.replaced.len(),
            ledger_trouble,
        })
    }

    /// Files that are moved away.
    fn outgoing(&self) -> impl Iterator<Item = &Place> {
        let removed = self.removals.iter().flat_map(|it| it.files.iter());
        removed.chain(&self.replaced)
    }

    fn uses(&self, root: usize) -> bool {
        let mut folders = self.tree.folders.iter();
        folders.any(|it| it.place.root == root && !it.items.is_empty())
            || self.outgoing().any(|it| it.root == root)
    }

    fn receipts(&self) -> impl Iterator<Item = Receipt> {
        self.wheels.iter().filter_map(|wheel| {
            let text = wheel.texts.iter().find(|it| it.name == "assay.json")?;
            Some(Receipt {
                project: wheel.project().clone(),
                version: wheel.stored().version().clone(),
                sha256: crate::hash::bytes(&text.bytes),
            })
        })
    }

    /// Names that a folder which exists gets: files, and folders with all they hold.
    fn arriving(&self, folder: usize) -> impl Iterator<Item = &str> {
        let folder = &self.tree.folders[folder];
        let name = |item: &Item| self.wheel(*item).file_name(item.source);
        let files = folder.items.iter().map(name);
        let children = folder.children.iter().map(|it| &self.tree.folders[*it]);
        files.chain(children.filter(|it| !it.exists).map(|it| it.name()))
    }

    /// Folders that exist and get something, by index into the tree.
    fn anchors(&self) -> impl Iterator<Item = usize> {
        let folders = self.tree.folders.iter().enumerate();
        folders
            .filter(|(index, it)| it.exists && self.arriving(*index).next().is_some())
            .map(|(index, _)| index)
    }
}

/// Something could not be moved back, so what was moved away must not go with its folder.
fn stranded(error: Error, staging: Staging<'_>) -> Error {
    Error::Stranded {
        folders: staging.keep(),
        source: Box::new(error),
    }
}
