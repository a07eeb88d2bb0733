//! Index pages as the resolver sees them: judged, reported on, and filtered by policy.

use std::sync::Arc;

use assay_resolve::{Project, select};
use assay_trust::Quarantine;
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
        Ok(self.judged_page(listing))
    }

    fn judged_page(&self, listing: Arc<Listing>) -> Page {
        let filter = self.filter(&listing);
        let project = select::project(Arc::clone(&listing), self.target.clone(), filter);
        Page {
            project: Arc::new(project),
            listing: Some(listing),
        }
    }

    /// The same page once more, now that more is known of its files.
    pub(super) fn judge_page_again(&self, name: &ProjectName) -> Result<()> {
        if let Some(listing) = self.page(name)?.listing {
            let page = self.judged_page(listing);
            self.pages.set(name.clone(), Ok(page));
        }
        Ok(())
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
}

fn quarantined(name: &ProjectName, quarantine: &Quarantine) -> Failure {
    Failure::refused(format!("{name}: {quarantine}"))
        .detail("rule: quarantined projects are not installed (PEP 792)")
        .hint("wait for the index's decision, or choose another project")
}

/// A named file stands alone for its project.
fn listing_of(file: &File) -> Listing {
    let project = file.name.project().clone();
    Listing::new(project, file.origin.clone(), vec![file.clone()])
}
