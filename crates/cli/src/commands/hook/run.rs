//! `assay hook run`: a hook of the policy, asked about one file.

use std::time::Instant;

use assay_index::evidence;
use assay_trust::{Artifact, Claim, authenticate};
use assay_types::{Printable, Timestamp};
use serde::Serialize;

use crate::{
    args::{HookRunArgs, IndexArgs},
    commands::{Context, verify},
    failure::{Failure, Result},
    hooks::Hooks,
    settings::{PolicyFiles, index},
};

/// Asks; what is refused is an error, as in an install.
pub fn run(args: &HookRunArgs, context: &Context<'_>) -> Result<u8> {
    let files = PolicyFiles::in_force(context.around, &context.folders, Timestamp::now())?;
    let hooks = files.hooks();
    let hook = hooks.iter().find(|it| it.label.as_str() == args.name);
    let hook = hook.ok_or_else(|| {
        let fact = format!(
            "no policy file that is in force here has [hooks.{}]",
            args.name
        );
        Failure::usage(fact).hint("assay policy show lists those that are")
    })?;
    hook.check()?;
    let listed = verify::listed(&context.around.absolute(&args.file))?;
    let client = index::client(
        &IndexArgs::default(),
        &context.network,
        &context.folders,
        context.around,
    )?;
    let staged = client.fetch_file(&listed, &[], &|_| {})?;
    let artifact = Artifact::of(&listed);
    let evidence = evidence(&listed);
    let authenticated = authenticate(&staged, &artifact, &evidence)?;
    let started = Instant::now();
    let testimony = Hooks::default().ask(hook, &artifact, None, &authenticated)?;
    let row = Row {
        answer: match testimony.claim() {
            Claim::Supports(_) => "accept",
            Claim::Denies { .. } => "refuse",
            Claim::Abstains => "abstain",
        },
        said: testimony.said().to_owned(),
        seconds: started.elapsed().as_secs_f64(),
    };
    match context.ui.json() {
        true => context.ui.json_output(&row)?,
        false => context.ui.line(format_args!(
            "{} ({:.2} s)",
            Printable(&row.said),
            row.seconds
        ))?,
    }
    Ok(if row.answer == "refuse" { REFUSED } else { 0 })
}

const REFUSED: u8 = 4;

/// What came of it.
#[derive(Debug, Serialize)]
struct Row {
    /// `accept`, `refuse` or `abstain`.
    answer: &'static str,
    said: String,
    seconds: f64,
}
