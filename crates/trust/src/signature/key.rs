//! Public keys as policy files name them.

use std::fmt;

use assay_types::Sha256;
use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{RawKey, Scheme, minisign, openpgp, ssh};
use crate::sha256;

/// What kind of key it is: the key of its table in `[keys]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// An OpenPGP certificate (a transferable public key), armored or not.
    OpenPgp,
    /// A line as `ssh-keygen` writes it to `id_ed25519.pub`.
    Ssh,
    /// The line of a minisign public key, or its whole file.
    Minisign,
    /// 32 bytes in base64, or a SubjectPublicKeyInfo as PEM.
    Ed25519,
    /// A SubjectPublicKeyInfo as PEM, or its DER in base64.
    EcdsaP256,
}

impl KeyKind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::OpenPgp,
        Self::Ssh,
        Self::Minisign,
        Self::Ed25519,
        Self::EcdsaP256,
    ];

    /// As policy files write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenPgp => "openpgp",
            Self::Ssh => "ssh",
            Self::Minisign => "minisign",
            Self::Ed25519 => "ed25519",
            Self::EcdsaP256 => "ecdsa-p256",
        }
    }
}

/// A public key that was read.
#[derive(Debug, Clone)]
pub struct Key {
    kind: KeyKind,
    digest: Sha256,
    pub(super) material: Material,
}

#[derive(Debug, Clone)]
pub(super) enum Material {
    OpenPgp(Box<openpgp::Certificate>),
    Ssh(Box<ssh::PublicKey>),
    Minisign(Box<minisign::PublicKey>),
    Raw(RawKey),
}

/// Why a text is no key of its kind; a sentence without its subject, unescaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyError(pub(super) String);

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for KeyError {}

impl Key {
    /// The longest text that is taken, in bytes: a certificate with many signatures of others.
    pub const LARGEST: usize = 1 << 20;

    /// Reads a key of this kind.
    pub fn parse(kind: KeyKind, text: &[u8]) -> Result<Self, KeyError> {
        if text.len() > Self::LARGEST {
            return Err(KeyError(format!("is longer than {} bytes", Self::LARGEST)));
        }
        let material = match kind {
            KeyKind::OpenPgp => Material::OpenPgp(Box::new(openpgp::parse(text)?)),
            KeyKind::Ssh => Material::Ssh(Box::new(ssh::parse(text)?)),
            KeyKind::Minisign => Material::Minisign(Box::new(minisign::parse(text)?)),
            KeyKind::Ed25519 | KeyKind::EcdsaP256 => Material::Raw(raw(kind, text)?),
        };
        Ok(Self {
            kind,
            digest: sha256(text),
            material,
        })
    }

    /// Its kind.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// SHA-256 of the text that it was read from: what was verified with it is remembered by that.
    pub fn digest(&self) -> Sha256 {
        self.digest
    }

    /// The forms of signature that it can make over a file's bytes.
    pub fn schemes(&self) -> &'static [Scheme] {
        match self.kind {
            KeyKind::OpenPgp => &[Scheme::OpenPgp],
            KeyKind::Ssh => &[Scheme::Ssh],
            KeyKind::Minisign => &[Scheme::Minisign],
            KeyKind::Ed25519 | KeyKind::EcdsaP256 => &[],
        }
    }

    /// The key that signs statements, where it can: an Ed25519 or ECDSA P-256 key, bare or of SSH.
    pub fn raw(&self) -> Option<RawKey> {
        match &self.material {
            Material::Raw(key) => Some(key.clone()),
            Material::Ssh(key) => ssh::raw(key),
            Material::OpenPgp(_) | Material::Minisign(_) => None,
        }
    }

    /// Whose it says that it is, where it says that at all (OpenPGP); for people, unescaped.
    pub fn user_ids(&self) -> &[String] {
        match &self.material {
            Material::OpenPgp(it) => openpgp::user_ids(it),
            Material::Ssh(_) | Material::Minisign(_) | Material::Raw(_) => &[],
        }
    }

    /// The bare key in it, whatever it signs: one key in two forms is one.
    pub(crate) fn bare(&self) -> Option<RawKey> {
        match &self.material {
            Material::Minisign(key) => Some(minisign::raw(key).clone()),
            _ => self.raw(),
        }
    }

    /// How people name it: as `gpg`, `ssh-keygen -l` and minisign show it.
    pub fn fingerprint(&self) -> String {
        match &self.material {
            Material::OpenPgp(it) => openpgp::fingerprint(it),
            Material::Ssh(it) => ssh::fingerprint(it),
            Material::Minisign(it) => minisign::fingerprint(it),
            Material::Raw(it) => it.fingerprint(),
        }
    }
}

fn raw(kind: KeyKind, text: &[u8]) -> Result<RawKey, KeyError> {
    let wrong = || KeyError(format!("is no public key of the kind {}", kind.name()));
    let text = std::str::from_utf8(text).map_err(|_| wrong())?.trim();
    let body: String = match text.strip_prefix("-----BEGIN PUBLIC KEY-----") {
        None => text.to_owned(),
        Some(rest) => {
            let body = rest.strip_suffix("-----END PUBLIC KEY-----");
            body.ok_or_else(wrong)?.split_ascii_whitespace().collect()
        }
    };
    let bytes = BASE64_STANDARD.decode(body).map_err(|_| wrong())?;
    let bare = || <[u8; 32]>::try_from(&bytes[..]).ok().map(RawKey::Ed25519);
    let key = match (RawKey::from_spki(&bytes), kind) {
        (Some(key @ RawKey::Ed25519(_)), KeyKind::Ed25519)
        | (Some(key @ RawKey::P256(_)), KeyKind::EcdsaP256) => Some(key),
        (None, KeyKind::Ed25519) => bare(),
        _ => None,
    };
    key.ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_key_is_read_in_its_forms_and_as_no_other_kind() {
        let keys = [
            (KeyKind::Ed25519, RawKey::Ed25519([7; 32])),
            (KeyKind::EcdsaP256, RawKey::from_point(&[4; 65]).unwrap()),
        ];
        for (kind, raw) in keys {
            let der = BASE64_STANDARD.encode(raw.spki());
            let pem = format!("-----BEGIN PUBLIC KEY-----\n{der}\n-----END PUBLIC KEY-----\n");
            for text in [&der, &pem] {
                let key = Key::parse(kind, text.as_bytes()).unwrap();
                assert_eq!(key.raw(), Some(raw.clone()));
                assert!(key.fingerprint().starts_with("SHA256:"));
                let other = match kind {
                    KeyKind::Ed25519 => KeyKind::EcdsaP256,
                    _ => KeyKind::Ed25519,
                };
                assert!(Key::parse(other, text.as_bytes()).is_err(), "{text}");
            }
            assert!(Key::parse(kind, &pem.as_bytes()[..pem.len() - 2]).is_err());
        }
        let bare = BASE64_STANDARD.encode([7; 32]);
        assert!(Key::parse(KeyKind::Ed25519, bare.as_bytes()).is_ok());
        assert!(Key::parse(KeyKind::EcdsaP256, bare.as_bytes()).is_err());
        let long = vec![b'A'; Key::LARGEST + 1];
        assert!(Key::parse(KeyKind::Ed25519, &long).is_err());
    }
}
