//! A private folder of our own beside the target, gone when it is dropped.

use std::hash::{BuildHasher, RandomState};

use super::Dir;
use crate::Result;

/// A folder with a name nobody can guess, mode 0700. What is left in it
/// when it is dropped is removed.
#[derive(Debug)]
pub(crate) struct Scratch<'a> {
    parent: &'a Dir,
    name: String,
    dir: Dir,
    stays: bool,
}

impl<'a> Scratch<'a> {
    /// Makes one in `parent`, called `prefix` and sixteen random hexadecimal digits.
    pub fn new(parent: &'a Dir, prefix: &str) -> Result<Self> {
        let name = format!("{prefix}{}", sixteen_digits());
        let dir = parent.make_private(&name)?;
        Ok(Self {
            parent,
            name,
            dir,
            stays: false,
        })
    }

    /// The folder.
    pub fn dir(&self) -> &Dir {
        &self.dir
    }

    /// Turns it into something that stays: moves it to `name` beside itself.
    pub fn publish(mut self, name: &str) -> Result<()> {
        self.parent.rename_to(&self.name, self.parent, name)?;
        self.stays = true;
        Ok(())
    }
}

impl Drop for Scratch<'_> {
    /// Removing it is tidying up: a failure leaves a folder of ours behind and hurts nobody.
    fn drop(&mut self) {
        if !self.stays {
            let _ = self.parent.remove_tree(&self.name);
        }
    }
}

/// A name that nobody can guess: sixty-four bits from the operating system's random keys (each
/// `RandomState` has its own), as hexadecimal digits.
pub(crate) fn sixteen_digits() -> String {
    let bits = RandomState::new().hash_one(std::process::id());
    format!("{bits:016x}")
}
