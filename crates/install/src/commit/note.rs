//! Which journals this user's runs wrote, kept in the user's state: a staging folder in an
//! environment may have come there with a clone or an archive, journal and all.
//!
//! ```text
//! <state>/runs/<the run's sixteen digits>   SHA-256 of its journal, hexadecimal
//! ```
//!
//! It is there from before the decision until everything is in place.

use std::path::Path;

use assay_files::PrivateFolder;
use assay_types::Sha256;

use crate::{
    Error, Result,
    sys::{
        Dir,
        fault::{Call, strike},
    },
};

/// The note of one run.
pub(super) struct Note {
    folder: PrivateFolder,
    run: String,
}

impl Note {
    /// It need not be there.
    pub fn of(state_dir: &Path, run: &str) -> Self {
        Self {
            folder: PrivateFolder::new(state_dir).below("runs"),
            run: run.to_owned(),
        }
    }

    /// From now on the journal counts.
    pub fn write(&self, journal: Sha256) -> Result<()> {
        self.strike(Call::Write)?;
        let text = journal.to_string();
        Ok(self.folder.write(&self.run, text.as_bytes())?)
    }

    /// The digest of the journal that the run wrote into its lead; `None` where this state knows no
    /// such run, or where others could have changed what lies in the folder.
    pub fn journal_in(&self, lead: &Dir) -> Result<Option<Sha256>> {
        if !lead.is_private()? {
            return Ok(None);
        }
        let Some(bytes) = self.folder.read(&self.run)? else {
            return Ok(None);
        };
        Ok(std::str::from_utf8(&bytes).ok().and_then(Sha256::from_hex))
    }

    /// The run came to its end.
    pub fn remove(&self) -> Result<()> {
        self.strike(Call::Remove)?;
        Ok(self.folder.remove_file(&self.run)?)
    }

    fn strike(&self, call: Call) -> Result<()> {
        strike(call).map_err(|error| Error::io("writing", self.folder.path(), error))
    }
}
