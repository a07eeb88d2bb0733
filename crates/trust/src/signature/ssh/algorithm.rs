//! The algorithms of SSH keys that are taken, and how each of them signs. The arithmetic is ring's.

use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA512, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use ssh_key::public::{EcdsaPublicKey, KeyData};

use super::{
    super::{KeyError, RawKey, Rejection, Rule},
    wire::Wire,
};
use crate::sha256;

/// A public key by its algorithm.
#[derive(Debug, Clone)]
pub(super) enum Algorithm {
    /// `ssh-ed25519` (RFC 8709), `ecdsa-sha2-nistp256` (RFC 5656).
    Raw(RawKey),
    /// `ecdsa-sha2-nistp384`: its uncompressed point.
    P384(Vec<u8>),
    /// `ssh-rsa`, which has to sign as `rsa-sha2-256` or `rsa-sha2-512` (RFC 8332).
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// A key of a FIDO token (PROTOCOL.u2f): what its signatures are made for, such as `ssh:`.
    Token { key: RawKey, application: String },
}

/// The bit that a token sets when somebody touched it.
const USER_PRESENT: u8 = 1;

impl Algorithm {
    /// Takes what ring can verify, and no RSA key of less than 2048 bits.
    pub(super) fn of(key: &KeyData) -> Result<Self, KeyError> {
        let point = |bytes: &[u8]| RawKey::from_point(bytes).ok_or_else(|| wrong("its point"));
        match key {
            KeyData::Ed25519(key) => Ok(Self::Raw(RawKey::Ed25519(key.0))),
            KeyData::Ecdsa(key @ EcdsaPublicKey::NistP256(_)) => {
                point(key.as_sec1_bytes()).map(Self::Raw)
            }
            KeyData::Ecdsa(key @ EcdsaPublicKey::NistP384(_)) => match key.as_sec1_bytes() {
                bytes @ [4, ..] => Ok(Self::P384(bytes.to_vec())),
                _ => Err(wrong("its point")),
            },
            KeyData::Rsa(key) => {
                let number = |it: &ssh_key::Mpint| it.as_positive_bytes().map(<[u8]>::to_vec);
                let n = number(&key.n).ok_or_else(|| wrong("its modulus"))?;
                let e = number(&key.e).ok_or_else(|| wrong("its exponent"))?;
                check_modulus(&n)?;
                Ok(Self::Rsa { n, e })
            }
            KeyData::SkEd25519(key) => Ok(Self::Token {
                key: RawKey::Ed25519(key.public_key().0),
                application: key.application().to_owned(),
            }),
            KeyData::SkEcdsaSha2NistP256(key) => Ok(Self::Token {
                key: point(key.ec_point().as_bytes())?,
                application: key.application().to_owned(),
            }),
            other => {
                let name = other.algorithm();
                Err(KeyError(format!(
                    "is an SSH key of the kind {name}, {TAKEN}"
                )))
            }
        }
    }

    /// Whether it made this signature over this message.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Rejection> {
        let mut wire = Wire(signature);
        let name = wire.string()?;
        let holds = match (self, name) {
            (Self::Raw(RawKey::Ed25519(key)), b"ssh-ed25519") => {
                holds(&ED25519, key, message, wire.string()?)
            }
            (Self::Raw(RawKey::P256(key)), b"ecdsa-sha2-nistp256") => holds(
                &ECDSA_P256_SHA256_FIXED,
                key,
                message,
                &pair(wire.string()?, 32)?,
            ),
            (Self::P384(key), b"ecdsa-sha2-nistp384") => holds(
                &ECDSA_P384_SHA384_FIXED,
                key,
                message,
                &pair(wire.string()?, 48)?,
            ),
            (Self::Rsa { n, e }, b"rsa-sha2-256" | b"rsa-sha2-512") => {
                let algorithm = match name {
                    b"rsa-sha2-256" => &RSA_PKCS1_2048_8192_SHA256,
                    _ => &RSA_PKCS1_2048_8192_SHA512,
                };
                let key = RsaPublicKeyComponents { n, e };
                key.verify(algorithm, message, wire.string()?).is_ok()
            }
            (Self::Token { key, application }, _) if name == token_name(key) => {
                let body = wire.string()?;
                let trailer = wire.bytes(5)?;
                token_holds(key, application, message, body, trailer)?
            }
            _ => return Err(unsuitable(name)),
        };
        wire.end()?;
        match holds {
            true => Ok(()),
            false => Err(Rejection::new(
                Rule::Signature,
                "does not hold for these bytes",
            )),
        }
    }
}

/// What a message for somebody with another kind of key says.
const TAKEN: &str =
    "and only Ed25519, ECDSA on P-256 and P-384, RSA, and the keys of FIDO tokens are taken";

fn holds(
    algorithm: &'static dyn VerificationAlgorithm,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> bool {
    let key = UnparsedPublicKey::new(algorithm, key);
    key.verify(message, signature).is_ok()
}

/// The two numbers of an ECDSA signature (RFC 5656, section 3.1.2), each of its full width.
fn pair(signature: &[u8], width: usize) -> Result<Vec<u8>, Rejection> {
    let mut wire = Wire(signature);
    let pair = [wire.positive(width)?, wire.positive(width)?].concat();
    wire.end()?;
    Ok(pair)
}

/// What a token signs is no message but this frame (PROTOCOL.u2f, "SSH U2F signatures").
fn token_holds(
    key: &RawKey,
    application: &str,
    message: &[u8],
    signature: &[u8],
    trailer: &[u8],
) -> Result<bool, Rejection> {
    if trailer[0] & USER_PRESENT == 0 {
        let fact = "was made by a token that nobody touched";
        return Err(Rejection::new(Rule::Key, fact));
    }
    let application = sha256(application.as_bytes());
    let message = sha256(message);
    let signed = [&application.0[..], trailer, &message.0[..]].concat();
    Ok(match key {
        RawKey::Ed25519(key) => holds(&ED25519, key, &signed, signature),
        RawKey::P256(key) => holds(
            &ECDSA_P256_SHA256_FIXED,
            key,
            &signed,
            &pair(signature, 32)?,
        ),
    })
}

fn token_name(key: &RawKey) -> &'static [u8] {
    match key {
        RawKey::Ed25519(_) => b"sk-ssh-ed25519@openssh.com",
        RawKey::P256(_) => b"sk-ecdsa-sha2-nistp256@openssh.com",
    }
}

/// ring takes 2048 to 8192 bits.
fn check_modulus(n: &[u8]) -> Result<(), KeyError> {
    let spare = n.first().map_or(0, |it| it.leading_zeros() as usize);
    match n.len() * 8 - spare {
        2048..=8192 => Ok(()),
        bits => Err(KeyError(format!(
            "is an RSA key of {bits} bits: not less than 2048, and not more than 8192"
        ))),
    }
}

fn wrong(what: &str) -> KeyError {
    KeyError(format!("is no SSH public key: {what} is out of form"))
}

fn unsuitable(name: &[u8]) -> Rejection {
    let name = String::from_utf8_lossy(name);
    let fact = match &*name {
        "ssh-rsa" => "is signed as \"ssh-rsa\", which is SHA-1: too weak".to_owned(),
        _ => format!("is signed as \"{name}\", which this key does not do"),
    };
    Rejection::new(Rule::Algorithm, fact)
}
