//! The files that an installer adds to a dist-info folder, RECORD aside.

use assay_trust::{Built, attestation::Attested};
use serde_json::json;

use super::{Incoming, Text};

/// INSTALLER, REQUESTED, `direct_url.json` and our receipt, `assay.json`.
pub(super) fn metadata(wheel: &Incoming) -> Vec<Text> {
    let text = |name: &str, bytes: Vec<u8>| Text::new(wheel.dist_info, name, bytes, false);
    let mut texts = vec![
        text("INSTALLER", b"assay\n".to_vec()),
        text("assay.json", pretty(&receipt(wheel))),
    ];
    if wheel.requested {
        texts.push(text("REQUESTED", Vec::new()));
    }
    let admission = wheel.approved.admission();
    if let Some(json) = wheel.reference.as_ref().map(|it| it.json(admission)) {
        texts.push(text("direct_url.json", json.to_string().into_bytes()));
    }
    texts
}

/// The verdict, kept beside what was installed.
fn receipt(wheel: &Incoming) -> serde_json::Value {
    let admission = wheel.approved.admission();
    let artifact = admission.artifact();
    let others = admission.measured().others();
    json!({
        "format": 2,
        "assay": env!("CARGO_PKG_VERSION"),
        "project": artifact.project.to_string(),
        "version": artifact.version.to_string(),
        "file": artifact.file_name,
        "origin": artifact.origin.to_string(),
        "sha256": admission.sha256().to_string(),
        "digests": others.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "size": admission.measured().size(),
        "words": admission.words().iter().map(ToString::to_string).collect::<Vec<_>>(),
        "evidence": admission.found(),
        "rule": admission.rule(),
        "publishers": admission.attested().iter().map(publisher).collect::<Vec<_>>(),
        "standing": admission.standing().text(),
        "missing": admission.unmet().iter().map(ToString::to_string).collect::<Vec<_>>(),
        "built": admission.built().map(Built::json),
        "judged": admission.at().to_string(),
    })
}

/// Who signed, when, and for what.
fn publisher(attested: &Attested) -> serde_json::Value {
    let publisher = attested.publisher();
    json!({
        "predicate": attested.predicate().name(),
        "identity": publisher.identity().to_string(),
        "kind": publisher.kind().name(),
        "issuer": publisher.issuer(),
        "repository": publisher.repository(),
        "repository-id": publisher.repository_id(),
        "owner-id": publisher.owner_id(),
        "workflow": publisher.workflow(),
        "email": publisher.email(),
        "environment": publisher.environment(),
        "ref": publisher.reference(),
        "commit": publisher.commit(),
        "logged": attested.logged().to_string(),
    })
}

fn pretty(json: &serde_json::Value) -> Vec<u8> {
    format!("{json:#}\n").into_bytes()
}
