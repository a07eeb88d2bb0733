//! Extraction: contents out, verified on the way.

use std::io::Write;

use assay_trust::ReadAt;
use assay_types::{Algorithm, Digest, Sha256};
use sha2::{Digest as _, Sha256 as Sha256Hasher, Sha384, Sha512};

use super::Wheel;
use crate::{
    ArchiveError,
    error::require,
    zip::{self, Entry},
};

impl<B: ReadAt> Wheel<B> {
    /// Writes the content of `files()[index]`, verifying CRC-32, size and RECORD digest on the
    /// way, and gives its SHA-256. On an error what was written must be thrown away; it is never
    /// more than the file's `size`. Several threads may extract at once; buffers are kept for each
    /// thread.
    ///
    /// # Panics
    /// Where `index` is not one of `files()`.
    pub fn extract(&self, index: usize, out: &mut dyn Write) -> Result<Sha256, ArchiveError> {
        let content = &self.contents[index];
        let body = self.admitted.body();
        verified(body, &content.entry, content.digest.as_ref(), out)
    }
}

/// Writes an entry's content and compares it with `digest`, where there is one.
pub(super) fn verified(
    body: &impl ReadAt,
    entry: &Entry,
    digest: Option<&Digest>,
    out: &mut (impl Write + ?Sized),
) -> Result<Sha256, ArchiveError> {
    let mut sha256 = Sha256Hasher::new();
    let mut longer = Longer::of(digest);
    zip::copy(body, entry, |piece| {
        sha256.update(piece);
        longer.update(piece);
        Ok(out.write_all(piece)?)
    })?;
    let measured = Sha256(sha256.finalize().into());
    let Some(digest) = digest else {
        return Ok(measured);
    };
    let found = longer.finish();
    let found = found.as_deref().unwrap_or(&measured.0);
    require(found == digest.bytes(), "RECORD digest", || {
        format!("{}: it is sha256:{measured}", entry.path)
    })?;
    Ok(measured)
}

/// The longer digest that a RECORD row may ask for, beside SHA-256.
enum Longer {
    None,
    Sha384(Sha384),
    Sha512(Sha512),
}

impl Longer {
    fn of(digest: Option<&Digest>) -> Self {
        match digest.map(Digest::algorithm) {
            None | Some(Algorithm::Sha256) => Self::None,
            Some(Algorithm::Sha384) => Self::Sha384(Sha384::new()),
            Some(Algorithm::Sha512) => Self::Sha512(Sha512::new()),
        }
    }

    fn update(&mut self, piece: &[u8]) {
        match self {
            Self::None => {}
            Self::Sha384(hasher) => hasher.update(piece),
            Self::Sha512(hasher) => hasher.update(piece),
        }
    }

    fn finish(self) -> Option<Vec<u8>> {
        match self {
            Self::None => None,
            Self::Sha384(hasher) => Some(hasher.finalize().to_vec()),
            Self::Sha512(hasher) => Some(hasher.finalize().to_vec()),
        }
    }
}
