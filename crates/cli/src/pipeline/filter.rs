//! Pass 1 of the policy: which files of a page count, by what the page says of them.

use std::sync::Arc;

use assay_resolve::{Objection, select};
use assay_trust::{CooldownReason, Policy, SourceBuilds, TooFresh};
use assay_types::{
    ProjectName,
    listing::{File, Listing},
};

use super::{gaps::key, world::World};

impl World<'_> {
    /// Whether the user names one version of the project.
    fn is_pinned(&self, name: &ProjectName) -> bool {
        let stated = self.request.roots.iter().chain(&self.request.constraints);
        let mut requirements = stated.map(|it| &it.requirement);
        requirements.any(|it| it.name == *name && it.is_pinned())
    }

    /// Everything that decides which of a page's files count.
    pub(super) fn filter(&self, listing: &Listing) -> select::Filter {
        let name = &listing.project;
        let given = self.places.inputs.hashes.get(name).into_iter().flatten();
        let digests = given.flat_map(|it| it.digests.strong()).cloned().collect();
        let request = Arc::clone(&self.request);
        let policy = Arc::clone(&self.policy);
        let mut lacking = self.unattested(listing);
        lacking.extend(self.left_out(name));
        let judge = move |file: &File| {
            let objection = (!lacking.is_empty()).then(|| lacking.get(&key(file)));
            if let Some(objection) = objection.flatten() {
                return Some(objection.clone());
            }
            if file.name.wheel().is_none() {
                return unbuilt(file, &policy);
            }
            let fresh =
                policy.judge_file(file, request.pins(file.name.project(), file.version()))?;
            Some(Objection {
                why: fresh.to_string(),
                way_out: Some(way_out(file, &fresh)),
            })
        };
        select::Filter {
            digests,
            pinned: self.is_pinned(name),
            policy: Some(Arc::new(judge)),
        }
    }
}

/// Nothing is built yet; who reads that there is nothing but a source distribution must know what
/// their rules say of building it.
fn unbuilt(file: &File, policy: &Policy) -> Option<Objection> {
    let stated = policy.source_builds(file.name.project())?;
    let (value, place) = (stated.value, &stated.place);
    (value != SourceBuilds::Sandbox).then(|| Objection {
        why: format!("{place} would forbid to build it (source-builds = \"{value}\")"),
        way_out: None,
    })
}

fn way_out(file: &File, fresh: &TooFresh) -> String {
    let project = file.name.project();
    if !fresh.limit.may_be_lifted {
        return "no option lifts what this file says".to_owned();
    }
    match fresh.reason {
        CooldownReason::TooNew { .. } => {
            format!("--min-age {project}=0 exempts the project from the cooldown")
        }
        CooldownReason::NoUploadTime => format!(
            "the index gives no upload times: exempt the project with --min-age {project}=0, or the index with --min-age {}=0",
            file.origin
        ),
    }
}
