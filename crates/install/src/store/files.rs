//! The files of a stored wheel, for whoever reads them without installing.

use std::io::Read as _;

use assay_types::Sha256;
use sha2::Digest as _;

use super::{File, StoredWheel};
use crate::Result;

/// One file of a stored wheel; RECORD is none of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Path in the wheel, unescaped.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Of its content.
    pub sha256: Sha256,
    /// Whether any execute bit is set, or its first line is to name the Python.
    pub executable: bool,
    /// The name it is stored under.
    stored: String,
}

impl StoredWheel {
    /// The name of its dist-info folder.
    pub fn dist_info(&self) -> &str {
        &self.manifest().head.dist_info
    }

    /// The name of its `.data` folder, where there is one.
    pub fn data(&self) -> Option<&str> {
        self.manifest().head.data.as_deref()
    }

    /// Every file, by folder and name.
    pub fn files(&self) -> Result<Vec<StoredFile>> {
        let files = self.manifest().files();
        let files = files.map(|(folder, file)| self.file(folder.path(), file));
        files.collect()
    }

    /// The first bytes of a file, at most `limit`. All of it is read and compared with its digest,
    /// and no more than is given is held in memory.
    pub fn beginning(&self, file: &StoredFile, limit: usize) -> Result<Vec<u8>> {
        let unreadable = |error| self.damaged(format!("{}: {error}", file.path));
        let mut content = self.open()?.read(&file.stored).map_err(unreadable)?;
        let (mut begin, mut hasher) = (Vec::new(), sha2::Sha256::new());
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let piece = match content.read(&mut buffer).map_err(unreadable)? {
                0 => break,
                count => &buffer[..count],
            };
            hasher.update(piece);
            let wanted = piece.len().min(limit - begin.len());
            begin.extend_from_slice(&piece[..wanted]);
        }
        if Sha256(hasher.finalize().into()) != file.sha256 {
            return Err(self.damaged(format!("{} has another digest", file.path)));
        }
        Ok(begin)
    }

    fn file(&self, folder: &str, file: File<'_>) -> Result<StoredFile> {
        let path = match folder {
            "" => file.name().to_owned(),
            folder => format!("{folder}/{}", file.name()),
        };
        let sha256 = Sha256::from_record(file.digest());
        let sha256 = sha256.ok_or_else(|| self.damaged(format!("{path} has no digest")))?;
        Ok(StoredFile {
            path,
            size: file.size(),
            sha256,
            executable: file.is_executable(),
            stored: file.index().to_string(),
        })
    }
}
