//! What was verified of the signatures over one file, written down: the bytes of a wheel in the store
//! are gone. It is as good as the place that it is kept in.
//!
//! A key is known by the digest of its text, so that another key under the same name knows nothing, and a
//! document by its own. Keys and signatures of OpenPGP end some day, so that these are judged again by the
//! time that it is: what is remembered of them is that they were compared with the bytes.

use assay_types::Sha256;
use serde::{Deserialize, Serialize};

use super::{Rejection, Scheme, openpgp};
use crate::{Moment, Testimony, TrustedKey, sha256};

const FORMAT: u32 = 1;
/// More entries than any rule asks for.
const MOST: usize = 64;

/// The memory of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Memory {
    format: u32,
    file: String,
    sha256: String,
    verified: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Entry {
    /// SHA-256 of the key's text.
    key: String,
    scheme: String,
    /// SHA-256 of the document.
    document: String,
    /// What is said of the signature; nothing where the document holds none by the key.
    said: Option<String>,
}

/// What is remembered of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recalled {
    /// The key signed the file.
    Signed(Box<Testimony>),
    /// The document has no signature by the key.
    Nothing,
}

impl Memory {
    /// Nothing yet, of a file with this name and digest.
    pub fn new(file: &str, sha256: Sha256) -> Self {
        Self {
            format: FORMAT,
            file: file.to_owned(),
            sha256: sha256.to_string(),
            verified: Vec::new(),
        }
    }

    /// Reads it back: nothing where it speaks of another file or other bytes, or is damaged.
    pub fn parse(bytes: &[u8], file: &str, sha256: Sha256) -> Self {
        let nothing = Self::new(file, sha256);
        let is_this = |it: &Self| {
            it.format == FORMAT && it.file == nothing.file && it.sha256 == nothing.sha256
        };
        let read = serde_json::from_slice(bytes).ok().filter(is_this);
        read.unwrap_or(nothing)
    }

    /// As it is kept.
    pub fn to_json(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// Remembers what [`super::verify`] gave for a document and a key.
    pub fn note(
        &mut self,
        scheme: Scheme,
        key: &TrustedKey,
        document: &[u8],
        found: Option<&Testimony>,
    ) {
        let entry = Entry {
            key: key.key.digest().to_string(),
            scheme: scheme.ending().to_owned(),
            document: sha256(document).to_string(),
            said: found.map(|it| without_label(it.said(), key)),
        };
        self.verified
            .retain(|it| it.key != entry.key || it.scheme != entry.scheme);
        let excess = (self.verified.len() + 1).saturating_sub(MOST);
        self.verified.drain(..excess);
        self.verified.push(entry);
    }

    /// What is known of a document; `None` where it has to be verified. A signature that does not count
    /// any more is a rejection.
    pub fn recall(
        &self,
        scheme: Scheme,
        key: &TrustedKey,
        document: &[u8],
        moment: impl Into<Moment>,
    ) -> Result<Option<Recalled>, Rejection> {
        let Some(entry) = self.entry(scheme, key, document) else {
            return Ok(None);
        };
        let said = match (scheme, &entry.said) {
            (Scheme::OpenPgp, Some(_)) => openpgp::judge_again(document, &key.key, moment.into())?,
            (_, said) => said.clone(),
        };
        let testimony = said.and_then(|it| self.testimony(&it, key)).map(Box::new);
        Ok(Some(testimony.map_or(Recalled::Nothing, Recalled::Signed)))
    }

    fn entry(&self, scheme: Scheme, key: &TrustedKey, document: &[u8]) -> Option<&Entry> {
        let digest = key.key.digest().to_string();
        let document = sha256(document).to_string();
        let mut entries = self.verified.iter();
        entries.find(|it| {
            (it.scheme.as_str(), &it.key, &it.document) == (scheme.ending(), &digest, &document)
        })
    }

    fn testimony(&self, said: &str, key: &TrustedKey) -> Option<Testimony> {
        let sha256 = Sha256::from_hex(&self.sha256)?;
        Some(Testimony::of_key(key, sha256, with_label(said, key)))
    }
}

/// A line for reports; the name of the key is the policy's, which may change it.
pub(super) fn with_label(said: &str, key: &TrustedKey) -> String {
    format!("{said} (key:{})", key.label)
}

fn without_label(said: &str, key: &TrustedKey) -> String {
    let label = with_label("", key);
    said.strip_suffix(&label).unwrap_or(said).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::{Key, KeyKind};

    const FILE: &str = "demo-1.0-py3-none-any.whl";
    const SHA256: Sha256 = Sha256([7; 32]);

    fn key(label: &str, text: &str) -> TrustedKey {
        TrustedKey {
            label: label.parse().unwrap(),
            key: Key::parse(KeyKind::Ed25519, text.as_bytes()).unwrap(),
            projects: None::<Vec<crate::ProjectPattern>>,
            place: "policy.toml:1:1".to_owned(),
        }
    }

    fn alice() -> TrustedKey {
        key("alice", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=")
    }

    fn known() -> Memory {
        let mut memory = Memory::new(FILE, SHA256);
        let said = with_label("signed", &alice());
        let testimony = Testimony::of_key(&alice(), SHA256, said);
        memory.note(Scheme::Minisign, &alice(), b"document", Some(&testimony));
        memory.note(Scheme::Ssh, &alice(), b"other", None);
        Memory::parse(memory.to_json().as_bytes(), FILE, SHA256)
    }

    fn recall(memory: &Memory, scheme: Scheme, key: &TrustedKey, text: &[u8]) -> Option<Recalled> {
        let now: assay_types::Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        memory.recall(scheme, key, text, now).unwrap()
    }

    fn said(recalled: Option<Recalled>) -> Option<String> {
        match recalled {
            Some(Recalled::Signed(it)) if it.sha256() == SHA256 => Some(it.said().to_owned()),
            _ => None,
        }
    }

    #[test]
    fn what_was_verified_is_known_for_this_key_alone() {
        let memory = known();
        let signed = |key| said(recall(&memory, Scheme::Minisign, &key, b"document"));
        assert_eq!(signed(alice()).unwrap(), "signed (key:alice)");
        let other = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
        assert_eq!(signed(key("alice", other)), None);
        // The same key under another name speaks under that.
        let renamed = key("bob", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=");
        assert_eq!(signed(renamed).unwrap(), "signed (key:bob)");
    }

    #[test]
    fn a_document_is_known_by_its_bytes() {
        let memory = known();
        let recall = |scheme, text: &[u8]| recall(&memory, scheme, &alice(), text);
        assert!(said(recall(Scheme::Minisign, b"document")).is_some());
        assert_eq!(recall(Scheme::Ssh, b"other"), Some(Recalled::Nothing));
        assert_eq!(recall(Scheme::Ssh, b"another"), None);
        assert_eq!(recall(Scheme::Ssh, b"document"), None);
        assert_eq!(recall(Scheme::OpenPgp, b"document"), None);
    }

    #[test]
    fn of_another_file_or_of_nothing_that_can_be_read_nothing_is_known() {
        let text = known().to_json();
        let bad: [(&[u8], &str, Sha256); 4] = [
            (text.as_bytes(), "demo-2.0-py3-none-any.whl", SHA256),
            (text.as_bytes(), FILE, Sha256([8; 32])),
            (&text.as_bytes()[1..], FILE, SHA256),
            (b"", FILE, SHA256),
        ];
        for (bytes, file, sha256) in bad {
            let memory = Memory::parse(bytes, file, sha256);
            assert_eq!(memory, Memory::new(file, sha256));
        }
    }
}
