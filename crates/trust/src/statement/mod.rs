//! Signed claims about files, ours and OSS Rebuild's: DSSE envelopes with in-toto statements.

use assay_types::{Sha256, Timestamp};

use crate::{
    Artifact, Policy, Testimony,
    signature::{Rejection, Rule},
};

/// Envelopes, one JSON document a line: `<file>.assay`, or a set of statements.
#[derive(Debug, Clone, Default)]
pub struct Bundle;

impl Bundle {
    /// What stands behind the name of the file that a bundle lies beside.
    pub const ENDING: &str = ".assay";
    /// The longest file beside a file, in bytes.
    pub const LARGEST: usize = 1 << 20;
    /// The longest set, in bytes.
    pub const LARGEST_SET: usize = 64 << 20;

    /// Reads the envelopes. Nothing is verified yet.
    pub fn parse(_document: &[u8]) -> Result<Self, Rejection> {
        Err(Rejection::new(
            Rule::Form,
            "is of a form that is not read yet",
        ))
    }
}

/// What the keys and sources of the policy say about a file.
pub fn hear(
    _bundle: &Bundle,
    _artifact: &Artifact,
    _sha256: Sha256,
    _policy: &Policy,
    _now: Timestamp,
) -> Result<Vec<Testimony>, Rejection> {
    Ok(Vec::new())
}
