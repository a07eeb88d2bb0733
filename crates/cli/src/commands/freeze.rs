//! `assay freeze`.

mod file;

use std::collections::BTreeMap;

use assay_install::Distribution;
use assay_types::{Printable, ProjectName};
use serde_json::Value;

use super::{
    Context,
    look::{self, View},
};
use crate::{args::FreezeArgs, failure::Result, settings::names};

/// What pip leaves out without `--all`.
const TOOLS: [&str; 4] = ["pip", "setuptools", "wheel", "distribute"];

/// What is not yet printed, by project.
type Frozen = BTreeMap<ProjectName, Entry>;

/// One distribution.
struct Entry {
    /// What it is sorted by.
    name: String,
    /// The requirement, and a comment before it where there is something to say.
    lines: Vec<String>,
}

/// Prints what is installed as a requirements file.
pub fn run(args: &FreezeArgs, context: &Context<'_>) -> Result<()> {
    let view = View::new(&args.look, context)?;
    let excluded = names("--exclude", &args.exclude)?;
    let mut frozen = Frozen::new();
    for distribution in &view.distributions {
        let entry = entry(distribution, args.exclude_editable, context)?;
        frozen.extend(entry.map(|it| (distribution.name().clone(), it)));
    }
    let mut lines = file::ordered(&args.requirement, &mut frozen, context)?;
    let is_left_out = |name: &ProjectName| {
        excluded.contains(name) || (!args.all && TOOLS.contains(&name.as_ref()))
    };
    frozen.retain(|name, _| !is_left_out(name));
    let mut rest: Vec<_> = frozen.into_values().collect();
    rest.sort_by_key(|it| it.name.to_lowercase());
    lines.extend(rest.into_iter().flat_map(|it| it.lines));
    if context.ui.json() {
        return context.ui.json_output(&lines);
    }
    lines
        .iter()
        .try_for_each(|it| context.ui.output(Printable(it)))
}

/// `name==version`, or where it came from when that was no index.
fn entry(
    distribution: &Distribution,
    exclude_editable: bool,
    context: &Context<'_>,
) -> Result<Option<Entry>> {
    let name = distribution.spelling();
    let pinned = format!("{name}=={}", distribution.version());
    let lines = match look::editable(distribution, context) {
        Some(_) if exclude_editable => return Ok(None),
        Some(project) => {
            // pip asks the program of a version control where the project comes from.
            let mut folders = project.ancestors();
            let what = match folders.any(|it| it.join(".git").exists()) {
                true => "whose origin Git knows",
                false => "with no version control",
            };
            let comment = format!("# Editable install {what} ({pinned})");
            vec![comment, format!("-e {}", project.display())]
        }
        None => match distribution.direct_url()? {
            Some(direct) => vec![format!("{name} @ {}", reference(&direct))],
            None => vec![pinned],
        },
    };
    Ok(Some(Entry { name, lines }))
}

/// A URL as a requirement has it, with digest and subfolder in its fragment.
fn reference(direct: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let url = text(&direct["url"]);
    let version_control = &direct["vcs_info"];
    let place = match version_control["vcs"].as_str() {
        Some(vcs) => format!("{vcs}+{url}@{}", text(&version_control["commit_id"])),
        None => url,
    };
    let hashes = direct["archive_info"]["hashes"].as_object();
    let hash = hashes.and_then(|it| it.iter().next());
    let hash = hash.map(|(name, value)| format!("{name}={}", text(value)));
    let folder = direct["subdirectory"].as_str();
    let folder = folder.map(|it| format!("subdirectory={it}"));
    let fragment: Vec<_> = hash.into_iter().chain(folder).collect();
    match fragment.is_empty() {
        true => place,
        false => format!("{place}#{}", fragment.join("&")),
    }
}
