//! The resolver's questions, answered from pages, sidecars and wheels, ahead of time where
//! possible.

use std::sync::Arc;

use assay_resolve::{Candidate, Project, Source, Trouble};
use assay_types::{ProjectName, Version, listing::File, metadata::Metadata, range};
use version_ranges::Ranges;

use super::{
    programs,
    queue::Job,
    world::{Known, Unusable, World},
};
use crate::failure::{Failure, Result};

impl Source for World<'_> {
    type Error = Failure;

    fn project(&self, name: &ProjectName) -> Result<Arc<Project>> {
        Ok(self.page(name)?.project)
    }

    fn metadata(
        &self,
        name: &ProjectName,
        candidate: &Candidate,
    ) -> Result<Arc<Metadata>, Trouble<Failure>> {
        if candidate.installed
            && let Some(metadata) = self.places.installed.metadata(name)
        {
            return Ok(Arc::clone(metadata));
        }
        self.note_tried(name, candidate.id);
        match self.known(name, candidate.id) {
            Ok(known) => Ok(Arc::clone(&known.metadata)),
            Err(Unusable::This(why)) => Err(Trouble::Unusable(why)),
            Err(Unusable::Stop(failure)) => Err(Trouble::Stop(failure)),
        }
    }

    fn prefetch(&self, wanted: &mut dyn Iterator<Item = (&ProjectName, &Ranges<Version>)>) {
        for (name, range) in wanted {
            self.queue.push(Job::Page(name.clone(), range.clone()));
        }
    }

    fn picked(&self, name: &ProjectName, candidate: &Candidate) {
        // Nothing is run for a version that may not be taken in the end.
        if self.places.wheels && !candidate.source && !self.asks_program(name) {
            self.queue.push(Job::Wheel(name.clone(), candidate.id));
        }
    }
}

impl World<'_> {
    /// The file behind a candidate.
    pub(super) fn file(&self, name: &ProjectName, id: usize) -> Result<File> {
        let listing = self.page(name)?.listing;
        let file = listing.as_ref().and_then(|it| it.files.get(id));
        file.cloned()
            .ok_or_else(|| Failure::could_not(format!("{name} has no file number {id}")))
    }

    /// Whether a program is asked about its files, which costs more than to wait for the resolution.
    fn asks_program(&self, name: &ProjectName) -> bool {
        let asked = self.policy.words_asked(name);
        asked.iter().any(|it| programs::hook(it).is_some())
    }

    /// A project's name as its metadata spells it, where that is known by now.
    pub(super) fn spelling(&self, name: &ProjectName, id: usize) -> String {
        let known = self.known(name, id);
        known.map_or_else(|_| name.to_string(), |it| it.metadata.display_name.clone())
    }

    /// The metadata of a file: from its sidecar where the index lists a hashed one, else from the
    /// whole wheel, admitted.
    pub(super) fn known(&self, name: &ProjectName, id: usize) -> Result<Arc<Known>, Unusable> {
        self.metadata.get(&(name.clone(), id), || {
            self.load_metadata(name, id).map(Arc::new)
        })
    }

    fn load_metadata(&self, name: &ProjectName, id: usize) -> Result<Known, Unusable> {
        let file = self.file(name, id).map_err(Unusable::Stop)?;
        if Self::is_source(&file) {
            return self.source_known(name, id, &file);
        }
        let sidecar = self
            .places
            .client
            .fetch_sidecar(&file)
            .map_err(|error| Unusable::Stop(error.into()))?;
        let metadata = match &sidecar {
            Some(bytes) => {
                Metadata::parse(bytes).map_err(|error| Unusable::This(error.to_string()))?
            }
            None => {
                let approved = self.wheel(name, id).map_err(Unusable::Stop)?;
                approved
                    .stored()
                    .metadata()
                    .map_err(|error| Unusable::Stop(error.into()))?
            }
        };
        Ok(Known {
            metadata: Arc::new(metadata),
            sidecar,
        })
    }

    /// A page that will be asked for soon, and the metadata that will be asked for after it.
    pub(super) fn fetch_ahead(&self, name: &ProjectName, wanted: &Ranges<Version>) {
        if self.places.installed.contains(name) {
            return;
        }
        let Ok(page) = self.page(name) else {
            return;
        };
        let likely = page.project.likely(wanted, false);
        if let Some(candidate) = likely.filter(|it| !it.source) {
            self.queue.push(Job::Metadata(name.clone(), candidate.id));
        }
    }

    /// Metadata that will be asked for soon, and the pages of what it requires.
    pub(super) fn look_ahead(&self, name: &ProjectName, id: usize) {
        let Ok(known) = self.known(name, id) else {
            return;
        };
        for requirement in &known.metadata.requires_dist {
            let applies = requirement.applies(&self.request.markers, &[]);
            if let (true, Some(specifiers)) = (applies, requirement.specifiers()) {
                self.queue
                    .push(Job::Page(requirement.name.clone(), range::of(specifiers)));
            }
        }
    }
}
