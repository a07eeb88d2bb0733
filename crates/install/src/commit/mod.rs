//! Carrying a plan out, whole or not at all, whenever the process is killed or the disk fails.
//!
//! 1. *Stage.* Every new file is built in staging folders inside the environment's own file
//!    systems, so that what follows are renames. The list of receipts waits in the user's state.
//! 2. *Decide.* A journal of all renames is written beside the staged files, and its digest into
//!    the user's state ([`note`]): what came here with files from elsewhere is never carried out.
//!    Then one rename of the staging folder says that it counts. Before it nothing has happened;
//!    after it everything will: by this process or, when that dies, by the next one of this user
//!    that locks the environment ([`sweep`]).
//! 3. *Move.* What goes, then what comes, then the list of receipts.
//! 4. *End.* One more rename says that nothing staged is needed; folders that became empty and the
//!    staging folders go.
//!
//! A failure while moving turns the direction, by a rename as well: everything goes back, now or
//! under the next lock. Every step can be told from the staging folder alone ([`journal`]), so a
//! recovery that is killed is taken up by the next one.
//!
//! Nothing is synced to the disk. A kill, a full disk and a file system that goes away are covered
//! without it. A power cut is not, entirely: the order of renames is the file system's own journal's
//! affair, and what was written shortly before may be empty. A journal that was cut short is
//! recognised by its digest, and staged files by their sizes; files that were already in place are
//! not looked at again. One `syncfs` before the decision would close most of that. Measured on ext4
//! after linking what a warm install of 112 wheels links, it took 20 to
//! 55 ms, 10 to 25 % of that install; on a busy machine it took 46 to 365 ms, because it waits for
//! whatever anybody wrote to that file system, the store included.

mod journal;
mod leftovers;
mod moves;
mod note;
mod record;
mod recover;
mod stage;
mod staging;
mod survey;
#[cfg(test)]
mod tests;
mod tidy;

use std::path::Path;

use crate::{
    Error, LedgerTrouble, LinkMode, Plan, Result,
    environment::Place,
    ledger::{Ledger, Pending, Receipt},
    sys::Linker,
};
use journal::Journal;
pub use leftovers::{Leftover, Unfinished};
pub(crate) use leftovers::{is_begun, sweep, unfinished};
use moves::Moves;
use note::Note;
use stage::Records;
use staging::{Phase, Staging};
use survey::Survey;

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
        let linker = Linker::new(options.link_mode);
        let mut staging = Staging::new(self.environment.roots(), |root| self.uses(root))?;
        let records = stage::run(self, &staging, &linker, options.threads)?;
        ledger.extend(self.receipts(&records));
        let pending = ledger.prepare(staging.run())?;
        let note = Note::of(options.state_dir, staging.run());
        let moved = self.move_all(&mut staging, &pending, &note);
        if moved.is_err() && staging.phase() != Phase::Moving {
            // What stays behind is one file that no run will ever ask for.
            let _ = pending.discard();
        }
        if !matches!(staging.phase(), Phase::Moving | Phase::Undoing) {
            // The same holds for this one.
            let _ = note.remove();
        }
        moved?;
        Ok(Outcome {
            removed: self.removed_files() + self.replaced.len(),
            ledger_trouble,
        })
    }

    /// From the decision to the end.
    fn move_all(&self, staging: &mut Staging<'_>, pending: &Pending, note: &Note) -> Result<()> {
        let journal = Journal::of(self, staging, pending)?;
        note.write(journal.write(staging.lead()?)?)?;
        staging.enter(Phase::Moving)?;
        let moves = Moves {
            environment: self.environment,
            staging,
        };
        let moved = moves.forward(&journal.groups);
        if let Err(error) = moved.and_then(|()| pending.settle()) {
            return Err(self.undo(&journal, staging, error));
        }
        // Where even this fails the next lock finds everything in place, and says it instead.
        if staging.enter(Phase::Done).is_ok() {
            tidy::remove_empty_folders(self.environment, &journal);
        }
        Ok(())
    }

    /// Moves everything back after a failure; gives what there is to say about it.
    fn undo(&self, journal: &Journal, staging: &mut Staging<'_>, error: Error) -> Error {
        let undone = staging.enter(Phase::Undoing).and_then(|()| {
            let moves = Moves {
                environment: self.environment,
                staging,
            };
            moves.back(&Survey::new(self.environment, staging, journal)?.moved())
        });
        if undone.is_err() {
            return Error::Stranded {
                folders: staging.paths(),
                source: Box::new(error),
            };
        }
        // Where this fails the next lock finds nothing to move back, and says so.
        let _ = staging.enter(Phase::Done);
        error
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

    /// What the state will know; `records` are the digests of the RECORDs that were staged.
    fn receipts(&self, records: &Records) -> impl Iterator<Item = Receipt> {
        let wheels = self.wheels.iter().enumerate();
        wheels.filter_map(|(index, wheel)| {
            let text = wheel.texts.iter().find(|it| it.name == "assay.json")?;
            Some(Receipt {
                project: wheel.project().clone(),
                version: wheel.stored().version().clone(),
                sha256: crate::hash::bytes(&text.bytes),
                record: records.get(&index).copied(),
            })
        })
    }

    /// Folders that do not exist, in one that does; they come with all they hold.
    fn new_folders(&self, folder: usize) -> impl Iterator<Item = usize> {
        let children = self.tree.folders[folder].children.iter().copied();
        children.filter(|it| !self.tree.folders[*it].exists)
    }

    /// Folders that exist and get something, by index into the tree.
    fn anchors(&self) -> impl Iterator<Item = usize> {
        let folders = self.tree.folders.iter().enumerate();
        folders
            .filter(|(index, it)| {
                it.exists && (!it.items.is_empty() || self.new_folders(*index).next().is_some())
            })
            .map(|(index, _)| index)
    }
}
