//! SSH keys and the detached signatures that `ssh-keygen -Y sign` makes with them (PROTOCOL.sshsig).
//!
//! ssh-key reads the public keys, ring judges the signatures; what stands between is framing.

mod algorithm;
mod document;
mod wire;

use std::io;

use assay_types::Algorithm as Hash;
use ssh_key::HashAlg;

use super::{Key, KeyError, RawKey, Rejection, Rule, key::Material};
use crate::{Authenticated, Measuring, ReadAt};
use algorithm::Algorithm;
use document::Document;

/// What a signature over a file has to be for: `ssh-keygen -Y sign -n file`.
const NAMESPACE: &[u8] = b"file";

/// A public key as `ssh-keygen` writes it.
#[derive(Debug, Clone)]
pub(super) struct PublicKey {
    /// As it stands in front of its own signatures.
    blob: Vec<u8>,
    algorithm: Algorithm,
    fingerprint: String,
}

/// Reads the one line of an `id_*.pub` file. A line of `authorized_keys` with options is none.
pub(super) fn parse(text: &[u8]) -> Result<PublicKey, KeyError> {
    let wrong = |fact: &str| KeyError(format!("is no SSH public key: {fact}"));
    let text = std::str::from_utf8(text).map_err(|_| wrong("it is not UTF-8"))?;
    let line = text.trim_end_matches(['\r', '\n']);
    if line.contains(['\r', '\n']) {
        return Err(wrong("it has more than one line"));
    }
    let name = line.split(' ').next().unwrap_or(line);
    let key = ssh_key::PublicKey::from_openssh(line).map_err(|error| match name {
        it if it.contains("-cert-") => wrong("it is a certificate; name the key that it is for"),
        _ => wrong(&format!(
            "{error}; it is one line as ssh-keygen writes it into id_ed25519.pub: the kind, such as \
             ssh-ed25519, some base64, and what you like"
        )),
    })?;
    let blob = key.to_bytes().map_err(|error| wrong(&error.to_string()))?;
    Ok(PublicKey {
        blob,
        algorithm: Algorithm::of(key.key_data())?,
        fingerprint: key.fingerprint(HashAlg::Sha256).to_string(),
    })
}

/// As `ssh-keygen -l` shows it: `SHA256:` and base64.
pub(super) fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint.clone()
}

/// The key without SSH's frame, where statements can be signed with it.
pub(super) fn raw(key: &PublicKey) -> Option<RawKey> {
    match &key.algorithm {
        Algorithm::Raw(key) => Some(key.clone()),
        _ => None,
    }
}

/// Verifies an `.sshsig` document. Somebody else's signature is nothing, whatever it looks like inside.
pub(super) fn verify<B: ReadAt>(
    bytes: &Authenticated<'_, B>,
    document: &[u8],
    key: &Key,
) -> Result<Option<String>, Rejection> {
    let Material::Ssh(key) = &key.material else {
        return Ok(None);
    };
    let blob = document::unarmored(document)?;
    let document = Document::read(&blob)?;
    if document.public_key != key.blob {
        return Ok(None);
    }
    if document.namespace != NAMESPACE {
        let namespace = String::from_utf8_lossy(document.namespace);
        let fact = format!("is a signature for \"{namespace}\", not for \"file\"");
        return Err(Rejection::new(Rule::Subject, fact));
    }
    let digest = digest_of(bytes, document.hash()?)?;
    key.algorithm
        .verify(&document.signed(&digest), document.signature)?;
    Ok(Some(format!("SSH signature by {}", key.fingerprint)))
}

/// The digest that the signature is over. SHA-256 was measured when the bytes arrived.
fn digest_of<B: ReadAt>(bytes: &Authenticated<'_, B>, hash: Hash) -> Result<Vec<u8>, Rejection> {
    if let Some(known) = bytes.measured().digest(hash) {
        return Ok(known.bytes().to_vec());
    }
    let unread = |fact: String| Rejection::new(Rule::Signature, fact);
    let mut measuring = Measuring::of(io::sink(), &[hash]);
    io::copy(&mut bytes.reader(), &mut measuring).map_err(|error| {
        unread(format!(
            "cannot be compared, the file cannot be read: {error}"
        ))
    })?;
    let staged = measuring.finish();
    let digest = staged.measured().digest(hash);
    let digest = digest.ok_or_else(|| unread(format!("needs {}", hash.name())))?;
    Ok(digest.bytes().to_vec())
}
