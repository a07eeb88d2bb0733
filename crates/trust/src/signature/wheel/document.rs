//! A `RECORD.jws`: the JWS-JS draft as wheel wrote it up to 0.31, which is no JWS of RFC 7515.

use assay_types::Sha256;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, de::DeserializeOwned};

use super::super::{RawKey, Rejection, Rule, object::Object};

/// No wheel was seen with more than one.
const MOST_RECIPIENTS: usize = 16;

/// The only algorithm that was ever in use, by the name that it has nowhere else.
const ALGORITHM: &str = "Ed25519";

/// A document, whose signatures are not verified yet.
pub(super) struct Document {
    /// The RECORD that it is about.
    pub(super) record: Sha256,
    pub(super) recipients: Vec<Recipient>,
}

/// Somebody who says to have signed.
pub(super) struct Recipient {
    pub(super) key: RawKey,
    pub(super) message: Vec<u8>,
    pub(super) signature: Vec<u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Outer {
    payload: String,
    recipients: Vec<Object<OneOf>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneOf {
    header: String,
    signature: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    hash: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    jwk: Object<Jwk>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Jwk {
    kty: String,
    vk: String,
}

impl Document {
    /// Reads all of it. A member that is unknown or there twice, and any other algorithm, rejects it.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Rejection> {
        let outer: Outer = json(bytes, "is no wheel signature")?;
        let count = outer.recipients.len();
        if !(1..=MOST_RECIPIENTS).contains(&count) {
            let fact = format!("has {count} signatures; 1 to {MOST_RECIPIENTS} are accepted");
            return Err(Rejection::new(Rule::Size, fact));
        }
        let payload: Payload = json(&unpacked(&outer.payload)?, "has an unreadable payload")?;
        let recipients = outer.recipients.iter().map(|it| it.0.read(&outer.payload));
        Ok(Self {
            record: record(&payload.hash)?,
            recipients: recipients.collect::<Result<_, _>>()?,
        })
    }
}

impl OneOf {
    fn read(&self, payload: &str) -> Result<Recipient, Rejection> {
        let header: Header = json(&unpacked(&self.header)?, "has an unreadable header")?;
        for name in [&header.alg, &header.jwk.0.kty] {
            if name != ALGORITHM {
                let fact = format!("is signed with \"{name}\", not with {ALGORITHM}");
                return Err(Rejection::new(Rule::Algorithm, fact));
            }
        }
        let key = unpacked(&header.jwk.0.vk)?.try_into();
        let key = key.map_err(|_| form("has a key that is not of 32 bytes".to_owned()))?;
        Ok(Recipient {
            key: RawKey::Ed25519(key),
            message: format!("{}.{payload}", self.header).into_bytes(),
            signature: unpacked(&self.signature)?,
        })
    }
}

/// As RECORD itself writes digests.
fn record(hash: &str) -> Result<Sha256, Rejection> {
    let Some(digest) = hash.strip_prefix("sha256=") else {
        let fact = format!("signs the hash \"{hash}\", which is no SHA-256");
        return Err(Rejection::new(Rule::Algorithm, fact));
    };
    let digest = unpacked(digest)?.try_into();
    digest
        .map(Sha256)
        .map_err(|_| form("signs a hash that is not of 32 bytes".to_owned()))
}

fn json<T: DeserializeOwned>(bytes: &[u8], otherwise: &str) -> Result<T, Rejection> {
    let read: Result<Object<T>, _> = serde_json::from_slice(bytes);
    read.map(|it| it.0)
        .map_err(|error| form(format!("{otherwise}: {error}")))
}

/// base64url without padding, in its one form (RFC 7515, section 2).
fn unpacked(text: &str) -> Result<Vec<u8>, Rejection> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text);
    bytes.map_err(|error| form(format!("holds text that is no base64url: {error}")))
}

fn form(fact: String) -> Rejection {
    Rejection::new(Rule::Form, fact)
}
