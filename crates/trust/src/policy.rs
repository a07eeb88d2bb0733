//! The rules in force. Built by the command line today; policy files come later.

use std::collections::BTreeSet;

use assay_types::{
    ProjectName,
    listing::{File, Listing, Status},
};

use crate::{Cooldown, Expression, Word};

/// Everything that decides whether bytes are accepted.
#[derive(Debug, Clone)]
pub struct Policy {
    /// What every artifact needs.
    pub evidence: Expression,
    /// How old an upload must be.
    pub cooldown: Cooldown,
    /// Projects whose start-up code the user allowed (`--allow-startup`).
    pub startup: BTreeSet<ProjectName>,
    /// Pairs (writer, owner): the writer may replace the owner's files (`--allow-overwrite A:B`).
    pub overwrite: BTreeSet<(ProjectName, ProjectName)>,
    /// Projects whose own RECORD may be wrong (`--allow-bad-record NAME`).
    pub bad_record: BTreeSet<ProjectName>,
}

impl Policy {
    /// The defaults: listed by an index with a strong digest, named by the user, or hashed by them.
    pub fn new(cooldown: Cooldown) -> Self {
        let words = [Word::Index, Word::Local, Word::Hash].map(Expression::Word);
        Self {
            evidence: Expression::Any(words.to_vec()),
            cooldown,
            startup: BTreeSet::new(),
            overwrite: BTreeSet::new(),
            bad_record: BTreeSet::new(),
        }
    }

    /// `--require-hashes`: nothing but a digest that the user gave suffices.
    pub fn require_hashes(mut self) -> Self {
        self.evidence = Expression::All(vec![Expression::Word(Word::Hash)]);
        self
    }

    /// Pass 1: what the listing alone decides about the whole project (PEP 792).
    pub fn judge_listing(&self, listing: &Listing) -> Option<LeftOut> {
        (listing.status == Status::Quarantined).then(|| LeftOut::Quarantined {
            reason: listing.status_reason.clone(),
        })
    }

    /// Pass 1: what the index page alone decides about one file.
    pub fn judge_file(&self, file: &File, pinned: bool) -> Option<LeftOut> {
        self.cooldown.judge(file, pinned)
    }
}

/// A candidate that policy removed before resolving; texts are unescaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeftOut {
    /// PEP 792: the index put the project in quarantine.
    Quarantined {
        /// The index's reason.
        reason: Option<String>,
    },
    /// Uploaded too recently.
    TooNew {
        /// When it was uploaded.
        uploaded: assay_types::Timestamp,
        /// The newest upload time that is accepted.
        cutoff: assay_types::Timestamp,
    },
    /// A cut-off was asked for and the index gives no upload time.
    NoUploadTime,
}

impl std::fmt::Display for LeftOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Quarantined { reason: None } => {
                write!(f, "the index has quarantined the project")
            }
            Self::Quarantined {
                reason: Some(reason),
            } => {
                write!(
                    f,
                    "the index has quarantined the project: {}",
                    assay_types::Printable(reason)
                )
            }
            Self::TooNew { uploaded, cutoff } => {
                write!(
                    f,
                    "it was uploaded {uploaded:.0}, after the cooldown's limit of {cutoff:.0}"
                )
            }
            Self::NoUploadTime => write!(
                f,
                "the index gives no upload time, which the cooldown needs"
            ),
        }
    }
}
