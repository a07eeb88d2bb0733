//! What `verify` found about files, as one value for people and for `--json`.

use std::collections::BTreeSet;

use assay_trust::{Admission, Label};
use assay_types::{Printable, Sha256};
use serde::Serialize;

use crate::{
    commands::{Context, attestation::Attestation},
    failure::{Failure, Result},
    ui::Table,
};

/// The verdicts.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    outcome: Outcome,
    distributions: Vec<Row>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    #[default]
    Accepted,
    Refused,
}

/// One distribution, and what speaks for it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Row {
    verdict: Outcome,
    file: String,
    /// The index or place it comes from.
    from: String,
    /// As it was measured.
    sha256: String,
    /// The kinds of evidence that held.
    evidence: Vec<String>,
    /// The evidence that held, one line each.
    evidence_found: Vec<String>,
    /// What was asked for, with the places that do.
    rule: Option<String>,
    /// What rules of mode `warn` or `report` miss.
    evidence_missing: Vec<String>,
    /// Who signed.
    attestations: Vec<Attestation>,
    /// What is new about them and was let pass.
    remarks: Vec<String>,
    /// Why it is refused.
    #[serde(serialize_with = "as_data")]
    refusal: Option<Failure>,
}

impl Report {
    /// Adds a verdict.
    pub fn add(&mut self, row: Row) {
        if row.verdict == Outcome::Refused {
            self.outcome = Outcome::Refused;
        }
        self.distributions.push(row);
    }

    /// Shows it in the form that was asked for, and gives the exit code.
    pub fn print(&self, context: &Context<'_>) -> Result<u8> {
        let ui = context.ui;
        if ui.json() {
            ui.json_output(self)?;
        } else {
            for row in &self.distributions {
                row.print(context)?;
            }
            ui.line(self.summary())?;
        }
        Ok(match self.outcome {
            Outcome::Accepted => 0,
            Outcome::Refused => 4,
        })
    }

    fn summary(&self) -> String {
        let all = self.distributions.len();
        let refused = self.distributions.iter();
        let refused = refused.filter(|it| it.verdict == Outcome::Refused).count();
        match refused {
            0 if all == 1 => "1 file: accepted; nothing was installed".to_owned(),
            1 if all == 1 => "1 file: refused; nothing was installed".to_owned(),
            0 => format!("{all} files: all are accepted; nothing was installed"),
            _ => format!("{all} files: {refused} refused; nothing was installed"),
        }
    }
}

impl Row {
    /// The policy takes it.
    pub fn accepted(admission: &Admission) -> Self {
        let artifact = admission.artifact();
        Self {
            verdict: Outcome::Accepted,
            file: artifact.file_name.clone(),
            from: artifact.origin.to_string(),
            sha256: admission.sha256().to_string(),
            evidence: admission.words().iter().map(ToString::to_string).collect(),
            evidence_found: admission.found().to_vec(),
            rule: Some(admission.rule().to_owned()),
            evidence_missing: admission.unmet().iter().map(ToString::to_string).collect(),
            attestations: admission.attested().iter().map(Attestation::new).collect(),
            remarks: admission.remarks().to_vec(),
            refusal: None,
        }
    }

    /// Keys that signed the wheel inside of itself.
    pub fn signed_inside(&mut self, signers: &BTreeSet<Label>) {
        let lines = signers
            .iter()
            .map(|it| format!("RECORD.jws signed by key:{it}"));
        self.evidence_found.extend(lines);
    }

    /// Things to know that decide nothing.
    pub fn note(&mut self, remarks: impl IntoIterator<Item = String>) {
        self.remarks.extend(remarks);
    }

    /// A rule of trust refuses it.
    pub fn refused(file: String, from: String, sha256: Sha256, why: Failure) -> Self {
        Self {
            verdict: Outcome::Refused,
            file,
            from,
            sha256: sha256.to_string(),
            evidence: Vec::new(),
            evidence_found: Vec::new(),
            rule: None,
            evidence_missing: Vec::new(),
            attestations: Vec::new(),
            remarks: Vec::new(),
            refusal: Some(why),
        }
    }

    fn print(&self, context: &Context<'_>) -> Result<()> {
        let ui = context.ui;
        match &self.refusal {
            // Its ways out stand last.
            Some(why) => {
                let (from, sha256) = (&self.from, &self.sha256);
                let why = why.clone().detail(format!("from: {from}"));
                let why = why.detail(format!("sha256: {sha256}"));
                ui.output(why.render(false).trim_end())?;
            }
            None => {
                let file = Printable(&self.file);
                ui.output(format_args!("{file}: {}", ui.green("accepted")))?;
            }
        }
        indented(&self.table(), context)?;
        for it in &self.attestations {
            let mut table = Table::default();
            for (what, fact) in it.facts() {
                table.row([format!("{what}:").as_str(), fact]);
            }
            ui.output("")?;
            indented(&table, context)?;
        }
        ui.output("")
    }

    fn table(&self) -> Table {
        let mut table = Table::default();
        if self.refusal.is_none() {
            table.row(["from:", &self.from]);
            table.row(["sha256:", &self.sha256]);
        }
        if let Some(rule) = &self.rule {
            table.row(["rule:", rule]);
        }
        for it in &self.evidence_found {
            table.row(["found:", it]);
        }
        for it in &self.evidence_missing {
            table.row(["missing:", it]);
        }
        for it in &self.remarks {
            table.row(["note:", it]);
        }
        table
    }
}

fn indented(table: &Table, context: &Context<'_>) -> Result<()> {
    let mut lines = table.lines();
    lines.try_for_each(|it| context.ui.output(format_args!("  {it}")))
}

fn as_data<S: serde::Serializer>(why: &Option<Failure>, serializer: S) -> Result<S::Ok, S::Error> {
    let why = why.as_ref().map(|it| it.to_json()["error"].take());
    why.serialize(serializer)
}
