//! What this user saw when an entry was published, kept in the state.

use std::io;

use assay_files::PrivateFolder;
use assay_trust::{Measured, Memo};
use assay_types::{Digest, Sha256};
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A memo as it is read back.
#[derive(Debug)]
pub(super) struct MemoFile {
    sha256: Sha256,
    others: Vec<Digest>,
    size: u64,
    /// SHA-256 of the manifest that was published.
    pub manifest: Sha256,
}

/// What the state says of a wheel.
#[derive(Debug)]
pub(super) enum Remembered {
    /// Nothing: it was never published, or forgotten.
    Nothing,
    /// Something that cannot be read, or speaks of another wheel (torn by a crash, renamed): the
    /// wheel has to be fetched and judged again.
    Garbage,
    /// This.
    This(MemoFile),
}

#[derive(Serialize, Deserialize)]
struct Text {
    sha256: String,
    others: Vec<String>,
    size: u64,
    manifest: String,
}

impl MemoFile {
    /// Remembers what was measured and published.
    pub fn write(folder: &PrivateFolder, measured: &Measured, manifest: Sha256) -> Result<()> {
        let text = Text {
            sha256: measured.sha256().to_string(),
            others: measured.others().iter().map(Digest::to_string).collect(),
            size: measured.size(),
            manifest: manifest.to_string(),
        };
        let bytes = serde_json::to_vec(&text)
            .map_err(|error| Error::io("writing", folder.path(), error))?;
        Ok(folder.write(&text.sha256, &bytes)?)
    }

    /// Reads a memo.
    pub fn read(folder: &PrivateFolder, sha256: Sha256) -> Result<Remembered> {
        let bytes = match folder.read(&sha256.to_string()) {
            Err(assay_files::Error::Io { source, .. })
                if source.kind() == io::ErrorKind::IsADirectory =>
            {
                return Ok(Remembered::Garbage);
            }
            read => read?,
        };
        let Some(bytes) = bytes else {
            return Ok(Remembered::Nothing);
        };
        let memo = parse(&bytes).filter(|memo| memo.sha256 == sha256);
        Ok(memo.map_or(Remembered::Garbage, Remembered::This))
    }

    /// Forgets. What is no file at all is set aside: it is not ours to remove.
    pub fn remove(folder: &PrivateFolder, sha256: Sha256) -> Result<()> {
        let name = sha256.to_string();
        if folder.path().join(&name).is_dir() {
            folder.set_aside(&name)?;
        }
        Ok(folder.remove_file(&name)?)
    }

    /// The measurement, for `trust`.
    pub fn into_memo(self) -> Memo {
        Memo::from_state(self.sha256, self.others, self.size)
    }
}

fn parse(bytes: &[u8]) -> Option<MemoFile> {
    let text: Text = serde_json::from_slice(bytes).ok()?;
    let others = text.others.iter().map(|it| Digest::parse(it));
    Some(MemoFile {
        sha256: Sha256::from_hex(&text.sha256)?,
        others: others.collect::<Result<_, _>>().ok()?,
        size: text.size,
        manifest: Sha256::from_hex(&text.manifest)?,
    })
}
