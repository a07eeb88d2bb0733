//! A list of receipts on its way.

use std::path::Path;

use assay_files::PrivateFolder;
use assay_types::Sha256;

use super::place_of;
use crate::{
    Environment, Error, Result, hash,
    sys::fault::{Call, strike},
};

/// A list that waits for the files it speaks of.
#[derive(Debug)]
pub(crate) struct Pending {
    folder: PrivateFolder,
    /// The list's name, once it holds.
    name: String,
    /// Its name until then.
    waiting: String,
    /// Known where it was written by this process.
    sha256: Option<Sha256>,
}

impl Pending {
    /// The one that a run which was killed may have left.
    pub fn of(state_dir: &Path, environment: &Environment, run: &str) -> Self {
        let (folder, name) = place_of(state_dir, environment);
        Self::new(folder, name, run)
    }

    /// Writes one.
    pub(super) fn write(
        folder: PrivateFolder,
        name: String,
        run: &str,
        bytes: &[u8],
    ) -> Result<Self> {
        let mut pending = Self::new(folder, name, run);
        strike_at(&pending.folder, Call::Write)?;
        pending.folder.write(&pending.waiting, bytes)?;
        pending.sha256 = Some(hash::bytes(bytes));
        Ok(pending)
    }

    fn new(folder: PrivateFolder, name: String, run: &str) -> Self {
        Self {
            waiting: format!("{run}.next"),
            name,
            folder,
            sha256: None,
        }
    }

    /// SHA-256 of the list, as a journal has it.
    pub fn sha256(&self) -> String {
        self.sha256.map(|it| it.to_string()).unwrap_or_default()
    }

    /// From now on the list holds.
    pub fn settle(&self) -> Result<()> {
        strike_at(&self.folder, Call::Rename)?;
        Ok(self.folder.rename(&self.waiting, &self.name)?)
    }

    /// The same for a run which was killed, if it is the list that its journal means. `false`
    /// where this user's state does not have that: another user's run, or a state that was lost.
    pub fn settle_if(&self, sha256: &str) -> Result<bool> {
        let is_meant = |bytes: Vec<u8>| hash::bytes(&bytes).to_string() == sha256;
        match self.folder.read(&self.waiting)? {
            Some(bytes) if is_meant(bytes.clone()) => self.settle().map(|()| true),
            Some(_) => self.discard().map(|()| false),
            None => Ok(self.folder.read(&self.name)?.is_some_and(is_meant)),
        }
    }

    /// It shall never hold.
    pub fn discard(&self) -> Result<()> {
        strike_at(&self.folder, Call::Remove)?;
        Ok(self.folder.remove_file(&self.waiting)?)
    }
}

/// Where a test wants the state to fail.
pub(super) fn strike_at(folder: &PrivateFolder, call: Call) -> Result<()> {
    strike(call).map_err(|error| Error::io("writing", folder.path(), error))
}
