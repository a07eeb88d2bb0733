//! `assay venv`.

use assay_install::venv;
use assay_types::Printable;

use super::{Context, target};
use crate::{
    args::VenvArgs,
    failure::{Failure, Result},
};

/// Makes a virtual environment.
pub fn run(args: &VenvArgs, context: &Context<'_>) -> Result<()> {
    let base = target::interpreter(context.python.as_deref(), context)?;
    let folder = context.around.absolute(&args.path);
    if folder.join("pyvenv.cfg").exists() && !args.clear {
        let fact = format!("{} is a virtual environment already", folder.display());
        return Err(Failure::could_not(fact).hint("--clear empties it and makes it anew"));
    }
    let options = venv::Options {
        system_site_packages: args.system_site_packages,
        prompt: args.prompt.clone(),
        clear: args.clear,
    };
    let made = venv::create(&folder, &base, &options, context.folders.state())?;
    if context.ui.json() {
        let report = serde_json::json!({
            "path": folder, "python": made.executable(), "version": made.python().version.to_string(),
        });
        return context.ui.json_output(&report);
    }
    let shown = args.path.display().to_string();
    let script = args.path.join("bin/activate").display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-".contains(c);
    let quoted = match script.chars().all(is_plain) {
        true => script,
        false => format!("'{}'", script.replace('\'', r"'\''")),
    };
    context.ui.line(format_args!(
        "Made {} with Python {}",
        Printable(&shown),
        made.python().version
    ))?;
    context.ui.line(format_args!(
        "Activate it with: source {}",
        Printable(&quoted)
    ))
}
