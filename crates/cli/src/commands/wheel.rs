//! `assay wheel`.

use super::{Context, fitting::Fitting, request::Asked, saving, target};
use crate::{
    args::{PlatformArgs, WheelArgs},
    failure::Result,
    pipeline::Form,
    report::counted,
};

/// Resolves as for an empty environment, and writes one admitted wheel for each pin into a folder: what
/// comes as a source is built.
pub fn run(args: &WheelArgs, context: &Context<'_>) -> Result<()> {
    let interpreter = target::interpreter(context.python.as_deref(), context)?;
    let fitting = Fitting::new(&interpreter, &PlatformArgs::default())?;
    let mut asked = Asked::new(
        &args.wanted,
        &args.resolve,
        &args.policy,
        &args.index,
        &fitting.markers,
        context,
    )?;
    // A wheel in a folder leads nowhere: as with pip, an editable project is built as any other.
    for tree in &mut asked.inputs.trees {
        tree.editable = false;
    }
    asked.check_any(&args.wanted, "wheel", context)?;
    asked.settle(&fitting, context)?;
    asked.note_inapplicable(&fitting.markers, context);
    let folder = context.around.absolute(&args.wheel_dir);
    let files = saving::save(
        &asked,
        &args.resolve,
        &fitting,
        (&folder, Form::Wheels),
        context,
    )?;
    saving::report(&files, context)?;
    if context.ui.json() {
        return Ok(());
    }
    let built = files.iter().filter(|it| it.admission.built().is_some());
    let (wheels, built) = (counted(files.len(), "wheel"), built.count());
    let done = format!("{wheels}, {built} of them built here");
    context.ui.line(context.ui.green(&done))
}
