//! All that a program says, in a file of the host's.

use std::{
    fs::File,
    io::{self, Write},
    sync::Arc,
};

/// Takes output as it comes, up to a limit.
#[derive(Debug)]
pub(crate) struct Log {
    file: Arc<File>,
    most: u64,
    taken: u64,
    full: bool,
}

impl Log {
    pub(crate) fn new(file: Arc<File>, most: u64) -> Self {
        Self {
            file,
            most,
            taken: 0,
            full: false,
        }
    }

    /// Writes what comes next. What is beyond the limit is left out, which the file says once.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        let room = self.most - self.taken;
        let fitting = usize::try_from(room).map_or(bytes.len(), |it| bytes.len().min(it));
        let mut file: &File = &self.file;
        file.write_all(&bytes[..fitting])?;
        self.taken += fitting as u64;
        if fitting < bytes.len() && !self.full {
            writeln!(file, "\n[assay keeps no more than {} bytes]", self.most)?;
            self.full = true;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_much_as_the_limit_is_written_and_the_rest_said_once() {
        for (most, expected) in [
            (6, "abcdef"),
            (5, "abcde\n[assay keeps no more than 5 bytes]\n"),
            (3, "abc\n[assay keeps no more than 3 bytes]\n"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("log");
            let mut log = Log::new(Arc::new(File::create(&path).unwrap()), most);
            for piece in ["abc", "def", ""] {
                log.take(piece.as_bytes()).unwrap();
            }
            if most < 6 {
                log.take(b"and more").unwrap();
            }
            assert_eq!(std::fs::read_to_string(path).unwrap(), expected);
        }
    }
}
