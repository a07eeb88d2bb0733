//! `assay vouch init`: a set begins with what is there, at which nobody looked.

use std::collections::{BTreeMap, BTreeSet};

use assay_trust::{
    Label,
    statement::{Statement, Subject, Times, Vouch},
};
use assay_types::Printable;

use super::{
    keys,
    known::{EXEMPT, Known},
    present::{self, Found, Present},
    set::Set,
    signing,
};
use crate::{
    args::VouchInitArgs,
    commands::{Context, key::policy_table, request::Asked},
    failure::Result,
    signing::Signer,
    ui::Table,
};

/// What every exemption says, for whoever reads the set.
const NOTE: &str = "nobody looked at it: it was there when the set was begun";

/// Exempts every file that is there and that the set does not know.
pub fn run(args: &VouchInitArgs, context: &Context<'_>) -> Result<()> {
    let times = signing::times(&args.signing, context)?;
    let set = Set::read_or_begin(&args.signing.set, context)?;
    let asked = Asked::nothing(&args.review.policy, &args.review.index, context)?;
    let found = present::find(&args.wanted, &args.review, context)?;
    let signer = signing::signer(&args.signing, context)?;
    let (keys, own) = keys::with_signer(&asked.policy.keys, &args.signing.signing.with, &signer)?;
    let keys: Vec<_> = keys.iter().collect();
    let known = Known::new(set.said_by(&keys)?, times.issued);
    let is_new = |it: &&Present| known.vouch_of(it.project(), it.sha256).is_none();
    let new: Vec<_> = found.files.iter().filter(is_new).collect();
    let statements = new.iter().map(|it| exemption(it, times));
    let statements = statements.collect::<Result<Vec<_>>>()?;
    let written = match args.signing.dry_run {
        true => Vec::new(),
        false => signing::sign(&set, &statements, &signer)?,
    };
    let lines = policy_lines(&set, &own, &signer)?;
    if context.ui.json() {
        return context.ui.json_output(&serde_json::json!({
            "set": set.shown(),
            "exempted": new.iter().map(|it| it.artifact.file_name.clone()).collect::<Vec<_>>(),
            "known-before": found.files.len() - new.len(),
            "not-exempted": found.unknown.iter().map(|(name, why)| {
                serde_json::json!({ "name": name, "why": why })
            }).collect::<Vec<_>>(),
            "written": written,
            "policy": lines,
        }));
    }
    print(&new, &found, &set, args.signing.dry_run, context)?;
    context.ui.line(format_args!(
        "\nThese lines in assay.toml ask for a vouch of each file (then: assay policy approve):\n\n{lines}"
    ))
}

fn exemption(file: &Present, times: Times) -> Result<Statement> {
    let subject = Subject {
        name: file.artifact.file_name.clone(),
        sha256: file.sha256,
    };
    let said = Vouch {
        project: file.project().clone(),
        version: file.artifact.version.clone(),
        criteria: BTreeSet::from([EXEMPT.to_owned()]),
        notes: Some(NOTE.to_owned()),
        from: None,
    };
    signing::drafted(Statement::vouches(subject, said, times))
}

fn print(
    new: &[&Present],
    found: &Found,
    set: &Set,
    dry_run: bool,
    context: &Context<'_>,
) -> Result<()> {
    let ui = context.ui;
    let mut table = Table::default();
    for it in new {
        let sha256 = it.sha256.to_string();
        table.row([it.name().as_str(), &it.artifact.file_name, &sha256]);
    }
    table.lines().try_for_each(|it| ui.output(it))?;
    let mut unknown: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, why) in &found.unknown {
        unknown.entry(why).or_default().push(name);
    }
    for (why, names) in unknown {
        let were = if names.len() == 1 { "was" } else { "were" };
        let names = names.join(", ");
        ui.warn(&format!("{names} {were} not exempted: {why}"));
    }
    let would = if dry_run { "would be " } else { "" };
    let files = if new.len() == 1 { "file" } else { "files" };
    ui.line(format_args!(
        "{} {files} {would}exempted in {}, and {} known before; nobody has looked at what is exempt",
        new.len(),
        Printable(set.shown()),
        found.files.len() - new.len(),
    ))
}

/// What a policy file says so that the first install passes, and so that the exemptions end once
/// `exempt` is taken out of it.
fn policy_lines(set: &Set, key: &Label, signer: &Signer) -> Result<String> {
    // Strings of JSON are strings of TOML.
    let at = serde_json::Value::from(set.shown());
    Ok(format!(
        "{}\n\
         \n\
         [statements.team]                # somebody looked at it\n\
         at = {at}\n\
         keys = [\"{key}\"]\n\
         \n\
         [statements.exempt]              # nobody did, yet: take this out when nothing needs it\n\
         at = {at}\n\
         keys = [\"{key}\"]\n\
         criteria = [\"{EXEMPT}\"]\n\
         \n\
         [policy]\n\
         evidence = {{ any = [\"vouch:team\", \"vouch:exempt\"] }}\n",
        policy_table(key, signer.public())?,
    ))
}
