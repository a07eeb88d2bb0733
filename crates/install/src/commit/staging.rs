//! The folders in which new files are built, one in each root that a plan touches.
//!
//! Their names tell how far a run came, for whoever finds them after it was killed.

use std::path::PathBuf;

use crate::{
    Result,
    environment::Root,
    sys::{Dir, Lock, Scratch},
};

/// Nothing was moved yet: all that lies in it is ours.
pub(super) const STAGED: &str = ".assay-stage-";
/// Files are on the move: what it holds may exist nowhere else.
pub(super) const MOVING: &str = ".assay-moving-";
/// Everything is in place, or back in place: nothing in it is needed.
pub(super) const DONE: &str = ".assay-done-";

/// The staging folders of one commit, by root. They go when it is dropped.
pub(super) struct Staging<'a>(Vec<Option<(Scratch<'a>, Lock)>>);

impl<'a> Staging<'a> {
    /// Makes one in each root that is used.
    pub fn new(roots: &'a [Root], is_used: impl Fn(usize) -> bool) -> Result<Self> {
        let make = |(index, root): (usize, &'a Root)| {
            if !is_used(index) {
                return Ok(None);
            }
            let scratch = Scratch::new(&root.dir, STAGED)?;
            // Who finds it sees that its owner lives.
            let lock = Lock::exclusive(scratch.dir(), || ())?;
            Ok(Some((scratch, lock)))
        };
        let folders = roots.iter().enumerate().map(make);
        Ok(Self(folders.collect::<Result<_>>()?))
    }

    /// The folder in a root.
    pub fn dir(&self, root: usize) -> Option<&Dir> {
        Some(self.0[root].as_ref()?.0.dir())
    }

    /// Say this before the first file is moved.
    pub fn begin(&mut self) -> Result<()> {
        let mut folders = self.0.iter_mut().flatten();
        folders.try_for_each(|(scratch, _)| scratch.rename(MOVING))
    }

    /// Nothing in it is needed any more.
    pub fn finish(mut self) {
        for (scratch, _) in self.0.iter_mut().flatten() {
            // The folder goes now; its name matters only if this process ends before that.
            let _ = scratch.rename(DONE);
        }
    }

    /// Leaves the folders where they are; gives their paths.
    pub fn keep(self) -> Vec<PathBuf> {
        let folders = self.0.into_iter().flatten();
        folders.map(|(scratch, _)| scratch.keep()).collect()
    }
}
