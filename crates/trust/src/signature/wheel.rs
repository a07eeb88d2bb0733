//! Signatures inside of legacy wheels (`RECORD.jws`): verified where a rule asks, never written.

use assay_types::Sha256;

use super::{Rejection, Rule};
use crate::{Label, TrustedKey};

/// The longest `RECORD.jws` that is looked at, in bytes.
pub const LARGEST: usize = 64 << 10;

/// Which of these keys signed a RECORD with this digest.
pub fn verify(
    _document: &[u8],
    _record: Sha256,
    _keys: &[&TrustedKey],
) -> Result<Vec<Label>, Rejection> {
    Err(Rejection::new(
        Rule::Form,
        "is of a form that is not read yet",
    ))
}
