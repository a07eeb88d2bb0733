//! Digests of texts and files.

use std::{
    fs::File,
    io::{self, Read},
};

use assay_types::{Algorithm, Digest, Sha256};
use sha2::Digest as _;

/// SHA-256 of bytes in memory.
pub(crate) fn bytes(bytes: &[u8]) -> Sha256 {
    Sha256(sha2::Sha256::digest(bytes).into())
}

/// SHA-256 of all that a file holds.
pub(crate) fn file(file: File) -> io::Result<Sha256> {
    Ok(Sha256(feed(file, sha2::Sha256::new())?.finalize().into()))
}

/// Whether a file has a digest, of whichever algorithm.
pub(crate) fn has_digest(file: impl Read, digest: &Digest) -> io::Result<bool> {
    Ok(match digest.algorithm() {
        Algorithm::Sha256 => *feed(file, sha2::Sha256::new())?.finalize() == *digest.bytes(),
        Algorithm::Sha384 => *feed(file, sha2::Sha384::new())?.finalize() == *digest.bytes(),
        Algorithm::Sha512 => *feed(file, sha2::Sha512::new())?.finalize() == *digest.bytes(),
    })
}

fn feed<D: sha2::Digest>(mut file: impl Read, mut hasher: D) -> io::Result<D> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher),
            count => hasher.update(&buffer[..count]),
        }
    }
}
