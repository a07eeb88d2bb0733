//! Detached signatures by keys that people have: OpenPGP, SSH, minisign, and bare Ed25519 and ECDSA keys.
//!
//! A signature is over the file's bytes and names no file. That old bytes do not pass under a new name
//! is the archive reader's care: what a wheel says of itself has to be what its name says.

mod key;
mod memory;
mod minisign;
pub(crate) mod object;
mod openpgp;
mod raw;
mod rejection;
mod ssh;
pub mod wheel;

use crate::{Artifact, Authenticated, Moment, ReadAt, Testimony, TrustedKey};
pub use key::{Key, KeyError, KeyKind};
pub use memory::{Memory, Recalled};
pub use raw::RawKey;
pub use rejection::{Rejection, Rule};

/// A form of detached signature, in a file of its own beside the one that it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    /// `<file>.asc`: OpenPGP, armored or not.
    OpenPgp,
    /// `<file>.sshsig`: what `ssh-keygen -Y sign -n file` writes.
    Ssh,
    /// `<file>.minisig`.
    Minisign,
}

impl Scheme {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::OpenPgp, Self::Ssh, Self::Minisign];
    /// The longest document that is looked at, in bytes.
    pub const LARGEST: usize = 64 << 10;

    /// What stands behind the file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::OpenPgp => ".asc",
            Self::Ssh => ".sshsig",
            Self::Minisign => ".minisig",
        }
    }
}

/// Verifies a document beside a file by one key of the policy.
///
/// `None` where the document holds no signature by that key: whoever else signed has no say here. A
/// signature that claims to be the key's and does not hold is a rejection, and so is a document that
/// is none of its form.
pub fn verify<B: ReadAt>(
    bytes: &Authenticated<'_, B>,
    artifact: &Artifact,
    scheme: Scheme,
    document: &[u8],
    key: &TrustedKey,
    moment: impl Into<Moment>,
) -> Result<Option<Testimony>, Rejection> {
    if document.len() > Scheme::LARGEST {
        let fact = format!("is longer than {} bytes", Scheme::LARGEST);
        return Err(Rejection::new(Rule::Size, fact));
    }
    let said = match scheme {
        Scheme::OpenPgp => openpgp::verify(bytes, document, &key.key, moment.into()),
        Scheme::Ssh => ssh::verify(bytes, document, &key.key),
        Scheme::Minisign => minisign::verify(bytes, artifact, document, &key.key),
    }?;
    let sha256 = bytes.measured().sha256();
    let line = |said: String| memory::with_label(&said, key);
    Ok(said.map(|said| Testimony::of_key(key, sha256, line(said))))
}
