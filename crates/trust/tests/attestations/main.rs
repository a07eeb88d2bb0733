//! Real attestations with their files, and what becomes of them when anything is changed.
//! `suites/attestations/fetch` fetches them into the folder that `ASSAY_ATTESTATIONS` names.

mod changed;
mod whole;

use std::{fs, io::Write as _, path::PathBuf};

use assay_testkit::peers;
use assay_trust::{
    Measured, Measuring,
    attestation::{Attested, Provenance, Rule, TrustRoot, verify},
};
use assay_types::{FileName, Timestamp, names};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

const NOW: &str = "2026-11-22T12:00:00Z";
const GITHUB: &str = "pypi_attestations-0.0.19.tar.gz";
const PUBLISH: &str = "pypi_attestations-0.0.19.tar.gz.publish.attestation";
const SLSA: &str = "pypi_attestations-0.0.19.tar.gz.slsa.attestation";
const GITLAB: &str = "gitlab_oidc_project-0.0.3.tar.gz.publish.attestation";
const OLD: &str = "pypi_attestation_models-0.0.4a2.tar.gz";
const PROVENANCE: &str = "pypi_attestations-0.0.19.tar.gz.provenance";

struct Collection(PathBuf);

impl Collection {
    fn find() -> Option<Self> {
        peers::collection("ASSAY_ATTESTATIONS").map(Self)
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).unwrap()
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&self.bytes(name)).unwrap()
    }

    fn verify(&self, file: &str, document: &Value) -> Result<Vec<Attested>, Rule> {
        check(file, &self.bytes(file), document, NOW)
    }
}

fn file_name(name: &str) -> FileName {
    let project = name.split('-').next().unwrap();
    FileName::parse(name, &names::project(project).unwrap()).unwrap()
}

fn measured(bytes: &[u8]) -> Measured {
    let mut measuring = Measuring::new(std::io::sink(), []);
    measuring.write_all(bytes).unwrap();
    measuring.finish().measured().clone()
}

fn check(file: &str, bytes: &[u8], document: &Value, now: &str) -> Result<Vec<Attested>, Rule> {
    check_with(
        &TrustRoot::production().unwrap(),
        file,
        bytes,
        document,
        now,
    )
}

fn check_with(
    root: &TrustRoot,
    file: &str,
    bytes: &[u8],
    document: &Value,
    now: &str,
) -> Result<Vec<Attested>, Rule> {
    let provenance = Provenance::parse(document.to_string().as_bytes()).map_err(|it| it.rule)?;
    let now: Timestamp = now.parse().unwrap();
    verify(
        &file_name(file),
        measured(bytes).sha256(),
        &provenance,
        root,
        now,
    )
    .map_err(|it| it.rule)
}

/// The first attestation of a document of either kind.
fn attestation(document: &mut Value) -> &mut Value {
    if document.get("attestation_bundles").is_some() {
        document
            .pointer_mut("/attestation_bundles/0/attestations/0")
            .unwrap()
    } else {
        document
    }
}

fn entry(document: &mut Value) -> &mut Value {
    attestation(document)
        .pointer_mut("/verification_material/transparency_entries/0")
        .unwrap()
}

fn change_statement(document: &mut Value, change: impl FnOnce(&mut Value)) {
    let text = attestation(document)
        .pointer_mut("/envelope/statement")
        .unwrap();
    let mut statement: Value =
        serde_json::from_slice(&STANDARD.decode(text.as_str().unwrap()).unwrap()).unwrap();
    change(&mut statement);
    *text = STANDARD.encode(statement.to_string()).into();
}
