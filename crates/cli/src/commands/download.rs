//! `assay download`.

use std::sync::Arc;

use assay_resolve::Upgrade;
use assay_types::Printable;

use super::{
    Context,
    fitting::Fitting,
    request::{Asked, Run},
    target,
};
use crate::{
    args::DownloadArgs,
    failure::{Failure, Result},
    pipeline::{self, Builds, Downloaded, Installed},
};

/// Resolves as for an empty environment, and writes the admitted wheels into a folder.
pub fn run(args: &DownloadArgs, context: &Context<'_>) -> Result<()> {
    let interpreter = target::interpreter(context.python.as_deref(), context)?;
    let fitting = Fitting::new(&interpreter, &args.platform)?;
    let asked = Asked::new(
        &args.wanted,
        &args.resolve,
        &args.policy,
        &args.index,
        &fitting.markers,
        context,
    )?;
    asked.check_any(&args.wanted, "download", context)?;
    asked.note_inapplicable(&fitting.markers, context);
    let folder = context.around.absolute(&args.dest);
    let (installed, progress) = (Installed::default(), context.ui.progress());
    let store = context.folders.store();
    let request = Arc::new(asked.request(&args.resolve, &fitting, Upgrade::No)?);
    let builder = asked.builder(&fitting, &store, &progress, context);
    let run = Run {
        installed: &installed,
        store: &store,
        progress: &progress,
        builds: Builds::by(&builder, &fitting),
        wheels: false,
        foresight: true,
        describe: false,
    };
    let world = asked.world(&request, &fitting, run);
    let files = pipeline::run(&world).and_then(|outcome| {
        std::fs::create_dir_all(&folder)
            .map_err(|error| Failure::could_not(format!("making {}: {error}", folder.display())))?;
        pipeline::download(&world, &outcome.resolution, &folder)
    });
    progress.pause();
    builder.warnings().iter().for_each(|it| context.ui.warn(it));
    world.warnings().iter().for_each(|it| context.ui.warn(it));
    let files = files?;
    asked.note_time(context);
    report(&files, context)
}

fn report(files: &[Downloaded], context: &Context<'_>) -> Result<()> {
    if context.ui.json() {
        let rows: Vec<_> = files
            .iter()
            .map(|it| {
                serde_json::json!({
                    "path": it.path, "sha256": it.admission.sha256().to_string(), "was-there": it.was_there,
                    "from": it.admission.artifact().origin.to_string(), "evidence": it.admission.found(),
                })
            })
            .collect();
        return context.ui.json_output(&rows);
    }
    for file in files {
        let path = file.path.display().to_string();
        let verb = if file.was_there {
            "Already there:"
        } else {
            "Saved"
        };
        context
            .ui
            .line(format_args!("{verb} {}", Printable(&path)))?;
    }
    context.ui.line(
        context
            .ui
            .green(&format!("Downloaded and admitted {} wheels", files.len())),
    )
}
