//! PEP 740's two documents: the provenance object that an index serves, and the attestation.
//!
//! An attestation is what somebody signed: a key that version 1 does not have makes it another format.
//! The objects around it are the index's, which may tell more over time; what it adds is not read.
//! A key that occurs twice is refused in either.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use sigstore_verify::types::TransparencyLogEntry;

use super::{Rejection, Rule, claim::Claim};

/// Most attestations of a file: one of each known predicate.
const MOST_ATTESTATIONS: usize = 2;
/// Most log entries, and most timestamps, of an attestation. Real ones have one.
const MOST_ENTRIES: usize = 4;

/// A provenance object, read but not believed.
#[derive(Debug, Clone)]
pub struct Provenance {
    pub(super) attestations: Vec<Attestation>,
}

/// One attestation, and whom the index names as its publisher.
#[derive(Debug, Clone)]
pub(super) struct Attestation {
    pub claim: Option<Claim>,
    /// DER.
    pub certificate: Vec<u8>,
    pub entries: Vec<TransparencyLogEntry>,
    /// RFC 3161, DER.
    pub timestamps: Vec<Vec<u8>>,
    /// JSON.
    pub statement: Vec<u8>,
    pub signature: Vec<u8>,
}

impl Provenance {
    /// Largest document in bytes that is read. Real ones have 6 to 20 thousand.
    pub const LARGEST: usize = 1 << 20;

    /// Reads a provenance object, or a bare attestation, for which no index names a publisher.
    pub fn parse(bytes: &[u8]) -> Result<Self, Rejection> {
        if bytes.len() > Self::LARGEST {
            let fact = "the provenance is larger than any that is read";
            return Err(Rejection::new(Rule::Size, fact)
                .found(format!("{} bytes", bytes.len()))
                .missing(format!("at most {} bytes", Self::LARGEST)));
        }
        let shape: Shape = read(bytes, "provenance")?;
        check_version(&shape.version, "provenance")?;
        let attestations = match shape.attestation_bundles {
            None => vec![Attestation::parse(None, read(bytes, "attestation")?)?],
            Some(_) => bundled(read(bytes, "provenance")?)?,
        };
        check_count("attestations", attestations.len(), 1..=MOST_ATTESTATIONS)?;
        Ok(Self { attestations })
    }
}

fn bundled(wire: ProvenanceWire) -> Result<Vec<Attestation>, Rejection> {
    check_count(
        "attestation bundles",
        wire.attestation_bundles.len(),
        1..=MOST_ATTESTATIONS,
    )?;
    let mut all = Vec::new();
    for bundle in wire.attestation_bundles {
        check_count(
            "attestations of a bundle",
            bundle.attestations.len(),
            1..=MOST_ATTESTATIONS,
        )?;
        for attestation in bundle.attestations {
            let claim = Some(bundle.publisher.clone());
            all.push(Attestation::parse(claim, attestation)?);
        }
    }
    Ok(all)
}

impl Attestation {
    fn parse(claim: Option<Claim>, wire: AttestationWire) -> Result<Self, Rejection> {
        check_version(&wire.version, "attestation")?;
        let material = wire.verification_material;
        let entries = material.transparency_entries;
        check_count("log entries", entries.len(), 1..=MOST_ENTRIES)?;
        let timestamps = material.timestamps.unwrap_or_default();
        check_count("timestamps", timestamps.len(), 0..=MOST_ENTRIES)?;
        let timestamps = timestamps.iter().map(|it| decode("timestamp", it));
        Ok(Self {
            claim,
            certificate: decode("certificate", &material.certificate)?,
            entries,
            timestamps: timestamps.collect::<Result<_, _>>()?,
            statement: decode("statement", &wire.envelope.statement)?,
            signature: decode("signature", &wire.envelope.signature)?,
        })
    }
}

/// What tells the two documents apart.
#[derive(Deserialize)]
struct Shape {
    version: serde_json::Value,
    attestation_bundles: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct ProvenanceWire {
    attestation_bundles: Vec<BundleWire>,
}

#[derive(Deserialize)]
struct BundleWire {
    publisher: Claim,
    attestations: Vec<AttestationWire>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AttestationWire {
    version: serde_json::Value,
    verification_material: MaterialWire,
    envelope: EnvelopeWire,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MaterialWire {
    certificate: String,
    transparency_entries: Vec<TransparencyLogEntry>,
    /// Not in PEP 740 yet: the second version of the log gives no time of its own.
    timestamps: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EnvelopeWire {
    statement: String,
    signature: String,
}

pub(super) fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8], what: &str) -> Result<T, Rejection> {
    let fact = |error| format!("the {what} is not what PEP 740 describes: {error}");
    serde_json::from_slice(bytes).map_err(|error| Rejection::new(Rule::Form, fact(error)))
}

fn check_version(version: &serde_json::Value, what: &str) -> Result<(), Rejection> {
    if version.as_u64() == Some(1) {
        return Ok(());
    }
    let fact = format!("the {what} is of a version that is not known here");
    Err(Rejection::new(Rule::Version, fact)
        .found(format!("version {version}"))
        .missing("version 1"))
}

fn check_count(
    what: &str,
    count: usize,
    allowed: std::ops::RangeInclusive<usize>,
) -> Result<(), Rejection> {
    if allowed.contains(&count) {
        return Ok(());
    }
    let fact = format!("the number of {what} is not one that is read");
    Err(Rejection::new(Rule::Size, fact)
        .found(format!("{count} {what}"))
        .missing(format!("{} to {}", allowed.start(), allowed.end())))
}

fn decode(what: &str, text: &str) -> Result<Vec<u8>, Rejection> {
    let fact = |error| format!("the {what} is no base64: {error}");
    STANDARD
        .decode(text)
        .map_err(|error| Rejection::new(Rule::Form, fact(error)))
}

#[cfg(test)]
mod tests;
