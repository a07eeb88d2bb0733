//! What this user saw when an entry was published, kept in the state.

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

    /// Reads a memo. One that cannot be parsed or speaks of another wheel (torn by a crash,
    /// renamed) remembers nothing: the wheel is fetched and judged again.
    pub fn read(folder: &PrivateFolder, sha256: Sha256) -> Result<Option<Self>> {
        let bytes = folder.read(&sha256.to_string())?;
        let memo = bytes.and_then(|bytes| parse(&bytes));
        Ok(memo.filter(|memo| memo.sha256 == sha256))
    }

    /// Forgets.
    pub fn remove(folder: &PrivateFolder, sha256: Sha256) -> Result<()> {
        Ok(folder.remove_file(&sha256.to_string())?)
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
