//! What was verified of the attestations of files, so that the next install verifies nothing again.

use std::path::Path;

use assay_files::PrivateFolder;
use assay_trust::attestation::{self, Attested, TrustRoot};
use assay_types::{FileName, Sha256};

use crate::failure::Result;

/// The memory in the user's state. It grows by a file of some hundred bytes for each attested file
/// that is installed.
#[derive(Debug)]
pub struct VerifiedFiles {
    folder: PrivateFolder,
}

impl VerifiedFiles {
    /// Those of this state. Nothing is read yet.
    pub fn new(state: &Path) -> Self {
        Self {
            folder: PrivateFolder::new(state).below("attested"),
        }
    }

    /// What this user verified of a file under this trust root. `None` where that is not known for
    /// certain, for whatever reason: then it is verified again.
    pub fn remembered(
        &self,
        file: &FileName,
        sha256: Sha256,
        root: &TrustRoot,
    ) -> Option<Vec<Attested>> {
        let bytes = self.folder.read(&name_of(sha256)).ok()??;
        attestation::remembered(&bytes, file, sha256, root)
    }

    /// Remembers what was verified. Of two files with the same bytes and different names the later
    /// one stays.
    pub fn remember(
        &self,
        file: &FileName,
        sha256: Sha256,
        root: &TrustRoot,
        attested: &[Attested],
    ) -> Result<()> {
        let name = name_of(sha256);
        if self.folder.path().join(&name).is_dir() {
            self.folder.set_aside(&name)?;
        }
        let text = attestation::memory(file, sha256, root, attested);
        Ok(self.folder.write(&name, text.as_bytes())?)
    }
}

fn name_of(sha256: Sha256) -> String {
    format!("{sha256}.json")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use assay_testkit::publisher::{Publisher, TestSigstore};
    use assay_trust::attestation::{Provenance, verify};
    use assay_types::names;

    use super::*;

    const SHA256: Sha256 = Sha256([7; 32]);

    fn file(name: &str) -> FileName {
        FileName::parse(name, &names::project("demo").unwrap()).unwrap()
    }

    fn verified(sigstore: &TestSigstore, file: &FileName, root: &TrustRoot) -> Vec<Attested> {
        let publisher = Publisher::github("acme/demo");
        let sha256 = SHA256.to_string();
        let signed = sigstore.attest(&publisher, file.as_str(), &sha256);
        let provenance = Provenance::parse(signed.provenance().as_bytes()).unwrap();
        let now = "2026-11-20T12:00:00Z".parse().unwrap();
        verify(file, SHA256, &provenance, root, now).unwrap()
    }

    #[test]
    fn what_was_verified_is_known_for_these_bytes_this_name_and_this_root_alone() {
        let place = tempfile::tempdir().unwrap();
        let known = VerifiedFiles::new(place.path());
        let sigstore = TestSigstore::new();
        let root = TrustRoot::from_json(&sigstore.trusted_root_json()).unwrap();
        let other_root = TestSigstore::new().trusted_root_json();
        let other_root = TrustRoot::from_json(&other_root).unwrap();
        let (wheel, other) = (file("demo-1.0-py3-none-any.whl"), file("demo-1.0.tar.gz"));
        assert!(known.remembered(&wheel, SHA256, &root).is_none());

        let attested = verified(&sigstore, &wheel, &root);
        known.remember(&wheel, SHA256, &root, &attested).unwrap();
        let found = known.remembered(&wheel, SHA256, &root).unwrap();
        assert_eq!(found[0].publisher(), attested[0].publisher());
        assert_eq!(found[0].logged(), attested[0].logged());
        for unknown in [
            known.remembered(&other, SHA256, &root),
            known.remembered(&wheel, Sha256([8; 32]), &root),
            known.remembered(&wheel, SHA256, &other_root),
        ] {
            assert!(unknown.is_none());
        }
    }

    #[test]
    fn what_is_damaged_is_verified_again_and_written_anew() {
        let place = tempfile::tempdir().unwrap();
        let known = VerifiedFiles::new(place.path());
        let sigstore = TestSigstore::new();
        let root = TrustRoot::from_json(&sigstore.trusted_root_json()).unwrap();
        let wheel = file("demo-1.0-py3-none-any.whl");
        let attested = verified(&sigstore, &wheel, &root);
        let path = known.folder.path().join(name_of(SHA256));
        fs::create_dir_all(&path).unwrap();
        known.remember(&wheel, SHA256, &root, &attested).unwrap();
        let whole = fs::read(&path).unwrap();
        for bad in [&b""[..], &whole[..whole.len() / 2], b"{}"] {
            fs::write(&path, bad).unwrap();
            assert!(known.remembered(&wheel, SHA256, &root).is_none());
            known.remember(&wheel, SHA256, &root, &attested).unwrap();
            assert!(known.remembered(&wheel, SHA256, &root).is_some());
        }
    }
}
