//! Hashing the store again, its size, and emptying it.

use assay_types::Sha256;

use super::{Damage, Lookup, Store, StoredWheel};
use crate::{
    Error, Result,
    sys::{Dir, Kind},
};

/// How much the store holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StoreInfo {
    /// Wheels.
    pub wheels: usize,
    /// Their files.
    pub files: usize,
    /// Bytes of these files.
    pub bytes: u64,
    /// Entries whose manifest was changed; they will be fetched again.
    pub damaged: usize,
    /// Entries that this user knows nothing about.
    pub unknown: usize,
}

/// What [`Store::verify`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// Entries that are what was published.
    pub intact: usize,
    /// Entries that are not. They were forgotten.
    pub damaged: Vec<Damage>,
    /// Entries that this user knows nothing about; they are never used.
    pub unknown: usize,
}

impl Store {
    /// Counts what is there, without reading any file but the manifests, and changes nothing.
    pub fn info(&self) -> Result<StoreInfo> {
        let mut info = StoreInfo::default();
        for sha256 in self.digests()? {
            match self.look(sha256)? {
                Lookup::Hit(wheel, _) => {
                    let (files, bytes) = wheel.unpacked();
                    info.wheels += 1;
                    info.files += files;
                    info.bytes += bytes;
                }
                Lookup::Damaged(_) => info.damaged += 1,
                Lookup::Miss => info.unknown += 1,
            }
        }
        Ok(info)
    }

    /// Hashes every file of every entry.
    pub fn verify(&self) -> Result<Verification> {
        let mut result = Verification::default();
        for sha256 in self.digests()? {
            match self.find(sha256)? {
                Lookup::Miss => result.unknown += 1,
                Lookup::Damaged(damage) => result.damaged.push(damage),
                Lookup::Hit(wheel, _) => match check(&wheel) {
                    Ok(()) => result.intact += 1,
                    Err(Error::Damaged { why, .. }) => {
                        self.forget(sha256)?;
                        result.damaged.push(Damage { sha256, why });
                    }
                    Err(error) => return Err(error),
                },
            }
        }
        Ok(result)
    }

    /// Removes every entry and every memo of one; how many entries went.
    pub fn purge(&self) -> Result<usize> {
        let digests = self.digests()?;
        for sha256 in &digests {
            self.forget(*sha256)?;
        }
        self.entries.remove()?;
        Ok(digests.len())
    }

    pub(super) fn digests(&self) -> Result<Vec<Sha256>> {
        if !self.entries.check()? {
            return Ok(Vec::new());
        }
        let entries = Dir::open(self.entries.path())?.entries()?;
        let mut digests: Vec<_> = entries
            .iter()
            .filter(|(_, kind)| *kind == Kind::Folder)
            .filter_map(|(name, _)| Sha256::from_hex(name))
            .collect();
        digests.sort();
        Ok(digests)
    }
}

fn check(wheel: &StoredWheel) -> Result<()> {
    let folder = wheel.open()?;
    for (_, file) in wheel.manifest().files() {
        let stored = file.index().to_string();
        match wheel.expected(file).is_met(&folder, &stored) {
            Ok(true) => wheel.read(file).map(|_| ())?,
            Ok(false) => return Err(wheel.damaged(format!("{} was changed", file.name()))),
            Err(error) => return Err(wheel.damaged(format!("{}: {error}", file.name()))),
        }
    }
    Ok(())
}
