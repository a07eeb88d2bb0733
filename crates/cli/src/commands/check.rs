//! `assay check`.

use std::collections::HashMap;

use assay_types::{MarkerEnvironment, Printable, ProjectName, Version, metadata::Metadata};

use super::{Context, target};
use crate::{args::CheckArgs, failure::Result};

/// Says which requirements of installed distributions are not met; exit code 1 if there are any.
pub fn run(args: &CheckArgs, context: &Context<'_>) -> Result<u8> {
    let environment = target::inspect(&args.target, context)?;
    let inventory = environment.installed()?;
    let versions: HashMap<_, _> = inventory
        .distributions
        .iter()
        .map(|it| (it.name(), it.version()))
        .collect();
    let markers = &environment.interpreter().python().markers;
    let mut problems = Vec::new();
    for distribution in &inventory.distributions {
        match distribution.metadata() {
            Ok(metadata) => problems.extend(unmet(&metadata, &versions, markers)),
            Err(error) => problems.push(error.to_string()),
        }
    }
    if context.ui.json() {
        context
            .ui
            .json_output(&serde_json::json!({ "problems": problems }))?;
    } else if problems.is_empty() {
        context.ui.line("No broken requirements found.")?;
    } else {
        problems
            .iter()
            .try_for_each(|it| context.ui.output(Printable(it)))?;
    }
    Ok(u8::from(!problems.is_empty()))
}

/// The requirements of one distribution that nothing installed meets.
fn unmet(
    metadata: &Metadata,
    versions: &HashMap<&ProjectName, &Version>,
    markers: &MarkerEnvironment,
) -> Vec<String> {
    let who = format!("{} {}", metadata.display_name, metadata.version);
    let applicable = metadata
        .requires_dist
        .iter()
        .filter(|it| it.applies(markers, &[]));
    applicable
        .filter_map(|requirement| match versions.get(&requirement.name) {
            None => Some(format!(
                "{who} requires {}, which is not installed.",
                requirement.name
            )),
            Some(version) => {
                let met = requirement
                    .specifiers()
                    .is_none_or(|it| it.contains(version));
                (!met).then(|| {
                    format!(
                        "{who} has requirement {requirement}, but you have {} {version}.",
                        requirement.name
                    )
                })
            }
        })
        .collect()
}
