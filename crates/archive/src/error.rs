//! Why an archive is refused.

use std::fmt;

use assay_types::Printable;

/// The rule that an archive breaks. Texts are unescaped inside, `Display` escapes them.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A rule of the format or of this project.
    #[error("{rule}: {}", Printable(fact))]
    Refused {
        /// Which rule, in a few words, such as `duplicate entry`.
        rule: &'static str,
        /// The fact, naming the entry.
        fact: String,
    },
    /// The staged bytes could not be read, or the output could not be written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl ArchiveError {
    /// The rule that was broken; `None` where reading or writing failed.
    pub fn rule(&self) -> Option<&'static str> {
        match self {
            Self::Refused { rule, .. } => Some(rule),
            Self::Io(_) => None,
        }
    }
}

/// A refusal by that rule.
pub(crate) fn refused(rule: &'static str, fact: impl fmt::Display) -> ArchiveError {
    ArchiveError::Refused {
        rule,
        fact: fact.to_string(),
    }
}

/// Refuses unless `holds`. The fact is only written when it is needed.
pub(crate) fn require<F: fmt::Display>(
    holds: bool,
    rule: &'static str,
    fact: impl FnOnce() -> F,
) -> Result<(), ArchiveError> {
    if holds {
        Ok(())
    } else {
        Err(refused(rule, fact()))
    }
}
