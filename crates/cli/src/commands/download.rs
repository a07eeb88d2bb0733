//! `assay download`.

use super::{Context, fitting::Fitting, request::Asked, saving, target};
use crate::{
    args::DownloadArgs,
    failure::{Failure, Result},
    pipeline::Form,
    report::counted,
};

/// Resolves as for an empty environment, and writes the admitted files into a folder: wheels, and source
/// distributions as they are.
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
    check_no_tree(&asked)?;
    asked.check_any(&args.wanted, "download", context)?;
    asked.note_inapplicable(&fitting.markers, context);
    let folder = context.around.absolute(&args.dest);
    let files = saving::save(
        &asked,
        &args.resolve,
        &fitting,
        (&folder, Form::Found),
        context,
    )?;
    saving::report(&files, context)?;
    if context.ui.json() {
        return Ok(());
    }
    let sdists = files.iter().filter(|it| !saving::is_wheel(it)).count();
    let wheels = files.len() - sdists;
    let what = match (wheels, sdists) {
        (_, 0) => counted(wheels, "wheel"),
        (0, _) => counted(sdists, "source distribution"),
        _ => {
            let sdists = counted(sdists, "source distribution");
            format!("{} and {sdists}", counted(wheels, "wheel"))
        }
    };
    let done = format!("Downloaded and admitted {what}");
    context.ui.line(context.ui.green(&done))
}

/// A tree is no file that could be written, and packing it would run its code.
fn check_no_tree(asked: &Asked) -> Result<()> {
    let Some(tree) = asked.inputs.trees.first() else {
        return Ok(());
    };
    let (from, what) = (&tree.from, &tree.direct);
    let fact = format!("{from}: {what} is a source tree, and no file that could be downloaded");
    Err(Failure::usage(fact).hint("`assay wheel` builds a wheel of it"))
}
