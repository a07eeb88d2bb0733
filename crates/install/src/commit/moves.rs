//! The renames that make a plan true, and the way back.

use std::collections::{BTreeMap, BTreeSet};

use super::Staging;
use crate::{Error, Plan, Result, environment::Place, sys::Dir};

/// Where outgoing files wait until everything is in place.
const TRASH: &str = "old";

/// A rename that was done.
#[derive(Debug)]
struct Done {
    /// The folder of the environment.
    folder: Place,
    name: String,
    /// The folder of the scratch, and the name there.
    staging: String,
    staged: String,
    is_arrival: bool,
}

/// The renames of a plan.
pub(super) struct Moves<'a> {
    plan: &'a Plan<'a>,
    into: &'a Staging<'a>,
    done: Vec<Done>,
}

impl<'a> Moves<'a> {
    pub fn new(plan: &'a Plan<'a>, into: &'a Staging<'a>) -> Self {
        Self {
            plan,
            into,
            done: Vec::new(),
        }
    }

    /// First what goes, then what comes. Nothing is ever replaced by a rename: a file that
    /// appeared since the plan was made stops everything.
    pub fn run(&mut self) -> Result<()> {
        self.outgoing()?;
        self.arriving()
    }

    /// Moves everything back, newest first; whether all of it is. It goes on after a failure: the
    /// more is back, the better; the error that is reported is the one that led here.
    pub fn undo(self) -> bool {
        let newest_first = self.done.iter().rev();
        let failed = newest_first.filter(|it| self.undo_one(it).is_err());
        failed.count() == 0
    }

    fn outgoing(&mut self) -> Result<()> {
        let mut by_folder: BTreeMap<Place, BTreeSet<&str>> = BTreeMap::new();
        // Two distributions that go may list one file.
        for place in self.plan.outgoing() {
            if let Some((folder, name)) = place.split() {
                by_folder.entry(folder).or_default().insert(name);
            }
        }
        let mut number = 0;
        // A folder comes after what lies in it.
        for (folder, names) in by_folder.into_iter().rev() {
            let trash = self.staging(folder.root, TRASH)?;
            let dir = self.folder(&folder)?;
            for name in names {
                let staged = number.to_string();
                number += 1;
                dir.rename_to(name, &trash, &staged)?;
                self.done.push(Done {
                    folder: folder.clone(),
                    name: name.to_owned(),
                    staging: TRASH.to_owned(),
                    staged,
                    is_arrival: false,
                });
            }
        }
        Ok(())
    }

    fn arriving(&mut self) -> Result<()> {
        let plan = self.plan;
        for anchor in plan.anchors() {
            let folder = &plan.tree.folders[anchor].place;
            let staging = self.staging(folder.root, &anchor.to_string())?;
            let dir = self.folder(folder)?;
            for name in plan.arriving(anchor) {
                staging.rename_to(name, &dir, name)?;
                self.done.push(Done {
                    folder: folder.clone(),
                    name: name.to_owned(),
                    staging: anchor.to_string(),
                    staged: name.to_owned(),
                    is_arrival: true,
                });
            }
        }
        Ok(())
    }

    fn undo_one(&self, done: &Done) -> Result<()> {
        let dir = self.folder(&done.folder)?;
        let staging = self.staging(done.folder.root, &done.staging)?;
        if done.is_arrival {
            dir.rename_to(&done.name, &staging, &done.staged)
        } else {
            staging.rename_to(&done.staged, &dir, &done.name)
        }
    }

    fn folder(&self, place: &Place) -> Result<Dir> {
        let missing = || std::io::Error::from(std::io::ErrorKind::NotFound);
        let dir = self.plan.environment.open_folder(place)?;
        dir.ok_or_else(|| Error::io("opening", self.plan.environment.path_of(place), missing()))
    }

    /// A folder of a root's scratch, made when it is first asked for.
    fn staging(&self, root: usize, name: &str) -> Result<Dir> {
        let Some(scratch) = self.into.dir(root) else {
            let path = &self.plan.environment.roots()[root].path;
            let error = std::io::Error::other("nothing was staged for this folder");
            return Err(Error::io("opening", path, error));
        };
        match scratch.beneath(name) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => scratch.make(name, 0o700),
            opened => {
                opened.map_err(|error| Error::io("opening", scratch.path().join(name), error))
            }
        }
    }
}
