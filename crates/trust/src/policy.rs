//! The rules in force. Built by the command line today; policy files come later.

use std::{collections::BTreeSet, fmt};

use assay_types::{
    Printable, ProjectName,
    listing::{File, Listing, Status},
};

use crate::{Cooldown, CooldownReason, Expression, Word};

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
    pub fn judge_listing(&self, listing: &Listing) -> Option<Quarantine> {
        (listing.status == Status::Quarantined).then(|| Quarantine {
            reason: listing.status_reason.clone(),
        })
    }

    /// Pass 1: what the index page alone decides about one file.
    pub fn judge_file(&self, file: &File, pinned: bool) -> Option<CooldownReason> {
        self.cooldown.judge(file, pinned)
    }
}

/// PEP 792: the index put the whole project in quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantine {
    /// The index's reason, unescaped; `Display` escapes it.
    pub reason: Option<String>,
}

impl fmt::Display for Quarantine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the index has quarantined the project")?;
        match &self.reason {
            None => Ok(()),
            Some(reason) => write!(f, ": {}", Printable(reason)),
        }
    }
}
