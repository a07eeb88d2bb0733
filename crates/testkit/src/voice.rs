//! Somebody who signs statements (DSSE envelopes with in-toto statements): honest unless a test says
//! otherwise.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD},
};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::wheel::{BuiltWheel, hex};

const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
/// SEQUENCE { SEQUENCE { 1.3.101.112 }, BIT STRING }, before the 32 bytes of a key (RFC 8410).
const SPKI: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// An Ed25519 key.
pub struct Voice(Ed25519KeyPair);

impl Voice {
    /// The same one for the same number.
    ///
    /// # Panics
    /// Never: every seed makes a key.
    pub fn new(seed: u8) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("32 bytes are a seed"))
    }

    /// The public key, as `ed25519 = "…"` has it.
    pub fn public(&self) -> String {
        STANDARD.encode(self.0.public_key())
    }

    /// SHA-256 of the SubjectPublicKeyInfo.
    pub fn spki_sha256(&self) -> String {
        hex(&Sha256::digest(self.spki_der()))
    }

    /// The SubjectPublicKeyInfo in base64, as statements have it.
    pub fn spki(&self) -> String {
        STANDARD.encode(self.spki_der())
    }

    fn spki_der(&self) -> Vec<u8> {
        [&SPKI[..], self.0.public_key().as_ref()].concat()
    }

    /// As `ssh-keygen -l` shows the key.
    pub fn fingerprint(&self) -> String {
        let field = |it: &[u8]| [&(it.len() as u32).to_be_bytes(), it].concat();
        let blob = [field(b"ssh-ed25519"), field(self.0.public_key().as_ref())].concat();
        format!("SHA256:{}", STANDARD_NO_PAD.encode(Sha256::digest(blob)))
    }

    /// An envelope around a payload, with a line feed.
    pub fn line(&self, payload: &Value) -> String {
        let payload = payload.to_string();
        let kind = PAYLOAD_TYPE.len();
        let signed = format!("DSSEv1 {kind} {PAYLOAD_TYPE} {} {payload}", payload.len());
        let signature = STANDARD.encode(self.0.sign(signed.as_bytes()));
        let envelope = json!({
            "payloadType": PAYLOAD_TYPE,
            "payload": STANDARD.encode(&payload),
            "signatures": [{"keyid": format!("sha256:{}", self.spki_sha256()), "sig": signature}],
        });
        format!("{envelope}\n")
    }

    /// Of this kind, such as `observes`, about these files.
    pub fn says(&self, kind: &str, subjects: &[(&str, &str)], predicate: Value) -> String {
        self.line(&statement(kind, subjects, predicate))
    }

    /// That it publishes a wheel.
    pub fn publishes(&self, wheel: &BuiltWheel) -> String {
        let predicate = release(wheel);
        self.says("publishes", &[about(wheel)], predicate)
    }

    /// That it looked at a wheel, by the criterion `looked-at`.
    pub fn vouches(&self, wheel: &BuiltWheel) -> String {
        let mut predicate = release(wheel);
        predicate["criteria"] = json!(["looked-at"]);
        self.says("vouches", &[about(wheel)], predicate)
    }

    /// That a wheel is not to be installed.
    pub fn denies(&self, wheel: &BuiltWheel, reason: &str) -> String {
        let (project, _) = name_and_version(wheel);
        let predicate = json!({"project": project, "reason": reason, "issued": ISSUED});
        self.says("denies", &[about(wheel)], predicate)
    }
}

/// When everything was said.
pub const ISSUED: &str = "2026-01-01T00:00:00Z";

/// A statement that nobody signed yet. Each subject is a name and a SHA-256.
pub fn statement(kind: &str, subjects: &[(&str, &str)], predicate: Value) -> Value {
    let subjects = subjects
        .iter()
        .map(|(name, sha256)| json!({"name": name, "digest": {"sha256": sha256}}));
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subjects.collect::<Vec<_>>(),
        "predicateType": format!("urn:assay:{kind}:v1"),
        "predicate": predicate,
    })
}

/// The subject that a wheel is.
pub fn about(wheel: &BuiltWheel) -> (&str, &str) {
    (&wheel.file_name, &wheel.sha256)
}

/// What names a wheel's release, as a predicate with nothing else in it.
pub fn release(wheel: &BuiltWheel) -> Value {
    let (project, version) = name_and_version(wheel);
    json!({"project": project, "version": version, "issued": ISSUED})
}

fn name_and_version(wheel: &BuiltWheel) -> (String, &str) {
    let mut parts = wheel.file_name.split('-');
    let mut next = || parts.next().unwrap_or_default();
    let project = next().replace('_', "-").to_lowercase();
    (project, next())
}
