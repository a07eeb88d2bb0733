//! What `diff` found, as one value for people and for `--json`.

use serde::Serialize;

use super::{
    changes::{Change, changes},
    facts::Facts,
    native::{Native, native},
    row::Row,
    side::Side,
    startup::{StartUp, startup},
    text::Texts,
};
use crate::{commands::attestation::Attestation, failure::Result};

/// The differences between two wheels of a project. Texts are unescaped.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    pub name: String,
    pub from: Wheel,
    pub to: Wheel,
    pub differs: bool,
    pub metadata: Facts,
    pub native_code: Vec<Native>,
    pub start_up_code: Vec<StartUp>,
    pub new_files: Vec<Row>,
    pub removed_files: Vec<Row>,
    pub renamed_files: Vec<Row>,
    pub changed_files: Vec<Row>,
    /// Null with `--stat`.
    pub text: Option<Texts>,
}

/// One of the two, and what speaks for it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Wheel {
    pub version: String,
    pub file: String,
    /// The index or place it comes from.
    pub origin: String,
    pub sha256: String,
    pub files: usize,
    /// Uncompressed bytes.
    pub size: u64,
    /// The evidence that held, one line each.
    pub evidence_found: Vec<String>,
    /// Who signed.
    pub attestations: Vec<Attestation>,
    /// What is new about them and was let pass.
    pub remarks: Vec<String>,
}

impl Report {
    /// Compares. Text is looked at where `max_lines` says how much of it.
    pub fn new(old: &Side, new: &Side, max_lines: Option<usize>) -> Result<Self> {
        let changes = changes(old.files(), new.files());
        let start_up_code = startup(&changes, new)?;
        let text = |max_lines| Texts::new(&changes, &start_up_code, (old, new), max_lines);
        let rows = |word: &str| {
            let wanted = |it: &&Change<'_>| it.word() == word;
            changes.iter().filter(wanted).filter_map(Row::new).collect()
        };
        Ok(Self {
            name: new.wheel().project().to_string(),
            from: Wheel::new(old),
            to: Wheel::new(new),
            differs: !changes.is_empty(),
            metadata: Facts::new(old, new)?,
            native_code: native(&changes, old, new)?,
            new_files: rows("new"),
            removed_files: rows("removed"),
            renamed_files: rows("renamed"),
            changed_files: rows("changed"),
            text: max_lines.map(text).transpose()?,
            start_up_code,
        })
    }
}

impl Wheel {
    fn new(side: &Side) -> Self {
        let (wheel, admission) = (side.wheel(), side.admission());
        let (files, size) = wheel.unpacked();
        Self {
            version: wheel.version().to_string(),
            file: wheel.name().as_str().to_owned(),
            origin: admission.artifact().origin.to_string(),
            sha256: wheel.sha256().to_string(),
            files,
            size,
            evidence_found: admission.found().to_vec(),
            attestations: admission.attested().iter().map(Attestation::new).collect(),
            remarks: admission.remarks().to_vec(),
        }
    }
}
