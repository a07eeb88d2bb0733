//! What attestations are judged by: trusted roots, what the state remembers, who the main index is.

use std::{path::PathBuf, sync::Arc, sync::OnceLock};

use assay_index::Client;
use assay_trust::{Lesson, Moment, PublisherPin, PublisherPins, attestation::TrustRoot};
use assay_types::{ProjectName, Timestamp, Url, listing::Origin};

use super::{New, programs::Programs, sets::Sets, slots::Slots};
use crate::{
    failure::Result,
    known::{KnownPublishers, KnownTrustRoot, Occasion, SignedFiles, VerifiedFiles},
    settings::{PolicyFiles, TrustedRoot},
};

/// Keys and memory, each read when it is first of use.
pub struct Signers {
    files: PolicyFiles,
    state: PathBuf,
    main: Option<Url>,
    moment: Moment,
    known: OnceLock<Result<PublisherPins>>,
    roots: Slots<Option<PathBuf>, Result<Arc<Root>>>,
    sets: Sets,
    programs: Programs,
}

/// Keys, and what is to be said of them.
pub struct Root {
    /// The keys.
    pub keys: TrustRoot,
    /// Why kept ones do not count, which is said: what was withdrawn since may count again.
    pub damage: Option<String>,
    /// Why they are not newer, which is said only where that may matter.
    pub not_renewed: Option<String>,
    /// Whether a policy file names them.
    is_named: bool,
}

impl Signers {
    /// Of these policy files and this state; `main` is the index that `assay trust` means where it is
    /// told none, and `moment` is that of judgement.
    pub fn new(files: PolicyFiles, state: PathBuf, main: Option<Url>, moment: Moment) -> Self {
        Self {
            sets: Sets::new(files.statements(), state.clone()),
            programs: Programs::new(files.hooks()),
            files,
            state,
            main,
            moment,
            known: OnceLock::new(),
            roots: Slots::default(),
        }
    }

    /// What is remembered of a project's publishers on an index.
    pub fn pin(&self, index: &Url, project: &ProjectName) -> Result<Option<&PublisherPin>> {
        let read = || KnownPublishers::new(&self.state).read();
        match self.known.get_or_init(read) {
            Ok(pins) => Ok(pins.get(index, project)),
            Err(failure) => Err(failure.clone()),
        }
    }

    /// By when what was accepted for a time is over.
    pub fn latest(&self) -> Timestamp {
        self.moment.latest()
    }

    /// The moment of judgement.
    pub fn moment(&self) -> Moment {
        self.moment
    }

    /// The index that `assay trust` means where it is told none.
    pub fn main(&self) -> Option<&Url> {
        self.main.as_ref()
    }

    /// The index, where `assay trust` has to be told.
    pub fn to_be_named(&self, index: &Url) -> Option<Url> {
        (self.main.as_ref() != Some(index)).then(|| index.clone())
    }

    /// The keys that are believed for files of an index: those that a policy file names, or the public
    /// ones, which are renewed once in a while.
    pub fn root(&self, index: &Url, client: &Client, now: Timestamp) -> Result<Arc<Root>> {
        let named = self.files.trusted_root(Some(index));
        let path = named.as_ref().map(|it| it.0.path.clone());
        let load = || match &named {
            Some(named) => named_root(named),
            None => self.public_root(Occasion::Weekly, client, now),
        };
        self.roots.get(&path, || load().map(Arc::new))
    }

    /// The keys for a file that no index lists: those that are given, or that a policy file names, or
    /// the public ones. Nobody is asked for newer ones.
    pub fn root_at_hand(&self, given: Option<TrustedRoot>) -> Result<Root> {
        match given.or_else(|| self.files.trusted_root(None)) {
            Some(named) => named_root(&named),
            None => self.public_root_at_hand(),
        }
    }

    /// Other public keys than the ones that an attestation was refused by, if there are any by now.
    pub fn newer_root(
        &self,
        refused: &Root,
        client: &Client,
        now: Timestamp,
    ) -> Result<Option<Arc<Root>>> {
        if refused.is_named {
            return Ok(None);
        }
        let root = self.public_root(Occasion::Unknown, client, now)?;
        if root.keys.digest() == refused.keys.digest() {
            return Ok(None);
        }
        let root = Arc::new(root);
        self.roots.set(None, Ok(Arc::clone(&root)));
        Ok(Some(root))
    }

    fn public_root(&self, occasion: Occasion, client: &Client, now: Timestamp) -> Result<Root> {
        let known = KnownTrustRoot::new(&self.state);
        // Without success the keys in force stay: an install does not wait for a third party.
        let renewed = known.renew_if_due(client, occasion, now);
        let failed = renewed.and_then(Result::err).map(|it| it.to_string());
        let mut root = self.public_root_at_hand()?;
        root.not_renewed = failed;
        Ok(root)
    }

    fn public_root_at_hand(&self) -> Result<Root> {
        let in_force = KnownTrustRoot::new(&self.state).in_force()?;
        Ok(Root {
            keys: in_force.root,
            damage: in_force.trouble,
            not_renewed: None,
            is_named: false,
        })
    }

    /// Remembers who published what was installed. Nobody else may write to the place: what cannot be
    /// remembered is told, for the next run is at first sight again.
    pub fn learn(&self, installed: &[New]) -> Result<()> {
        let lessons: Vec<_> = installed.iter().filter_map(lesson).collect();
        let teaches = |(_, lesson): &(&Url, Lesson<'_>)| !lesson.admission.attested().is_empty();
        if !lessons.iter().any(teaches) {
            return Ok(());
        }
        KnownPublishers::new(&self.state).update(|pins| {
            for (index, lesson) in &lessons {
                let project = &lesson.admission.artifact().project;
                if let Some(pin) = lesson.learn(pins.get(index, project)) {
                    pins.set((*index).clone(), project.clone(), pin);
                }
            }
        })
    }

    /// What was verified of files before.
    pub fn verified(&self) -> VerifiedFiles {
        VerifiedFiles::new(&self.state)
    }

    /// The same of signatures by keys of the policy.
    pub fn signed_files(&self) -> SignedFiles {
        SignedFiles::new(&self.state)
    }

    /// The sets of statements that policy files name.
    pub fn sets(&self) -> &Sets {
        &self.sets
    }

    /// The programs that they name.
    pub fn programs(&self) -> &Programs {
        &self.programs
    }
}

fn named_root(named: &TrustedRoot) -> Result<Root> {
    Ok(Root {
        keys: named.read()?,
        damage: None,
        not_renewed: None,
        is_named: true,
    })
}

fn lesson(new: &New) -> Option<(&Url, Lesson<'_>)> {
    let Origin::Index(index) = &new.file.origin else {
        return None;
    };
    let lesson = Lesson {
        admission: new.approved.as_ref()?.admission(),
        uploaded: new.file.upload_time,
        attested_since: new.attested_since,
        unattested_up_to: new.unattested_up_to.clone(),
    };
    Some((index, lesson))
}
