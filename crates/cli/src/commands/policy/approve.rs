//! `assay policy approve`: the user's word for a project's file, byte for byte.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use assay_files::read_file;
use assay_trust::sha256;
use assay_types::{Printable, Sha256, Timestamp};
use serde::Serialize;

use super::{
    principals::Fingerprints,
    rows::{self, SettingRow},
};
use crate::{
    args::ApproveArgs,
    commands::Context,
    failure::{Failure, Result},
    settings::{Approval, Approvals, LONGEST_POLICY, PolicyFile, PolicyFiles},
};

/// How a digest says whose it is.
const WHICH: &str = "--sha256 HEX is of the policy file; of one that it names: --sha256 PATH=HEX";

/// What was approved, and what it lets the file do.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct ApprovedRow {
    file: String,
    sha256: String,
    /// The files that it names, which are approved with it.
    files: BTreeMap<String, String>,
    loosens: Vec<SettingRow>,
}

/// What was approved earlier.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct EarlierRow {
    file: String,
    sha256: String,
    approved: String,
    /// `as approved`, `changed`, `gone` or `unreadable`.
    standing: &'static str,
}

pub(super) fn run(args: &ApproveArgs, context: &Context<'_>, now: Timestamp) -> Result<()> {
    let approvals = Approvals::new(context.folders.state());
    if args.list {
        return list(&approvals, context);
    }
    if !context.folders.keeps_state() {
        return Err(Failure::could_not("an approval would not outlive this run")
            .hint("name a folder for the state that can be written to: XDG_STATE_HOME"));
    }
    match &args.remove {
        Some(path) => remove(&context.around.absolute(path), &approvals, context),
        None => approve(args, &approvals, context, now),
    }
}

fn approve(
    args: &ApproveArgs,
    approvals: &Approvals,
    context: &Context<'_>,
    now: Timestamp,
) -> Result<()> {
    let named = args.file.as_deref();
    let file = PolicyFile::to_approve(named, context.around, &context.folders, now)?;
    file.trusted_roots().try_for_each(|it| it.check())?;
    let keys = file.keys_now()?;
    let named = file.named_files(&keys)?;
    check(&file, &named, &args.sha256)?;
    let files = named.iter();
    let row = ApprovedRow {
        file: file.name.clone(),
        sha256: file.sha256.to_string(),
        files: files
            .map(|(path, sha256)| (path.display().to_string(), sha256.to_string()))
            .collect(),
        loosens: rows::loosening(&file, &Fingerprints::of(keys.iter().map(|it| &it.key))),
    };
    if !context.ui.json() {
        print(&row, context)?;
    }
    let approval = Approval {
        path: file.path.clone(),
        sha256: file.sha256,
        files: named,
        when: now,
    };
    PolicyFiles::check_approved(file, &approval, context.around, &context.folders)?;
    approvals.approve(&approval)?;
    if context.ui.json() {
        return context.ui.json_output(&row);
    }
    for (name, digest) in [(&row.file, &row.sha256)].into_iter().chain(&row.files) {
        let name = Printable(name);
        context.ui.line(format_args!(
            "approved {name} until a byte of it changes: sha256 {digest}"
        ))?;
    }
    Ok(())
}

/// Whether the file, and each that it names, is the one that is meant: each has a digest of its own, so
/// that no key counts in another's place.
fn check(file: &PolicyFile, named: &BTreeMap<PathBuf, Sha256>, wanted: &[String]) -> Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let wanted = Meant::parse(wanted)?;
    check_one(&file.name, &file.sha256, wanted.file)?;
    for (path, sha256) in named {
        check_one(
            &path.display().to_string(),
            sha256,
            wanted.named.get(path).copied(),
        )?;
    }
    let mut others = wanted.named.keys();
    match others.find(|it| !named.contains_key(*it)) {
        None => Ok(()),
        Some(other) => Err(Failure::usage(format!(
            "--sha256: {} does not name {}",
            file.name,
            other.display()
        ))),
    }
}

