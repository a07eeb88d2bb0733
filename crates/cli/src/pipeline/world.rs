//! What all threads of a run share.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use assay_index::{Client, Indexes};
use assay_install::{Approved, Store};
use assay_resolve::{Request, select};
use assay_trust::Policy;
use assay_types::{
    ProjectName, Timestamp,
    listing::{File, Origin},
    metadata::Metadata,
};

use super::{
    Installed, Signers,
    beside::Beside,
    build::{Builds, BuiltNow, Opened},
    gaps::{self, Gaps},
    heard::Ears,
    page::Page,
    queue::{Job, Queue},
    slots::Slots,
};
use crate::{
    failure::{Failure, Result},
    inputs::Inputs,
    settings::Formats,
    ui::Progress,
};

/// Settings, places and everything that was computed so far.
pub struct World<'a> {
    pub(super) places: Places<'a>,
    pub(super) request: Arc<Request>,
    pub(super) policy: Arc<Policy>,
    pub(super) target: select::Target,
    pub(super) now: Timestamp,
    pub(super) queue: Queue,
    pub(super) pages: Slots<ProjectName, Result<Page>>,
    pub(super) metadata: Slots<(ProjectName, usize), Result<Arc<Known>, Unusable>>,
    pub(super) wheels: Slots<(ProjectName, usize), Result<Approved>>,
    pub(super) sources: Slots<(ProjectName, usize), Result<Arc<Opened>>>,
    pub(super) built: Slots<(ProjectName, usize), Result<Arc<BuiltNow>>>,
    pub(super) foreseen: Slots<(ProjectName, usize), Result<()>>,
    pub(super) gaps: Gaps,
    beside: Slots<(Origin, String), Arc<Beside>>,
    warnings: Mutex<Vec<String>>,
    /// The candidates of each project that the search has looked at.
    tried: Mutex<HashMap<ProjectName, HashSet<usize>>>,
}

/// The parts of a run that a [`World`] only borrows.
pub struct Places<'a> {
    /// The one HTTP client.
    pub client: &'a Client,
    /// Who serves projects.
    pub indexes: &'a Indexes,
    /// What the user asked for.
    pub inputs: &'a Inputs,
    /// What the target has.
    pub installed: &'a Installed,
    /// What attestations are judged by.
    pub signers: &'a Signers,
    /// Unpacked wheels.
    pub store: &'a Store,
    /// What the user sees meanwhile.
    pub progress: &'a Progress,
    /// What becomes of sources.
    pub builds: Builds<'a>,
    /// Which kinds of files count.
    pub formats: &'a Formats,
    /// Whether wheels are wanted, or only versions.
    pub wheels: bool,
    /// Without wheels: whether it is to be said what would become of them.
    pub foresight: bool,
    /// Whether all of METADATA is wanted, for a report.
    pub describe: bool,
}

/// Metadata of a file, and the sidecar that said so: the wheel's own must equal it.
#[derive(Debug)]
pub(super) struct Known {
    pub metadata: Arc<Metadata>,
    pub sidecar: Option<Vec<u8>>,
}

/// Why a file has no metadata.
#[derive(Debug, Clone)]
pub(super) enum Unusable {
    /// Another version may do.
    This(String),
    /// The run stops.
    Stop(Failure),
}

impl<'a> World<'a> {
    /// A world in which nothing was looked at yet. `now` is the moment of judgement.
    pub fn new(
        places: Places<'a>,
        request: Arc<Request>,
        policy: Policy,
        target: select::Target,
        now: Timestamp,
    ) -> Self {
        Self {
            places,
            request,
            policy: Arc::new(policy),
            target,
            now,
            queue: Queue::default(),
            pages: Slots::default(),
            metadata: Slots::default(),
            wheels: Slots::default(),
            sources: Slots::default(),
            built: Slots::default(),
            foreseen: Slots::default(),
            gaps: Gaps::default(),
            beside: Slots::default(),
            warnings: Mutex::default(),
            tried: Mutex::default(),
        }
    }

    /// What the user should know, sorted.
    pub fn warnings(&self) -> Vec<String> {
        if let Some(trouble) = self.places.client.cache_trouble() {
            self.warn(format!("nothing more is kept in the cache: {trouble}"));
        }
        let mut warnings = self
            .warnings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        warnings.sort();
        warnings.dedup();
        warnings
    }

    /// What lies beside a file, as far as anybody asked.
    pub(super) fn beside(&self, file: &File) -> Arc<Beside> {
        self.beside.get(&gaps::key(file), Arc::default)
    }

    /// Runs with what it takes to listen to others about files.
    pub(super) fn listening<T>(&self, ask: impl FnOnce(&Ears<'_>) -> T) -> T {
        ask(&Ears {
            client: self.places.client,
            policy: &self.policy,
            signers: self.places.signers,
            now: self.now,
            warn: &|text| self.warn(text),
        })
    }

    /// The search looks at a candidate; says so where it looks at many of one project.
    pub(super) fn note_tried(&self, name: &ProjectName, id: usize) {
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        let candidates = tried.entry(name.clone()).or_default();
        if candidates.insert(id) {
            let progress = self.places.progress;
            progress.still_searching(name.as_ref(), candidates.len());
        }
    }

    pub(super) fn warn(&self, text: String) {
        self.warnings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(text);
    }

    /// A thread's life: jobs until the queue closes. Errors stay in the slots, where whoever
    /// needs the value finds them.
    pub(super) fn work(&self) {
        while let Some(job) = self.queue.next() {
            match job {
                Job::Page(name, wanted) => self.fetch_ahead(&name, &wanted),
                Job::Metadata(name, id) => self.look_ahead(&name, id),
                Job::Wheel(name, id) => drop(self.wheel(&name, id)),
                Job::Foresight(name, id) => drop(self.foresee(&name, id)),
            }
        }
    }
}
