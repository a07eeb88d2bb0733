//! openpgp: not read yet.

use super::{Key, KeyError, Rejection, Rule};
use assay_types::Timestamp;

use crate::{Authenticated, ReadAt};

#[derive(Debug, Clone)]
pub(super) struct Certificate;

pub(super) fn parse(_text: &[u8]) -> Result<Certificate, KeyError> {
    Err(KeyError("is of a kind that is not read yet".to_owned()))
}

pub(super) fn fingerprint(_key: &Certificate) -> String {
    String::new()
}

pub(super) fn verify<B: ReadAt>(
    _bytes: &Authenticated<'_, B>,
    _document: &[u8],
    _key: &Key,
    _now: Timestamp,
) -> Result<Option<String>, Rejection> {
    Err(Rejection::new(
        Rule::Form,
        "is of a form that is not read yet",
    ))
}
