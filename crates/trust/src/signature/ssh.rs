//! ssh: not read yet.

use super::{Key, KeyError, Rejection, Rule};
use crate::{Authenticated, ReadAt};

#[derive(Debug, Clone)]
pub(super) struct PublicKey;

pub(super) fn parse(_text: &[u8]) -> Result<PublicKey, KeyError> {
    Err(KeyError("is of a kind that is not read yet".to_owned()))
}

pub(super) fn fingerprint(_key: &PublicKey) -> String {
    String::new()
}

pub(super) fn verify<B: ReadAt>(
    _bytes: &Authenticated<'_, B>,
    _document: &[u8],
    _key: &Key,
) -> Result<Option<String>, Rejection> {
    Err(Rejection::new(
        Rule::Form,
        "is of a form that is not read yet",
    ))
}

pub(super) fn raw(_key: &PublicKey) -> Option<super::RawKey> {
    None
}
