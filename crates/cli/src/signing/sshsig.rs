//! `.sshsig` files, as `ssh-keygen -Y sign -n file` writes them (OpenSSH's PROTOCOL.sshsig).

use ring::{
    digest,
    signature::{RSA_PKCS1_2048_8192_SHA512, RsaPublicKeyComponents},
};
use ssh_key::{Algorithm, EcdsaCurve, HashAlg, LineEnding, Signature, SshSig, public::KeyData};

use super::{AGENT, Agent, Passphrases, PublicKey, Signer, not_signed, pair};
use crate::{commands::Context, failure::Result};

/// What the signature is for; OpenSSH's word for files.
const NAMESPACE: &str = "file";

/// SHA-512 of a file's bytes.
#[derive(Debug, Clone, Copy)]
pub struct FileDigest(pub [u8; digest::SHA512_OUTPUT_LEN]);

/// A key that signs files as OpenSSH does: one that signs statements, or an RSA key of an agent.
#[derive(Debug)]
pub enum SshSigner {
    /// Ed25519 or ECDSA on P-256.
    Statements(Box<Signer>),
    /// RSA, which never leaves the agent.
    Rsa {
        /// Who has it.
        agent: Agent,
        /// Which it is.
        key: Box<ssh_key::PublicKey>,
    },
}

impl SshSigner {
    /// As [`Signer::named`]; an RSA key of an agent is taken where it is named, or the only one.
    pub fn named(with: &str, passphrases: &Passphrases, context: &Context<'_>) -> Result<Self> {
        let which = with
            .strip_prefix(AGENT)
            .filter(|it| it.is_empty() || it.starts_with(':'));
        if let Some(which) = which {
            let agent = Agent::found(context.around)?;
            if let Some(key) = rsa_key(agent.keys()?, which.strip_prefix(':')) {
                let key = Box::new(key);
                return Ok(Self::Rsa { agent, key });
            }
        }
        let signer = Signer::named(with, passphrases, context)?;
        Ok(Self::Statements(Box::new(signer)))
    }

    /// Signs the file with this digest. What is given away holds.
    pub fn sign(&self, file: FileDigest) -> Result<String> {
        let message = signed_data(file);
        let signature = match self {
            Self::Statements(signer) => {
                let raw = signer.raw();
                let signature = pair::to_ssh(&raw, &signer.sign(&message)?);
                let algorithm = signer.public().ssh().algorithm();
                signature.and_then(|it| Signature::new(algorithm, it).ok())
            }
            Self::Rsa { agent, key } => Some(agent.sign(key, &message)?),
        };
        let framed = signature
            .and_then(|it| SshSig::new(self.key().clone(), NAMESPACE, HashAlg::Sha512, it).ok());
        let text = framed.and_then(|it| it.to_pem(LineEnding::LF).ok());
        let text = text.ok_or_else(|| not_signed(&self.fingerprint()))?;
        self.expect_signed(file, text.as_bytes())?;
        Ok(text)
    }

    /// Fails where this is not the key's signature over the file with this digest.
    pub fn expect_signed(&self, file: FileDigest, document: &[u8]) -> Result<()> {
        let read = SshSig::from_pem(document).ok().filter(|it| {
            it.public_key() == self.key()
                && it.namespace() == NAMESPACE
                && it.hash_alg() == HashAlg::Sha512
                && it.reserved().is_empty()
                && has_signed(self.key(), &signed_data(file), it.signature())
        });
        read.map(|_| ())
            .ok_or_else(|| not_signed(&self.fingerprint()))
    }

    /// The public half.
    pub fn key(&self) -> &KeyData {
        match self {
            Self::Statements(signer) => signer.public().ssh(),
            Self::Rsa { key, .. } => key.key_data(),
        }
    }

    /// `SHA256:…`.
    pub fn fingerprint(&self) -> String {
        self.key().fingerprint(HashAlg::Sha256).to_string()
    }
}

/// The RSA key that is meant. Where none is named any other kind is preferred.
fn rsa_key(keys: Vec<ssh_key::PublicKey>, which: Option<&str>) -> Option<ssh_key::PublicKey> {
    let is_rsa = |it: &ssh_key::PublicKey| it.algorithm().is_rsa();
    let Some(which) = which else {
        let others = keys.iter().any(|it| PublicKey::of_ssh(it).is_some());
        let mut all = keys.into_iter().filter(is_rsa);
        return all.next().filter(|_| !others && all.next().is_none());
    };
    let is_meant = |it: &ssh_key::PublicKey| {
        it.fingerprint(HashAlg::Sha256).to_string() == which || it.comment() == which
    };
    let mut meant = keys.into_iter().filter(is_meant);
    meant
        .next()
        .filter(|it| is_rsa(it) && meant.next().is_none())
}

/// What is signed in place of the file (PROTOCOL.sshsig, 3).
fn signed_data(file: FileDigest) -> Vec<u8> {
    let string = |it: &[u8]| [&(it.len() as u32).to_be_bytes()[..], it].concat();
    let parts = [NAMESPACE.as_bytes(), b"", b"sha512", &file.0];
    let parts = parts.map(string).concat();
    [b"SSHSIG", &parts[..]].concat()
}

fn has_signed(key: &KeyData, message: &[u8], signature: &Signature) -> bool {
    let bytes = signature.as_bytes();
    match (key, signature.algorithm()) {
        (
            KeyData::Rsa(key),
            Algorithm::Rsa {
                hash: Some(HashAlg::Sha512),
            },
        ) => {
            let (Some(n), Some(e)) = (key.n.as_positive_bytes(), key.e.as_positive_bytes()) else {
                return false;
            };
            let key = RsaPublicKeyComponents { n, e };
            key.verify(&RSA_PKCS1_2048_8192_SHA512, message, bytes)
                .is_ok()
        }
        (
            _,
            Algorithm::Ed25519
            | Algorithm::Ecdsa {
                curve: EcdsaCurve::NistP256,
            },
        ) => {
            let Some(key) = PublicKey::of_ssh(&key.clone().into()) else {
                return false;
            };
            let bytes = pair::from_ssh(key.raw(), bytes);
            signature.algorithm() == key.ssh().algorithm()
                && bytes.is_some_and(|it| key.raw().has_signed(message, &it))
        }
        _ => false,
    }
}
