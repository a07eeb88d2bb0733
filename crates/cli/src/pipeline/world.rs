//! What all threads of a run share.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use assay_index::{Client, Indexes};
use assay_install::{Approved, Store};
use assay_resolve::{Objection, Project, Resolution, select};
use assay_trust::{CooldownReason, Policy, Quarantine};
use assay_types::{
    MarkerEnvironment, ProjectName, Timestamp,
    listing::{File, Listing, Status},
    metadata::Metadata,
};

use super::{
    Installed,
    queue::{Job, Queue},
    slots::Slots,
};
use crate::{
    failure::{Failure, Result},
    inputs::Inputs,
    ui::Progress,
};

/// Settings, places and everything that was computed so far.
pub struct World<'a> {
    /// The one HTTP client.
    pub client: &'a Client,
    /// Who serves projects.
    pub indexes: &'a Indexes,
    /// What the user asked for.
    pub inputs: &'a Inputs,
    /// The rules in force.
    pub policy: Arc<Policy>,
    /// What the target can take.
    pub target: select::Target,
    /// The target's marker values.
    pub markers: &'a MarkerEnvironment,
    /// What the target has.
    pub installed: &'a Installed,
    /// Unpacked wheels.
    pub store: &'a Store,
    /// The moment of judgement.
    pub now: Timestamp,
    /// What the user sees meanwhile.
    pub progress: &'a Progress,
    pub(super) queue: Queue,
    pub(super) pages: Slots<ProjectName, Result<Page>>,
    pub(super) metadata: Slots<(ProjectName, usize), Result<Arc<Known>, Unusable>>,
    pub(super) wheels: Slots<(ProjectName, usize), Result<Approved>>,
    pub(super) warnings: Mutex<Vec<String>>,
    wants_wheels: AtomicBool,
}

/// A project as the resolver sees it, and the files behind its candidates.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub project: Arc<Project>,
    pub listing: Option<Arc<Listing>>,
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

/// The places of a [`World`].
pub struct Places<'a> {
    pub client: &'a Client,
    pub indexes: &'a Indexes,
    pub inputs: &'a Inputs,
    pub installed: &'a Installed,
    pub store: &'a Store,
    pub progress: &'a Progress,
    pub markers: &'a MarkerEnvironment,
}

impl<'a> World<'a> {
    /// A world in which nothing was looked at yet.
    pub fn new(places: Places<'a>, policy: Policy, target: select::Target, now: Timestamp) -> Self {
        Self {
            client: places.client,
            indexes: places.indexes,
            inputs: places.inputs,
            policy: Arc::new(policy),
            target,
            markers: places.markers,
            installed: places.installed,
            store: places.store,
            now,
            progress: places.progress,
            queue: Queue::default(),
            pages: Slots::default(),
            metadata: Slots::default(),
            wheels: Slots::default(),
            warnings: Mutex::default(),
            wants_wheels: AtomicBool::new(false),
        }
    }

