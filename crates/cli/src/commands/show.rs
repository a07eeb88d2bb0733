//! `assay show`.

use assay_install::Distribution;
use assay_types::{MarkerEnvironment, Printable, ProjectName};
use serde::Serialize;

use super::{Context, look::View};
use crate::{
    args::ShowArgs,
    failure::{Failure, Result},
    settings::names,
};

/// What is known of one distribution.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Entry {
    name: String,
    version: String,
    summary: String,
    home_page: String,
    author: String,
    author_email: String,
    license: String,
    location: String,
    installer: String,
    editable_location: Option<String>,
    requires: Vec<String>,
    required_by: Vec<String>,
    /// Our receipt: which bytes, whose word, which rule.
    receipt: Option<serde_json::Value>,
    files: Option<Vec<String>>,
}

/// Shows distributions; exit code 1 where none of them is installed.
pub fn run(args: &ShowArgs, context: &Context<'_>) -> Result<u8> {
    let view = View::everything(&args.target, context)?;
    let markers = &view.environment.interpreter().python().markers;
    let mut entries = Vec::new();
    for name in names("show", &args.names)? {
        match view.get(&name) {
            Some(distribution) => entries.push(entry(distribution, &view, markers, args.files)?),
            None => context.ui.warn(&format!("{name} is not installed")),
        }
    }
    if entries.is_empty() {
        return Err(Failure::could_not("none of these is installed"));
    }
    if context.ui.json() {
        context.ui.json_output(&entries)?;
        return Ok(0);
    }
    for (at, entry) in entries.iter().enumerate() {
        if at > 0 {
            context.ui.output("---")?;
        }
        print(entry, context)?;
    }
    Ok(0)
}

fn entry(
    distribution: &Distribution,
    view: &View,
    markers: &MarkerEnvironment,
    files: bool,
) -> Result<Entry> {
    let metadata = distribution.metadata()?;
    let description = distribution.description()?;
    let mut requires: Vec<_> = metadata
        .requires_dist
        .iter()
        .filter(|it| it.applies(markers, &[]))
        .map(|it| it.name.to_string())
        .collect();
    requires.sort();
    requires.dedup();
    let files = if files {
        Some(
            distribution
                .record()?
                .into_iter()
                .map(|row| row.path)
                .collect(),
        )
    } else {
        None
    };
    Ok(Entry {
        name: metadata.display_name,
        version: metadata.version.to_string(),
        summary: description.summary,
        home_page: description.home_page,
        author: description.author,
        author_email: description.author_email,
        license: description.license,
        location: distribution.site().display().to_string(),
        installer: distribution.installer()?.unwrap_or_default(),
        editable_location: distribution
            .editable_project()?
            .map(|it| it.display().to_string()),
        requires,
        required_by: required_by(distribution.name(), view, markers),
        receipt: distribution.receipt()?,
        files,
    })
}

fn required_by(name: &ProjectName, view: &View, markers: &MarkerEnvironment) -> Vec<String> {
    let others = view
        .distributions
        .iter()
        .filter_map(|it| it.metadata().ok());
    let requiring = others.filter(|it| {
        it.requires_dist
            .iter()
            .any(|it| it.name == *name && it.applies(markers, &[]))
    });
    requiring.map(|it| it.display_name).collect()
}

fn print(entry: &Entry, context: &Context<'_>) -> Result<()> {
    let line = |head: &str, text: &str| {
        context.ui.output(
            format_args!("{head}: {}", Printable(text))
                .to_string()
                .trim_end(),
        )
    };
    line("Name", &entry.name)?;
    line("Version", &entry.version)?;
    line("Summary", &entry.summary)?;
    line("Home-page", &entry.home_page)?;
    line("Author", &entry.author)?;
    line("Author-email", &entry.author_email)?;
    line("License", &entry.license)?;
    line("Location", &entry.location)?;
    if let Some(location) = &entry.editable_location {
        line("Editable project location", location)?;
    }
    line("Requires", &entry.requires.join(", "))?;
    line("Required-by", &entry.required_by.join(", "))?;
    if let Some(receipt) = &entry.receipt {
        for evidence in receipt["evidence"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|it| it.as_str())
        {
            line("Evidence", evidence)?;
        }
    }
    if let Some(files) = &entry.files {
        context.ui.output("Files:")?;
        files
            .iter()
            .try_for_each(|it| context.ui.output(format_args!("  {}", Printable(it))))?;
    }
    Ok(())
}
