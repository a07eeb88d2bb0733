//! What stays installed although somebody denies it to whom the policy listens.

use assay_types::ProjectName;

use super::{Context, request::Asked};
use crate::pipeline::Installed;

/// Warns of it, because "already satisfied" asks nobody: by sets in folders, copies and what was denied
/// before. Costs nothing where the policy has no sources.
pub fn warn<'a>(
    projects: impl Iterator<Item = &'a ProjectName> + Clone,
    installed: &'a Installed,
    asked: &Asked,
    context: &Context<'_>,
) {
    let (policy, now) = (&asked.policy, asked.now);
    if policy.sources.is_empty() {
        return;
    }
    let mut heard = asked.signers.sets().at_hand(projects.clone(), policy, now);
    for it in heard.denied(installed.distributions(projects), policy, now) {
        let (name, version, by) = (it.project, it.version, it.against.by);
        context.ui.warn(&format!(
            "{name} {version}, which is installed, is denied by {by}: {}; choose another version",
            it.against.reason
        ));
    }
    let unheard = heard.unheard.iter();
    unheard.for_each(|it| context.ui.warn(it.fact()));
}
