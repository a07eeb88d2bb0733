//! What somebody other than a publisher said of a file, verified and not yet judged.

use std::collections::BTreeSet;

use assay_types::Sha256;

use crate::{TrustedKey, Voice, Word};

/// One principal's word about one file. Made only where a signature was verified, or of a hook's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Testimony {
    claim: Claim,
    by: BTreeSet<Voice>,
    sha256: Sha256,
    said: String,
}

/// What it comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It meets this word.
    Supports(Word),
    /// The file is not to be installed, whatever else speaks for it.
    Denies {
        /// Who says so: the word that policy files have for them.
        by: Word,
        /// Why; unescaped.
        reason: String,
    },
    /// Nothing either way.
    Abstains,
}

impl Testimony {
    /// About the file with this digest, by any of these. `said` is a line for reports: unescaped.
    pub(crate) fn new(
        claim: Claim,
        by: impl IntoIterator<Item = Voice>,
        sha256: Sha256,
        said: impl Into<String>,
    ) -> Self {
        Self {
            claim,
            by: by.into_iter().collect(),
            sha256,
            said: said.into(),
        }
    }

    /// A key's signature over the file.
    pub(crate) fn of_key(key: &TrustedKey, sha256: Sha256, said: impl Into<String>) -> Self {
        let word = Word::Key(key.label.clone());
        let by = Voice::of_key(&key.key);
        Self::new(Claim::Supports(word), [by], sha256, said)
    }

    /// What it comes to.
    pub fn claim(&self) -> &Claim {
        &self.claim
    }

    /// Who says so: each of them would have been enough.
    pub(crate) fn by(&self) -> &BTreeSet<Voice> {
        &self.by
    }

    /// The file that it is about.
    pub fn sha256(&self) -> Sha256 {
        self.sha256
    }

    /// It in a line; unescaped.
    pub fn said(&self) -> &str {
        &self.said
    }
}

/// Everything that was heard of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// What holds.
    pub testimonies: Vec<Testimony>,
    /// What could not be had, or does not count, and why; unescaped.
    pub trouble: Vec<String>,
    /// Where was looked in vain: documents that are not there, or in which nobody speaks who has a say;
    /// unescaped. Of use where something is missing, and nothing that was found.
    pub absent: Vec<String>,
}
