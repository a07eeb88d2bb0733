//! Bare public keys: Ed25519, and ECDSA on P-256 with SHA-256. The signatures are ring's work.

use ring::signature::{ECDSA_P256_SHA256_ASN1, ED25519, UnparsedPublicKey};
use ssh_key::{
    HashAlg,
    public::{EcdsaPublicKey, Ed25519PublicKey, KeyData},
};

/// A public key without any frame around it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RawKey {
    /// Its 32 bytes (RFC 8032).
    Ed25519([u8; 32]),
    /// Its uncompressed point: 0x04 and twice 32 bytes (SEC 1).
    P256([u8; 65]),
}

impl RawKey {
    /// Whether it signed this message. Ed25519 as RFC 8032 has it, ECDSA as ASN.1 DER.
    #[must_use]
    pub fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match self {
            Self::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
            Self::P256(key) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key).verify(message, signature)
            }
        };
        verified.is_ok()
    }

    /// Its SubjectPublicKeyInfo (RFC 8410, RFC 5480), in DER.
    pub fn spki(&self) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => [ED25519_SPKI, key.as_slice()].concat(),
            Self::P256(key) => [P256_SPKI, key.as_slice()].concat(),
        }
    }

    /// As `ssh-keygen -l` shows it, so that a key has one fingerprint, whatever form it is kept in.
    pub fn fingerprint(&self) -> String {
        let key = match self {
            Self::Ed25519(key) => KeyData::Ed25519(Ed25519PublicKey(*key)),
            // Whether it lies on the curve is not asked here.
            Self::P256(key) => match EcdsaPublicKey::from_sec1_bytes(key) {
                Ok(key) => KeyData::Ecdsa(key),
                Err(_) => return format!("sha256:{}", crate::sha256(&self.spki())),
            },
        };
        key.fingerprint(HashAlg::Sha256).to_string()
    }

    /// Reads a SubjectPublicKeyInfo. One form for each key: these bytes and no others.
    pub fn from_spki(der: &[u8]) -> Option<Self> {
        if let Some(key) = der.strip_prefix(ED25519_SPKI) {
            return key.try_into().ok().map(Self::Ed25519);
        }
        Self::from_point(der.strip_prefix(P256_SPKI)?)
    }

    /// Reads an uncompressed point. Whether it lies on the curve is asked with each signature.
    pub fn from_point(point: &[u8]) -> Option<Self> {
        let point: [u8; 65] = point.try_into().ok()?;
        (point[0] == 4).then_some(Self::P256(point))
    }
}

/// What stands before the 32 bytes: SEQUENCE { SEQUENCE { 1.3.101.112 }, BIT STRING }.
const ED25519_SPKI: &[u8] = &[
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];
/// The same for id-ecPublicKey with prime256v1.
const P256_SPKI: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

#[cfg(test)]
mod tests {
    use ring::{
        rand::SystemRandom,
        signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
    };

    use super::*;

    #[test]
    fn a_signature_holds_for_its_message_and_key_alone() {
        let pair = |seed| Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
        let key = |seed| RawKey::Ed25519(pair(seed).public_key().as_ref().try_into().unwrap());
        let signature = pair(1).sign(b"message");
        assert!(key(1).has_signed(b"message", signature.as_ref()));
        assert!(!key(1).has_signed(b"massage", signature.as_ref()));
        assert!(!key(2).has_signed(b"message", signature.as_ref()));
        assert!(!key(1).has_signed(b"message", &signature.as_ref()[..63]));

        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap();
        let key = RawKey::from_point(pair.public_key().as_ref()).unwrap();
        let signature = pair.sign(&random, b"message").unwrap();
        assert!(key.has_signed(b"message", signature.as_ref()));
        assert!(!key.has_signed(b"massage", signature.as_ref()));
    }

    #[test]
    fn a_key_has_one_form() {
        for key in [
            RawKey::Ed25519([7; 32]),
            RawKey::from_point(&[4; 65]).unwrap(),
        ] {
            let spki = key.spki();
            assert_eq!(RawKey::from_spki(&spki), Some(key));
            assert_eq!(RawKey::from_spki(&spki[1..]), None);
            assert_eq!(RawKey::from_spki(&[&spki[..], &[0]].concat()), None);
        }
        assert_eq!(RawKey::from_point(&[2; 65]), None);
        assert_eq!(RawKey::from_spki(&[]), None);
    }
}
