//! A wheel whose structure, identity and RECORD hold.

use std::io::Write;

use assay_trust::{Admission, Admitted, ReadAt};
use assay_types::{
    SafePath, Sha256, WheelName, entry_points::EntryPoint, metadata::Metadata,
    wheel_info::WheelInfo,
};

use crate::ArchiveError;

/// What the caller may loosen, by name.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Accept a RECORD that is wrong about digests, sizes or the set of files
    /// (`--allow-bad-record`); paths are still checked.
    pub bad_record: bool,
}

/// One regular file of a wheel (RECORD and its signatures left out).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WheelFile {
    /// Path in the archive.
    pub path: SafePath,
    /// Uncompressed size in bytes.
    pub size: u64,
    /// Whether any execute bit is set.
    pub executable: bool,
    /// SHA-256 that RECORD gives; `None` where it uses a longer digest or the override is on.
    pub sha256: Option<Sha256>,
}

/// An opened wheel: headers walked, names checked, dist-info found, METADATA, WHEEL, RECORD and
/// entry points parsed and in agreement with the file name. File contents are verified when they
/// are extracted.
pub struct Wheel<B> {
    admitted: Admitted<B>,
    files: Vec<WheelFile>,
}

impl<B: ReadAt> Wheel<B> {
    /// Opens and checks; nothing is written.
    pub fn open(admitted: Admitted<B>, options: Options) -> Result<Self, ArchiveError> {
        let _ = (admitted, options);
        todo!()
    }
    /// Who vouched for these bytes.
    pub fn admission(&self) -> &Admission {
        self.admitted.admission()
    }
    /// The parsed file name.
    pub fn name(&self) -> &WheelName {
        todo!()
    }
    /// The name of the dist-info folder.
    pub fn dist_info(&self) -> &str {
        todo!()
    }
    /// METADATA, parsed.
    pub fn metadata(&self) -> &Metadata {
        todo!()
    }
    /// METADATA, as it lies in the archive; a sidecar must equal it.
    pub fn metadata_bytes(&self) -> &[u8] {
        todo!()
    }
    /// WHEEL, parsed.
    pub fn info(&self) -> &WheelInfo {
        todo!()
    }
    /// Scripts.
    pub fn entry_points(&self) -> &[EntryPoint] {
        todo!()
    }
    /// All regular files but RECORD (and RECORD.jws, RECORD.p7s), in archive order.
    pub fn files(&self) -> &[WheelFile] {
        &self.files
    }
    /// Writes one file's content, verifying CRC-32, size and RECORD digest on the way. On an error
    /// what was written must be thrown away. Several threads may extract at once.
    pub fn extract(&self, index: usize, out: &mut dyn Write) -> Result<Sha256, ArchiveError> {
        let _ = (index, out);
        todo!()
    }
}