    /// What the user should know, sorted.
    pub fn warnings(&self) -> Vec<String> {
        if let Some(trouble) = self.client.cache_trouble() {
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

    pub(super) fn warn(&self, text: String) {
        self.warnings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(text);
    }

    pub(super) fn begin(&self, wants_wheels: bool) {
        self.wants_wheels.store(wants_wheels, Relaxed);
    }

    pub(super) fn wants_wheels(&self) -> bool {
        self.wants_wheels.load(Relaxed)
    }

    pub(super) fn ui_phase(&self, text: &str) {
        self.progress.phase(text);
    }

    /// A thread's life: jobs until the queue closes. Errors stay in the slots, where whoever
    /// needs the value finds them.
    pub(super) fn work(&self) {
        while let Some(job) = self.queue.next() {
            match job {
                Job::Page(name, wanted) => self.fetch_ahead(&name, &wanted),
                Job::Metadata(name, id) => self.look_ahead(&name, id),
                Job::Wheel(name, id) => drop(self.wheel(&name, id)),
            }
        }
    }

    /// The page of a project.
    pub(super) fn page(&self, name: &ProjectName) -> Result<Page> {
        self.pages.get(name, || {
            self.progress.looked_at(name.as_ref());
            self.load_page(name)
        })
    }

    fn load_page(&self, name: &ProjectName) -> Result<Page> {
        let listing = match self.inputs.named.get(name) {
            Some(file) => Some(listing_of(file)),
            None => self.indexes.listing(self.client, name)?,
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
        self.report_shadowing(&listing);
        let listing = Arc::new(listing);
        let project = select::project(Arc::clone(&listing), self.target.clone(), self.filter(name));
        Ok(Page {
            project: Arc::new(project),
            listing: Some(listing),
        })
    }

    fn report_status(&self, listing: &Listing) {
        let word = match listing.status {
            Status::Deprecated => "deprecated",
            Status::Archived => "archived",
            Status::Active | Status::Quarantined => return,
        };
        let reason = listing
            .status_reason
            .as_ref()
            .map(|it| format!(": {it}"))
            .unwrap_or_default();
        self.warn(format!("{} is {word}{reason}", listing.project));
    }

    fn report_shadowing(&self, listing: &Listing) {
        if self.indexes.extra.is_empty() {
            return;
        }
        for other in self.indexes.shadowed(self.client, listing) {
            self.warn(format!(
                "{} comes from {}; {other} has that name too and was not used",
                listing.project, listing.origin
            ));
        }
    }

    fn filter(&self, name: &ProjectName) -> select::Filter {
        let given = self.inputs.hashes.get(name).into_iter().flatten();
        let digests = given.flat_map(|it| it.digests.strong()).cloned().collect();
        let pinned = self.inputs.pins(name);
        let policy = Arc::clone(&self.policy);
        let judge = move |file: &File| {
            let reason = policy.judge_file(file, pinned)?;
            Some(Objection {
                why: reason.to_string(),
                way_out: Some(way_out(file, reason)),
            })
        };
        select::Filter {
            digests,
            no_binary: false,
            policy: Some(Arc::new(judge)),
        }
    }

    /// The default cooldown lets a version pass that the user pinned; they should know.
    pub(super) fn report_fresh_pins(&self, resolution: &Resolution) -> Result<()> {
        for pin in resolution
            .pins
            .iter()
            .filter(|pin| !pin.candidate.installed)
        {
            let file = self.file(&pin.name, pin.candidate.id)?;
            if let Some(fresh) = self.policy.judge_file(&file, false) {
                let what = file.name.as_str();
                self.warn(format!(
                    "{what} was taken because it is pinned, although {fresh}"
                ));
            }
        }
        Ok(())
    }

    /// `--require-hashes`: every pin needs a digest that the user gave, before anything else is
    /// fetched.
    pub(super) fn check_hashes_given(&self, resolution: &Resolution) -> Result<()> {
        if !self.inputs.require_hashes {
            return Ok(());
        }
        let new = resolution
            .pins
            .iter()
            .filter(|pin| !pin.candidate.installed);
        let missing: Vec<_> = new
            .filter(|pin| !self.inputs.hashes.contains_key(&pin.name))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let names: Vec<_> = missing
            .iter()
            .map(|pin| format!("{}=={}", pin.name, pin.candidate.version))
            .collect();
        Err(
            Failure::refused(format!("no --hash is given for {}", names.join(", ")))
                .detail("rule: --require-hashes, which one --hash switches on for all")
                .hint(
                    "download the wheels, check them, and add the lines that `assay hash` prints",
                ),
        )
    }
}

fn quarantined(name: &ProjectName, quarantine: &Quarantine) -> Failure {
    Failure::refused(format!("{name}: {quarantine}"))
        .detail("rule: quarantined projects are not installed (PEP 792)")
        .hint("wait for the index's decision, or choose another project")
}

fn way_out(file: &File, reason: CooldownReason) -> String {
    let project = file.name.project();
    match reason {
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
    Listing {
        project: file.name.project().clone(),
        origin: file.origin.clone(),
        status: Status::Active,
        status_reason: None,
        files: vec![file.clone()],
        skipped: Vec::new(),
    }
}
