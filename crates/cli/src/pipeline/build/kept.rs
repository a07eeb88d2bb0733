//! Sdists that were fetched, kept in the cache for the next build. The cache is no authority: what lies
//! there is copied and hashed anew like anything that arrives, and one that is not what its name says is
//! thrown away.

use std::io::Write as _;

use assay_index::Buffer;
use assay_trust::{ReadAt, Staged};
use assay_types::{Digests, Sha256, listing::File};

use super::Builder;

const CHUNK: usize = 256 << 10;

impl Builder<'_> {
    /// The bytes of a file with this digest, if they are kept.
    pub(super) fn kept(&self, sha256: Sha256, expected: &[&Digests]) -> Option<Staged<Buffer>> {
        let folder = self.means.folders.sdists();
        // Whatever is wrong with the cache: the file is fetched.
        if !matches!(folder.check(), Ok(true)) {
            return None;
        }
        let name = sha256.to_string();
        let path = folder.path().join(&name);
        let staged = self
            .means
            .client
            .stage_path(&path, expected, &|_| {})
            .ok()?;
        if staged.measured().sha256() == sha256 {
            return Some(staged);
        }
        let _ = folder.remove_file(&name);
        None
    }

    /// Keeps the bytes of a file that was fetched. Where that fails it is fetched again.
    pub(super) fn keep(&self, file: &File, sha256: Sha256, body: &impl ReadAt) {
        let kept = || -> Result<(), Box<dyn std::error::Error>> {
            let folder = self.means.folders.sdists();
            let (mut to, path) = folder.create()?;
            let copied = copy(body, &mut to);
            let placed = copied
                .and_then(|()| std::fs::rename(&path, folder.path().join(sha256.to_string())));
            if placed.is_err() {
                let _ = std::fs::remove_file(&path);
            }
            Ok(placed?)
        };
        if self.means.folders.lasting_state().is_none() {
            return;
        }
        if let Err(why) = kept() {
            self.warn(format!(
                "{} is not kept in the cache: {why}",
                file.name.as_str()
            ));
        }
    }
}

fn copy(body: &impl ReadAt, to: &mut std::fs::File) -> std::io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    let mut offset = 0;
    while offset < body.size() {
        let length = CHUNK.min(usize::try_from(body.size() - offset).unwrap_or(CHUNK));
        body.read_exact_at(&mut chunk[..length], offset)?;
        to.write_all(&chunk[..length])?;
        offset += length as u64;
    }
    Ok(())
}
