//! Metadata sidecars (PEP 658): small, and read only after their hash was compared.

use std::io::Write;

use assay_trust::{Artifact, Measuring, authenticate_sidecar};
use assay_types::{Digests, Url, listing::File};

use crate::{Client, IndexError};

/// Longest sidecar in bytes. METADATA holds a README, so a megabyte occurs.
const LONGEST_SIDECAR: u64 = 8 << 20;

impl Client {
    /// The METADATA of a wheel as its index's sidecar gives it; `None` where no hashed sidecar is
    /// listed. The bytes match every strong digest that the index lists for the sidecar; that they
    /// equal the wheel's own METADATA is compared when the wheel is opened.
    pub fn fetch_sidecar(&self, file: &File) -> Result<Option<Vec<u8>>, IndexError> {
        let Some((url, digests)) = file.sidecar() else {
            return Ok(None);
        };
        let artifact = Artifact::of(file);
        let place = self.kept().zip(digests.sha256());
        if let Some((kept, sha256)) = place
            // One that cannot be read is as good as none.
            && let Ok(Some(bytes)) = kept.sidecars.read(&sha256.to_string())
            && let Ok(bytes) = authenticate(bytes, &artifact, digests)
        {
            return Ok(Some(bytes));
        }
        let url = sidecar_url(url);
        let headers = [("accept-encoding", "gzip")];
        let (_, bytes) = self.get(&url, &headers, |status| status == 200, LONGEST_SIDECAR)?;
        let bytes = authenticate(bytes, &artifact, digests)?;
        if let Some((kept, sha256)) = place {
            self.note_keeping(kept.sidecars.write(&sha256.to_string(), &bytes));
        }
        Ok(Some(bytes))
    }
}

fn authenticate(
    bytes: Vec<u8>,
    artifact: &Artifact,
    digests: &Digests,
) -> Result<Vec<u8>, IndexError> {
    let mut measuring = Measuring::new(Vec::with_capacity(bytes.len()), [digests]);
    measuring
        .write_all(&bytes)
        .map_err(|error| IndexError::io(&artifact.file_name, "hashing", error))?;
    Ok(authenticate_sidecar(measuring.finish(), artifact, digests)?)
}

/// PEP 658: the file's URL with `.metadata` added to its path.
fn sidecar_url(url: &Url) -> Url {
    let mut url = url.clone();
    let path = format!("{}.metadata", url.path());
    url.set_path(&path);
    url
}
