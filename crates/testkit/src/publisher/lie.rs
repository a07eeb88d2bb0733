//! Attestations that must not be believed.

/// What is wrong with an attestation, everything else being right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lie {
    /// The statement is about the file and one more.
    TwoSubjects,
    /// The statement is about a file of another name.
    OtherName,
    /// The statement is about other bytes.
    OtherDigest,
    /// The statement's predicate is none that PEP 740's index takes.
    UnknownPredicate,
    /// The signature is by the same key, over another statement.
    OtherSignature,
    /// No log entry at all.
    NotLogged,
    /// An entry in a log that the trusted root does not name.
    UnknownLog,
    /// The proof leads to the head of another tree.
    OtherTree,
    /// The log took it after the certificate's time.
    LoggedLate,
    /// The log took it before the certificate's time.
    LoggedEarly,
    /// Neither log nor timestamp authority vouches for the time.
    NoTime,
    /// The timestamp is for another signature.
    OtherTimestamp,
    /// A certificate by an authority that the trusted root does not name.
    OtherAuthority,
    /// No log has seen the certificate.
    NoSct,
}

impl Lie {
    /// Each of them.
    pub const ALL: [Self; 14] = [
        Self::TwoSubjects,
        Self::OtherName,
        Self::OtherDigest,
        Self::UnknownPredicate,
        Self::OtherSignature,
        Self::NotLogged,
        Self::UnknownLog,
        Self::OtherTree,
        Self::LoggedLate,
        Self::LoggedEarly,
        Self::NoTime,
        Self::OtherTimestamp,
        Self::OtherAuthority,
        Self::NoSct,
    ];
}

/// The first half of a document.
pub fn truncated(document: &str) -> String {
    document.chars().take(document.len() / 2).collect()
}

/// The same document with so much white space after it that it has at least so many bytes.
pub fn oversized(document: &str, bytes: usize) -> String {
    let missing = bytes.saturating_sub(document.len());
    format!("{document}{}", " ".repeat(missing))
}
