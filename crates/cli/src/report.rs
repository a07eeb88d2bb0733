//! What `install` did, as one value for people and for `--json`.

pub mod installation;
pub mod pip_format;

use std::collections::HashSet;

use assay_install::Approved;
use assay_resolve::{LeftOut, Pin, Request, Resolution, Stated, Why};
use assay_trust::{Admission, Built, reached};
use assay_types::{
    FileName, Printable, ProjectName,
    listing::{Location, Origin},
};
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
    /// What went to make room.
    #[serde(skip)]
    replaced: Vec<String>,
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
    /// The name as the metadata spells it.
    #[serde(skip)]
    spelling: String,
    version: String,
    /// The projects, extras and places that want it.
    required_by: Vec<String>,
    /// What it replaces.
    replaces: Option<String>,
    requested: bool,
    /// A newer file that the policy left out, and why.
    held_back: Option<String>,
    /// The file's name; of what was built here, the wheel's.
    file: String,
    /// The index or place it comes from.
    from: String,
    /// The path of a file on this machine.
    #[serde(skip)]
    path: Option<String>,
    /// Its digest: measured, or for a dry run as the index lists it.
    sha256: Option<String>,
    /// From what it was built here, and how.
    built: Option<serde_json::Value>,
    /// The same in words, or that it would be built.
    #[serde(skip)]
    building: Option<String>,
    /// The digest of what the evidence speaks for: of what was built, the source's.
    #[serde(skip)]
    spoken_for: Option<String>,
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
    /// What rules of mode `warn` or `report` miss.
    evidence_missing: Vec<String>,
}

/// A package that was there already.
#[derive(Debug, Serialize)]
struct Kept {
    name: String,
    version: String,
    /// As it was asked for, and the folder where it lies.
    #[serde(skip)]
    text: String,
}

impl Kept {
    fn new(root: &Stated, installed: &Installed) -> Option<Self> {
        let name = &root.requirement.name;
        let version = installed.candidate(name)?.version.to_string();
        let folder = installed.site(name)?.display().to_string();
        Some(Self {
            name: name.to_string(),
            text: format!("{} in {folder} ({version})", root.text),
            version,
        })
    }
}

impl Row {
    /// A row for a pin.
    pub fn new(pin: &Pin, new: &New, installed: &Installed) -> Self {
        let admission = new.approved.as_ref().map(Approved::admission);
        let built = admission.and_then(Admission::built);
        let measured = admission.map(Admission::sha256);
        let sha256 = measured.or_else(|| new.file.digests.sha256());
        let source = built.map(|it| it.measured.sha256());
        let file = admission.map_or(new.file.name.as_str(), |it| &it.artifact().file_name);
        let before = installed
            .candidate(&pin.name)
            .map(|it| it.version.to_string());
        let version = pin.candidate.version.to_string();
        Self {
            name: pin.name.to_string(),
            spelling: new.spelling.clone(),
            required_by: pin.required_by.clone(),
            replaces: before.filter(|it| *it != version),
            version,
            requested: pin.requested,
            held_back: pin.held_back.as_ref().map(held_back),
            file: file.to_owned(),
            from: new.file.origin.to_string(),
            path: match &new.file.location {
                // The checkout is gone by now.
                _ if matches!(new.file.origin, Origin::Repository(_)) => None,
                Location::Path { path, .. } => Some(path.display().to_string()),
                Location::Tree(tree) => Some(tree.project().display().to_string()),
                Location::Url(_) => None,
            },
            sha256: sha256.map(|it| it.to_string()),
            built: built.map(Built::json),
            building: built.map(origin_of).or_else(|| would_build(new)),
            spoken_for: source.or(sha256).map(|it| it.to_string()),
            admitted: new.approved.as_ref().map(AdmittedRow::new),
        }
    }
}

impl Row {
    /// `(from jupyter)`, in pip's form; one asker and how many more.
    fn why(&self) -> String {
        match self.required_by.as_slice() {
            [] => String::new(),
            [only] => format!("(from {only})"),
            [first, more @ ..] => format!("(from {first}, and {} more)", more.len()),
        }
    }
}

/// `from demo-1.0.tar.gz (namespaces, without network)`; unescaped.
pub fn origin_of(built: &Built) -> String {
    let how = &built.how;
    let (from, tier) = (&built.source.file_name, &how.tier);
    format!("from {from} ({tier}, {})", reached(&how.network))
}

fn would_build(new: &New) -> Option<String> {
    let name = &new.file.name;
    let is_source = matches!(name, FileName::Sdist(_) | FileName::Tree(_));
    is_source.then(|| format!("from {}", name.as_str()))
}

/// `1 package`, `2 packages`.
pub fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
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
            evidence_missing: admission.unmet().iter().map(ToString::to_string).collect(),
        }
    }
}

impl InstallReport {
    /// Everything that was asked for is there.
    pub fn nothing_to_do(request: &Request, installed: &Installed) -> Self {
        Self::kept(request, installed, |_| true)
    }

