//! A wheel in the store.

use std::{
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

use assay_types::{ProjectName, Sha256, Version, WheelName, metadata::Metadata};

use super::{File, Manifest};
use crate::{
    Error, Result, hash,
    sys::{Dir, Expected},
};

/// An unpacked wheel: its manifest is authenticated, its files are checked when they are used.
/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct StoredWheel(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    sha256: Sha256,
    name: WheelName,
    manifest: Manifest,
}

impl StoredWheel {
    pub(super) fn new(
        folder: PathBuf,
        sha256: Sha256,
        manifest: Manifest,
    ) -> Result<Self, &'static str> {
        let name = WheelName::parse(&manifest.head.file_name)
            .map_err(|_| "its manifest names no wheel")?;
        Ok(Self(Arc::new(Inner {
            folder,
            sha256,
            name,
            manifest,
        })))
    }

    /// SHA-256 of the wheel it was unpacked from.
    pub fn sha256(&self) -> Sha256 {
        self.0.sha256
    }

    /// The wheel's parsed file name.
    pub fn name(&self) -> &WheelName {
        &self.0.name
    }

    /// Normalised project name.
    pub fn project(&self) -> &ProjectName {
        self.0.name.project()
    }

    /// Version.
    pub fn version(&self) -> &Version {
        self.0.name.version()
    }

    /// Whether every file was compared with the wheel's own RECORD. `false` only where the user
    /// allowed a wrong one when it was published.
    pub(crate) fn is_record_verified(&self) -> bool {
        self.manifest().head.record_verified
    }

    /// Whether it may stand for a wheel of this file name. The name was part of what was judged
    /// when the archive was opened, and so was RECORD, unless the user allowed a bad one.
    pub fn serves(&self, name: &WheelName, bad_record_allowed: bool) -> bool {
        self.name() == name && (self.is_record_verified() || bad_record_allowed)
    }

    /// How many files it has, and how many bytes they are.
    pub fn unpacked(&self) -> (usize, u64) {
        let bytes = self.manifest().files().map(|(_, file)| file.size()).sum();
        (self.manifest().len(), bytes)
    }

    /// The folder of its files.
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// What METADATA says, from the manifest.
    pub fn metadata(&self) -> Result<Metadata> {
        Metadata::parse(self.manifest().head.metadata.as_bytes())
            .map_err(|error| self.damaged(error.to_string()))
    }

    /// METADATA, as it lay in the wheel; a sidecar must equal it.
    pub fn metadata_bytes(&self) -> Result<Vec<u8>> {
        let dist_info = &self.manifest().head.dist_info;
        let mut files = self.manifest().files();
        let found =
            files.find(|(folder, file)| folder.path() == dist_info && file.name() == "METADATA");
        match found {
            Some((_, file)) => self.read(file),
            None => Err(self.damaged("METADATA is not in its manifest".to_owned())),
        }
    }

    pub(crate) fn manifest(&self) -> &Manifest {
        &self.0.manifest
    }

    /// The open folder of its files. One that went since the manifest was read is damage: the
    /// wheel can be fetched again.
    pub(crate) fn open(&self) -> Result<Dir> {
        Dir::open(&self.0.folder).map_err(|error| match error {
            Error::Io { source, .. } if is_gone(&source) => {
                self.damaged("its folder is gone".to_owned())
            }
            other => other,
        })
    }

    /// What the stored file must look like.
    pub(crate) fn expected(&self, file: File<'_>) -> Expected {
        Expected {
            size: file.size(),
            mtime: self.manifest().head.mtime,
            executable: file.is_executable(),
        }
    }

    /// Reads one file whole and compares its digest.
    pub(crate) fn read(&self, file: File<'_>) -> Result<Vec<u8>> {
        let stored = file.index().to_string();
        let mut bytes = Vec::new();
        self.open()?
            .read(&stored)
            .and_then(|it| it.take(file.size() + 1).read_to_end(&mut bytes))
            .map_err(|error| self.damaged(format!("{}: {error}", file.name())))?;
        if hash::bytes(&bytes).to_record() != file.digest() {
            return Err(self.damaged(format!("{} has another digest", file.name())));
        }
        Ok(bytes)
    }

    pub(crate) fn damaged(&self, why: String) -> Error {
        Error::Damaged {
            sha256: self.sha256(),
            file_name: self.name().as_str().to_owned(),
            why,
        }
    }
}

fn is_gone(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}
