//! An `.sshsig` document (PROTOCOL.sshsig, version 1).

use assay_types::Algorithm as Hash;
use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{
    super::{Rejection, Rule},
    wire::{Wire, form, put},
};

const MAGIC: &[u8] = b"SSHSIG";
const VERSION: u32 = 1;
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";

/// What stands inside of the armor.
pub(super) struct Document<'a> {
    pub(super) public_key: &'a [u8],
    pub(super) namespace: &'a [u8],
    reserved: &'a [u8],
    hash: &'a [u8],
    /// Its algorithm and what that makes, as one `string` holds both.
    pub(super) signature: &'a [u8],
}

/// The bytes of one armored signature, and of nothing else around it.
pub(super) fn unarmored(document: &[u8]) -> Result<Vec<u8>, Rejection> {
    let wrong = || form("is no armored SSH signature");
    let text = std::str::from_utf8(document).map_err(|_| wrong())?;
    let body = text.trim_ascii().strip_prefix(BEGIN);
    let body = body.and_then(|it| it.strip_suffix(END)).ok_or_else(wrong)?;
    let body: String = body.split_ascii_whitespace().collect();
    BASE64_STANDARD.decode(body).map_err(|_| wrong())
}

impl<'a> Document<'a> {
    /// Reads all of it, down to what is to be compared and to be known.
    pub(super) fn read(blob: &'a [u8]) -> Result<Self, Rejection> {
        let blob = blob.strip_prefix(MAGIC);
        let mut wire = Wire(blob.ok_or_else(|| form("is no SSH signature"))?);
        let version = wire.uint32()?;
        if version != VERSION {
            return Err(form(&format!("is of version {version}, which is unknown")));
        }
        let document = Self {
            public_key: wire.string()?,
            namespace: wire.string()?,
            reserved: wire.string()?,
            hash: wire.string()?,
            signature: wire.string()?,
        };
        wire.end()?;
        Ok(document)
    }

    /// The hash by which the file went into the signature.
    pub(super) fn hash(&self) -> Result<Hash, Rejection> {
        match self.hash {
            b"sha256" => Ok(Hash::Sha256),
            b"sha512" => Ok(Hash::Sha512),
            other => {
                let fact = format!(
                    "hashes with \"{}\", not with sha256 or sha512",
                    String::from_utf8_lossy(other)
                );
                Err(Rejection::new(Rule::Algorithm, fact))
            }
        }
    }

    /// What was signed, if the file has this digest.
    pub(super) fn signed(&self, digest: &[u8]) -> Vec<u8> {
        let mut signed = MAGIC.to_vec();
        for part in [self.namespace, self.reserved, self.hash, digest] {
            put(&mut signed, part);
        }
        signed
    }
}
