//! Files that lack what a rule asks for, where another version may have it: they are left out, and
//! the resolution is made again. Anything that contradicts stops instead.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use assay_resolve::Objection;
use assay_trust::{Refusal, RefusalKind};
use assay_types::{
    ProjectName,
    listing::{File, Listing, Origin},
};

use super::{look_back::FirstAttested, publishers::SILENT, world::World};
use crate::failure::{Failure, Result};

/// How often a resolution is made again. Each time a wheel was fetched in vain.
const MOST_ROUNDS: usize = 8;

/// What was found to lack something so far.
#[derive(Debug, Default)]
pub(super) struct Gaps(Mutex<Vec<Gap>>);

#[derive(Debug, Clone)]
struct Gap {
    project: ProjectName,
    file: File,
    failure: Failure,
    /// What a rule asks for, and where.
    missing: String,
    /// Whether it was left out for it.
    is_left_out: bool,
}

impl Gaps {
    fn all(&self) -> MutexGuard<'_, Vec<Gap>> {
        // A list is whole between any two statements.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What this failure tells of, unless it was left out already.
    fn open(&self, failure: &Failure) -> Option<Gap> {
        let gaps = self.all();
        let mut open = gaps.iter().filter(|it| !it.is_left_out);
        let gap = open.find(|it| it.failure.fact() == failure.fact());
        gap.cloned()
    }

    fn leave_out(&self, file: &File) {
        let mut gaps = self.all();
        let these = gaps.iter_mut().filter(|it| key(&it.file) == key(file));
        these.for_each(|it| it.is_left_out = true);
    }
}

impl World<'_> {
    /// Takes note of a refusal that another file of the project may not meet.
    pub(super) fn note_gap(&self, file: &File, refusal: Refusal) -> Failure {
        let is_gap = refusal.kind == RefusalKind::Unattested;
        // What rules ask for comes first.
        let missing = refusal.missing.first().cloned().unwrap_or_default();
        let is_silent = refusal.found.iter().any(|it| it == SILENT);
        let mut failure = Failure::from(refusal);
        if is_silent {
            failure = failure.hint("ask an index that passes attestations on, such as PyPI itself");
        }
        if is_gap {
            self.gaps.all().push(Gap {
                project: file.name.project().clone(),
                file: file.clone(),
                failure: failure.clone(),
                missing,
                is_left_out: false,
            });
        }
        failure
    }

    /// Runs until nothing is missing, or nothing else can be tried.
    pub(super) fn without_gaps<T>(&self, attempt: impl Fn() -> Result<T>) -> Result<T> {
        for _ in 0..MOST_ROUNDS {
            match attempt() {
                Err(failure) if self.leave_out(&failure)? => {}
                done => return done.map_err(|failure| self.first_gap(failure)),
            }
        }
        attempt().map_err(|failure| self.first_gap(failure))
    }

    /// Whether the failure was a gap, whose file is left out from now on.
    fn leave_out(&self, failure: &Failure) -> Result<bool> {
        let Some(gap) = self.gaps.open(failure) else {
            return Ok(false);
        };
        let Gap {
            project,
            file,
            missing,
            ..
        } = gap;
        let page = self.page(&project)?;
        // No page says which files somebody signed or vouched for.
        let needed = self.policy.words_needed(&project);
        let may_be_signed = needed.iter().any(|it| it.label().is_some());
        let may_have_others = may_be_signed || page.listing.is_some_and(|it| may_have_others(&it));
        if !may_have_others {
            return Ok(false);
        }
        self.gaps.leave_out(&file);
        self.warn(format!(
            "{} was left out: nothing meets {missing}",
            file.name.as_str()
        ));
        self.judge_page_again(&project)?;
        Ok(true)
    }

    /// Where nothing else would do, what was missing first is what the user should hear: it was the
    /// best version.
    fn first_gap(&self, failure: Failure) -> Failure {
        let gaps = self.gaps.all();
        let left_out = gaps.iter().filter(|it| it.is_left_out).count();
        let is_gap = gaps.iter().any(|it| it.failure.fact() == failure.fact());
        let first = gaps.iter().find(|it| it.is_left_out);
        match first {
            Some(gap) if is_gap => {
                let others = match left_out {
                    1 => "another one that was tried lacks it too".to_owned(),
                    more => format!("{more} others that were tried lack it too"),
                };
                gap.failure.clone().detail(others)
            }
            Some(gap) if !failure.is_refusal() => {
                let files = gaps.iter().filter(|it| it.is_left_out);
                let files: BTreeSet<_> = files.map(|it| it.file.name.as_str()).collect();
                let files = files.into_iter().collect::<Vec<_>>().join(", ");
                // The resolver does not know what was there.
                let others = failure.fact().replace(" (from versions: none)", "");
                let others = format!("left out: {files}; nothing else will do: {others}");
                gap.failure.clone().detail(others)
            }
            _ => failure,
        }
    }

    /// Files of a project that were left out, with the reason.
    pub(super) fn left_out(&self, project: &ProjectName) -> Lacking {
        let gaps = self.gaps.all();
        let gaps = gaps
            .iter()
            .filter(|it| it.is_left_out && it.project == *project);
        let left_out = gaps.map(|it| {
            let why = format!("nothing meets {}", it.missing);
            (key(&it.file), Objection { why, way_out: None })
        });
        left_out.collect()
    }

    /// Pass 1: a file of which the page says that nobody attested it, where a rule asks for that and
    /// another file of the project may do. One that lost what earlier files had is no gap: it is let
    /// through to the door, which stops.
    pub(super) fn unattested(&self, listing: &Listing) -> Lacking {
        let project = &listing.project;
        let Some(unmet) = self.policy.judge_unattested(project) else {
            return Lacking::new();
        };
        if !may_have_others(listing) {
            return Lacking::new();
        }
        let first = FirstAttested::of(listing);
        let lacking = listing.files.iter().filter(|file| {
            file.provenance.is_none()
                && listing.could_announce(file)
                && !self.was_attested_by_then(file)
                && !first.is_before(file)
        });
        let objection = || Objection {
            why: format!("nobody attested it: it lacks {unmet}"),
            way_out: None,
        };
        let all = lacking.map(|it| (key(it), objection()));
        all.collect()
    }

    /// Whether a pin says so.
    fn was_attested_by_then(&self, file: &File) -> bool {
        let Origin::Index(index) = &file.origin else {
            return false;
        };
        match self.places.signers.pin(index, file.name.project()) {
            Ok(None) => false,
            Ok(Some(pin)) => !pin.begins_after(file.upload_time, file.version()),
            // What cannot be read stops at the door.
            Err(_) => true,
        }
    }
}

/// Files with what is said against them. Two indexes may have different files of one name.
pub(super) type Lacking = HashMap<(Origin, String), Objection>;

/// The key of a file.
pub(super) fn key(file: &File) -> (Origin, String) {
    (file.origin.clone(), file.name.as_str().to_owned())
}

/// Only what is announced: of a page that cannot announce anything, version after version would be
/// fetched in vain.
fn may_have_others(listing: &Listing) -> bool {
    listing.files.iter().any(|it| it.provenance.is_some())
}
