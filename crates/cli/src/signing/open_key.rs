//! A private key that is not encrypted: made, and written down.

use ring::{
    rand::{SecureRandom as _, SystemRandom},
    signature::{Ed25519KeyPair, KeyPair as _},
};
use ssh_key::{
    Cipher, Kdf, LineEnding, PrivateKey,
    private::{Ed25519Keypair, Ed25519PrivateKey, KeypairData},
    public::Ed25519PublicKey,
};
use zeroize::Zeroizing;

use super::{pair::Pair, public::PublicKey};
use crate::failure::{Failure, Result};

/// As many as `ssh-keygen` takes today.
pub(super) const ROUNDS: u32 = 24;

/// A private key that is not encrypted.
#[derive(Debug)]
pub struct OpenKey {
    key: PrivateKey,
    public: PublicKey,
    pair: Pair,
}

impl OpenKey {
    /// `None` where it is of another kind, or its parts are not of one key.
    pub(super) fn new(key: PrivateKey) -> Option<Self> {
        Some(Self {
            public: PublicKey::of_ssh(key.public_key())?,
            pair: Pair::of_ssh(key.key_data())?,
            key,
        })
    }

    /// Makes a new Ed25519 key.
    pub fn generate(comment: &str) -> Result<Self> {
        let seed = random::<32>()?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&*seed).map_err(|_| no_random())?;
        let public = pair.public_key().as_ref().try_into();
        let pair = Ed25519Keypair {
            public: Ed25519PublicKey(public.map_err(|_| no_random())?),
            private: Ed25519PrivateKey::from_bytes(&seed),
        };
        let key = PrivateKey::new(KeypairData::Ed25519(pair), comment);
        let key = key.ok().and_then(Self::new);
        key.ok_or_else(|| Failure::could_not("making a key"))
    }

    /// Both parts.
    pub fn into_parts(self) -> (PublicKey, Pair) {
        (self.public, self.pair)
    }

    /// Its public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The file's text, encrypted by this passphrase as `ssh-keygen` does, or as it is.
    pub fn to_text(&self, passphrase: Option<&[u8]>) -> Result<Zeroizing<String>> {
        let mut key = self.key.clone();
        // What a comment of somebody else's does to terminals would be kept otherwise.
        key.set_comment(self.public.comment());
        if let Some(passphrase) = passphrase {
            let kdf = Kdf::Bcrypt {
                salt: random::<16>()?.to_vec(),
                rounds: ROUNDS,
            };
            let check = u32::from_be_bytes(*random::<4>()?);
            let encrypted = key.encrypt_with(Cipher::Aes256Ctr, kdf, check, passphrase);
            key = encrypted.map_err(writing)?;
        }
        key.to_openssh(LineEnding::LF).map_err(writing)
    }
}

fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>> {
    let mut bytes = Zeroizing::new([0; N]);
    let filled = SystemRandom::new().fill(&mut *bytes);
    filled.map(|()| bytes).map_err(|_| no_random())
}

pub(super) fn writing(error: ssh_key::Error) -> Failure {
    Failure::could_not(format!("writing a private key: {error}"))
}

fn no_random() -> Failure {
    Failure::could_not("the system gives no random numbers")
}
