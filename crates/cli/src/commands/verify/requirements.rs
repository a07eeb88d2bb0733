//! `assay verify NAME…`: what an install would take, judged and not installed.

use std::sync::Arc;

use assay_resolve::Upgrade;

use super::report::Row;
use crate::{
    args::{RequirementArgs, VerifyArgs},
    commands::{
        Context,
        fitting::Fitting,
        request::{Asked, Run},
        target,
    },
    failure::Result,
    pipeline::{self, Installed},
};

/// Resolves as for an empty environment; fetches, admits and reads every wheel. The first refusal
/// that no other file gets round is the error.
pub fn judge(
    wanted: &RequirementArgs,
    args: &VerifyArgs,
    context: &Context<'_>,
) -> Result<Vec<Row>> {
    let interpreter = target::interpreter(context.python.as_deref(), context)?;
    let fitting = Fitting::new(&interpreter, &args.platform)?;
    let (resolve, markers) = (&args.resolve, &fitting.markers);
    let asked = Asked::new(wanted, resolve, &args.policy, &args.index, markers, context)?;
    asked.check_any(wanted, "verify", context)?;
    asked.note_inapplicable(markers, context);
    let (installed, progress) = (Installed::default(), context.ui.progress());
    let store = context.folders.store();
    let request = Arc::new(asked.request(resolve, &fitting, Upgrade::No)?);
    let run = Run {
        installed: &installed,
        store: &store,
        progress: &progress,
        wheels: true,
        foresight: false,
        describe: false,
    };
    let world = asked.world(&request, &fitting, run);
    let outcome = pipeline::run(&world);
    progress.pause();
    world.warnings().iter().for_each(|it| context.ui.warn(it));
    let outcome = outcome?;
    asked.note_time(context);
    let approved = outcome.new.iter().filter_map(|it| it.approved.as_ref());
    Ok(approved.map(|it| Row::accepted(it.admission())).collect())
}
