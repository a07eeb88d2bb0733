//! The sets of statements that policy files name: each is read once in a run, when a project needs it
//! first.
//!
//! Every source that may speak about a project is heard for each of its files, because any may deny
//! one. So a set that cannot be had stops, unless the user's state has a copy of the last days. A denial
//! that was seen is remembered: whoever leaves it out of a set does not take it back.

mod at_hand;
mod folder;
mod seen;
mod served;

use std::{path::PathBuf, sync::Arc};

use assay_index::Client;
use assay_trust::{Label, Policy, Source, TrustedKey, signature::Rejection, statement::Bundle};
use assay_types::Timestamp;

use super::slots::Slots;
use crate::{
    failure::{Failure, Result},
    known::KnownDenials,
    settings::{At, Statements},
};
pub use at_hand::{AtHand, Denied};
pub use folder::files as set_files;
pub use seen::read as read_denials;

/// Where the sets are, and those that were read.
pub struct Sets {
    named: Vec<Statements>,
    state: PathBuf,
    read: Slots<Label, Result<Arc<Set>>>,
}

/// One of them.
#[derive(Default)]
pub struct Set {
    /// Its files; the last may be the denials that it does not show any more.
    pub parts: Vec<Part>,
    /// What is to be said of it, unescaped.
    pub remarks: Vec<String>,
}

/// One file of a set.
pub struct Part {
    /// Its name for messages, unescaped.
    pub document: String,
    /// What it says.
    pub bundle: Bundle,
}

/// What reading takes.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    pub client: &'a Client,
    pub policy: &'a Policy,
    pub now: Timestamp,
    /// By when what was kept for a time is over.
    pub latest: Timestamp,
}

/// The files of a set as they came, each with its name for messages.
struct Raw {
    files: Vec<(String, Vec<u8>)>,
    remarks: Vec<String>,
}

impl Sets {
    /// Those that policy files name, with what this state remembers of them.
    pub fn new(named: Vec<Statements>, state: PathBuf) -> Self {
        Self {
            named,
            state,
            read: Slots::default(),
        }
    }

    /// What a source says. Fails where that cannot be known.
    pub fn of(&self, source: &Source, reading: Reading<'_>) -> Result<Arc<Set>> {
        self.read.get(&source.label, || {
            let at = self.place(source)?;
            let set = self.load(source, at, reading);
            let unheard = |why| unheard(source, &why).detail(format!("kept at {at}"));
            set.map(Arc::new).map_err(unheard)
        })
    }

    fn place(&self, source: &Source) -> Result<&At> {
        let named = self.named.iter().find(|it| it.label == source.label);
        let named = named.ok_or_else(|| {
            let label = &source.label;
            Failure::could_not(format!("nobody says where {label} has its statements"))
        })?;
        Ok(&named.at)
    }

    fn load(&self, source: &Source, at: &At, reading: Reading<'_>) -> Result<Set> {
        let mut set = match at {
            At::Folder(path) => Set::of(folder::read(path)?)?,
            At::Https(url) => served::fetch(&self.state, &source.label, url, reading)?,
        };
        let keys = keys_of(source, reading.policy);
        let shown = set.denials(&keys)?;
        let known = self.known_denials();
        set.add_denials_seen(&shown, &keys, &known, reading.now)?;
        known.add(&shown)?;
        Ok(set)
    }

    /// The denials that this state remembers.
    pub fn known_denials(&self) -> KnownDenials {
        KnownDenials::new(&self.state)
    }
}

impl Set {
    fn of(raw: Raw) -> Result<Self> {
        let Raw { files, remarks } = raw;
        let files = files.into_iter();
        let parts = files.map(|(document, bytes)| Part::parse(document, &bytes));
        let parts = parts.collect::<Result<_>>()?;
        Ok(Self { parts, remarks })
    }
}

impl Part {
    fn parse(document: String, bytes: &[u8]) -> Result<Self> {
        let bundle = Bundle::parse(bytes).map_err(|it| broken(&document, &it))?;
        Ok(Self { document, bundle })
    }
}

/// The keys whose statements a source has.
pub fn keys_of<'a>(source: &Source, policy: &'a Policy) -> Vec<&'a TrustedKey> {
    source.keys.iter().filter_map(|it| policy.key(it)).collect()
}

pub fn broken(document: &str, rejection: &Rejection) -> Failure {
    Failure::refused(format!("{document}: {rejection}"))
}

/// Whatever the reason: nothing that the source may deny is taken.
fn unheard(source: &Source, why: &Failure) -> Failure {
    let label = &source.label;
    let narrower = source.projects.is_none().then(|| {
        format!("if they are about some projects only, say which: projects = […] in [statements.{label}]")
    });
    let fact = format!("the statements of {label} cannot be had: {}", why.fact());
    let failure = match why.is_refusal() {
        true => Failure::refused(fact),
        false => Failure::could_not(fact),
    };
    failure
        .detail(format!("named at {}", source.place))
        .detail("nothing that they may deny is installed until they can be had")
        .hints(why.ways_out().iter().cloned())
        .hints(narrower)
}
