//! One file of the index and what the index says about it.

use std::{fs, io, path::Path};

use sha2::{Digest as _, Sha256};

use super::{metadata, site::Body};
use crate::{
    publisher::{Publisher, TestSigstore},
    wheel::hex,
};

/// A file and its listing, honest until told otherwise.
#[derive(Clone)]
pub struct Upload {
    pub(super) file_name: String,
    pub(super) body: Body,
    /// Algorithm and hexadecimal text.
    pub(super) hashes: Vec<(String, String)>,
    pub(super) size: Option<u64>,
    pub(super) requires_python: Option<String>,
    pub(super) upload_time: Option<String>,
    pub(super) yanked: Option<String>,
    pub(super) sidecar: Option<Vec<u8>>,
    /// `None`: the sidecar is announced without a hash.
    pub(super) sidecar_hash: Option<String>,
    pub(super) href: Option<String>,
    pub(super) provenance: Option<String>,
    pub(super) gpg_sig: Option<bool>,
    /// Whether pages tell that there is provenance.
    pub(super) announces: bool,
    /// Of the bytes, whatever is listed.
    sha256: String,
}

impl Upload {
    /// Listed with its sha256 and size, without a sidecar.
    pub fn new(file_name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        let size = bytes.len() as u64;
        let sha256 = hex(&Sha256::digest(&bytes));
        Self::with_body(file_name, Body::bytes(bytes), size, sha256)
    }

    /// A file on disk, read again for each request; a wheel gets its METADATA as the sidecar.
    pub fn from_path(path: &Path) -> io::Result<Self> {
        let bytes = fs::read(path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let size = bytes.len() as u64;
        let sha256 = hex(&Sha256::digest(&bytes));
        let upload = Self::with_body(&name, Body::file(path, size), size, sha256);
        Ok(match metadata::of_wheel(&bytes) {
            Some(metadata) if name.ends_with(".whl") => upload.sidecar(metadata),
            _ => upload,
        })
    }

    fn with_body(file_name: &str, body: Body, size: u64, sha256: String) -> Self {
        Self {
            file_name: file_name.to_owned(),
            body,
            hashes: vec![("sha256".into(), sha256.clone())],
            size: Some(size),
            requires_python: None,
            upload_time: None,
            yanked: None,
            sidecar: None,
            sidecar_hash: None,
            href: None,
            provenance: None,
            gpg_sig: None,
            announces: true,
            sha256,
        }
    }

    /// Such as `demo-1.0-py3-none-any.whl`.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    /// Says whether an OpenPGP signature lies beside it (PEP 503).
    pub fn gpg_sig(mut self, is_there: bool) -> Self {
        self.gpg_sig = Some(is_there);
        self
    }

    /// Lists this hash and no other.
    pub fn hash(mut self, algorithm: &str, hex: &str) -> Self {
        self.hashes = vec![(algorithm.to_owned(), hex.to_owned())];
        self
    }

    /// Lists one more hash.
    pub fn also_hash(mut self, algorithm: &str, hex: &str) -> Self {
        self.hashes.push((algorithm.to_owned(), hex.to_owned()));
        self
    }

    /// Lists no hash.
    pub fn no_hash(mut self) -> Self {
        self.hashes.clear();
        self
    }

    /// Announces this size (PEP 700), or none.
    pub fn size(mut self, size: Option<u64>) -> Self {
        self.size = size;
        self
    }

    /// Sets `requires-python`.
    pub fn requires_python(mut self, specifiers: &str) -> Self {
        self.requires_python = Some(specifiers.to_owned());
        self
    }

    /// Sets the upload time, such as `2026-01-02T03:04:05Z` (JSON only).
    pub fn upload_time(mut self, time: &str) -> Self {
        self.upload_time = Some(time.to_owned());
        self
    }

    /// Yanks the file (PEP 592).
    pub fn yanked(mut self, reason: &str) -> Self {
        self.yanked = Some(reason.to_owned());
        self
    }

    /// Serves a metadata sidecar and lists its sha256.
    pub fn sidecar(mut self, metadata: impl Into<Vec<u8>>) -> Self {
        let metadata = metadata.into();
        self.sidecar_hash = Some(format!("sha256={}", hex(&Sha256::digest(&metadata))));
        self.sidecar = Some(metadata);
        self
    }

    /// Lists this for the sidecar instead, `algorithm=hex`; `None` announces it without a hash.
    pub fn sidecar_hash(mut self, hash: Option<&str>) -> Self {
        self.sidecar_hash = hash.map(str::to_owned);
        self
    }

    /// Links to this target instead of `/files/<name>`; `HOST` stands for this server's scheme and
    /// address.
    pub fn href(mut self, href: &str) -> Self {
        self.href = Some(href.to_owned());
        self
    }

    /// Serves this provenance object (PEP 740) and announces it on the project's pages.
    pub fn provenance(mut self, document: impl Into<String>) -> Self {
        self.provenance = Some(document.into());
        self
    }

    /// An honest attestation for the bytes, signed and logged at a time such as
    /// `2026-01-02T03:04:05Z`.
    pub fn attested(self, sigstore: &TestSigstore, publisher: &Publisher, at: &str) -> Self {
        let attesting = sigstore.attest(publisher, &self.file_name, &self.sha256);
        let document = attesting.at(at).provenance();
        self.provenance(document)
    }

    /// Keeps silent about the provenance on pages, as a proxy does that is older than PEP 740.
    pub fn unannounced(mut self) -> Self {
        self.announces = false;
        self
    }

    /// The normalised project name (PEP 503).
    pub(super) fn project(&self) -> String {
        let (name, _) = self.name_and_version();
        let lower = name.to_ascii_lowercase();
        let words = lower.split(['-', '_', '.']).filter(|it| !it.is_empty());
        words.collect::<Vec<_>>().join("-")
    }

    /// The version, as it stands in the file's name.
    pub(super) fn version(&self) -> &str {
        let (_, version) = self.name_and_version();
        version
    }

    /// Everything before the version, and the version.
    fn name_and_version(&self) -> (&str, &str) {
        if let Some(stem) = self.file_name.strip_suffix(".whl") {
            let (name, rest) = stem.split_once('-').unwrap_or((stem, ""));
            return (name, rest.split('-').next().unwrap_or_default());
        }
        let (name, rest) = self.file_name.rsplit_once('-').unwrap_or_default();
        let endings = [".tar.gz", ".zip"];
        let version = endings.iter().find_map(|it| rest.strip_suffix(it));
        (name, version.unwrap_or(rest))
    }
}
