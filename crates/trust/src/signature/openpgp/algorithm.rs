//! Algorithms that are believed: everything else is refused by name.

use pgp::{
    crypto::hash::HashAlgorithm,
    ser::Serialize as _,
    types::{EcdsaPublicParams, EddsaLegacyPublicParams, KeyDetails, PublicParams},
};

/// The shortest RSA key, in bits.
const SHORTEST_RSA: u16 = 2048;

/// Refuses a hash algorithm that is broken, short or unknown. The error stands behind "uses".
pub(super) fn check_hash(hash: HashAlgorithm) -> Result<(), String> {
    let name = match hash {
        HashAlgorithm::Sha256
        | HashAlgorithm::Sha384
        | HashAlgorithm::Sha512
        | HashAlgorithm::Sha3_256
        | HashAlgorithm::Sha3_512 => return Ok(()),
        HashAlgorithm::Md5 => "MD5",
        HashAlgorithm::Sha1 => "SHA-1",
        HashAlgorithm::Ripemd160 => "RIPEMD-160",
        HashAlgorithm::Sha224 => "SHA-224",
        other => {
            let number = u8::from(other);
            return Err(format!("the unknown hash algorithm {number}"));
        }
    };
    Err(format!("{name}, which is too weak"))
}

/// Refuses a key whose signatures are not believed, whatever they are over. The error stands behind "is".
pub(super) fn check_key(key: &dyn KeyDetails) -> Result<(), String> {
    match key.public_params() {
        PublicParams::Ed25519(_)
        | PublicParams::Ed448(_)
        | PublicParams::EdDSALegacy(EddsaLegacyPublicParams::Ed25519 { .. })
        | PublicParams::ECDSA(
            EcdsaPublicParams::P256 { .. }
            | EcdsaPublicParams::P384 { .. }
            | EcdsaPublicParams::P521 { .. },
        ) => Ok(()),
        PublicParams::RSA(_) => match modulus_bits(key.public_params()) {
            Some(SHORTEST_RSA..) => Ok(()),
            Some(bits) => Err(format!("an RSA key of {bits} bits, which is too short")),
            None => Err("an RSA key of no length".to_owned()),
        },
        PublicParams::DSA(_) => Err("a DSA key, which is too weak".to_owned()),
        _ => {
            let number = u8::from(key.algorithm());
            Err(format!("a key of an unknown algorithm ({number}) or curve"))
        }
    }
}

/// What the first integer of the key says of its own length: that of an RSA key is its modulus.
fn modulus_bits(params: &PublicParams) -> Option<u16> {
    let mut body = Vec::new();
    params.to_writer(&mut body).ok()?;
    body.first_chunk().copied().map(u16::from_be_bytes)
}
