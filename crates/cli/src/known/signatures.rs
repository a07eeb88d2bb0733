//! What was verified of signatures, for wheels whose bytes are gone, and the statements that lay beside
//! a file when it was fetched last.

use std::path::Path;

use assay_files::PrivateFolder;
use assay_trust::{signature::Memory, statement::Bundle};
use assay_types::Sha256;

use crate::failure::Result;

/// The memory in the user's state.
#[derive(Debug)]
pub struct SignedFiles {
    folder: PrivateFolder,
}

impl SignedFiles {
    /// That of this state. Nothing is read yet.
    pub fn new(state: &Path) -> Self {
        Self {
            folder: PrivateFolder::new(state).below("signatures"),
        }
    }

    /// What is known of the signatures over a file; nothing where that is not certain.
    pub fn memory(&self, file: &str, sha256: Sha256) -> Memory {
        match self.folder.read(&format!("{sha256}.json")) {
            Ok(Some(bytes)) => Memory::parse(&bytes, file, sha256),
            Ok(None) | Err(_) => Memory::new(file, sha256),
        }
    }

    /// Remembers it.
    pub fn remember(&self, sha256: Sha256, memory: &Memory) -> Result<()> {
        self.write(&format!("{sha256}.json"), memory.to_json().as_bytes())
    }

    /// The statements that lay beside a file. They are judged anew each time, so that they are worth
    /// what is signed in them, whoever brought them here.
    pub fn statements(&self, sha256: Sha256) -> Option<Vec<u8>> {
        let read = self.folder.read(&name_of_statements(sha256)).ok()?;
        read.filter(|it| it.len() <= Bundle::LARGEST)
    }

    /// Keeps them.
    pub fn keep_statements(&self, sha256: Sha256, document: &[u8]) -> Result<()> {
        self.write(&name_of_statements(sha256), document)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        if self.folder.path().join(name).is_dir() {
            self.folder.set_aside(name)?;
        }
        Ok(self.folder.write(name, bytes)?)
    }
}

fn name_of_statements(sha256: Sha256) -> String {
    format!("{sha256}{}", Bundle::ENDING)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA256: Sha256 = Sha256([7; 32]);
    const FILE: &str = "demo-1.0-py3-none-any.whl";

    #[test]
    fn what_is_remembered_is_of_these_bytes_and_this_name() {
        let place = tempfile::tempdir().unwrap();
        let known = SignedFiles::new(place.path());
        let memory = Memory::new(FILE, SHA256);
        assert_eq!(known.memory(FILE, SHA256), memory);
        known.remember(SHA256, &memory).unwrap();
        let other = "demo-2.0-py3-none-any.whl";
        assert_eq!(known.memory(other, SHA256), Memory::new(other, SHA256));
        assert_eq!(known.memory(FILE, SHA256), memory);
    }

    #[test]
    fn statements_are_kept_as_they_came() {
        let place = tempfile::tempdir().unwrap();
        let known = SignedFiles::new(place.path());
        assert_eq!(known.statements(SHA256), None);
        std::fs::create_dir_all(known.folder.path().join(name_of_statements(SHA256))).unwrap();
        known.keep_statements(SHA256, b"{}\n").unwrap();
        assert_eq!(known.statements(SHA256).unwrap(), b"{}\n");
        assert_eq!(known.statements(Sha256([8; 32])), None);
    }
}
