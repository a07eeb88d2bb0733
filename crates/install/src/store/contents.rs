//! What the store holds, wheel by wheel, and taking wheels out of it.

use assay_types::Sha256;

use super::{Lookup, Store, StoredWheel, sweep, turn};
use crate::{Result, sys::Scratch};

impl Store {
    /// The wheels that this user published and nobody changed since, by file name.
    pub fn wheels(&self) -> Result<Vec<StoredWheel>> {
        let mut wheels = Vec::new();
        for sha256 in self.digests()? {
            if let Lookup::Hit(wheel, _) = self.look(sha256)? {
                wheels.push(wheel);
            }
        }
        wheels.sort_by(|a, b| a.name().as_str().cmp(b.name().as_str()));
        Ok(wheels)
    }

    /// Takes a wheel out. It is forgotten first, and its files go in one rename: a run that is
    /// about to use them finds them gone, and fetches the wheel again.
    pub fn remove(&self, sha256: Sha256) -> Result<()> {
        let entries = self.open()?;
        let _lock = turn::publishing(&self.locks)?;
        self.forget(sha256)?;
        let name = sha256.to_string();
        if entries.kind(&name)?.is_some() {
            let trash = Scratch::new(&entries, sweep::REPLACED)?;
            entries.rename_to(&name, trash.dir(), "entry")?;
        }
        Ok(())
    }
}
