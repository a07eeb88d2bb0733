//! What `install` did, as one value for people and for `--json`.

use assay_install::Approved;
use assay_resolve::{LeftOut, Pin, Request, Resolution, Why};
use assay_types::Printable;
use serde::Serialize;

use crate::{
    failure::Result,
    pipeline::{Installed, New, Outcome},
    ui::{Progress, Table, Ui},
};

/// The closing report of an install.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct InstallReport {
    /// `installed`, `would install`, `nothing to do`.
    outcome: &'static str,
    /// What is new, in the order of installation.
    packages: Vec<Row>,
    /// What was there already and stays, of what was asked for.
    satisfied: Vec<Kept>,
    /// The environment's folder.
    environment: Option<String>,
    /// What a person should know.
    notices: Vec<String>,
    #[serde(skip)]
    closing: Option<String>,
}

/// One package that is new.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Row {
    name: String,
    version: String,
    /// What it replaces.
    replaces: Option<String>,
    requested: bool,
    /// A newer file that the policy left out, and why.
    held_back: Option<String>,
    /// The file's name.
    file: String,
    /// The index or place it comes from.
    from: String,
    /// Its digest: measured, or for a dry run as the index lists it.
    sha256: Option<String>,
    /// Whose word was taken; absent for a dry run.
    #[serde(flatten)]
    admitted: Option<AdmittedRow>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
struct AdmittedRow {
    evidence: Vec<String>,
    evidence_found: Vec<String>,
    rule: String,
}

/// A package that was there already.
#[derive(Debug, Serialize)]
struct Kept {
    name: String,
    version: String,
}

impl Row {
    /// A row for a pin.
    pub fn new(pin: &Pin, new: &New, installed: &Installed) -> Self {
        let measured = new.approved.as_ref().map(|it| it.admission().sha256());
        let sha256 = measured.or_else(|| new.file.digests.sha256());
        let before = installed
            .candidate(&pin.name)
            .map(|it| it.version.to_string());
        let version = pin.candidate.version.to_string();
        Self {
            name: pin.name.to_string(),
            replaces: before.filter(|it| *it != version),
            version,
            requested: pin.requested,
            held_back: pin.held_back.as_ref().map(held_back),
            file: new.file.name.as_str().to_owned(),
            from: new.file.origin.to_string(),
            sha256: sha256.map(|it| it.to_string()),
            admitted: new.approved.as_ref().map(AdmittedRow::new),
        }
    }
}

fn counted(packages: usize) -> String {
    let plural = if packages == 1 { "" } else { "s" };
    format!("{packages} package{plural}")
}

fn held_back(file: &LeftOut) -> String {
    let way_out = match &file.why {
        Why::Policy(objection) => objection.way_out.as_deref(),
        _ => None,
    };
    let way_out = way_out.map(|it| format!(" ({it})")).unwrap_or_default();
    format!("{} was held back: {}{way_out}", file.file, file.why)
}

impl AdmittedRow {
    fn new(approved: &Approved) -> Self {
        let admission = approved.admission();
        Self {
            evidence: admission.words().iter().map(ToString::to_string).collect(),
            evidence_found: admission.found().to_vec(),
            rule: admission.rule().to_owned(),
        }
    }
}

impl InstallReport {
    /// Everything that was asked for is there.
    pub fn nothing_to_do(request: &Request, installed: &Installed) -> Self {
        let names = request.roots.iter().map(|it| &it.requirement.name);
        let mut satisfied: Vec<_> = names
            .filter_map(|name| {
                installed
                    .candidate(name)
                    .map(|it| (name.to_string(), it.version.to_string()))
            })
            .map(|(name, version)| Kept { name, version })
            .collect();
        satisfied.dedup_by(|a, b| a.name == b.name);
        Self {
            outcome: "nothing to do",
            packages: Vec::new(),
            satisfied,
            environment: None,
            notices: Vec::new(),
            closing: None,
        }
    }

    /// What a dry run found.
    pub fn would(outcome: &Outcome, installed: &Installed) -> Self {
        let pins = &outcome.resolution.pins;
        let rows = outcome
            .new
            .iter()
            .map(|new| Row::new(&pins[new.at], new, installed));
        Self {
            outcome: "would install",
            packages: rows.collect(),
            ..Self::kept(&outcome.resolution)
        }
    }

    /// What was installed.
    pub fn done(
        resolution: &Resolution,
        packages: Vec<Row>,
        environment: String,
        notices: Vec<String>,
        progress: &Progress,
    ) -> Self {
        let closing = format!(
            "Installed {} into {} in {:.1} s ({} fetched)",
            counted(packages.len()),
            Printable(&environment),
            progress.elapsed().as_secs_f64(),
            indicatif::HumanBytes(progress.bytes())
        );
        let environment = Some(environment);
        Self {
            outcome: "installed",
            packages,
            environment,
            notices,
            closing: Some(closing),
            ..Self::kept(resolution)
        }
    }

    /// Nothing is new.
    pub fn kept(resolution: &Resolution) -> Self {
        let stays = resolution
            .pins
            .iter()
            .filter(|it| it.candidate.installed && it.requested);
        let satisfied = stays.map(|pin| Kept {
            name: pin.name.to_string(),
            version: pin.candidate.version.to_string(),
        });
        Self {
            outcome: "nothing to do",
            packages: Vec::new(),
            satisfied: satisfied.collect(),
            environment: None,
            notices: Vec::new(),
            closing: None,
        }
    }

    /// Shows it in the form that was asked for.
    pub fn print(&self, ui: &Ui) -> Result<()> {
        if ui.json() {
            return ui.json_output(self);
        }
        for kept in &self.satisfied {
            ui.line(format_args!(
                "Requirement already satisfied: {} {}",
                kept.name, kept.version
            ))?;
        }
        self.notices.iter().for_each(|it| ui.note(it));
        self.packages
            .iter()
            .filter_map(|it| it.held_back.as_ref())
            .for_each(|it| ui.note(it));
        if self.packages.is_empty() {
            return Ok(());
        }
        self.print_table(ui)?;
        match &self.closing {
            Some(closing) => ui.line(ui.green(closing)),
            None => ui.line(format_args!(
                "Would install {}; nothing was changed",
                counted(self.packages.len())
            )),
        }
    }

    fn print_table(&self, ui: &Ui) -> Result<()> {
        let mut table = Table::new(["Package", "Version", "From", "Evidence"]);
        for row in &self.packages {
            let version = match &row.replaces {
                Some(before) => format!("{before} -> {}", row.version),
                None => row.version.clone(),
            };
            let words = row.admitted.as_ref().map(|it| it.evidence.join(" + "));
            let words = words.unwrap_or_else(|| "listed".to_owned());
            let digest = row
                .sha256
                .as_deref()
                .map(|it| format!(" sha256:{}…", &it[..12]));
            let evidence = words + &digest.unwrap_or_default();
            table.row([&row.name, &version, &row.from, &evidence]);
        }
        table.lines().enumerate().try_for_each(|(at, line)| {
            if at == 0 {
                ui.line(ui.bold(&line))
            } else {
                ui.line(line)
            }
        })
    }
}
