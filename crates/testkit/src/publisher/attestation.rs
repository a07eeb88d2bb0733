//! One attestation: statement, signature, certificate, log entry.

use rcgen::{Certificate, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    Lie, Publisher, TestSigstore,
    authority::{Authority, VALIDITY_SECONDS},
    log::{Log, base64, sign},
    provenance,
};
use crate::wheel::hex;

const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
const PUBLISH: &str = "https://docs.pypi.org/attestations/publish/v1";
const SLSA: &str = "https://slsa.dev/provenance/v1";

/// An attestation to be signed, honest until told otherwise: [`TestSigstore::attest`].
pub struct Attesting<'a> {
    sigstore: &'a TestSigstore,
    publisher: &'a Publisher,
    file_name: String,
    sha256: String,
    at: u64,
    predicate: &'static str,
    timestamped: bool,
    lie: Option<Lie>,
}

impl<'a> Attesting<'a> {
    pub(super) fn new(
        sigstore: &'a TestSigstore,
        publisher: &'a Publisher,
        file_name: &str,
        sha256: &str,
    ) -> Self {
        Self {
            sigstore,
            publisher,
            file_name: file_name.to_owned(),
            sha256: sha256.to_owned(),
            at: seconds("2026-01-02T03:04:05Z"),
            predicate: PUBLISH,
            timestamped: false,
            lie: None,
        }
    }

    /// Signed and logged at this moment instead of `2026-01-02T03:04:05Z`. A verifier refuses one
    /// that is to come.
    ///
    /// # Panics
    /// Where it is no time of this form.
    pub fn at(mut self, time: &str) -> Self {
        self.at = seconds(time);
        self
    }

    /// Tells how the file was built instead of that it was published.
    pub fn slsa(mut self) -> Self {
        self.predicate = SLSA;
        self
    }

    /// The time is a timestamp authority's word instead of the log's, as with Rekor's second version.
    pub fn timestamped(mut self) -> Self {
        self.timestamped = true;
        self
    }

    /// Wrong in one respect.
    pub fn lie(mut self, lie: Lie) -> Self {
        self.lie = Some(lie);
        self
    }

    /// The provenance object with this attestation alone, as an honest index serves it.
    pub fn provenance(&self) -> String {
        provenance(&[(self.publisher, &[self.json()])])
    }

    /// The attestation object.
    pub fn json(&self) -> Value {
        let key = KeyPair::generate().expect("a key");
        let certificate = self.certificate(&key);
        let statement = self.statement().to_string();
        let signature = sign(&key, &envelope(&statement));
        let entries = match self.lie {
            Some(Lie::NotLogged) => json!([]),
            _ => json!([self.entry(&statement, &signature, &certificate)]),
        };
        let shown = match self.lie {
            Some(Lie::OtherSignature) => sign(&key, &envelope("{}")),
            _ => signature,
        };
        let mut material = json!({
            "certificate": base64(certificate.der()),
            "transparency_entries": entries,
        });
        if self.is_timestamped() {
            material["timestamps"] = json!([self.timestamp(&shown)]);
        }
        json!({
            "version": 1,
            "verification_material": material,
            "envelope": {
                "statement": base64(statement.as_bytes()),
                "signature": base64(&shown),
            },
        })
    }

    fn certificate(&self, key: &KeyPair) -> Certificate {
        let stranger;
        let authority = match self.lie {
            Some(Lie::OtherAuthority) => {
                stranger = Authority::new();
                &stranger
            }
            _ => &self.sigstore.authority,
        };
        authority.issue(self.publisher, key, self.at, self.lie != Some(Lie::NoSct))
    }

    fn statement(&self) -> Value {
        let subject =
            |name: &str, sha256: &str| json!({ "name": name, "digest": { "sha256": sha256 } });
        let other = hex(&Sha256::digest(b"other bytes"));
        let (name, sha256) = (self.file_name.as_str(), self.sha256.as_str());
        let subjects = match self.lie {
            Some(Lie::TwoSubjects) => json!([subject(name, sha256), subject(name, &other)]),
            Some(Lie::OtherName) => json!([subject("other-9.9-py3-none-any.whl", sha256)]),
            Some(Lie::OtherDigest) => json!([subject(name, &other)]),
            _ => json!([subject(name, sha256)]),
        };
        let predicate = match self.lie {
            Some(Lie::UnknownPredicate) => "https://example.com/predicate/v1",
            _ => self.predicate,
        };
        json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": subjects,
            "predicateType": predicate,
            "predicate": null,
        })
    }

    fn entry(&self, statement: &str, signature: &[u8], certificate: &Certificate) -> Value {
        let body = entry_body(statement, signature, certificate).to_string();
        let at = match self.lie {
            Some(Lie::LoggedLate) => self.at + VALIDITY_SECONDS + 1,
            Some(Lie::LoggedEarly) => self.at - 1,
            _ => self.at,
        };
        if self.lie == Some(Lie::UnknownLog) {
            return Log::new().append(body.as_bytes(), at);
        }
        let mut entry = self.sigstore.log.append(body.as_bytes(), at);
        if self.is_timestamped() || self.lie == Some(Lie::NoTime) {
            let keys = entry.as_object_mut().expect("an entry of our own");
            keys.retain(|key, _| key != "inclusionPromise" && key != "integratedTime");
        }
        if self.lie == Some(Lie::OtherTree) {
            let other = self.sigstore.log.append(b"another entry", at);
            entry["inclusionProof"] = other["inclusionProof"].clone();
        }
        entry
    }

    fn is_timestamped(&self) -> bool {
        self.timestamped || self.lie == Some(Lie::OtherTimestamp)
    }

    fn timestamp(&self, signature: &[u8]) -> String {
        let stamped = match self.lie {
            Some(Lie::OtherTimestamp) => b"another signature",
            _ => signature,
        };
        base64(&self.sigstore.timestamps.token(stamped, self.at))
    }
}

/// Since 1970.
fn seconds(time: &str) -> u64 {
    let time: jiff::Timestamp = time.parse().expect("a time such as 2026-01-02T03:04:05Z");
    time.as_second().try_into().expect("a time after 1970")
}

/// What is signed for a statement (DSSE's pre-authentication encoding).
fn envelope(statement: &str) -> Vec<u8> {
    let (kind, count) = (PAYLOAD_TYPE.len(), statement.len());
    format!("DSSEv1 {kind} {PAYLOAD_TYPE} {count} {statement}").into_bytes()
}

/// The body of a log entry of kind `dsse`.
fn entry_body(statement: &str, signature: &[u8], certificate: &Certificate) -> Value {
    let hash = |text: &str| {
        let value = hex(&Sha256::digest(text.as_bytes()));
        json!({ "algorithm": "sha256", "value": value })
    };
    let signature = base64(signature);
    let whole = json!({
        "payload": base64(statement.as_bytes()),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{ "sig": signature }],
    });
    json!({
        "apiVersion": "0.0.1",
        "kind": "dsse",
        "spec": {
            "envelopeHash": hash(&whole.to_string()),
            "payloadHash": hash(statement),
            "signatures": [{
                "signature": signature,
                "verifier": base64(certificate.pem().as_bytes()),
            }],
        },
    })
}
