//! Bytes on their way in: hashed while they arrive, sealed until they are admitted.

use std::io::{self, Write};

use assay_types::{Algorithm, Digest, Digests, Sha256};
use sha2::{Digest as _, Sha256 as Sha256Hasher, Sha384 as Sha384Hasher, Sha512 as Sha512Hasher};

/// Bytes that can be read at any offset by several threads at once.
pub trait ReadAt: Sync {
    /// Fills `buffer` from `offset`, or fails with `UnexpectedEof`.
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()>;
    /// Length in bytes.
    fn size(&self) -> u64;
}

impl ReadAt for Vec<u8> {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let start = usize::try_from(offset).map_err(|_| io::ErrorKind::UnexpectedEof)?;
        let end = start
            .checked_add(buffer.len())
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(self.get(start..end).ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn size(&self) -> u64 {
        self.len() as u64
    }
}

/// What was measured while the bytes arrived, or remembered from when they did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    sha256: Sha256,
    others: Vec<Digest>,
    size: u64,
}

impl Measured {
    /// SHA-256 of all bytes.
    pub fn sha256(&self) -> Sha256 {
        self.sha256
    }

    /// Number of bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether everything needed to compare with these digests was measured. A remembered wheel
    /// for which this is false has to be fetched again.
    pub fn covers(&self, digests: &Digests) -> bool {
        digests.strong().iter().all(|it| self.agrees(it).is_some())
    }

    /// The digest by one algorithm; `None` where that was not measured.
    pub fn digest(&self, algorithm: Algorithm) -> Option<Digest> {
        if algorithm == Algorithm::Sha256 {
            return Some(self.sha256.into());
        }
        let mut others = self.others.iter();
        others.find(|it| it.algorithm() == algorithm).cloned()
    }

    /// Digests other than SHA-256 that were measured too.
    pub fn others(&self) -> &[Digest] {
        &self.others
    }

    /// Whether these bytes have that digest; `None` where that algorithm was not measured, which
    /// proves nothing either way.
    pub(crate) fn agrees(&self, digest: &Digest) -> Option<bool> {
        let own = self.digest(digest.algorithm())?;
        Some(own == *digest)
    }
}

/// A remembered measurement: the user's own state says that a stored wheel was unpacked from bytes
/// with these digests. Made only from state files that the user alone can write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memo(Measured);

impl Memo {
    /// What the state remembers. `others` are further digests measured at that time.
    pub fn from_state(sha256: Sha256, others: Vec<Digest>, size: u64) -> Self {
        Self(Measured {
            sha256,
            others,
            size,
        })
    }
}

/// SHA-256 of bytes in memory.
pub fn sha256(bytes: &[u8]) -> Sha256 {
    Sha256(Sha256Hasher::digest(bytes).into())
}

/// A writer that hashes what passes through it.
pub struct Measuring<W> {
    inner: W,
    sha256: Sha256Hasher,
    sha384: Option<Sha384Hasher>,
    sha512: Option<Sha512Hasher>,
    size: u64,
}

impl<W> Measuring<W> {
    /// Starts measuring. SHA-256 always; the longer ones only where `expected` has such a digest.
    pub fn new<'a>(inner: W, expected: impl IntoIterator<Item = &'a Digests>) -> Self {
        let expected = expected.into_iter().flat_map(Digests::strong);
        let algorithms: Vec<_> = expected.map(Digest::algorithm).collect();
        Self::of(inner, &algorithms)
    }

    /// Starts measuring by these algorithms, and by SHA-256 always.
    pub fn of(inner: W, algorithms: &[Algorithm]) -> Self {
        let mut measuring = Self {
            inner,
            sha256: Sha256Hasher::new(),
            sha384: None,
            sha512: None,
            size: 0,
        };
        for algorithm in algorithms {
            match algorithm {
                Algorithm::Sha256 => {}
                Algorithm::Sha384 => measuring.sha384 = Some(Sha384Hasher::new()),
                Algorithm::Sha512 => measuring.sha512 = Some(Sha512Hasher::new()),
            }
        }
        measuring
    }

    /// Bytes written so far: the offset at which a broken transfer resumes.
    pub fn written(&self) -> u64 {
        self.size
    }

    /// Ends the transfer and seals the bytes.
    pub fn finish(self) -> Staged<W> {
        let longer = [
            self.sha384
                .and_then(|it| Digest::new(Algorithm::Sha384, it.finalize().to_vec())),
            self.sha512
                .and_then(|it| Digest::new(Algorithm::Sha512, it.finalize().to_vec())),
        ];
        let measured = Measured {
            sha256: Sha256(self.sha256.finalize().into()),
            others: longer.into_iter().flatten().collect(),
            size: self.size,
        };
        Staged {
            body: self.inner,
            measured,
        }
    }
}

impl<W: Write> Write for Measuring<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(buffer)?;
        let taken = &buffer[..count];
        self.sha256.update(taken);
        if let Some(hasher) = &mut self.sha384 {
            hasher.update(taken);
        }
        if let Some(hasher) = &mut self.sha512 {
            hasher.update(taken);
        }
        self.size += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Bytes that have arrived and are measured, but not admitted: nobody can read them.
pub struct Staged<B> {
    pub(crate) body: B,
    pub(crate) measured: Measured,
}

impl<B> Staged<B> {
    /// A body that stands for bytes measured earlier, such as a wheel in the store.
    pub fn remembered(body: B, memo: Memo) -> Self {
        Self {
            body,
            measured: memo.0,
        }
    }

    /// What was measured.
    pub fn measured(&self) -> &Measured {
        &self.measured
    }
}

impl<B> std::fmt::Debug for Staged<B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Staged")
            .field("measured", &self.measured)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_asked_for_is_measured_and_sha256_always() {
        for asked in Algorithm::ALL {
            let mut measuring = Measuring::of(io::sink(), &[asked]);
            measuring.write_all(b"bytes").unwrap();
            let staged = measuring.finish();
            for algorithm in Algorithm::ALL {
                let found = staged.measured().digest(algorithm).map(|it| it.algorithm());
                let expected = algorithm == asked || algorithm == Algorithm::Sha256;
                assert_eq!(found, expected.then_some(algorithm));
            }
        }
    }
}
