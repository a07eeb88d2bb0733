//! `assay verify`.

use std::{fs::File, io, path::Path};

use assay_files::read_input;
use assay_trust::{
    Measured, Measuring,
    attestation::{self, Attested, Provenance, Rule, TrustRoot},
};
use assay_types::{FileName, SdistName, Timestamp, WheelName, names};
use serde::Serialize;

use super::Context;
use crate::{
    args::VerifyArgs,
    failure::{Failure, Result},
    ui::Table,
};

/// Largest trusted root in bytes that is read. The public one has 7 thousand.
const LARGEST_ROOT: u64 = 1 << 20;

/// Tells who published a file, or refuses what its attestations say.
pub fn run(args: &VerifyArgs, context: &Context<'_>) -> Result<()> {
    let now = Timestamp::now();
    let name = name(&args.file)?;
    let root = root(args.trusted_root.as_deref())?;
    let document = document(&args.provenance)?;
    let measured = measure(&args.file).map_err(|it| unreadable(&args.file, &it))?;
    let attested = Provenance::parse(&document)
        .and_then(|it| attestation::verify(&name, &measured, &it, &root, now))
        .map_err(|it| it.refusal(&name))?;
    let report = Report::new(&name, &measured, &attested);
    if context.ui.json() {
        context.ui.json_output(&report)
    } else {
        report.show(context)
    }
}

/// The name decides what a statement has to be about, so it has to be a distribution's.
fn name(path: &Path) -> Result<FileName> {
    let name = path.file_name().and_then(|it| it.to_str());
    let name = name.ok_or_else(|| Failure::usage(format!("{} names no file", path.display())))?;
    let error = |it: assay_types::file_name::FileNameError| Failure::usage(it.to_string());
    if name.ends_with(".whl") {
        return WheelName::parse(name).map(FileName::Wheel).map_err(error);
    }
    // PEP 625: in an sdist's name the last dash stands before the version.
    let project = name.rsplit_once('-').and_then(|it| names::project(it.0));
    let project = project
        .ok_or_else(|| Failure::usage(format!("{name} is neither a wheel nor an sdist by name")))?;
    SdistName::parse(name, &project)
        .map(FileName::Sdist)
        .map_err(error)
}

fn root(path: Option<&Path>) -> Result<TrustRoot> {
    let Some(path) = path else {
        return TrustRoot::production().map_err(|it| Failure::could_not(it.to_string()));
    };
    let bytes = read_input(path, LARGEST_ROOT).map_err(|it| unreadable(path, &it))?;
    let unusable = |why: String| Failure::usage(format!("{}: {why}", path.display()));
    let text = String::from_utf8(bytes).map_err(|it| unusable(it.to_string()))?;
    TrustRoot::from_json(&text).map_err(|it| unusable(it.to_string()))
}

fn document(path: &Path) -> Result<Vec<u8>> {
    read_input(path, Provenance::LARGEST as u64).map_err(|error| {
        if error.kind() != io::ErrorKind::FileTooLarge {
            return unreadable(path, &error);
        }
        Failure::refused(format!("{}: {error}", path.display()))
            .detail(format!("rule: {}", Rule::Size.name()))
    })
}

fn measure(path: &Path) -> io::Result<Measured> {
    let mut measuring = Measuring::new(io::sink(), []);
    io::copy(&mut File::open(path)?, &mut measuring)?;
    Ok(measuring.finish().measured().clone())
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::could_not(format!("reading {}: {error}", path.display()))
}

/// What was verified, for a person and as data.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Report {
    file: String,
    sha256: String,
    attestations: Vec<Row>,
}

/// One attestation. What its kind of publisher does not have is null.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Row {
    predicate: &'static str,
    kind: &'static str,
    issuer: String,
    repository: Option<String>,
    repository_id: Option<String>,
    owner_id: Option<String>,
    workflow: Option<String>,
    email: Option<String>,
    environment: Option<String>,
    #[serde(rename = "ref")]
    reference: Option<String>,
    commit: Option<String>,
    logged: String,
}

impl Report {
    fn new(name: &FileName, measured: &Measured, attested: &[Attested]) -> Self {
        Self {
            file: name.as_str().to_owned(),
            sha256: measured.sha256().to_string(),
            attestations: attested.iter().map(Row::new).collect(),
        }
    }

    fn show(&self, context: &Context<'_>) -> Result<()> {
        let ui = context.ui;
        ui.line(format_args!("{}: {}", self.file, ui.green("verified")))?;
        ui.line(format_args!("sha256: {}", self.sha256))?;
        for row in &self.attestations {
            ui.line("")?;
            row.table().lines().try_for_each(|line| ui.line(line))?;
        }
        Ok(())
    }
}

impl Row {
    fn new(attested: &Attested) -> Self {
        let publisher = attested.publisher();
        let text = |it: Option<&str>| it.map(str::to_owned);
        Self {
            predicate: attested.predicate().name(),
            kind: publisher.kind().name(),
            issuer: publisher.issuer().to_owned(),
            repository: text(publisher.repository()),
            repository_id: text(publisher.repository_id()),
            owner_id: text(publisher.owner_id()),
            workflow: text(publisher.workflow()),
            email: text(publisher.email()),
            environment: text(publisher.environment()),
            reference: text(publisher.reference()),
            commit: text(publisher.commit()),
            logged: attested.logged().to_string(),
        }
    }

    fn table(&self) -> Table {
        let mut table = Table::new(["attestation:", self.predicate]);
        table.row(["publisher:", self.kind]);
        table.row(["issuer:", &self.issuer]);
        let told = [
            ("repository:", &self.repository),
            ("repository id:", &self.repository_id),
            ("owner id:", &self.owner_id),
            ("workflow:", &self.workflow),
            ("e-mail:", &self.email),
            ("environment:", &self.environment),
            ("ref:", &self.reference),
            ("commit:", &self.commit),
        ];
        for (what, value) in told {
            if let Some(value) = value {
                table.row([what, value]);
            }
        }
        table.row(["logged:", &self.logged]);
        table
    }
}
