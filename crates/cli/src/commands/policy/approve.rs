//! `assay policy approve`: the user's word for a project's file, byte for byte.

use std::path::Path;

use assay_files::read_file;
use assay_types::{Printable, Sha256, Timestamp};
use serde::Serialize;

use super::rows::{self, SettingRow};
use crate::{
    args::ApproveArgs,
    commands::Context,
    failure::{Failure, Result},
    settings::{Approval, Approvals, PolicyFile, sha256},
};

/// Longest file that is compared with what was approved, in bytes.
const LONGEST: u64 = 1 << 20;

/// What was approved, and what it lets the file do.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct ApprovedRow {
    file: String,
    sha256: String,
    loosens: Vec<SettingRow>,
}

/// What was approved earlier.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct EarlierRow {
    file: String,
    sha256: String,
    approved: String,
    /// `as approved`, `changed` or `gone`.
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
    check(&file, args.sha256.as_deref())?;
    let row = ApprovedRow {
        file: file.name.clone(),
        sha256: file.sha256.to_string(),
        loosens: rows::loosening(&file),
    };
    if !context.ui.json() {
        print(&row, context)?;
    }
    approvals.approve(&file.path, file.sha256, now)?;
    if context.ui.json() {
        return context.ui.json_output(&row);
    }
    let (name, digest) = (Printable(&row.file), &row.sha256);
    context.ui.line(format_args!(
        "approved {name} until a byte of it changes: sha256 {digest}"
    ))
}

/// Whether the file is the one that is meant.
fn check(file: &PolicyFile, wanted: Option<&str>) -> Result<()> {
    let Some(text) = wanted else {
        return Ok(());
    };
    let wanted = Sha256::from_hex(text)
        .ok_or_else(|| Failure::usage(format!("--sha256: {text} is no SHA-256 in hexadecimal")))?;
    if wanted == file.sha256 {
        return Ok(());
    }
    let (name, sha256) = (&file.name, file.sha256);
    Err(
        Failure::refused(format!("{name} is not the file that --sha256 means"))
            .detail(format!("found: {sha256}"))
            .detail(format!("wanted: {wanted}"))
            .hint("read the file, then repeat the command with the digest that was found"),
    )
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
    let rows = all
        .iter()
        .map(EarlierRow::new)
        .collect::<Result<Vec<_>>>()?;
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
    fn new(approval: &Approval) -> Result<Self> {
        let standing = match read_file(&approval.path, LONGEST) {
            Err(_) => "gone",
            Ok((bytes, _)) if sha256(&bytes)? == approval.sha256 => "as approved",
            Ok(_) => "changed",
        };
        Ok(Self {
            file: approval.path.display().to_string(),
            sha256: approval.sha256.to_string(),
            approved: format!("{:.0}", approval.when),
            standing,
        })
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
