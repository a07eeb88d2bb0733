//! From what somebody says to lines of a set.

use std::collections::BTreeMap;

use assay_trust::{
    signature::Rejection,
    statement::{Statement, Times},
};
use assay_types::{ProjectName, Timestamp, day::LastDay};

use super::set::Set;
use crate::{
    args::VouchSigningArgs,
    commands::Context,
    failure::{Failure, Result},
    signing::{Passphrases, Signer, seconds},
};

/// The key that `--with` names. Its passphrase is asked for at once.
pub fn signer(args: &VouchSigningArgs, context: &Context<'_>) -> Result<Signer> {
    let passphrases = Passphrases::new(&args.signing.passphrase, context);
    Signer::named(&args.signing.with, &passphrases, context)
}

/// From now on, until the end of the day that `--expires` names.
pub fn times(args: &VouchSigningArgs, context: &Context<'_>) -> Result<Times> {
    let issued = Timestamp::now();
    if let Some(said) = context.folders.judge_clock(issued)? {
        context.ui.warn(&said);
    }
    let expires = args.expires.as_deref().map(|text| {
        let wrong = |why: String| Failure::usage(format!("--expires {text}: {why}"));
        let day: LastDay = text.parse().map_err(|it| wrong(format!("{it}")))?;
        match day.holds_at(issued) {
            true => Ok(day.end()),
            false => Err(wrong("that day is over".to_owned())),
        }
    });
    Ok(Times {
        issued: seconds(issued)?,
        expires: expires.transpose()?,
    })
}

/// Signs statements and writes them into the set; names the files that were written.
pub fn sign(set: &Set, statements: &[Statement], signer: &Signer) -> Result<Vec<String>> {
    let mut lines: BTreeMap<ProjectName, Vec<String>> = BTreeMap::new();
    for statement in statements {
        let Some(project) = statement.project() else {
            continue;
        };
        let line = signer.state(statement)?;
        lines.entry(project.clone()).or_default().push(line);
    }
    set.add(&lines)
}

/// A statement as it was put together, or why it says nothing.
pub fn drafted(statement: Result<Statement, Rejection>) -> Result<Statement> {
    statement.map_err(|it| Failure::usage(format!("this statement {}", it.fact)))
}
