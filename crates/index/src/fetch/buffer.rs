//! A private body: in memory while it is small, else in a file without a name.

use std::{
    fs,
    io::{self, Write},
};

use assay_trust::ReadAt;

use super::{Staging, staging::Share};
use crate::os;

/// Longest body that stays in memory.
const SMALL: u64 = 4 << 20;
/// What a body of unknown size takes from the memory budget at a time.
const STEP: u64 = 256 << 10;

/// Bytes that nobody but this process can change: written once while they are staged, then read at
/// any offset by several threads.
#[derive(Debug)]
pub struct Buffer {
    staging: Staging,
    announced: Option<u64>,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Memory { bytes: Vec<u8>, shares: Vec<Share> },
    File { file: fs::File, size: u64 },
}

impl Buffer {
    /// An empty one. `announced` is the size that somebody promised, in bytes.
    pub(super) fn new(staging: Staging, announced: Option<u64>) -> Self {
        let body = Body::Memory {
            bytes: Vec::new(),
            shares: Vec::new(),
        };
        Self {
            staging,
            announced,
            body,
        }
    }

    /// Whether so many bytes may lie in memory. Takes what is missing from the budget: all of an
    /// announced size at once, else step by step.
    fn fits(&mut self, length: u64) -> bool {
        let Body::Memory { shares, .. } = &mut self.body else {
            return false;
        };
        let (wanted, step) = match self.announced {
            Some(size) => (length.max(size), 0),
            None => (length, STEP),
        };
        if wanted > SMALL {
            return false;
        }
        let taken: u64 = shares.iter().map(|it| it.bytes).sum();
        if length <= taken {
            return true;
        }
        let more = self.staging.budget().take((wanted - taken).max(step));
        let got = more.is_some();
        shares.extend(more);
        got
    }

    fn spill(&mut self) -> io::Result<()> {
        if let Body::Memory { bytes, .. } = &self.body {
            let mut file = self.staging.anonymous_file()?;
            file.write_all(bytes)?;
            let size = bytes.len() as u64;
            self.body = Body::File { file, size };
        }
        Ok(())
    }
}

impl Write for Buffer {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        if !self.fits(self.size() + buffer.len() as u64) {
            self.spill()?;
        }
        match &mut self.body {
            Body::Memory { bytes, .. } => bytes.write(buffer),
            Body::File { file, size } => {
                let count = file.write(buffer)?;
                *size += count as u64;
                Ok(count)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl ReadAt for Buffer {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        match &self.body {
            Body::Memory { bytes, .. } => bytes.read_exact_at(buffer, offset),
            Body::File { file, .. } => os::read_exact_at(file, buffer, offset),
        }
    }

    fn size(&self) -> u64 {
        match &self.body {
            Body::Memory { bytes, .. } => bytes.len() as u64,
            Body::File { size, .. } => *size,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_back(buffer: &Buffer) -> Vec<u8> {
        let mut bytes = vec![0; usize::try_from(buffer.size()).unwrap()];
        buffer.read_exact_at(&mut bytes, 0).unwrap();
        bytes
    }

    #[test]
    fn small_bodies_stay_in_memory_and_large_ones_have_no_name() {
        let folder = tempfile::tempdir().unwrap();
        let staging = Staging::new(crate::folders::staging(folder.path()));
        let data: Vec<u8> = (0..SMALL + 1).map(|it| it as u8).collect();

        let mut small = staging.buffer(None);
        small.write_all(&data[..data.len() - 1]).unwrap();
        assert!(matches!(small.body, Body::Memory { .. }));
        assert_eq!(read_back(&small), data[..data.len() - 1]);

        small.write_all(&data[data.len() - 1..]).unwrap();
        assert!(matches!(small.body, Body::File { .. }));
        assert_eq!(read_back(&small), data);
        assert!(small.read_exact_at(&mut [0], SMALL + 1).is_err());
        assert_eq!(
            fs::read_dir(folder.path().join("staging")).unwrap().count(),
            0
        );
    }

    #[test]
    fn a_body_that_is_announced_as_large_never_takes_memory() {
        let folder = tempfile::tempdir().unwrap();
        let staging = Staging::new(crate::folders::staging(folder.path()));
        for (announced, in_memory) in [(SMALL, true), (SMALL + 1, false)] {
            let mut buffer = staging.buffer(Some(announced));
            buffer.write_all(b"abc").unwrap();
            assert_eq!(matches!(buffer.body, Body::Memory { .. }), in_memory);
        }
    }

    #[test]
    fn without_memory_left_a_small_body_goes_to_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let staging = Staging::new(crate::folders::staging(folder.path()));
        let all = staging.budget().take(64 << 20).unwrap();
        let mut buffer = staging.buffer(Some(3));
        buffer.write_all(b"abc").unwrap();
        assert!(matches!(buffer.body, Body::File { .. }));
        drop(all);
        let mut buffer = staging.buffer(Some(3));
        buffer.write_all(b"abc").unwrap();
        assert!(matches!(buffer.body, Body::Memory { .. }));
    }
}
