//! Keys of FIDO tokens (PROTOCOL.u2f). No token is at hand: its part is played by a key in memory, and
//! `ssh-keygen` is asked whether that is well played.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
};

use super::{
    ssh::{Parts, strings},
    ssh_keygen::believes,
    *,
};

enum Token {
    Ed25519(Ed25519KeyPair),
    P256(Box<EcdsaKeyPair>),
}

impl Token {
    fn both() -> [Self; 2] {
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap();
        let ed25519 = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        [Self::Ed25519(ed25519), Self::P256(Box::new(pair))]
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Ed25519(_) => "sk-ssh-ed25519@openssh.com",
            Self::P256(_) => "sk-ecdsa-sha2-nistp256@openssh.com",
        }
    }

    fn public(&self) -> Vec<u8> {
        let name = self.name().as_bytes();
        match self {
            Self::Ed25519(it) => strings(&[name, it.public_key().as_ref(), b"ssh:"]),
            Self::P256(it) => strings(&[name, b"nistp256", it.public_key().as_ref(), b"ssh:"]),
        }
    }

    fn line(&self) -> String {
        format!("{} {}", self.name(), BASE64_STANDARD.encode(self.public()))
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Ed25519(it) => it.sign(message).as_ref().to_vec(),
            Self::P256(it) => {
                let signature = it.sign(&SystemRandom::new(), message).unwrap();
                let (r, s) = signature.as_ref().split_at(32);
                strings(&[&shortest(r), &shortest(s)])
            }
        }
    }

    /// Signed for this application, with these flags.
    fn document(&self, application: &str, flags: u8) -> Vec<u8> {
        let mut parts = Parts {
            version: 1,
            key: self.public(),
            namespace: "file",
            reserved: "",
            hash: "sha256",
            signature: Vec::new(),
        };
        let trailer = [flags, 0, 0, 0, 9];
        let application = assay_trust::sha256(application.as_bytes()).0;
        let message = assay_trust::sha256(&parts.message()).0;
        let signature = self.sign(&[&application[..], &trailer, &message].concat());
        parts.signature = strings(&[self.name().as_bytes(), &signature]);
        parts.signature.extend(trailer);
        parts.armored()
    }
}

/// An `mpint` without its length.
fn shortest(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|it| **it == 0).count();
    let number = &number[zeros..];
    let sign = if number[0] >= 0x80 {
        vec![0]
    } else {
        Vec::new()
    };
    [sign, number.to_vec()].concat()
}

#[test]
fn a_token_that_was_touched_signs_for_its_application() {
    for token in Token::both() {
        let key = trusted(KeyKind::Ssh, &token.line());
        let judge = |document: &[u8]| judge(Scheme::Ssh, &key, BYTES, document);
        let good = token.document("ssh:", 1);
        assert!(judge(&good).unwrap().is_some());
        assert_ne!(
            believes(&token.line(), &good),
            Some(false),
            "{}",
            token.name()
        );
        assert!(judge(&token.document("ssh:", 5)).unwrap().is_some());

        assert_eq!(judge(&token.document("ssh:", 0)), Err(Rule::Key));
        assert_eq!(judge(&token.document("ssh:", 4)), Err(Rule::Key));
        let elsewhere = token.document("https://example.com", 1);
        assert_eq!(judge(&elsewhere), Err(Rule::Signature));
        assert_ne!(believes(&token.line(), &elsewhere), Some(true));
        assert!(key.key.raw().is_none(), "it signs no statements");
    }
}
