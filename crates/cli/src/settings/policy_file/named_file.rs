//! A file that a policy file or an option names, and who vouches for its content.

use std::path::PathBuf;

use assay_files::{objection, read_file, read_input};
use assay_trust::sha256;
use assay_types::Sha256;

use crate::failure::{Failure, Result};

/// Where it is, and whose word its content is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
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

impl NamedFile {
    /// Its bytes, at most `limit`. Fails where they are not the ones that are vouched for.
    pub(super) fn bytes(&self, limit: u64) -> Result<Vec<u8>> {
        let bytes = self.bytes_now(limit)?;
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
        Ok(bytes)
    }

    /// What it is now, for whoever is asked to approve it.
    pub(super) fn bytes_now(&self, limit: u64) -> Result<Vec<u8>> {
        if self.content == Content::Typed {
            return read_input(&self.path, limit).map_err(|it| self.wrong(&it));
        }
        let (bytes, stat) = read_file(&self.path, limit).map_err(|it| self.wrong(&it))?;
        let Some(fact) = objection(&stat) else {
            return Ok(bytes);
        };
        let path = self.path.display();
        Err(self
            .named(Failure::refused(format!("{path} {fact}")))
            .hint(format!("chown and chmod go-w {path}")))
    }

    /// Says that it is not what it should be.
    pub(super) fn wrong(&self, why: &impl std::fmt::Display) -> Failure {
        let path = self.path.display();
        self.named(Failure::usage(format!("{path}: {why}")))
    }

    fn named(&self, failure: Failure) -> Failure {
        failure.detail(format!("named at {}", self.place))
    }
}