    /// What a dry run found.
    pub fn would(outcome: &Outcome, request: &Request, installed: &Installed) -> Self {
        let pins = &outcome.resolution.pins;
        let rows = outcome
            .new
            .iter()
            .map(|new| Row::new(&pins[new.at], new, installed));
        Self {
            outcome: "would install",
            packages: rows.collect(),
            ..Self::stays(&outcome.resolution, request, installed)
        }
    }

    /// What was installed.
    pub fn done(
        outcome: &Outcome,
        request: &Request,
        installed: &Installed,
        environment: String,
        notices: Vec<String>,
        progress: &Progress,
    ) -> Self {
        let pins = &outcome.resolution.pins;
        let rows = outcome.new.iter();
        let rows = rows.map(|new| Row::new(&pins[new.at], new, installed));
        let packages: Vec<_> = rows.collect();
        let closing = format!(
            "{} into {} in {:.1} s ({} fetched)",
            counted(packages.len(), "package"),
            Printable(&environment),
            progress.elapsed().as_secs_f64(),
            indicatif::HumanBytes(progress.bytes())
        );
        let replaced = packages
            .iter()
            .filter_map(|it| installed.spelling(&it.name));
        Self {
            outcome: "installed",
            replaced: replaced.collect(),
            packages,
            environment: Some(environment),
            notices,
            closing: Some(closing),
            ..Self::stays(&outcome.resolution, request, installed)
        }
    }

    /// What a resolution leaves as it is, of what was asked for.
    pub fn stays(resolution: &Resolution, request: &Request, installed: &Installed) -> Self {
        let pins = resolution.pins.iter().filter(|it| it.candidate.installed);
        let names: HashSet<_> = pins.map(|it| &it.name).collect();
        Self::kept(request, installed, |name| names.contains(name))
    }

    fn kept(
        request: &Request,
        installed: &Installed,
        stays: impl Fn(&ProjectName) -> bool,
    ) -> Self {
        let roots = request.roots.iter();
        let roots = roots.filter(|it| stays(&it.requirement.name));
        let mut satisfied: Vec<_> = roots.filter_map(|it| Kept::new(it, installed)).collect();
        satisfied.dedup_by(|a, b| a.name == b.name);
        Self {
            outcome: "nothing to do",
            packages: Vec::new(),
            satisfied,
            replaced: Vec::new(),
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
            let text = Printable(&kept.text);
            ui.line(format_args!("Requirement already satisfied: {text}"))?;
        }
        self.notices.iter().for_each(|it| ui.note(it));
        self.packages
            .iter()
            .filter_map(|it| it.held_back.as_ref())
            .for_each(|it| ui.note(it));
        if self.packages.is_empty() {
            return Ok(());
        }
        for path in self.packages.iter().filter_map(|it| it.path.as_ref()) {
            ui.line(format_args!("Processing {}", Printable(path)))?;
        }
        self.print_table(ui)?;
        self.print_built(ui)?;
        match &self.closing {
            Some(closing) => self.print_done(closing, ui),
            None => ui.line(format_args!("Would install {}", self.listed())),
        }
    }

    /// The last lines are pip's own: people and programs look for them.
    fn print_done(&self, closing: &str, ui: &Ui) -> Result<()> {
        for gone in self.replaced.iter().map(|it| Printable(it)) {
            ui.line(format_args!("Uninstalling {gone}:"))?;
            ui.line(format_args!("  Successfully uninstalled {gone}"))?;
        }
        ui.line(closing)?;
        let listed = self.listed();
        ui.line(ui.green(&format!("Successfully installed {listed}")))
    }

    /// `flask-3.0 werkzeug-3.1`, sorted.
    fn listed(&self) -> String {
        let items = self.packages.iter();
        let mut items: Vec<_> = items
            .map(|it| Printable(&format!("{}-{}", it.spelling, it.version)).to_string())
            .collect();
        items.sort();
        items.join(" ")
    }

    /// The table's digests are those of what was built from.
    fn print_built(&self, ui: &Ui) -> Result<()> {
        // Now, or by an earlier run from all the same.
        let verb = match &self.closing {
            Some(_) => "is built",
            None => "would be built",
        };
        for row in &self.packages {
            if let Some(from) = &row.building {
                let (name, from) = (Printable(&row.name), Printable(from));
                ui.line(format_args!("{name} {verb} {from}"))?;
            }
        }
        Ok(())
    }

    fn print_table(&self, ui: &Ui) -> Result<()> {
        let mut table = Table::new(["Package", "Version", "Index", "Evidence", "Why"]);
        for row in &self.packages {
            let version = match &row.replaces {
                Some(before) => format!("{before} -> {}", row.version),
                None => row.version.clone(),
            };
            let words = row.admitted.as_ref().map(|it| it.evidence.join(" + "));
            let words = words.unwrap_or_else(|| "listed".to_owned());
            let digest = row
                .spoken_for
                .as_deref()
                .map(|it| format!(" sha256:{}…", &it[..12]));
            let evidence = words + &digest.unwrap_or_default();
            table.row([&row.name, &version, &row.from, &evidence, &row.why()]);
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
