//! What was verified of signatures, for wheels whose bytes are gone, and the documents that lay beside a
//! file when they were fetched last.

use std::path::Path;

use assay_files::PrivateFolder;
use assay_trust::signature::Memory;
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

    /// A document that lay beside a file, by its ending. Judged anew each time, so that it is worth what
    /// is signed in it, whoever brought it here.
    pub fn document(&self, sha256: Sha256, ending: &str, limit: usize) -> Option<Vec<u8>> {
        let read = self.folder.read(&format!("{sha256}{ending}")).ok()?;
        read.filter(|it| it.len() <= limit)
    }

    /// Keeps it.
    pub fn keep(&self, sha256: Sha256, ending: &str, document: &[u8]) -> Result<()> {
        let limit = document.len();
        if self.document(sha256, ending, limit).as_deref() == Some(document) {
            return Ok(());
        }
        self.write(&format!("{sha256}{ending}"), document)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        if self.folder.path().join(name).is_dir() {
            self.folder.set_aside(name)?;
        }
        Ok(self.folder.write(name, bytes)?)
    }
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
    fn documents_are_kept_as_they_came() {
        let place = tempfile::tempdir().unwrap();
        let known = SignedFiles::new(place.path());
        let document = |sha256, ending, limit| known.document(sha256, ending, limit);
        assert_eq!(document(SHA256, ".asc", 9), None);
        std::fs::create_dir_all(known.folder.path().join(format!("{SHA256}.asc"))).unwrap();
        for text in ["first", "second", "second"] {
            known.keep(SHA256, ".asc", text.as_bytes()).unwrap();
            assert_eq!(document(SHA256, ".asc", 9).unwrap(), text.as_bytes());
        }
        assert_eq!(document(SHA256, ".asc", 5), None);
        assert_eq!(document(SHA256, ".assay", 9), None);
        assert_eq!(document(Sha256([8; 32]), ".asc", 9), None);
    }
}
