//! `assay freeze`.

use assay_install::Installed;

use super::{Context, target};
use crate::{args::FreezeArgs, failure::Result, settings::names};

/// What pip leaves out without `--all`.
const TOOLS: [&str; 4] = ["pip", "setuptools", "wheel", "distribute"];

/// Prints what is installed as a requirements file.
pub fn run(args: &FreezeArgs, context: &Context<'_>) -> Result<()> {
    let environment = target::inspect(&args.look.target, context)?;
    let excluded = names("--exclude", &args.exclude)?;
    let mut lines = Vec::new();
    for distribution in &environment.installed()?.distributions {
        let name = distribution.name();
        if excluded.contains(name) || (!args.all && TOOLS.contains(&name.as_ref())) {
            continue;
        }
        lines.push(line(distribution)?);
    }
    lines.sort_by_key(|it| it.to_lowercase());
    if context.ui.json() {
        return context.ui.json_output(&lines);
    }
    lines
        .iter()
        .try_for_each(|it| context.ui.output(assay_types::Printable(it)))
}

/// `name==version`, or where it came from when that was no index.
fn line(distribution: &Installed) -> Result<String> {
    let shown = distribution
        .metadata()
        .map_or_else(|_| distribution.name().to_string(), |it| it.display_name);
    if let Some(location) = distribution.editable_project()? {
        return Ok(format!("-e {}", location.display()));
    }
    let Some(direct) = distribution.direct_url()? else {
        return Ok(format!("{shown}=={}", distribution.version()));
    };
    let url = direct["url"].as_str().unwrap_or_default();
    let hashes = direct["archive_info"]["hashes"].as_object();
    let fragment = hashes
        .and_then(|it| it.iter().next())
        .and_then(|(name, value)| Some(format!("#{name}={}", value.as_str()?)));
    Ok(format!("{shown} @ {url}{}", fragment.unwrap_or_default()))
}
