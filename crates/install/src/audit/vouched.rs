//! Who vouches for the RECORDs themselves.

use std::fmt;

use assay_types::{Printable, ProjectName, Version};

use super::listing::Head;
use crate::{
    Installed,
    ledger::{Noted, Receipt},
};

/// One distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// Which project.
    pub project: ProjectName,
    /// Its version, by its folder's name; of one that is gone, the version that was noted.
    pub version: Version,
    /// Who vouches for its RECORD.
    pub standing: Standing,
}

/// Who vouches for a distribution's RECORD. `Display` says who, or why nobody, escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Receipt and RECORD are as assay wrote them: the user's state has their digests.
    Vouched,
    /// The receipt is as assay wrote it. Of RECORD's digest the state has no note, because an
    /// older assay installed it.
    ReceiptOnly,
    /// Nobody: files are as RECORD says, but who changed both would not be noticed.
    SelfConsistent(Unknown),
    /// The state speaks against it: it was changed after it was installed.
    Contradicted(Contradiction),
}

/// Why nobody vouches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unknown {
    /// Another program installed it, by its INSTALLER; unescaped.
    OtherInstaller(String),
    /// It does not say who installed it.
    NoInstaller,
    /// assay installed it, and this user's state has nothing about this environment.
    NoList,
    /// assay installed it, and this user's state, which knows others here, does not know it.
    NotNoted,
    /// What this user's state had about this environment is damaged; why.
    DamagedList(&'static str),
}

/// How a distribution contradicts the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contradiction {
    /// It is not there any more.
    Gone,
    /// The state has another version.
    OtherVersion(Version),
    /// Its receipt is gone.
    ReceiptMissing,
    /// Its receipt has another digest.
    ReceiptChanged,
    /// Its RECORD has another digest, or is gone.
    RecordChanged,
}

/// Judges what is installed, and finds what is noted and gone.
pub(super) fn judge(installed: &[Installed], heads: &[Head], noted: Noted) -> Vec<Audited> {
    let (receipts, nothing) = match noted {
        Noted::Known(receipts) => (receipts, Unknown::NotNoted),
        Noted::Nothing => (Default::default(), Unknown::NoList),
        Noted::Damaged(why) => (Default::default(), Unknown::DamagedList(why)),
    };
    let mut all: Vec<_> = installed
        .iter()
        .zip(heads)
        .map(|(it, head)| Audited {
            project: it.name().clone(),
            version: it.version().clone(),
            standing: match receipts.get(it.name()) {
                Some(receipt) => compared(receipt, it.version(), head),
                None => Standing::SelfConsistent(unknown(head, nothing.clone())),
            },
        })
        .collect();
    let is_gone = |it: &&Receipt| installed.iter().all(|other| *other.name() != it.project);
    all.extend(receipts.values().filter(is_gone).map(|it| Audited {
        project: it.project.clone(),
        version: it.version.clone(),
        standing: Standing::Contradicted(Contradiction::Gone),
    }));
    all.sort_by(|a, b| a.project.cmp(&b.project));
    all
}

fn compared(noted: &Receipt, version: &Version, head: &Head) -> Standing {
    let is_noted = head.receipt == Some(noted.sha256);
    let contradiction = match (head.receipt, noted.record) {
        _ if *version != noted.version => Contradiction::OtherVersion(noted.version.clone()),
        (None, _) => Contradiction::ReceiptMissing,
        _ if !is_noted => Contradiction::ReceiptChanged,
        (_, None) => return Standing::ReceiptOnly,
        (_, record) if record == head.record => return Standing::Vouched,
        _ => Contradiction::RecordChanged,
    };
    Standing::Contradicted(contradiction)
}

fn unknown(head: &Head, nothing: Unknown) -> Unknown {
    match &head.installer {
        Some(name) if name == "assay" => nothing,
        _ if head.receipt.is_some() => nothing,
        Some(name) => Unknown::OtherInstaller(name.clone()),
        None => Unknown::NoInstaller,
    }
}

impl Standing {
    /// One word for programs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Vouched => "vouched",
            Self::ReceiptOnly => "receipt-only",
            Self::SelfConsistent(_) => "self-consistent",
            Self::Contradicted(_) => "contradicted",
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vouched => f.write_str("receipt and RECORD are as assay wrote them"),
            Self::ReceiptOnly => f.write_str(
                "its receipt is as assay wrote it; an older assay did not note RECORD's digest",
            ),
            Self::SelfConsistent(why) => write!(f, "{why}"),
            Self::Contradicted(how) => write!(f, "{how}"),
        }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherInstaller(name) => {
                return write!(f, "it was installed by {}", Printable(name));
            }
            Self::NoInstaller => "it does not say who installed it",
            Self::NoList => {
                "this user's state has nothing about this environment: another user or machine \
                 installed it, the environment was moved, or the state was lost"
            }
            Self::NotNoted => "this user's state does not know it: another user installed it",
            Self::DamagedList(why) => {
                return write!(f, "what this user's state had about it is damaged: {why}");
            }
        })
    }
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gone => "assay installed it, and it is gone",
            Self::OtherVersion(noted) => {
                return write!(f, "assay installed {noted}, and this is in its place");
            }
            Self::ReceiptMissing => "assay installed it, and its receipt is gone",
            Self::ReceiptChanged => "its receipt was changed after it was installed",
            Self::RecordChanged => "its RECORD was changed after it was installed",
        })
    }
}
