//! What sets say as far as they are at hand: nobody is asked, and nothing is written down.

use assay_install::Distribution;
use assay_trust::{
    Label, Policy, Source,
    statement::{Against, Denials, Installed, Shown, denials},
};
use assay_types::{ProjectName, Timestamp, Version};

use super::{Raw, Set, Sets, broken, folder, keys_of, unheard};
use crate::{
    failure::{Failure, Result},
    known::KnownSets,
    settings::At,
};

/// The sets of some sources: those in folders, copies of those that are served, and denials that were
/// seen before.
#[derive(Default)]
pub struct AtHand {
    sets: Vec<OneAtHand>,
    /// What could not be heard, and why.
    pub unheard: Vec<Failure>,
}

struct OneAtHand {
    source: Label,
    set: Set,
    /// Whether it is the set itself, or a copy that may stand in for it.
    is_fresh: bool,
}

/// A distribution that is installed, and somebody's word against it.
pub struct Denied {
    pub project: ProjectName,
    pub version: Version,
    pub against: Against,
}

impl Sets {
    /// What all sources say that may speak about any of these projects.
    pub fn at_hand<'a>(
        &self,
        projects: impl Iterator<Item = &'a ProjectName> + Clone,
        policy: &Policy,
        now: Timestamp,
    ) -> AtHand {
        let mut all = AtHand::default();
        for source in &policy.sources {
            if projects.clone().any(|it| source.covers(it)) {
                self.hear_at_hand(source, policy, now, &mut all);
            }
        }
        all
    }

    /// What was denied before counts although the set cannot be had.
    fn hear_at_hand(&self, source: &Source, policy: &Policy, now: Timestamp, all: &mut AtHand) {
        let keys = keys_of(source, policy);
        let known = self.known_denials();
        let read = || {
            let (raw, is_fresh) = self.raw_at_hand(source, now)?;
            let mut set = Set::of(raw)?;
            let shown = set.denials(&keys)?;
            set.add_denials_seen(&shown, &keys, &known, now)?;
            Ok((set, is_fresh))
        };
        let set = read().or_else(|failure| {
            all.unheard.push(unheard(source, &failure));
            let mut set = Set::default();
            set.add_denials_seen(&Denials::new(), &keys, &known, now)?;
            // Nobody knows what the set shows.
            set.remarks.clear();
            Ok((set, false))
        });
        match set {
            Ok((set, is_fresh)) => all.sets.push(OneAtHand {
                source: source.label.clone(),
                set,
                is_fresh,
            }),
            Err(failure) => all.unheard.push(unheard(source, &failure)),
        }
    }

    /// The set, or the copy of it, and whether that may stand in for it.
    fn raw_at_hand(&self, source: &Source, now: Timestamp) -> Result<(Raw, bool)> {
        let url = match self.place(source)? {
            At::Folder(path) => return Ok((folder::read(path)?, true)),
            At::Https(url) => url,
        };
        let copy = KnownSets::new(&self.state).copy(&source.label, url);
        let copy = copy.ok_or_else(|| {
            Failure::could_not(format!(
                "nobody is asked now, and there is no copy of {url}"
            ))
            .hint("an installation fetches it")
        })?;
        let (label, seen) = (&source.label, copy.seen);
        let remark = format!(
            "the copy of the statements of {label} is of {seen:.0}; what was denied since is not known"
        );
        let is_fresh = copy.may_stand_in(now);
        let raw = Raw {
            files: vec![(url.to_string(), copy.bytes)],
            remarks: (!is_fresh).then_some(remark).into_iter().collect(),
        };
        Ok((raw, is_fresh))
    }
}

impl AtHand {
    /// The sets whose word counts for something. An old copy denies and speaks for nothing.
    pub fn shown(&self) -> impl Iterator<Item = Shown<'_>> {
        let fresh = self.sets.iter().filter(|it| it.is_fresh);
        fresh.flat_map(|it| it.set.shown(&it.source))
    }

    /// What is to be said of the sets, unescaped.
    pub fn remarks(&self) -> impl Iterator<Item = &String> {
        self.sets.iter().flat_map(|it| &it.set.remarks)
    }

    /// What of these is denied. A set that cannot be understood is unheard.
    pub fn denied<'a>(
        &mut self,
        distributions: impl Iterator<Item = &'a Distribution>,
        policy: &Policy,
        now: Timestamp,
    ) -> Vec<Denied> {
        let mut all = Vec::new();
        for it in distributions {
            let (project, version) = (it.name(), it.version());
            let installed = Installed {
                project,
                version,
                sha256: it.wheel_sha256(),
            };
            all.extend(self.denials(installed, policy, now).into_iter().map(|it| {
                let (project, version) = (project.clone(), version.clone());
                Denied {
                    project,
                    version,
                    against: it,
                }
            }));
        }
        all
    }

    /// Who denies it.
    pub fn denials(
        &mut self,
        installed: Installed<'_>,
        policy: &Policy,
        now: Timestamp,
    ) -> Vec<Against> {
        let mut all = Vec::new();
        for it in &self.sets {
            let shown: Vec<_> = it.set.shown(&it.source).collect();
            match denials(&shown, installed, policy, now) {
                Ok(against) => all.extend(against),
                Err(it) => {
                    let failure = broken(&it.document, &it.rejection);
                    let is_said = |it: &Failure| it.fact() == failure.fact();
                    if !self.unheard.iter().any(is_said) {
                        self.unheard.push(failure);
                    }
                }
            }
        }
        all
    }
}

impl Set {
    fn shown<'a>(&'a self, source: &'a Label) -> impl Iterator<Item = Shown<'a>> {
        self.parts.iter().map(|part| Shown {
            document: &part.document,
            source: Some(source),
            bundle: &part.bundle,
        })
    }
}
