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
    /// A program of the user's accepted it.
    Hook,
    /// Others whom the user listens to saw it, looked at it or built it again.
    Vouch,
    /// A key signed it that the user named, or somebody certified to whom they listen.
    Key,
    /// Its publisher signed it.
    Publisher,
}

impl Kind {
    /// All of them, the strongest first.
    pub const ALL: [Self; 10] = [
        Self::Publisher,
        Self::Key,
        Self::Vouch,
        Self::Hook,
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
            Self::Key => "signed by a key that you trust",
            Self::Vouch => "seen by others whom you trust",
            Self::Hook => "accepted by a program of yours",
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
        let kinds: Vec<_> = words.iter().map(Self::of_word).collect();
        let strongest = Self::ALL.into_iter().find(|it| kinds.contains(it));
        strongest.unwrap_or(Self::Unknown)
    }

    fn of_word(word: &Word) -> Self {
        match word {
            Word::Publisher(_) => Self::Publisher,
            Word::Key(_) | Word::Certified(_) => Self::Key,
            Word::Vouch(_) | Word::Notary(_) | Word::Rebuilt(_) => Self::Vouch,
            Word::Hook(_) => Self::Hook,
            Word::Hash => Self::Hash,
            Word::Index => Self::Index,
            Word::Local => Self::Local,
        }
    }
}
