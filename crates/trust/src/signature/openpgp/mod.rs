//! OpenPGP (RFC 9580, and RFC 4880 before it): certificates and detached signatures. The one room that
//! knows rPGP, which reads packets and checks signatures one by one; what a key may do, and when, is
//! decided here.
//!
//! A key speaks while it is valid *now*, and did so when it signed. Once it expired or was revoked, what
//! it signed before says no more: the date in a signature is whatever its maker writes there, and
//! whoever has an old key can write an old date. Policy files name a renewed certificate then.

mod algorithm;
mod armor;
mod certificate;
mod composition;
mod document;
mod life;
mod packets;
mod self_signature;
mod standing;
mod subpackets;

use super::{Key, KeyError, Rejection, key::Material};
use crate::{Authenticated, Moment, ReadAt};
pub(super) use certificate::Certificate;

/// Reads one certificate, armored or not.
pub(super) fn parse(text: &[u8]) -> Result<Certificate, KeyError> {
    Certificate::parse(text).map_err(KeyError)
}

/// The fingerprint of its primary key, as `gpg` shows it.
pub(super) fn fingerprint(key: &Certificate) -> String {
    key.fingerprint()
}

/// Those that its owner signed and did not revoke.
pub(super) fn user_ids(key: &Certificate) -> &[String] {
    &key.user_ids
}

/// Verifies each signature of the document that claims to be this certificate's. `None`: there is none.
pub(super) fn verify<B: ReadAt>(
    bytes: &Authenticated<'_, B>,
    document: &[u8],
    key: &Key,
    moment: Moment,
) -> Result<Option<String>, Rejection> {
    match &key.material {
        Material::OpenPgp(certificate) => document::verify(bytes, document, certificate, moment),
        Material::Ssh(_) | Material::Minisign(_) | Material::Raw(_) => Ok(None),
    }
}

/// What [`verify`] says by now of a document that it compared with the file before.
pub(super) fn judge_again(
    document: &[u8],
    key: &Key,
    moment: Moment,
) -> Result<Option<String>, Rejection> {
    match &key.material {
        Material::OpenPgp(certificate) => document::judge_again(document, certificate, moment),
        Material::Ssh(_) | Material::Minisign(_) | Material::Raw(_) => Ok(None),
    }
}
