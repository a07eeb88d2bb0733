//! Files that the user named: copied while they are hashed, for the original could change.

use std::{
    io::{Read, Write},
    path::Path,
};

use assay_trust::{Measuring, Staged};
use assay_types::Digests;

use super::Buffer;
use crate::{Client, IndexError, os};

const CHUNK: usize = 256 << 10;

impl Client {
    /// Takes what `write` writes into a private buffer. `size` in bytes where it is known.
    pub fn stage_from<E>(
        &self,
        size: Option<u64>,
        write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    ) -> Result<Staged<Buffer>, E> {
        let mut measuring = Measuring::new(self.staging().buffer(size), []);
        write(&mut measuring)?;
        Ok(measuring.finish())
    }

    /// Copies a local file into a private buffer. Anything but a regular file (or a symlink to
    /// one) is refused: a FIFO or device has no content of its own.
    pub fn stage_path(
        &self,
        path: &Path,
        expected: &[&Digests],
        progress: &dyn Fn(u64),
    ) -> Result<Staged<Buffer>, IndexError> {
        let reading = |error| IndexError::io(path, "reading", error);
        let (mut file, size) = os::open_regular(path).map_err(reading)?;
        let limit = self.config().largest_file;
        let buffer = self.staging().buffer(Some(size));
        let mut measuring = Measuring::new(buffer, expected.iter().copied());
        let mut chunk = vec![0; CHUNK];
        loop {
            let count = file.read(&mut chunk).map_err(reading)?;
            if count == 0 {
                return Ok(measuring.finish());
            }
            if measuring.written() + count as u64 > limit {
                return Err(IndexError::TooLarge {
                    url: path.display().to_string(),
                    limit,
                    source: "the limit for one file",
                });
            }
            measuring
                .write_all(&chunk[..count])
                .map_err(|error| IndexError::io(self.staging().path(), "writing", error))?;
            progress(measuring.written());
        }
    }
}
