//! A wheel whose structure, identity and RECORD hold.

mod extract;
mod folders;
mod identity;
mod open;
mod record;
mod schemes;
mod signature;

use assay_trust::{Admission, Admitted};
use assay_types::{
    Digest, SafePath, Sha256, WheelName, entry_points::EntryPoint, metadata::Metadata,
    wheel_info::WheelInfo,
};

use crate::zip;

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
    /// Whether any execute bit is set (of an entry that says it is a regular file, as pip judges).
    pub executable: bool,
}

/// An opened wheel: headers walked, names checked, dist-info found, METADATA, WHEEL, RECORD and
/// entry points parsed and in agreement with the file name. File contents are verified when they
/// are extracted.
pub struct Wheel<B> {
    admitted: Admitted<B>,
    name: WheelName,
    dist_info: String,
    data: Option<String>,
    metadata: Metadata,
    metadata_bytes: Vec<u8>,
    info: WheelInfo,
    entry_points: Vec<EntryPoint>,
    files: Vec<WheelFile>,
    /// Where the content of `files` lies, index by index.
    contents: Vec<Content>,
    /// Of RECORD's bytes.
    record: Sha256,
    /// RECORD.jws.
    record_signature: Option<zip::Entry>,
}

/// Where a file's content lies and what it must hash to.
struct Content {
    entry: zip::Entry,
    /// What RECORD demands; `None` only under [`Options::bad_record`].
    digest: Option<Digest>,
}

impl<B> Wheel<B> {
    /// Who vouched for these bytes.
    pub fn admission(&self) -> &Admission {
        self.admitted.admission()
    }

    /// The admitted bytes, as they arrived.
    pub fn body(&self) -> &B {
        self.admitted.body()
    }

    /// The parsed file name.
    pub fn name(&self) -> &WheelName {
        &self.name
    }

    /// The name of the dist-info folder, as it is written in the archive.
    pub fn dist_info(&self) -> &str {
        &self.dist_info
    }

    /// The name of the `.data` folder, where there is one.
    pub fn data(&self) -> Option<&str> {
        self.data.as_deref()
    }

    /// METADATA, parsed.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// METADATA, as it lies in the archive; a sidecar must equal it.
    pub fn metadata_bytes(&self) -> &[u8] {
        &self.metadata_bytes
    }

    /// WHEEL, parsed.
    pub fn info(&self) -> &WheelInfo {
        &self.info
    }

    /// Scripts.
    pub fn entry_points(&self) -> &[EntryPoint] {
        &self.entry_points
    }

    /// Whether its contents are compared with RECORD; false only under [`Options::bad_record`].
    pub fn is_record_verified(&self) -> bool {
        self.contents.iter().all(|it| it.digest.is_some())
    }

    /// All regular files but RECORD (and RECORD.jws, RECORD.p7s), in archive order.
    pub fn files(&self) -> &[WheelFile] {
        &self.files
    }
}
