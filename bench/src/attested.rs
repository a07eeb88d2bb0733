//! Publishers with a Sigstore of their own, and whether their attestations were looked at.

use std::{fs, io, path::Path};

use assay_testkit::{
    publisher::{Publisher, TestSigstore},
    server::Upload,
};
use serde_json::Value;

/// One for each project, all of one trusted root.
pub struct Publishers(TestSigstore);

impl Publishers {
    /// Nobody trusts them yet.
    pub fn new() -> Self {
        Self(TestSigstore::new())
    }

    /// Writes assay's policy below a folder of configurations: these are to be trusted.
    pub fn write_policy(&self, config: &Path) -> io::Result<()> {
        let folder = config.join("assay");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("root.json"), self.0.trusted_root_json())?;
        let policy = "[sigstore]\ntrusted-root = \"root.json\"\n";
        fs::write(folder.join("policy.toml"), policy)
    }

    /// The wheel with its project's attestation, signed at this time.
    pub fn attest(&self, wheel: Upload, time: &str) -> Upload {
        let project = wheel.file_name().split('-').next().unwrap_or_default();
        let publisher = Publisher::github(&format!("{project}/{project}"));
        wheel.attested(&self.0, &publisher, time)
    }
}

/// Whether a dist-info folder's receipt names the publisher of its distribution.
pub fn names_publisher(dist_info: &Path) -> io::Result<bool> {
    let receipt: Value = serde_json::from_slice(&fs::read(dist_info.join("assay.json"))?)?;
    let publishers = receipt["publishers"].as_array();
    Ok(publishers.is_some_and(|it| !it.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_receipt_with_a_publisher_counts() {
        let folder = tempfile::tempdir().unwrap();
        let with = |receipt: &str| {
            fs::write(folder.path().join("assay.json"), receipt).unwrap();
            names_publisher(folder.path()).unwrap()
        };
        assert!(with(r#"{"publishers": [{"kind": "GitHub"}]}"#));
        assert!(!with(r#"{"publishers": []}"#));
        assert!(!with("{}"));
        fs::remove_file(folder.path().join("assay.json")).unwrap();
        assert!(names_publisher(folder.path()).is_err());
    }
}
