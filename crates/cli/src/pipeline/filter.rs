//! Pass 1 of the policy: which files of a page count, by what the page says of them.

use std::sync::Arc;

use assay_resolve::{
    Objection,
    select::{self, Sources},
};
use assay_trust::{CooldownReason, TooFresh};
use assay_types::{
    ProjectName,
    listing::{File, Listing},
};

use super::{build::Builds, gaps::key, world::World};
use crate::settings::Only;

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
            formats: self.formats(name),
            policy: Some(Arc::new(judge)),
        }
    }

    /// Which kinds of files count. What the user named by its path or URL is taken as it is, as pip
    /// does; whether it may be built is another question.
    fn formats(&self, name: &ProjectName) -> select::Formats {
        let wanted = self.places.formats;
        let is_named = self.places.inputs.named.contains_key(name);
        let only = wanted.of(name).filter(|_| !is_named);
        select::Formats {
            wheels: only != Some(Only::Sources),
            sources: self.sources(name, only),
            prefer_wheels: wanted.prefer_wheels,
        }
    }

    /// Whether anything of a project may be built. A rule is told before what this run could do.
    fn sources(&self, name: &ProjectName, only: Option<Only>) -> Sources {
        if only == Some(Only::Wheels) {
            let why = "--only-binary forbids to build it";
            return Sources::Not(Objection::plain(why));
        }
        if let Err(rule) = self.policy.may_build(name) {
            return Sources::Not(Objection {
                why: rule.to_string(),
                way_out: Some(rule.way_out()),
            });
        }
        match self.places.builds {
            Builds::With(_) | Builds::Listed => Sources::Taken,
            Builds::Not(why) => Sources::Not(Objection::plain(why)),
        }
    }
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
