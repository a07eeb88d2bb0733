//! DSSE envelopes: a payload, and signatures over its type and itself.
//!
//! The specification is secure-systems-lab/dsse, version 1.0.0. What stands around the payload is
//! signed by nobody, so that members that are not known are not read, as it asks.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

use crate::{
    sha256,
    signature::{RawKey, Rejection, Rule, object::Object},
};

/// What in-toto statements are called (ITE-5).
const IN_TOTO: &str = "application/vnd.in-toto+json";
/// What OSS Rebuild called them until September 2025: a name, although it looks like an address.
const IN_TOTO_ONCE: &str = "https://in-toto.io/Statement/v1";
/// Most signatures of an envelope: [`Tried`](super::signers::Tried) has a bit for each.
const MOST_SIGNATURES: usize = u8::BITS as usize;

/// What is signed: the pre-authentication encoding of a statement (DSSE, "PAE").
///
/// Ed25519 signs these bytes; ECDSA P-256 their SHA-256, as ASN.1 DER.
pub fn pae(payload: &[u8]) -> Vec<u8> {
    encoded(IN_TOTO, payload)
}

fn encoded(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let lengths = (payload_type.len(), payload.len());
    let head = format!("DSSEv1 {} {payload_type} {} ", lengths.0, lengths.1);
    [head.as_bytes(), payload].concat()
}

/// How envelopes of ours name a key: `sha256:` and the digest of its SubjectPublicKeyInfo. No more than
/// a hint: who signed is told by the signature.
pub fn key_id(key: &RawKey) -> String {
    format!("sha256:{}", sha256(&key.spki()))
}

/// A payload with signatures, none of them verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    payload_type: &'static str,
    payload: Vec<u8>,
    signatures: Vec<Signature>,
}

/// One signature, and whose it claims to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signature {
    pub key_id: String,
    pub bytes: Vec<u8>,
}

impl Envelope {
    /// The envelope of a payload whose [`pae`] was signed.
    pub fn new(payload: Vec<u8>, key_id: String, signature: Vec<u8>) -> Self {
        let signature = Signature {
            key_id,
            bytes: signature,
        };
        Self {
            payload_type: IN_TOTO,
            payload,
            signatures: vec![signature],
        }
    }

    /// The same payload with one signature.
    pub(super) fn signed_by(&self, key_id: String, bytes: Vec<u8>) -> Self {
        Self {
            payload_type: self.payload_type,
            payload: self.payload.clone(),
            signatures: vec![Signature { key_id, bytes }],
        }
    }

    /// Its JSON, without a line feed.
    ///
    /// # Panics
    /// Never: what it holds can be written as JSON.
    pub fn to_line(&self) -> String {
        let signatures = self.signatures.iter().map(|it| {
            Object(SignatureWire {
                keyid: it.key_id.clone(),
                sig: BASE64_STANDARD.encode(&it.bytes),
            })
        });
        let wire = Wire {
            payload_type: self.payload_type.to_owned(),
            payload: BASE64_STANDARD.encode(&self.payload),
            signatures: signatures.collect(),
        };
        serde_json::to_string(&wire).expect("texts in lists have a JSON form")
    }

    /// Reads one line.
    pub(super) fn parse(line: &[u8]) -> Result<Self, Rejection> {
        let wrong = |fact| Rejection::new(Rule::Form, fact);
        let Object(wire): Object<Wire> = serde_json::from_slice(line)
            .map_err(|error| wrong(format!("is no envelope of a statement: {error}")))?;
        let mut types = [IN_TOTO, IN_TOTO_ONCE].into_iter();
        let payload_type = types
            .find(|it| *it == wire.payload_type)
            .ok_or_else(|| wrong(format!("holds a payload of the type {}", wire.payload_type)))?;
        if !(1..=MOST_SIGNATURES).contains(&wire.signatures.len()) {
            let count = wire.signatures.len();
            return Err(wrong(format!(
                "has {count} signatures; 1 to {MOST_SIGNATURES} are read"
            )));
        }
        let decode = |what: &str, text: &str| {
            let decoded = BASE64_STANDARD.decode(text);
            decoded.map_err(|error| wrong(format!("has a {what} that is no base64: {error}")))
        };
        let signatures = wire.signatures.into_iter().map(|Object(it)| {
            let bytes = decode("signature", &it.sig)?;
            let key_id = it.keyid;
            Ok(Signature { key_id, bytes })
        });
        Ok(Self {
            payload_type,
            payload: decode("payload", &wire.payload)?,
            signatures: signatures.collect::<Result<_, Rejection>>()?,
        })
    }

    /// What was signed, maybe.
    pub(super) fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// Whether the payload has the name that OSS Rebuild once had for it, and nobody else.
    pub(super) fn is_of_old_type(&self) -> bool {
        self.payload_type == IN_TOTO_ONCE
    }

    /// What its signatures are over.
    pub(super) fn message(&self) -> Vec<u8> {
        encoded(self.payload_type, &self.payload)
    }

    /// The signatures, maybe.
    pub(super) fn signatures(&self) -> &[Signature] {
        &self.signatures
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    payload_type: String,
    payload: String,
    signatures: Vec<Object<SignatureWire>>,
}

#[derive(Serialize, Deserialize)]
struct SignatureWire {
    /// Absent means the same as empty (DSSE).
    #[serde(default)]
    keyid: String,
    sig: String,
}