fn check_one(name: &str, found: &Sha256, meant: Option<Sha256>) -> Result<()> {
    if meant.as_ref() == Some(found) {
        return Ok(());
    }
    Err(
        Failure::refused(format!("{name} is not the file that --sha256 means"))
            .detail(format!("found: {found}"))
            .hint("read the file, then repeat the command with the digest that was found")
            .hint(WHICH),
    )
}

/// What `--sha256` says.
#[derive(Default)]
struct Meant {
    /// Of the policy file.
    file: Option<Sha256>,
    /// Of those that it names, as it has their paths.
    named: BTreeMap<PathBuf, Sha256>,
}

impl Meant {
    fn parse(all: &[String]) -> Result<Self> {
        let mut meant = Self::default();
        for text in all {
            let (path, hex) = match text.rsplit_once('=') {
                Some((path, hex)) => (Some(PathBuf::from(path)), hex),
                None => (None, text.as_str()),
            };
            let wrong = || Failure::usage(format!("--sha256: {hex} is no SHA-256 in hexadecimal"));
            let sha256 = Sha256::from_hex(hex).ok_or_else(wrong)?;
            let before = match path {
                None => meant.file.replace(sha256),
                Some(path) => meant.named.insert(path, sha256),
            };
            if before.is_some() {
                let fact = format!("--sha256: {text} is not the only digest of that file");
                return Err(Failure::usage(fact).hint(WHICH));
            }
        }
        Ok(meant)
    }
}

fn print(row: &ApprovedRow, context: &Context<'_>) -> Result<()> {
    let name = Printable(&row.file);
    if row.loosens.is_empty() {
        return context
            .ui
            .line(format_args!("{name} loosens nothing: it holds as it is"));
    }
    context
        .ui
        .line(format_args!("{name} says what only you may say:"))?;
    rows::print(&row.loosens, context)
}

fn list(approvals: &Approvals, context: &Context<'_>) -> Result<()> {
    let all = approvals.all()?;
    let rows: Vec<_> = all.iter().map(EarlierRow::new).collect();
    if context.ui.json() {
        return context.ui.json_output(&rows);
    }
    if rows.is_empty() {
        return context.ui.line("no policy file is approved");
    }
    rows.iter().try_for_each(|row| {
        let (file, when, standing) = (Printable(&row.file), &row.approved, row.standing);
        let digest = &row.sha256;
        context
            .ui
            .output(format_args!("{file}: {standing} ({when}, sha256 {digest})"))
    })
}

impl EarlierRow {
    fn new(approval: &Approval) -> Self {
        let folder = approval.path.parent().unwrap_or(&approval.path);
        let files = approval.files.iter();
        let files = files.map(|(name, sha256)| (folder.join(name), sha256));
        let mut standing = "as approved";
        for (path, approved) in [(approval.path.clone(), &approval.sha256)]
            .into_iter()
            .chain(files)
        {
            match read_file(&path, LONGEST_POLICY) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Self::of(approval, "gone");
                }
                Err(_) => return Self::of(approval, "unreadable"),
                Ok((bytes, _)) if sha256(&bytes) == *approved => {}
                Ok(_) => standing = "changed",
            }
        }
        Self::of(approval, standing)
    }

    fn of(approval: &Approval, standing: &'static str) -> Self {
        Self {
            file: approval.path.display().to_string(),
            sha256: approval.sha256.to_string(),
            approved: format!("{:.0}", approval.when),
            standing,
        }
    }
}

fn remove(path: &Path, approvals: &Approvals, context: &Context<'_>) -> Result<()> {
    let shown = path.display().to_string();
    if !approvals.remove(path)? {
        return Err(Failure::could_not(format!("{shown} is not approved"))
            .hint("assay policy approve --list prints what is"));
    }
    if context.ui.json() {
        return context
            .ui
            .json_output(&serde_json::json!({ "file": shown, "approved": false }));
    }
    let shown = Printable(&shown);
    context
        .ui
        .line(format_args!("{shown} is not approved any more"))
}
