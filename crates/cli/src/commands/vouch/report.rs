//! What is signed, as one value for people and for `--json`.

use assay_trust::{Admission, Label, statement::Statement};
use assay_types::Printable;
use serde::Serialize;

use super::{saying::Saying, set::Set, signing};
use crate::{
    commands::{Context, attestation::Attestation},
    failure::Result,
    signing::Signer,
    ui::Table,
};

/// Statements that are to be signed. Texts are unescaped.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    set: String,
    /// Who signs: as policy files name the key, and as `ssh-keygen -l` shows it.
    signer: String,
    key: String,
    statements: Vec<Row>,
    /// The files of the set that were written.
    written: Vec<String>,
    #[serde(skip)]
    to_sign: Vec<Statement>,
}

/// One statement.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Row {
    #[serde(flatten)]
    saying: Saying,
    /// The index or place that the file comes from.
    from: Option<String>,
    attestations: Vec<Attestation>,
    /// Whether the set says so already.
    is_there: bool,
    /// The command that shows what it is about.
    look: Option<String>,
}

impl Report {
    /// Of nothing yet.
    pub fn new(set: &Set, signer: &Signer, label: &Label) -> Self {
        Self {
            set: set.shown().to_owned(),
            signer: label.to_string(),
            key: signer.public().fingerprint(),
            statements: Vec::new(),
            written: Vec::new(),
            to_sign: Vec::new(),
        }
    }

    /// Adds what is said, and the statement unless the set has it.
    pub fn add(&mut self, row: Row, statement: Option<Statement>) {
        self.statements.push(row);
        self.to_sign.extend(statement);
    }

    /// Shows what is said; signs and writes it, unless it is only to be shown.
    pub fn finish(
        mut self,
        dry_run: bool,
        set: &Set,
        signer: &Signer,
        context: &Context<'_>,
    ) -> Result<()> {
        let ui = context.ui;
        if !ui.json() {
            self.statements
                .iter()
                .try_for_each(|it| it.print(context))?;
        }
        if !dry_run {
            self.written = signing::sign(set, &self.to_sign, signer)?;
        }
        match ui.json() {
            true => ui.json_output(&self),
            false => ui.line(self.summary(dry_run)),
        }
    }

    fn summary(&self, dry_run: bool) -> String {
        let (signer, key) = (&self.signer, &self.key);
        let count = match self.to_sign.len() {
            1 => "1 statement".to_owned(),
            count => format!("{count} statements"),
        };
        match (dry_run, self.to_sign.len()) {
            (_, 0) => format!("{} says so already; nothing was signed", self.set),
            (true, _) => format!("{signer} ({key}) would sign {count}; nothing was written"),
            (false, _) => {
                let written = self.written.join(", ");
                format!("{count} signed by {signer} ({key}): {written}")
            }
        }
    }
}

impl Row {
    /// Of a file that was looked at.
    pub fn of(admission: &Admission, statement: &Statement, is_there: bool) -> Self {
        let attested = admission.attested().iter();
        Self {
            from: Some(admission.artifact().origin.to_string()),
            attestations: attested.map(Attestation::new).collect(),
            ..Self::said(statement, is_there)
        }
    }

    /// Of a statement alone.
    pub fn said(statement: &Statement, is_there: bool) -> Self {
        Self {
            saying: Saying::new(statement, statement.times().issued),
            from: None,
            attestations: Vec::new(),
            is_there,
            look: None,
        }
    }

    /// Names the command that shows what it is about.
    pub fn hint(self, look: Option<String>) -> Self {
        Self { look, ..self }
    }

    fn print(&self, context: &Context<'_>) -> Result<()> {
        let ui = context.ui;
        let saying = &self.saying;
        let project = saying.project.as_deref().unwrap_or_default();
        let what = format!("{} {project} {}", saying.says, saying.version());
        ui.output(ui.bold(&Printable(&what).to_string()))?;
        let table = self.table();
        let mut lines = table.lines();
        lines.try_for_each(|it| ui.output(format_args!("  {it}")))
    }

    fn table(&self) -> Table {
        let (saying, mut table) = (&self.saying, Table::default());
        for it in &saying.files {
            table.row(["file:", &it.name]);
            table.row(["sha256:", &it.sha256]);
        }
        let criteria = saying.criteria.join(", ");
        let criteria = Some(criteria).filter(|it| !it.is_empty());
        let facts = [
            ("from:", &self.from),
            ("criteria:", &criteria),
            ("says:", &saying.text),
            ("expires:", &saying.expires),
            ("look:", &self.look),
        ];
        for (name, fact) in facts {
            fact.iter().for_each(|it| table.row([name, it]));
        }
        let publishers = self.attestations.iter().flat_map(|it| it.lines());
        publishers.for_each(|it| table.row(["publisher:", &it]));
        if self.from.is_some() && self.attestations.is_empty() {
            table.row(["publisher:", "none attested"]);
        }
        table
    }
}
