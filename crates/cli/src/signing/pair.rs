//! A private key that is at hand. The signatures are ring's work.

use assay_trust::signature::RawKey;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair},
};
use ssh_key::private::{EcdsaKeypair, KeypairData};

/// Both halves of a key, which belong together.
#[derive(Debug)]
pub enum Pair {
    Ed25519(Ed25519KeyPair),
    P256(Box<EcdsaKeyPair>),
}

impl Pair {
    /// Of a key in SSH's form that is not encrypted; `None` where it is of another kind, or its halves
    /// do not belong together.
    pub fn of_ssh(key: &KeypairData) -> Option<Self> {
        match key {
            KeypairData::Ed25519(pair) => {
                let seed = pair.private.as_ref();
                let pair = Ed25519KeyPair::from_seed_and_public_key(seed, &pair.public.0);
                pair.ok().map(Self::Ed25519)
            }
            KeypairData::Ecdsa(EcdsaKeypair::NistP256 { public, private }) => {
                let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
                let (public, private) = (public.as_bytes(), private.as_slice());
                let random = SystemRandom::new();
                let pair = EcdsaKeyPair::from_private_key_and_public_key(
                    algorithm, private, public, &random,
                );
                pair.ok().map(|it| Self::P256(Box::new(it)))
            }
            _ => None,
        }
    }

    /// Signs: Ed25519 as RFC 8032 has it, ECDSA as ASN.1 DER. `None` where the system has no random
    /// numbers.
    pub fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Ed25519(pair) => Some(pair.sign(message).as_ref().to_vec()),
            Self::P256(pair) => {
                let signature = pair.sign(&SystemRandom::new(), message);
                signature.ok().map(|it| it.as_ref().to_vec())
            }
        }
    }
}

/// The signature of `key` over `message`, as the frames of SSH carry it (RFC 5656, 3.1.2; RFC 8709, 6):
/// an ECDSA signature is two numbers there, each after its length, and the same bytes make up those of
/// ASN.1. `None` where it has not this form.
pub fn to_ssh(key: &RawKey, signature: &[u8]) -> Option<Vec<u8>> {
    if matches!(key, RawKey::Ed25519(_)) {
        return Some(signature.to_vec());
    }
    let numbers = der_element(0x30, signature)?;
    let (numbers, rest) = numbers;
    let (r, numbers) = der_element(0x02, numbers)?;
    let (s, end) = der_element(0x02, numbers)?;
    let number = |it: &[u8]| [&(it.len() as u32).to_be_bytes()[..], it].concat();
    (rest.is_empty() && end.is_empty()).then(|| [number(r), number(s)].concat())
}

/// The other way round.
pub fn from_ssh(key: &RawKey, signature: &[u8]) -> Option<Vec<u8>> {
    if matches!(key, RawKey::Ed25519(_)) {
        return Some(signature.to_vec());
    }
    let (r, rest) = ssh_number(signature)?;
    let (s, rest) = ssh_number(rest)?;
    let element = |tag: u8, it: &[u8]| {
        let length = u8::try_from(it.len()).ok().filter(|it| *it < 0x80)?;
        Some([&[tag, length], it].concat())
    };
    let numbers = [element(0x02, r)?, element(0x02, s)?].concat();
    rest.is_empty().then(|| element(0x30, &numbers)).flatten()
}

/// What an element of a short form holds, and what follows it.
fn der_element(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (head, rest) = bytes.split_at_checked(2)?;
    (head[0] == tag && head[1] < 0x80).then_some(())?;
    rest.split_at_checked(usize::from(head[1]))
}

fn ssh_number(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ecdsa_signatures_keep_their_numbers_in_both_forms() {
        let key = RawKey::from_point(&[4; 65]).unwrap();
        let der = [0x30, 0x07, 0x02, 0x02, 0x00, 0x81, 0x02, 0x01, 0x05];
        let ssh = [0, 0, 0, 2, 0x00, 0x81, 0, 0, 0, 1, 0x05];
        assert_eq!(to_ssh(&key, &der).unwrap(), ssh);
        assert_eq!(from_ssh(&key, &ssh).unwrap(), der);
        for end in 0..der.len() {
            assert_eq!(to_ssh(&key, &der[..end]), None, "{end}");
        }
        for end in 0..ssh.len() {
            assert_eq!(from_ssh(&key, &ssh[..end]), None, "{end}");
        }
        assert_eq!(to_ssh(&key, &[&der[..], &[0]].concat()), None);
        assert_eq!(from_ssh(&key, &[&ssh[..], &[0]].concat()), None);
        let long = [&[0, 0, 0, 0x80][..], &[1; 0x80], &[0, 0, 0, 1, 5]].concat();
        assert_eq!(from_ssh(&key, &long), None);
    }
}
