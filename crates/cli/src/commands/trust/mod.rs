//! `assay trust`: who may publish which project, shown and changed, which asks nobody anything; and
//! whose signatures count, fetched.

mod accept;
mod change;
mod export;
mod import;
mod list;
mod named;
mod refresh;
mod remove;

use assay_types::ProjectName;

use super::Context;
use crate::{
    args::TrustCommand,
    failure::{Failure, Result},
    known::KnownPublishers,
    settings::names,
};

/// Shows or changes.
pub fn run(command: &TrustCommand, context: &Context<'_>) -> Result<u8> {
    match command {
        TrustCommand::List { names } => return list::run(names, context),
        TrustCommand::Accept(args) => accept::run(args, context)?,
        TrustCommand::Remove(args) => remove::run(args, context)?,
        TrustCommand::Export { names, index } => export::run(names, index.as_deref(), context)?,
        TrustCommand::Import { file, index } => import::run(file, index.as_deref(), context)?,
        TrustCommand::Refresh { from } => refresh::run(from.as_deref(), context)?,
    }
    Ok(0)
}

/// The projects that the words name, as `list` reads them; each once.
fn projects(command: &str, typed: &[String]) -> Result<Vec<ProjectName>> {
    let mut projects = Vec::new();
    for project in names(command, typed)? {
        if !projects.contains(&project) {
            projects.push(project);
        }
    }
    Ok(projects)
}

/// The pins, where what is changed in them is there in the next run.
fn lasting(context: &Context<'_>) -> Result<KnownPublishers> {
    expect_lasting("what is accepted", context)?;
    Ok(context.folders.publishers())
}

fn expect_lasting(what: &str, context: &Context<'_>) -> Result<()> {
    if context.folders.keeps_state() {
        return Ok(());
    }
    Err(
        Failure::could_not(format!("there is no place to keep {what}"))
            .hint("name a folder that can be written to with HOME or XDG_STATE_HOME"),
    )
}
