//! The public half of a key that signs statements, in the forms that others read.

use assay_trust::signature::RawKey;
use assay_types::Printable;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use ssh_key::{
    HashAlg,
    public::{EcdsaPublicKey, KeyData},
};

use crate::failure::{Failure, Result};

/// An Ed25519 or ECDSA P-256 key, and the comment that people tell it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    raw: RawKey,
    ssh: KeyData,
    comment: String,
}

impl PublicKey {
    /// The key in SSH's form; `None` where it is of a kind that signs no statements.
    pub fn of_ssh(key: &ssh_key::PublicKey) -> Option<Self> {
        let raw = match key.key_data() {
            KeyData::Ed25519(key) => RawKey::Ed25519(key.0),
            KeyData::Ecdsa(EcdsaPublicKey::NistP256(point)) => {
                RawKey::from_point(point.as_bytes())?
            }
            _ => return None,
        };
        Some(Self {
            raw,
            ssh: key.key_data().clone(),
            comment: harmless(key.comment()),
        })
    }

    /// The same key without a frame.
    pub fn raw(&self) -> &RawKey {
        &self.raw
    }

    /// The same key as SSH has it.
    pub fn ssh(&self) -> &KeyData {
        &self.ssh
    }

    /// Its comment, in which nothing steers a terminal or ends a line; may be empty.
    pub fn comment(&self) -> &str {
        &self.comment
    }

    /// `SHA256:…`, as `ssh-keygen -l` shows it.
    pub fn fingerprint(&self) -> String {
        self.ssh.fingerprint(HashAlg::Sha256).to_string()
    }

    /// The kind as SSH names it.
    pub fn kind(&self) -> &'static str {
        match self.raw {
            RawKey::Ed25519(_) => "ssh-ed25519",
            RawKey::P256(_) => "ecdsa-sha2-nistp256",
        }
    }

    /// The line of a `.pub` file, without its end.
    pub fn ssh_line(&self) -> Result<String> {
        let key = ssh_key::PublicKey::new(self.ssh.clone(), &*self.comment);
        let line = key.to_openssh();
        line.map_err(|error| Failure::could_not(format!("writing a public key: {error}")))
    }

    /// Its SubjectPublicKeyInfo as PEM (RFC 7468), without the last line's end.
    pub fn pem(&self) -> String {
        let body = BASE64_STANDARD.encode(self.raw.spki());
        let lines: Vec<_> = body
            .as_bytes()
            .chunks(64)
            .map(String::from_utf8_lossy)
            .collect();
        format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----",
            lines.join("\n")
        )
    }
}

/// Comments come from files and agents of others, and go to terminals and into lines.
fn harmless(comment: &str) -> String {
    Printable(comment.trim()).to_string()
}

#[cfg(test)]
mod tests {
    use ssh_key::public::Ed25519PublicKey;

    use super::*;

    #[test]
    fn a_key_is_the_same_in_each_form() {
        let point = EcdsaPublicKey::from_sec1_bytes(&[4; 65]).unwrap();
        let kinds = [
            KeyData::Ed25519(Ed25519PublicKey([7; 32])),
            KeyData::Ecdsa(point),
        ];
        for kind in kinds {
            let comment = "me\nssh-ed25519 AAAA \u{202e}";
            let key = PublicKey::of_ssh(&ssh_key::PublicKey::new(kind, comment)).unwrap();
            let line = key.ssh_line().unwrap();
            assert_eq!(line.lines().count(), 1);
            assert!(!line.contains('\u{202e}'));
            let read = ssh_key::PublicKey::from_openssh(&line).unwrap();
            assert_eq!(PublicKey::of_ssh(&read), Some(key.clone()));
            let pem = key.pem();
            let body: String = pem.lines().filter(|it| !it.starts_with('-')).collect();
            let der = BASE64_STANDARD.decode(body).unwrap();
            assert_eq!(RawKey::from_spki(&der), Some(key.raw().clone()));
        }
    }

    #[test]
    fn keys_of_other_kinds_sign_no_statements() {
        let point = EcdsaPublicKey::from_sec1_bytes(&[4; 97]).unwrap();
        let key = ssh_key::PublicKey::from(KeyData::Ecdsa(point));
        assert_eq!(PublicKey::of_ssh(&key), None);
    }
}
