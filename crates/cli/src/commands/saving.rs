//! What `download` and `wheel` have in common: the files of a resolution, in a folder.

use std::{path::Path, sync::Arc};

use assay_resolve::Upgrade;
use assay_trust::Built;
use assay_types::Printable;

use super::{
    Context,
    fitting::Fitting,
    request::{Asked, Run},
};
use crate::{
    args::ResolveArgs,
    failure::{Failure, Result},
    pipeline::{self, Builds, Downloaded, Form, Installed},
    report::origin_of,
};

/// Resolves as for an empty environment, and writes the admitted files of that form into the folder.
pub fn save(
    asked: &Asked,
    resolve: &ResolveArgs,
    fitting: &Fitting,
    (folder, form): (&Path, Form),
    context: &Context<'_>,
) -> Result<Vec<Downloaded>> {
    let (installed, progress) = (Installed::default(), context.ui.progress());
    let store = context.folders.store();
    let request = Arc::new(asked.request(resolve, fitting, Upgrade::No)?);
    let builder = asked.builder(fitting, &store, &progress, context);
    let run = Run {
        installed: &installed,
        store: &store,
        progress: &progress,
        builds: Builds::by(&builder, fitting),
        wheels: false,
        foresight: true,
        describe: false,
    };
    let world = asked.world(&request, fitting, run);
    let files = pipeline::run(&world).and_then(|outcome| {
        std::fs::create_dir_all(folder)
            .map_err(|error| Failure::could_not(format!("making {}: {error}", folder.display())))?;
        pipeline::download(&world, &outcome.resolution, folder, form)
    });
    progress.pause();
    builder.warnings().iter().for_each(|it| context.ui.warn(it));
    world.warnings().iter().for_each(|it| context.ui.warn(it));
    let files = files?;
    asked.note_time(context);
    Ok(files)
}

/// A line for each file, and one more for what was built.
pub fn report(files: &[Downloaded], context: &Context<'_>) -> Result<()> {
    if context.ui.json() {
        let rows: Vec<_> = files.iter().map(row).collect();
        return context.ui.json_output(&rows);
    }
    for file in files {
        let path = file.path.display().to_string();
        let verb = if file.was_there {
            "Already there:"
        } else {
            "Saved"
        };
        let ui = context.ui;
        ui.line(format_args!("{verb} {}", Printable(&path)))?;
        if let Some(built) = file.admission.built() {
            ui.line(format_args!(
                "  {}",
                Printable(&format!("built {}", origin_of(built)))
            ))?;
        }
    }
    Ok(())
}

fn row(file: &Downloaded) -> serde_json::Value {
    let admission = &file.admission;
    serde_json::json!({
        "path": file.path,
        "sha256": admission.sha256().to_string(),
        "was-there": file.was_there,
        "from": admission.artifact().origin.to_string(),
        "evidence": admission.found(),
        "built": admission.built().map(Built::json),
    })
}

/// Whether a file is a wheel, and no sdist.
pub fn is_wheel(file: &Downloaded) -> bool {
    let name = &file.admission.artifact().file_name;
    name.ends_with(".whl")
}
