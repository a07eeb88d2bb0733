//! OSS Rebuild's attestations: a file is what its published source gives.
//!
//! Each file has two of them, in SLSA provenance v1. `Rebuild@v0.1` is about the file that was built
//! again, which nobody installs. `ArtifactEquivalence@v0.1` is about the published file: that both are
//! the same after what does not matter (times of entries, their order) was levelled. The second one
//! counts. It carries no time of its own.
//!
//! What SLSA lets others add is not read.

use std::collections::BTreeMap;

use assay_types::Sha256;
use serde::Deserialize;
use serde_json::Value;

use super::{kinds::Subject, payload::TYPE};
use crate::signature::{Rejection, Rule, object::Object};

/// The predicate's type. A name, although it looks like an address; so is the next one.
pub(super) const SLSA: &str = "https://slsa.dev/provenance/v1";
const EQUIVALENCE: &str = "https://docs.oss-rebuild.dev/builds/ArtifactEquivalence@v0.1";

#[derive(Deserialize)]
struct Statement {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Object<Descriptor>>,
    predicate: Predicate,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Predicate {
    build_definition: Definition,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Definition {
    external_parameters: Object<Parameters>,
    resolved_dependencies: Vec<Object<Descriptor>>,
}

#[derive(Deserialize)]
struct Parameters {
    /// The published file, by address.
    target: String,
}

/// Everything in it may be missing.
#[derive(Deserialize)]
struct Descriptor {
    #[serde(default)]
    name: String,
    #[serde(default)]
    digest: BTreeMap<String, String>,
}

impl Descriptor {
    fn sha256(&self) -> Option<Sha256> {
        self.digest
            .get("sha256")
            .and_then(|it| Sha256::from_hex(it))
    }
}

/// The published file; `None` for SLSA provenance that says something else.
pub(super) fn read(statement: Value) -> Result<Option<Subject>, Rejection> {
    let build_type = &statement["predicate"]["buildDefinition"]["buildType"];
    if build_type.as_str() != Some(EQUIVALENCE) {
        return Ok(None);
    }
    let wrong = |rule, fact: &str| Rejection::new(rule, format!("{fact} (OSS Rebuild)"));
    let malformed = |error| wrong(Rule::Statement, &format!("is no statement: {error}"));
    // What has a build type is an object down to there.
    let statement: Statement =
        serde_json::from_value(statement).map_err(|error| malformed(error.to_string()))?;
    if statement.kind != TYPE {
        return Err(malformed(format!(
            "its type is {}, not {TYPE}",
            statement.kind
        )));
    }
    let [Object(subject)] = <[_; 1]>::try_from(statement.subject)
        .map_err(|_| wrong(Rule::Subject, "is not about exactly one file"))?;
    let sha256 = subject
        .sha256()
        .ok_or_else(|| malformed("its subject has no SHA-256".to_owned()))?;
    let definition = statement.predicate.build_definition;
    let target = definition.external_parameters.0.target;
    let is_target =
        |Object(it): &Object<Descriptor>| it.name == target && it.sha256() == Some(sha256);
    if !definition.resolved_dependencies.iter().any(is_target) {
        let fact = "is about another file than the one that was compared";
        return Err(wrong(Rule::Subject, fact));
    }
    let name = subject.name;
    Ok(Some(Subject { name, sha256 }))
}
