//! What was verified, written down. It is as good as the place that it is kept in.

use assay_types::{FileName, Sha256, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Attested, Predicate, TrustRoot, VerifiedPublisher};

const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Document {
    format: u32,
    file: String,
    sha256: String,
    /// SHA-256 of the trusted root.
    root: String,
    attested: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Row {
    predicate: String,
    identity: String,
    origin: Option<String>,
    environment: Option<String>,
    reference: Option<String>,
    commit: Option<String>,
    logged: String,
}

/// What [`super::verify`] found, as JSON.
pub fn memory(file: &FileName, sha256: Sha256, root: &TrustRoot, attested: &[Attested]) -> String {
    let document = Document {
        format: FORMAT,
        file: file.as_str().to_owned(),
        sha256: sha256.to_string(),
        root: root.digest().to_string(),
        attested: attested.iter().map(Row::of).collect(),
    };
    serde_json::json!(document).to_string()
}

/// Reads it back: `None` where it speaks of another file, other bytes or another root, or is damaged.
/// Then the attestations have to be verified again.
pub fn remembered(
    bytes: &[u8],
    file: &FileName,
    sha256: Sha256,
    root: &TrustRoot,
) -> Option<Vec<Attested>> {
    let document: Document = serde_json::from_slice(bytes).ok()?;
    let is_this = document.format == FORMAT
        && document.file == file.as_str()
        && Sha256::from_hex(&document.sha256) == Some(sha256)
        && Sha256::from_hex(&document.root) == Some(root.digest())
        && !document.attested.is_empty();
    if !is_this {
        return None;
    }
    let rows = document.attested.into_iter();
    rows.map(|row| row.attested(file, sha256)).collect()
}

impl Row {
    fn of(attested: &Attested) -> Self {
        let publisher = attested.publisher();
        Self {
            predicate: attested.predicate.uri().to_owned(),
            identity: publisher.identity.to_string(),
            origin: publisher.origin.clone(),
            environment: publisher.environment.clone(),
            reference: publisher.reference.clone(),
            commit: publisher.commit.clone(),
            logged: attested.logged.to_string(),
        }
    }

    fn attested(self, file: &FileName, sha256: Sha256) -> Option<Attested> {
        let predicate = Predicate::of_uri(&self.predicate)?;
        let logged: Timestamp = self.logged.parse().ok()?;
        Some(Attested {
            file_name: file.as_str().to_owned(),
            sha256,
            predicate,
            publisher: VerifiedPublisher {
                identity: self.identity.parse().ok()?,
                origin: self.origin,
                environment: self.environment,
                reference: self.reference,
                commit: self.commit,
            },
            logged,
        })
    }
}
