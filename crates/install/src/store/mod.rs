//! The store of unpacked wheels: content-addressed, read-only, flat.
//!
//! ```text
//! <cache>/store/v1/<sha256>/manifest   what the wheel is and where its files belong
//! <cache>/store/v1/<sha256>/0, 1, 2…   its files, named by number: no path of an archive ever
//!                                      touches this file system
//! <cache>/locks/…                      who fetches or publishes what, for the moment
//! <state>/store-memo/<cache>/<sha256>  what this user saw when it was published; <cache> is a
//!                                      digest of the cache's path: each has entries of its own
//! ```
//!
//! All must be folders that the user alone can write to; others are refused by every call.
//!
//! The cache is no authority: an entry counts only with a memo in the user's state, whose digest
//! the manifest must match. An entry that somebody else put there is a miss.

mod contents;
mod files;
mod manifest;
mod memo;
mod publish;
mod sweep;
mod turn;
mod verify;
mod wheel;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use assay_files::PrivateFolder;
use assay_trust::Memo;
use assay_types::Sha256;

use crate::{Error, Result, hash, sys};
pub use files::StoredFile;
pub(crate) use manifest::{File, Manifest, Mark, Script};
use memo::{MemoFile, Remembered};
pub use turn::FetchTurn;
pub use verify::{StoreInfo, Verification};
pub use wheel::StoredWheel;

/// The store below a cache folder, with the user's memory of it below a state folder.
#[derive(Debug, Clone)]
pub struct Store {
    entries: PrivateFolder,
    memos: PrivateFolder,
    locks: PrivateFolder,
    /// Whether leftovers were looked for; once in a run.
    swept: Arc<OnceLock<()>>,
}

/// What the store has under a digest.
#[derive(Debug)]
pub enum Lookup {
    /// An entry that this user published, and what was measured then.
    Hit(StoredWheel, Memo),
    /// Nothing, or an entry that this user knows nothing about.
    Miss,
    /// An entry that was changed since it was published. It was forgotten: treat it as a miss.
    Damaged(Damage),
}

/// An entry that is not what was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The wheel's digest.
    pub sha256: Sha256,
    /// What differs, unescaped.
    pub why: String,
}

impl Store {
    /// A store at `<cache>/store/v1`, made with the first entry. Nothing is looked at yet.
    pub fn new(cache_dir: &Path, state_dir: &Path) -> Self {
        let cache = hash::bytes(cache_dir.as_os_str().as_encoded_bytes()).to_string();
        Self {
            entries: PrivateFolder::new(cache_dir).below("store").below("v1"),
            memos: PrivateFolder::new(state_dir)
                .below("store-memo")
                .below(&cache[..16]),
            locks: PrivateFolder::new(cache_dir).below("locks"),
            swept: Arc::default(),
        }
    }

    /// Looks an unpacked wheel up, and forgets an entry that was changed. Its files are checked
    /// while they are linked, not here.
    pub fn find(&self, sha256: Sha256) -> Result<Lookup> {
        let found = self.look(sha256)?;
        if let Lookup::Damaged(_) = &found {
            self.forget(sha256)?;
        }
        Ok(found)
    }

    /// The same without forgetting anything.
    fn look(&self, sha256: Sha256) -> Result<Lookup> {
        let damaged = |why: &str| {
            let why = why.to_owned();
            Ok(Lookup::Damaged(Damage { sha256, why }))
        };
        let memo = match MemoFile::read(&self.memos, sha256)? {
            Remembered::Nothing => return Ok(Lookup::Miss),
            Remembered::Garbage => return damaged("what the state remembers of it is unreadable"),
            Remembered::This(memo) => memo,
        };
        if !self.entries.check()? {
            return Ok(Lookup::Miss);
        }
        let folder = self.entry(sha256);
        let path = folder.join("manifest");
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Lookup::Miss),
            Err(error) if is_no_manifest(&error) => return damaged("its manifest is no file"),
            Err(error) => return Err(Error::io("reading", path, error)),
        };
        if hash::bytes(&bytes) != memo.manifest {
            return damaged("its manifest is not the one that was published");
        }
        let wheel = Manifest::parse(bytes).and_then(|it| StoredWheel::new(folder, sha256, it));
        match wheel {
            Ok(wheel) => Ok(Lookup::Hit(wheel, memo.into_memo())),
            Err(why) => damaged(why),
        }
    }

    /// Forgets an entry, so that the next look-up is a miss.
    pub fn forget(&self, sha256: Sha256) -> Result<()> {
        MemoFile::remove(&self.memos, sha256)
    }

    fn entry(&self, sha256: Sha256) -> PathBuf {
        self.entries.path().join(sha256.to_string())
    }

    /// The folder of entries, open and rid of what killed runs left; made where it is missing. A
    /// state that is refused is so before anything is unpacked.
    fn open(&self) -> Result<sys::Dir> {
        self.memos.check()?;
        self.entries.make()?;
        let entries = sys::Dir::open(self.entries.path())?;
        self.swept.get_or_init(|| sweep::leftovers(&entries));
        Ok(entries)
    }
}

/// Whether something else lies in the place of an entry or its manifest.
fn is_no_manifest(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory
    )
}
