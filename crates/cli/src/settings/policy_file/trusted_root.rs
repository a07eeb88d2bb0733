//! A `trusted_root.json` that stands in for Sigstore's public one.

use std::path::PathBuf;

use assay_files::{objection, read_file, read_input};
use assay_trust::{attestation::TrustRoot, sha256};
use assay_types::Sha256;

use super::LONGEST;
use crate::failure::{Failure, Result};

/// Where it is, and who vouches for its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedRoot {
    /// Where it is; absolute where what names it is.
    pub path: PathBuf,
    /// What names it: `file:line:column`, or an option. Unescaped.
    pub place: String,
    pub(super) content: Content,
}

/// Who vouches for the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Whoever typed the name.
    Typed,
    /// Whoever owns the file: nobody but the user and root may write to it.
    Owned,
    /// The user, who approved these bytes together with the file that names them. The policy file's
    /// own digest does not cover them.
    Approved(Option<Sha256>),
}

impl TrustedRoot {
    /// One that an option names.
    pub fn typed(path: PathBuf, option: &str) -> Self {
        Self {
            path,
            place: option.to_owned(),
            content: Content::Typed,
        }
    }

    /// Reads it. Fails where it is none, or its content is not the one that is vouched for.
    pub fn read(&self) -> Result<TrustRoot> {
        let bytes = self.bytes()?;
        if let Content::Approved(approved) = self.content
            && approved != Some(sha256(&bytes))
        {
            let path = self.path.display();
            return Err(self
                .named(Failure::refused(format!(
                    "{path} changed since the file that names it was approved"
                )))
                .hint("look at both and approve them again: assay policy approve"));
        }
        self.parse(bytes)
    }

    /// Whether it could be used, were its content vouched for.
    pub fn check(&self) -> Result<()> {
        self.parse(self.bytes()?).map(drop)
    }

    fn parse(&self, bytes: Vec<u8>) -> Result<TrustRoot> {
        let text = String::from_utf8(bytes).map_err(|it| self.wrong(&it))?;
        TrustRoot::from_json(&text).map_err(|it| self.wrong(&it))
    }

    /// The digest of what it is now, for an approval.
    pub(super) fn sha256(&self) -> Result<Sha256> {
        self.bytes().map(|it| sha256(&it))
    }

    fn bytes(&self) -> Result<Vec<u8>> {
        if self.content == Content::Typed {
            return read_input(&self.path, LONGEST).map_err(|it| self.wrong(&it));
        }
        let (bytes, stat) = read_file(&self.path, LONGEST).map_err(|it| self.wrong(&it))?;
        let Some(fact) = objection(&stat) else {
            return Ok(bytes);
        };
        let path = self.path.display();
        Err(self
            .named(Failure::refused(format!("{path} {fact}")))
            .hint(format!("chown and chmod go-w {path}")))
    }

    fn wrong(&self, why: &impl std::fmt::Display) -> Failure {
        let path = self.path.display();
        self.named(Failure::usage(format!("{path}: {why}")))
    }

    fn named(&self, failure: Failure) -> Failure {
        failure.detail(format!("named at {}", self.place))
    }
}
