//! What speaks for a distribution, in a word.

use assay_install::Standing;
use assay_trust::Word;
use serde::Serialize;

use super::receipt::Receipt;

/// What speaks for a distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Receipt or RECORD is not what was written: nothing that they say counts.
    Changed,
    /// Nothing of assay's is there.
    Foreign,
    /// A receipt that cannot be read, or that has no evidence that is known.
    Unknown,
    /// The user named the file.
    Local,
    /// The index lists the bytes' digest.
    Index,
    /// The user gave the bytes' digest.
    Hash,
    /// Its publisher signed it.
    Publisher,
}

impl Kind {
    /// All of them, the strongest first.
    pub const ALL: [Self; 7] = [
        Self::Publisher,
        Self::Hash,
        Self::Index,
        Self::Local,
        Self::Unknown,
        Self::Foreign,
        Self::Changed,
    ];

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Publisher => "signed by its publisher",
            Self::Hash => "digest given by you",
            Self::Index => "digest on the index",
            Self::Local => "local file",
            Self::Unknown => "no evidence that is known",
            Self::Foreign => "not installed by assay",
            Self::Changed => "changed since",
        }
    }

    /// By a receipt, `Err` where it cannot be read, and by what it is worth.
    pub fn of(standing: Option<&Standing>, receipt: Result<Option<&Receipt>, ()>) -> Self {
        if let Some(Standing::Contradicted(_)) = standing {
            return Self::Changed;
        }
        let receipt = match receipt {
            Ok(Some(receipt)) => receipt,
            Ok(None) => return Self::Foreign,
            Err(()) => return Self::Unknown,
        };
        let words = receipt.known_words();
        match () {
            () if words.iter().any(|it| matches!(it, Word::Publisher(_))) => Self::Publisher,
            () if words.contains(&Word::Hash) => Self::Hash,
            () if words.contains(&Word::Index) => Self::Index,
            () if words.contains(&Word::Local) => Self::Local,
            () => Self::Unknown,
        }
    }
}
