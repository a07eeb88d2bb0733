//! A receipt, as it was written beside what was installed.

use assay_install::Distribution;
use serde::{Deserialize, Serialize};

use super::built::Built;
use crate::commands::attestation::Attestation;

/// The newest format that is read.
const FORMAT: u32 = 2;

/// What was written when a distribution was accepted. Whoever can write to the environment could
/// have changed it; texts are unescaped.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Receipt {
    format: u32,
    /// The version of assay that wrote it.
    pub assay: String,
    pub file: String,
    /// The index or place the file came from.
    pub origin: String,
    pub sha256: String,
    /// The kinds of evidence that held.
    pub words: Vec<String>,
    /// The evidence that held, one line each.
    pub evidence: Vec<String>,
    /// What was asked for, with the places that do.
    pub rule: String,
    /// What rules of mode `warn` or `report` missed.
    #[serde(default)]
    pub missing: Vec<String>,
    /// From what it was built here, where it was.
    #[serde(default)]
    pub built: Option<Built>,
    /// When.
    pub judged: String,
    /// Who signed; format 1 knew nobody.
    #[serde(default)]
    pub publishers: Vec<Attestation>,
    /// How they stood to those that were known.
    #[serde(default)]
    pub standing: Option<String>,
}

impl Receipt {
    /// The receipt of a distribution; `None` where there is none, and why it cannot be read.
    pub fn of(distribution: &Distribution) -> Result<Option<Self>, String> {
        let value = distribution.receipt().map_err(|it| it.to_string())?;
        let Some(value) = value else { return Ok(None) };
        let receipt: Self = serde_json::from_value(value).map_err(|it| it.to_string())?;
        match receipt.format {
            1..=FORMAT => Ok(Some(receipt)),
            other => Err(format!(
                "it has format {other}, which this assay does not know"
            )),
        }
    }
}
