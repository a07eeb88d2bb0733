//! Signatures inside of legacy wheels (`RECORD.jws`): verified where a rule asks, never written.
//!
//! They are over the RECORD, whose digests the archive reader holds against every file. PEP 815
//! deprecates them; nothing else makes them any more than they are asked for here.

mod document;

use std::collections::BTreeSet;

use assay_types::Sha256;

use super::{RawKey, Rejection, Rule};
use crate::{Artifact, Label, Policy, Refusal, RefusalKind, Stated, TrustedKey};
use document::Document;

/// The longest `RECORD.jws` that is looked at, in bytes.
pub const LARGEST: usize = 64 << 10;

/// What of an opened wheel can be signed and what is.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// SHA-256 of its RECORD.
    pub record: Sha256,
    /// Whether every file was, or is going to be, compared with RECORD. Otherwise a signature over it
    /// speaks for nothing.
    pub binds_files: bool,
    /// `RECORD.jws`, where there is one.
    pub document: Option<&'a [u8]>,
}

/// Which of these keys signed a RECORD with this digest: in the order of the keys, each once.
///
/// Recipients with other keys are nothing. One that has a key of these and whose signature does not
/// hold is a rejection, and so is a document that is out of form or about another RECORD.
pub fn verify(
    document: &[u8],
    record: Sha256,
    keys: &[&TrustedKey],
) -> Result<Vec<Label>, Rejection> {
    if document.len() > LARGEST {
        let fact = format!("is longer than {LARGEST} bytes");
        return Err(Rejection::new(Rule::Size, fact));
    }
    let document = Document::read(document)?;
    if document.record != record {
        let fact = format!("signs a RECORD with sha256:{}", document.record);
        return Err(Rejection::new(Rule::Subject, fact));
    }
    let mut signers = Vec::new();
    for key in keys {
        let own = key.key.raw();
        let own = document
            .recipients
            .iter()
            .filter(|it| Some(&it.key) == own.as_ref());
        let mut signed = false;
        for recipient in own {
            signed = recipient
                .key
                .has_signed(&recipient.message, &recipient.signature);
            if !signed {
                let fact = format!("has a signature by key:{} that does not hold", key.label);
                return Err(Rejection::new(Rule::Signature, fact));
            }
        }
        if signed {
            signers.push(key.label.clone());
        }
    }
    Ok(signers)
}

/// Judges a wheel by every rule that asks for its signature: a key that the rule names, and that may
/// speak for the project, has to have signed. Gives all that did.
pub fn judge(
    policy: &Policy,
    artifact: &Artifact,
    signed: &Signed<'_>,
) -> Result<BTreeSet<Label>, Refusal> {
    let mut signers = BTreeSet::new();
    for rule in policy.wheel_signatures(&artifact.project) {
        signers.extend(judge_by(rule, policy, artifact, signed)?);
    }
    Ok(signers)
}

fn judge_by(
    rule: &Stated<Vec<Label>>,
    policy: &Policy,
    artifact: &Artifact,
    signed: &Signed<'_>,
) -> Result<Vec<Label>, Refusal> {
    let named: Vec<_> = rule.value.iter().map(|it| format!("key:{it}")).collect();
    let keys = rule.value.iter().filter_map(|it| policy.key(it));
    let keys: Vec<_> = keys.filter(|it| it.covers(&artifact.project)).collect();
    let idle = keys.iter().find(|it| !signs_wheels(it));
    let refusal = |fact: String| Refusal {
        kind: RefusalKind::Content,
        project: Some(artifact.project.clone()),
        file_name: artifact.file_name.clone(),
        rule: format!("wheel-signature ({})", rule.place),
        fact,
        found: Vec::new(),
        missing: vec![format!("a signature of RECORD by {}", named.join(" or "))],
        hint: idle.map(|it| {
            format!(
                "key:{} is no Ed25519 key, and no other signs wheels",
                it.label
            )
        }),
    };
    if !signed.binds_files {
        let fact =
            "its files are not compared with RECORD, so that nobody's signature of it counts";
        return Err(refusal(fact.to_owned()));
    }
    let document = signed.document;
    let document = document.ok_or_else(|| refusal("it holds no RECORD.jws".to_owned()))?;
    let signers = verify(document, signed.record, &keys)
        .map_err(|it| refusal(format!("its RECORD.jws {}", it.fact)))?;
    match signers[..] {
        [] => Err(refusal(
            "its RECORD.jws is not signed by a key that may".to_owned(),
        )),
        _ => Ok(signers),
    }
}

fn signs_wheels(key: &TrustedKey) -> bool {
    matches!(key.key.raw(), Some(RawKey::Ed25519(_)))
}
