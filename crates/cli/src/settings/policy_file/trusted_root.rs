//! A `trusted_root.json` that stands in for Sigstore's public one.

use std::path::PathBuf;

use assay_trust::{attestation::TrustRoot, sha256};
use assay_types::Sha256;

use super::{
    LONGEST,
    named_file::{Content, NamedFile},
};
use crate::failure::Result;

/// The file, and who vouches for its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedRoot(pub NamedFile);

impl TrustedRoot {
    /// One that an option names.
    pub fn typed(path: PathBuf, option: &str) -> Self {
        Self(NamedFile {
            path,
            place: option.to_owned(),
            content: Content::Typed,
        })
    }

    /// Reads it. Fails where it is none, or its content is not the one that is vouched for.
    pub fn read(&self) -> Result<TrustRoot> {
        self.parse(self.0.bytes(LONGEST)?)
    }

    /// Whether it could be used, were its content vouched for.
    pub fn check(&self) -> Result<()> {
        self.parse(self.0.bytes_now(LONGEST)?).map(drop)
    }

    /// The digest of what it is now, for an approval.
    pub(super) fn sha256(&self) -> Result<Sha256> {
        self.0.bytes_now(LONGEST).map(|it| sha256(&it))
    }

    fn parse(&self, bytes: Vec<u8>) -> Result<TrustRoot> {
        let text = String::from_utf8(bytes).map_err(|it| self.0.wrong(&it))?;
        TrustRoot::from_json(&text).map_err(|it| self.0.wrong(&it))
    }
}
