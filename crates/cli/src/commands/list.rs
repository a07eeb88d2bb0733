//! `assay list`.

use std::collections::HashSet;

use assay_install::{Environment, Inventory};
use assay_types::ProjectName;

use super::{Context, target};
use crate::{
    args::{ListArgs, ListFormat},
    failure::Result,
    settings::names,
    ui::Table,
};

/// Lists what is installed.
pub fn run(args: &ListArgs, context: &Context<'_>) -> Result<()> {
    let environment = target::inspect(&args.look.target, context)?;
    let inventory = environment.installed()?;
    let excluded = names("--exclude", &args.exclude)?;
    let required = if args.not_required {
        required(&environment, &inventory)
    } else {
        HashSet::new()
    };
    let mut rows = Vec::new();
    for distribution in &inventory.distributions {
        let name = distribution.name();
        if excluded.contains(name) || required.contains(name) {
            continue;
        }
        // A distribution whose METADATA is broken is listed by what its folder says.
        let shown = distribution
            .metadata()
            .map_or_else(|_| name.to_string(), |it| it.display_name);
        rows.push((shown, distribution.version().to_string()));
    }
    for path in &inventory.unreadable {
        context
            .ui
            .warn(&format!("{} is no readable distribution", path.display()));
    }
    print(args.format, &rows, context)
}

fn print(format: ListFormat, rows: &[(String, String)], context: &Context<'_>) -> Result<()> {
    if context.ui.json() || format == ListFormat::Json {
        let rows: Vec<_> = rows
            .iter()
            .map(|(name, version)| serde_json::json!({ "name": name, "version": version }))
            .collect();
        return context.ui.json_output(&rows);
    }
    if format == ListFormat::Freeze {
        return rows
            .iter()
            .try_for_each(|(name, version)| context.ui.output(format_args!("{name}=={version}")));
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut table = Table::new(["Package", "Version"]);
    rows.iter()
        .for_each(|(name, version)| table.row([name, version]));
    table.lines().try_for_each(|line| context.ui.output(line))
}

/// Everything that something installed depends on.
fn required(environment: &Environment, inventory: &Inventory) -> HashSet<ProjectName> {
    let markers = &environment.interpreter().python().markers;
    let metadata = inventory
        .distributions
        .iter()
        .filter_map(|it| it.metadata().ok());
    let requirements = metadata.flat_map(|it| it.requires_dist);
    requirements
        .filter(|it| it.applies(markers, &[]))
        .map(|it| it.name)
        .collect()
}
