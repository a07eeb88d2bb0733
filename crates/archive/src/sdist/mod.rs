//! A source distribution whose structure and identity hold (PEP 625, PEP 643). Nothing in it is run.

mod identity;
mod open;

use assay_trust::{Admission, Admitted, ReadAt};
use assay_types::{SafePath, SdistName, metadata::Metadata};

use crate::{ArchiveError, Limits, error::require, tar, zip};

/// One regular file of an sdist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SdistFile {
    /// Its path below the one folder at the top.
    pub path: SafePath,
    /// Its size in bytes.
    pub size: u64,
    /// Whether any execute bit is set; no other bit of its mode is told on.
    pub executable: bool,
}

/// An opened sdist: every header and all contents were walked once, names checked, PKG-INFO found and
/// in agreement with the file name.
pub struct Sdist<B> {
    admitted: Admitted<B>,
    name: SdistName,
    top: String,
    metadata: Metadata,
    metadata_bytes: Vec<u8>,
    files: Vec<SdistFile>,
    container: Container,
}

/// What the files lie in.
enum Container {
    /// `.tar.gz`: contents are found by walking from the beginning.
    Tar,
    /// `.zip`: where the content of each of `files` lies.
    Zip(Vec<zip::Entry>),
}

impl<B> Sdist<B> {
    /// Who vouched for these bytes.
    pub fn admission(&self) -> &Admission {
        self.admitted.admission()
    }

    /// The admitted bytes, as they arrived.
    pub fn body(&self) -> &B {
        self.admitted.body()
    }

    /// The parsed file name.
    pub fn name(&self) -> &SdistName {
        &self.name
    }

    /// The one folder at the top, as it is written.
    pub fn top(&self) -> &str {
        &self.top
    }

    /// PKG-INFO, parsed.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// PKG-INFO, as it lies in the archive.
    pub fn metadata_bytes(&self) -> &[u8] {
        &self.metadata_bytes
    }

    /// All regular files, in archive order.
    pub fn files(&self) -> &[SdistFile] {
        &self.files
    }
}

impl<B: ReadAt> Sdist<B> {
    /// Gives the contents of all files in the order of `files()`, piece by piece, each with the file's
    /// index; an empty file has no piece. On an error what was given must be thrown away.
    pub fn contents(
        &self,
        mut sink: impl FnMut(usize, &[u8]) -> Result<(), ArchiveError>,
    ) -> Result<(), ArchiveError> {
        let body = self.admitted.body();
        if let Container::Zip(entries) = &self.container {
            let entries = entries.iter().enumerate();
            return entries
                .into_iter()
                .try_for_each(|(index, it)| zip::copy(body, it, |piece| sink(index, piece)));
        }
        let mut index = 0;
        let mut so_far = 0;
        tar::walk(body, &Limits::DEFAULT, |_, piece| {
            // What is empty has no piece, so that the next one with content is meant.
            while self.files.get(index).is_some_and(|it| it.size == so_far) {
                (index, so_far) = (index + 1, 0);
            }
            // Bytes that were read once are read alike; were they not, nothing could be said of them.
            require(index < self.files.len(), "tar", || "it is not what it was")?;
            so_far += piece.len() as u64;
            sink(index, piece)
        })?;
        Ok(())
    }
}
