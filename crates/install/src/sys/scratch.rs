//! A private folder of our own beside the target, gone when it is dropped.

use std::{
    hash::{BuildHasher, RandomState},
    path::PathBuf,
};

use super::Dir;
use crate::Result;

/// A folder with a name nobody can guess, mode 0700. What is left in it when it is dropped is
/// removed.
#[derive(Debug)]
pub(crate) struct Scratch<'a> {
    parent: &'a Dir,
    digits: String,
    name: String,
    dir: Dir,
    stays: bool,
}

impl<'a> Scratch<'a> {
    /// Makes one in `parent`, called `prefix` and sixteen random hexadecimal digits.
    pub fn new(parent: &'a Dir, prefix: &str) -> Result<Self> {
        let digits = format!("{:016x}", random());
        let name = format!("{prefix}{digits}");
        let dir = parent.make(&name, 0o700)?;
        Ok(Self {
            parent,
            digits,
            name,
            dir,
            stays: false,
        })
    }

    /// The folder.
    pub fn dir(&self) -> &Dir {
        &self.dir
    }

    /// Gives it another prefix.
    pub fn rename(&mut self, prefix: &str) -> Result<()> {
        let name = format!("{prefix}{}", self.digits);
        self.parent.rename_to(&self.name, self.parent, &name)?;
        self.dir.is_now_at(self.parent.path().join(&name));
        self.name = name;
        Ok(())
    }

    /// Turns it into something that stays: moves it to `name` beside itself.
    pub fn publish(mut self, name: &str) -> Result<()> {
        self.parent.rename_to(&self.name, self.parent, name)?;
        self.stays = true;
        Ok(())
    }

    /// Leaves it where it is; gives its path.
    pub fn keep(mut self) -> PathBuf {
        self.stays = true;
        self.dir.path().to_owned()
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

/// Sixty-four bits from the operating system's random keys (each `RandomState` has its own).
fn random() -> u64 {
    RandomState::new().hash_one(std::process::id())
}
