//! What an install into an empty environment would take: admitted, and not installed.

use std::sync::Arc;

use assay_resolve::Upgrade;

use super::{
    Context,
    fitting::Fitting,
    request::{Asked, Run},
};
use crate::{
    args::ResolveArgs,
    failure::Result,
    pipeline::{self, Builds, Installed, Outcome},
};

/// Resolves, fetches, admits and reads every wheel. The first refusal that no other file gets round is
/// the error. No publisher is learned.
pub fn all(
    asked: &Asked,
    resolve: &ResolveArgs,
    fitting: &Fitting,
    context: &Context<'_>,
) -> Result<Outcome> {
    let (installed, progress) = (Installed::default(), context.ui.progress());
    let store = context.folders.store();
    let request = Arc::new(asked.request(resolve, fitting, Upgrade::No)?);
    let builder = asked.builder(fitting, &store, &progress, context);
    let run = Run {
        installed: &installed,
        store: &store,
        progress: &progress,
        builds: Builds::by(&builder, fitting),
        wheels: true,
        foresight: false,
        describe: false,
    };
    let world = asked.world(&request, fitting, run);
    let outcome = pipeline::run(&world);
    progress.pause();
    builder.warnings().iter().for_each(|it| context.ui.warn(it));
    world.warnings().iter().for_each(|it| context.ui.warn(it));
    let outcome = outcome?;
    asked.note_time(context);
    Ok(outcome)
}
