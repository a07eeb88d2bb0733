//! minisign: `.minisig` documents, whose trusted comment is signed too and names the file.
//!
//! Only signatures over the file's BLAKE2b digest are taken, which is what minisign makes by default.
//! Its legacy form is over the bytes themselves, and nothing that is signed tells the two apart.

use std::io::Read as _;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use minisign_verify::{Error, Signature};

use super::{Key, KeyError, RawKey, Rejection, Rule, key::Material};
use crate::{Artifact, Authenticated, ReadAt};

/// A public key, and the line that people know it by.
#[derive(Debug, Clone)]
pub(super) struct PublicKey {
    key: minisign_verify::PublicKey,
    /// The same without its frame.
    raw: RawKey,
    line: String,
}

/// Reads the line in base64, alone or below the comment that stands in a file above it.
pub(super) fn parse(text: &[u8]) -> Result<PublicKey, KeyError> {
    let wrong = || KeyError("is no minisign public key".to_owned());
    let text = std::str::from_utf8(text).map_err(|_| wrong())?;
    let lines: Vec<&str> = text.trim_end_matches(['\r', '\n']).lines().collect();
    let line = match lines[..] {
        [line] => line,
        [comment, line] if comment.starts_with(UNTRUSTED) => line,
        _ => return Err(wrong()),
    };
    // One form for each key.
    let bytes = BASE64_STANDARD.decode(line).map_err(|_| wrong())?;
    // Two letters, eight bytes of an id, the key.
    let raw = bytes.strip_prefix(b"Ed").and_then(|it| it.get(8..));
    let raw = raw.and_then(|it| it.try_into().ok()).map(RawKey::Ed25519);
    let raw = raw.ok_or_else(wrong)?;
    let key = minisign_verify::PublicKey::from_base64(line).map_err(|_| wrong())?;
    let line = line.to_owned();
    Ok(PublicKey { key, raw, line })
}

/// The key that is in it.
pub(super) fn raw(key: &PublicKey) -> &RawKey {
    &key.raw
}

/// The line itself: it is short, and an id is no digest.
pub(super) fn fingerprint(key: &PublicKey) -> String {
    key.line.clone()
}

/// Verifies a `.minisig` document. Where its trusted comment names a file that has to be this one.
pub(super) fn verify<B: ReadAt>(
    bytes: &Authenticated<'_, B>,
    artifact: &Artifact,
    document: &[u8],
    key: &Key,
) -> Result<Option<String>, Rejection> {
    let Material::Minisign(key) = &key.material else {
        return Ok(None);
    };
    let signature = read(document)?;
    let mut verifier = match key.key.verify_stream(&signature) {
        Ok(verifier) => verifier,
        Err(Error::UnexpectedKeyId) => return Ok(None),
        Err(error) => return Err(rejection(&error)),
    };
    let mut reader = bytes.reader();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let unread = |it| format!("cannot be compared, the file cannot be read: {it}");
        let count = reader.read(&mut buffer);
        match count.map_err(|error| Rejection::new(Rule::Signature, unread(error)))? {
            0 => break,
            count => verifier.update(&buffer[..count]),
        }
    }
    verifier.finalize().map_err(|error| rejection(&error))?;
    check_name(signature.trusted_comment(), artifact)?;
    Ok(Some(format!("minisign signature by {}", key.line)))
}

const UNTRUSTED: &str = "untrusted comment: ";

/// Two comments, a signature below each, and nothing else.
fn read(document: &[u8]) -> Result<Signature, Rejection> {
    let wrong = || Rejection::new(Rule::Form, "is no minisign signature");
    let text = std::str::from_utf8(document).map_err(|_| wrong())?;
    let lines: Vec<&str> = text.trim_end_matches(['\r', '\n']).lines().collect();
    match lines[..] {
        [comment, signature, _, global] if comment.starts_with(UNTRUSTED) => {
            for line in [signature, global] {
                BASE64_STANDARD.decode(line).map_err(|_| wrong())?;
            }
        }
        _ => return Err(wrong()),
    }
    Signature::decode(text).map_err(|error| rejection(&error))
}

/// minisign writes `timestamp:…`, `file:NAME` and `hashed`, with tabs between; a publisher may write
/// something else there.
fn check_name(comment: &str, artifact: &Artifact) -> Result<(), Rejection> {
    let mut names = comment
        .split('\t')
        .filter_map(|it| it.strip_prefix("file:"));
    match names.find(|it| *it != artifact.file_name) {
        Some(name) => Err(Rejection::new(
            Rule::Subject,
            format!("is a signature for the file \"{name}\""),
        )),
        None => Ok(()),
    }
}

fn rejection(error: &Error) -> Rejection {
    let (rule, fact) = match error {
        Error::InvalidSignature => (Rule::Signature, "does not hold for these bytes"),
        Error::UnsupportedLegacyMode => (
            Rule::Algorithm,
            "is of minisign's legacy form, over the bytes and not over their digest: the file has to be \
             signed again, without the option -l or with -H, as the version of minisign has it",
        ),
        Error::UnsupportedAlgorithm | Error::UnexpectedAlgorithm => {
            (Rule::Algorithm, "is signed with an unknown algorithm")
        }
        _ => (Rule::Form, "is no minisign signature"),
    };
    Rejection::new(rule, fact)
}
