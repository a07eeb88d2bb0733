//! Requirements of what is installed that nothing installed meets.

use std::collections::{HashMap, HashSet};

use assay_install::{Distribution, Environment, Scope};
use assay_types::{MarkerEnvironment, ProjectName, Version, metadata::Metadata};

use super::Context;
use crate::{args::InstallArgs, failure::Result};

/// Warns of what an install of `new` projects left unmet: their own requirements, and those of
/// others on them. What was broken before is not told again, as in pip.
pub fn warn(
    args: &InstallArgs,
    environment: &Environment,
    new: &HashSet<&ProjectName>,
    markers: &MarkerEnvironment,
    context: &Context<'_>,
) -> Result<()> {
    if args.no_warn_conflicts || args.resolve.no_deps {
        return Ok(());
    }
    let seen = environment.visible(Scope::Visible, None)?.distributions;
    let versions = versions(&seen);
    // Whoever has broken METADATA was there before: `check` tells.
    let readable = seen.iter().filter_map(|it| it.metadata().ok());
    let affected = readable.filter(|metadata| {
        let mut requires = metadata.requires_dist.iter();
        new.contains(&metadata.name) || requires.any(|it| new.contains(&it.name))
    });
    let problems = affected.flat_map(|it| unmet(&it, &versions, markers));
    problems.for_each(|it| context.ui.warn(&it));
    Ok(())
}

/// Versions by project.
pub fn versions(distributions: &[Distribution]) -> HashMap<&ProjectName, &Version> {
    let all = distributions.iter();
    all.map(|it| (it.name(), it.version())).collect()
}

/// The requirements of one distribution that nothing installed meets.
pub fn unmet(
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
