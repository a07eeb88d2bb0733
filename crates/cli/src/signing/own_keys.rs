//! The user's own keys, kept in the state.
//!
//! ```text
//! <state>/keys/NAME       an OpenSSH private key, mode 0600
//! <state>/keys/NAME.pub   its public line: a convenience, and where an encrypted key's comment is known
//! ```
//!
//! A key is there once its private file is; that is written whole, and first.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use assay_files::{Patience, PrivateFolder, Turn};
use assay_trust::Label;
use zeroize::Zeroizing;

use super::{key_file::KeyFile, public::PublicKey};
use crate::failure::{Failure, Result};

const LOCK: &str = ".lock";
/// Whoever holds the lock writes two files.
const PATIENCE: Patience = Patience {
    quiet: Duration::from_secs(30),
    limit: Duration::from_secs(30),
};

/// All of them.
#[derive(Debug)]
pub struct OwnKeys {
    folder: PrivateFolder,
}

impl OwnKeys {
    /// Those in this state. Nothing is read yet.
    pub fn new(state: &Path) -> Self {
        let folder = PrivateFolder::new(state).below("keys");
        Self { folder }
    }

    /// Where the key of this name is, or would be.
    pub fn path(&self, name: &Label) -> PathBuf {
        self.folder.path().join(name.as_str())
    }

    /// Their names, in order.
    pub fn names(&self) -> Result<Vec<Label>> {
        if !self.folder.check()? {
            return Ok(Vec::new());
        }
        let path = self.folder.path();
        let listing =
            |error: io::Error| Failure::could_not(format!("listing {}: {error}", path.display()));
        let mut names = Vec::new();
        for entry in fs::read_dir(path).map_err(listing)? {
            let name = entry.map_err(listing)?.file_name();
            // Public lines, the lock, and what a run that died left have names that no key has.
            let name = name.to_str().and_then(|it| it.parse().ok());
            names.extend(name);
        }
        names.sort();
        Ok(names)
    }

    /// Whether there is a key of this name.
    pub fn has(&self, name: &Label) -> Result<bool> {
        Ok(self.folder.check()? && fs::symlink_metadata(self.path(name)).is_ok())
    }

    /// Whether both names are there, and of one key.
    pub fn is_copy(&self, copy: &Label, name: &Label) -> Result<bool> {
        let both = self.has(copy)? && self.has(name)?;
        Ok(both && self.public(copy)?.raw() == self.public(name)?.raw())
    }

    /// Reads the one of this name.
    pub fn read(&self, name: &Label) -> Result<KeyFile> {
        if !self.has(name)? {
            return Err(self.unknown(name)?);
        }
        KeyFile::read(&self.path(name))
    }

    /// Its public half.
    pub fn public(&self, name: &Label) -> Result<PublicKey> {
        Ok(self.read(name)?.public().clone())
    }

    /// Keeps a new one, whose private file has this text.
    pub fn add(&self, name: &Label, key: &PublicKey, text: &str) -> Result<()> {
        let _turn = self.turn()?;
        self.expect_free(name)?;
        self.write(name, key, text)
    }

    /// Gives the one of this name another one, and keeps a new one in its place. What a run that was
    /// killed left of that is finished.
    pub fn replace(&self, name: &Label, old: &Label, key: &PublicKey, text: &str) -> Result<()> {
        let _turn = self.turn()?;
        if !self.is_copy(old, name)? {
            self.expect_free(old)?;
        }
        // Its new place has it before the first one is given up.
        let Some(kept) = self.folder.read(name.as_str())?.map(Zeroizing::new) else {
            return Err(self.unknown(name)?);
        };
        let line = self.folder.read(&public_name(name))?;
        self.folder.write_synced(old.as_str(), &kept)?;
        if let Some(line) = line {
            self.folder.write_synced(&public_name(old), &line)?;
        }
        // Better none for a moment than the one of another key.
        self.folder.remove_file(&public_name(name))?;
        self.write(name, key, text)
    }

    /// Takes it away. It cannot be had again.
    pub fn remove(&self, name: &Label) -> Result<()> {
        let _turn = self.turn()?;
        self.folder.remove_file(name.as_str())?;
        Ok(self.folder.remove_file(&public_name(name))?)
    }

    fn write(&self, name: &Label, key: &PublicKey, text: &str) -> Result<()> {
        let line = key.ssh_line()? + "\n";
        // A text that cannot be read would be a key that is lost.
        KeyFile::parse(text.as_bytes(), name.to_string())?;
        self.folder.write_synced(name.as_str(), text.as_bytes())?;
        Ok(self
            .folder
            .write_synced(&public_name(name), line.as_bytes())?)
    }

    fn turn(&self) -> Result<Option<assay_files::Lock>> {
        self.folder.make()?;
        match self.folder.lock(LOCK, PATIENCE, || ())? {
            Turn::Ours(lock) => Ok(Some(lock)),
            // A file system without locks: two runs of the same moment are not told apart there.
            Turn::Unavailable(_) => Ok(None),
            Turn::TimedOut => Err(Failure::could_not(format!(
                "another assay has held {} for {} seconds",
                self.folder.path().join(LOCK).display(),
                PATIENCE.limit.as_secs()
            ))),
        }
    }

    /// Fails where there is a key of this name.
    pub fn expect_free(&self, name: &Label) -> Result<()> {
        match self.has(name)? {
            false => Ok(()),
            true => Err(Failure::usage(format!("there is a key {name} already"))
                .detail(self.path(name).display().to_string())
                .hint(format!(
                    "a new key in its place, the old one kept: assay key rotate {name}"
                ))),
        }
    }

    fn unknown(&self, name: &Label) -> Result<Failure> {
        let names: Vec<_> = self.names()?.iter().map(ToString::to_string).collect();
        let failure = Failure::usage(format!("there is no key {name} here"));
        let failure = match &names[..] {
            [] => failure.hint(format!("make one: assay key generate {name}")),
            _ => failure.detail(format!("keys: {}", names.join(", "))),
        };
        Ok(failure.hint(format!("if you mean the file of that name: ./{name}")))
    }
}

fn public_name(name: &Label) -> String {
    format!("{name}.pub")
}
