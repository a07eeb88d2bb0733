//! `assay show`.

mod entry;

use assay_types::{Printable, names};

use super::{Context, look::View};
use crate::{
    args::ShowArgs,
    failure::{Failure, Result},
};
use entry::Entry;

/// Shows distributions in the order of their names on the command line; exit code 1 where none of
/// them is installed.
pub fn run(args: &ShowArgs, context: &Context<'_>) -> Result<u8> {
    let view = View::everything(&args.target, context)?;
    let (mut entries, mut missing) = (Vec::new(), Vec::new());
    for typed in &args.names {
        let name = names::project(typed.trim());
        match name.and_then(|it| view.get(&it)) {
            Some(distribution) => entries.push(Entry::new(distribution, &view, args.files)?),
            None => missing.push(typed.as_str()),
        }
    }
    if !missing.is_empty() {
        missing.sort_unstable();
        let missing = missing.join(", ");
        context
            .ui
            .warn_as_pip(&format!("Package(s) not found: {missing}"));
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
        print(entry, args.files, context)?;
    }
    Ok(0)
}

/// pip's lines, byte for byte, and ours after them.
fn print(entry: &Entry, with_files: bool, context: &Context<'_>) -> Result<()> {
    let line = |head: &str, text: &str| {
        context
            .ui
            .output(format_args!("{head}: {}", Printable(text)))
    };
    line("Name", &entry.name)?;
    line("Version", &entry.version)?;
    line("Summary", &entry.summary)?;
    line("Home-page", &entry.home_page)?;
    line("Author", &entry.author)?;
    line("Author-email", &entry.author_email)?;
    line(entry.license_field, &entry.license)?;
    line("Location", &entry.location)?;
    if let Some(location) = &entry.editable_location {
        line("Editable project location", location)?;
    }
    line("Requires", &entry.requires.join(", "))?;
    line("Required-by", &entry.required_by.join(", "))?;
    for evidence in entry.evidence() {
        line("Evidence", evidence)?;
    }
    if context.ui.is_verbose() {
        for with in entry.built_with() {
            line("Built-with", with)?;
        }
        line("Metadata-Version", &entry.metadata_version)?;
        line("Installer", &entry.installer)?;
        list("Classifiers:", &entry.classifiers, context)?;
        list("Entry-points:", &entry.entry_points, context)?;
        list("Project-URLs:", &entry.project_urls, context)?;
    }
    match &entry.files {
        Some(files) => list("Files:", files, context),
        None if with_files => context
            .ui
            .output("Files:\nCannot locate RECORD or installed-files.txt"),
        None => Ok(()),
    }
}

fn list(head: &str, lines: &[String], context: &Context<'_>) -> Result<()> {
    context.ui.output(head)?;
    let mut lines = lines.iter().map(|it| it.trim());
    lines.try_for_each(|it| context.ui.output(format_args!("  {}", Printable(it))))
}
