//! Index pages as the resolver sees them: judged, reported on, and filtered by policy.

use std::sync::Arc;

use assay_resolve::{Objection, Project, select};
use assay_trust::{CooldownReason, Policy, Quarantine, SourceBuilds, TooFresh};
use assay_types::{
    ProjectName,
    listing::{File, Listing, Status},
    requirement::redacted,
};

use super::world::World;
use crate::{
    failure::{Failure, Result},
    inputs::COMMAND_LINE,
};

/// A project, and the files behind its candidates.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub project: Arc<Project>,
    pub listing: Option<Arc<Listing>>,
}

impl World<'_> {
    /// The page of a project.
    pub(super) fn page(&self, name: &ProjectName) -> Result<Page> {
        self.pages.get(name, || {
            self.places.progress.looked_at(name.as_ref());
            self.load_page(name)
        })
    }

    fn load_page(&self, name: &ProjectName) -> Result<Page> {
        self.policy.judge_project(name)?;
        let listing = match self.places.inputs.named.get(name) {
            Some(file) => {
                self.check_named(name, file)?;
                Some(listing_of(file))
            }
            None => self.places.indexes.listing(self.places.client, name)?,
        };
        let Some(listing) = listing else {
            return Ok(Page {
                project: Arc::new(Project::absent(name.clone())),
                listing: None,
            });
        };
        if let Some(quarantine) = self.policy.judge_listing(&listing) {
            return Err(quarantined(name, &quarantine));
        }
        self.report_status(&listing);
        self.report_joined(&listing);
        self.report_shadowing(&listing);
        let listing = Arc::new(listing);
        let project = select::project(Arc::clone(&listing), self.target.clone(), self.filter(name));
        Ok(Page {
            project: Arc::new(project),
            listing: Some(listing),
        })
    }

    /// A project that is pinned to an index may be given as a file on the command line of this run:
    /// that names the very bytes, and no name is looked up anywhere. In a requirements file such a
    /// line is what the pin is to guard against.
    fn check_named(&self, name: &ProjectName, file: &File) -> Result<()> {
        let Some(pin) = self.places.indexes.pins.of(name) else {
            return Ok(());
        };
        let stated = self.request.roots.iter().chain(&self.request.constraints);
        let mut lines = stated.filter(|it| it.requirement.name == *name);
        if lines.any(|it| it.from == COMMAND_LINE && it.requirement.specifiers().is_none()) {
            return Ok(());
        }
        let (pattern, from) = (&pin.pattern, &pin.stated_in);
        Err(Failure::refused(format!(
            "{name} from {}: {from} lets {pattern} come from {} alone",
            file.origin,
            redacted(&pin.index)
        ))
        .hint("name the file on the command line if it is to be taken this once"))
    }

    fn report_status(&self, listing: &Listing) {
        let state = match &listing.status {
            Status::Deprecated => "is deprecated".to_owned(),
            Status::Archived => "is archived".to_owned(),
            Status::Unknown(word) => {
                format!("has the status \"{word}\", which assay does not know")
            }
            Status::Active | Status::Quarantined => return,
        };
        let reason = listing
            .status_reason
            .as_ref()
            .map(|it| format!(": {it}"))
            .unwrap_or_default();
        self.warn(format!("{} {state}{reason}", listing.project));
    }

    /// Only the first index's word is worth a line: where both agree, all is as it should be.
    fn report_joined(&self, listing: &Listing) {
        for other in listing.joined.iter().filter(|it| !it.is_mutual) {
            self.warn(format!(
                "{} comes from {} and {}: the first says that it tracks the other (PEP 708)",
                listing.project, listing.origin, other.origin
            ));
        }
    }

    fn report_shadowing(&self, listing: &Listing) {
        if self.places.indexes.extra.is_empty() {
            return;
        }
        for other in self.places.indexes.shadowed(self.places.client, listing) {
            let why = other.denied.map(|it| format!(": {it}"));
            self.warn(format!(
                "{} comes from {}; {} has that name too and was not used{}",
                listing.project,
                listing.origin,
                other.origin,
                why.unwrap_or_default()
            ));
        }
    }

    /// Whether the user names one version of the project.
    fn is_pinned(&self, name: &ProjectName) -> bool {
        let stated = self.request.roots.iter().chain(&self.request.constraints);
        let mut requirements = stated.map(|it| &it.requirement);
        requirements.any(|it| it.name == *name && it.is_pinned())
    }

    fn filter(&self, name: &ProjectName) -> select::Filter {
        let given = self.places.inputs.hashes.get(name).into_iter().flatten();
        let digests = given.flat_map(|it| it.digests.strong()).cloned().collect();
        let request = Arc::clone(&self.request);
        let policy = Arc::clone(&self.policy);
        let judge = move |file: &File| {
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

fn quarantined(name: &ProjectName, quarantine: &Quarantine) -> Failure {
    Failure::refused(format!("{name}: {quarantine}"))
        .detail("rule: quarantined projects are not installed (PEP 792)")
        .hint("wait for the index's decision, or choose another project")
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

/// A named file stands alone for its project.
fn listing_of(file: &File) -> Listing {
    let project = file.name.project().clone();
    Listing::new(project, file.origin.clone(), vec![file.clone()])
}
