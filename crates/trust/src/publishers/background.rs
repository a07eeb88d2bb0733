//! What a file is held against: who published before, whom policy files name, and how it stands to them.

use assay_types::{ProjectName, Timestamp, Url};

use super::{Identity, PublisherPin};
use crate::{Author, attestation::Attested};

/// What is known of a project's publishers before one of its files is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Background {
    /// When the file was uploaded, as its index says.
    pub uploaded: Option<Timestamp>,
    /// What the user's state remembers.
    pub pin: Option<PublisherPin>,
    /// By when what was accepted for a time is over: the later of the clock and of what earlier runs
    /// saw.
    pub latest: Timestamp,
    /// An attested file that the index had before this one.
    pub earlier: Option<Earlier>,
    /// The index, where `assay trust` has to be told which one.
    pub index: Option<Url>,
}

/// Nothing is known, and what ends is over.
impl Default for Background {
    fn default() -> Self {
        Self {
            uploaded: None,
            pin: None,
            latest: Timestamp::MAX,
            earlier: None,
            index: None,
        }
    }
}

/// An attested file of the same project that was uploaded before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Its name, unescaped.
    pub file_name: String,
    /// When it was uploaded, as the index says.
    pub uploaded: Option<Timestamp>,
    /// Its attestations; none where the page's word is all that there is.
    pub attested: Vec<Attested>,
}

/// Publishers that a policy file names for a project: a file by nobody of them is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommittedPin {
    /// Whose file.
    pub author: Author,
    /// The project.
    pub project: ProjectName,
    /// Any of them will do.
    pub identities: Vec<Identity>,
    /// `file:line:column`; unescaped.
    pub place: String,
}

impl CommittedPin {
    /// Whether it stands in for what is known otherwise. What a project's file says only comes on top.
    pub fn leads(&self) -> bool {
        self.author.may_loosen()
    }
}

/// How a file stands to what was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody attested it, nor any file before.
    Unattested,
    /// Nobody attested it; the user accepted that.
    Accepted,
    /// Nobody attested it, and it was uploaded before any file that was.
    Predates,
    /// The index says that it is attested and does not show how; nothing was known before.
    OutOfReach,
    /// Attested, and nothing was known before.
    FirstUse,
    /// By a known publisher.
    Known,
    /// By one that a policy file names.
    Committed,
}

impl Standing {
    /// A few words, for receipts.
    pub fn text(self) -> &'static str {
        match self {
            Self::Unattested => "unattested",
            Self::Accepted => "unattested, which was accepted",
            Self::Predates => "unattested, older than the first attestation",
            Self::OutOfReach => "attestations out of reach",
            Self::FirstUse => "first use",
            Self::Known => "known publisher",
            Self::Committed => "publisher named by a policy file",
        }
    }
}
