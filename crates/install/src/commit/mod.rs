//! Carrying a plan out: stage everything inside the environment's own file system, then rename.
//!
//! Until the first rename the environment is untouched; the renames are written down so that any
//! failure moves everything back. Each is one call within one file system, which is what a journal
//! on disk will need.

mod moves;
mod record;
mod stage;
mod tidy;

use assay_types::{ProjectName, Sha256, Version};

use crate::{
    LinkMode, Plan, Result,
    environment::Place,
    hash,
    plan::Item,
    sys::{Linker, Scratch},
};
use moves::Moves;

/// How to carry a plan out.
#[derive(Debug, Clone, Copy)]
pub struct CommitOptions {
    /// How files come from the store.
    pub link_mode: LinkMode,
    /// How many threads link.
    pub threads: usize,
}

/// What was done.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// How files came from the store.
    pub link_mode: LinkMode,
    /// Files that were linked or written.
    pub files: usize,
    /// Files of old distributions that went.
    pub removed: usize,
    /// Digests of the receipts, to be kept in the user's state: installed code could rewrite the
    /// receipts themselves.
    pub receipts: Vec<Receipt>,
}

/// The digest of a receipt (`assay.json`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Whose.
    pub project: ProjectName,
    /// Which version.
    pub version: Version,
    /// SHA-256 of `assay.json`.
    pub sha256: Sha256,
}

impl Plan<'_> {
    /// Carries the plan out, whole or not at all. [`crate::Error::Damaged`] says that a stored
    /// file was changed: forget that entry ([`crate::Store::forget`]), fetch the wheel again and
    /// make a new plan.
    pub fn commit(&self, options: CommitOptions) -> Result<Outcome> {
        let linker = Linker::new(options.link_mode);
        let outcome = |way| Outcome {
            link_mode: way,
            files: self.files(),
            removed: self.removed_files() + self.replaced.len(),
            receipts: self.receipts(),
        };
        if self.wheels.is_empty() && self.removals.is_empty() {
            return Ok(outcome(options.link_mode));
        }
        let roots = self.environment.roots();
        let scratches: Vec<_> = roots
            .iter()
            .enumerate()
            .map(|(root, it)| {
                let is_used = self.uses(root);
                is_used
                    .then(|| Scratch::new(&it.dir, ".assay-stage-"))
                    .transpose()
            })
            .collect::<Result<_>>()?;
        stage::run(self, &scratches, &linker, options.threads)?;
        let mut moves = Moves::new(self, &scratches);
        if let Err(error) = moves.run() {
            moves.undo();
            return Err(error);
        }
        tidy::remove_empty_folders(self);
        Ok(outcome(linker.way()))
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

    fn receipts(&self) -> Vec<Receipt> {
        let receipt = |wheel: &crate::plan::Incoming| {
            let text = wheel.texts.iter().find(|it| it.name == "assay.json")?;
            Some(Receipt {
                project: wheel.project().clone(),
                version: wheel.stored().version().clone(),
                sha256: hash::bytes(&text.bytes),
            })
        };
        self.wheels.iter().filter_map(receipt).collect()
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
