//! The sets of statements that policy files name: each is read once in a run, when a project needs it
//! first.
//!
//! Every source that may speak about a project is heard for each of its files, because any may deny
//! one. So a set that cannot be had stops, unless the user's state has a copy of the last days. A denial
//! that was seen is remembered: whoever leaves it out of a set does not take it back.

mod folder;
mod served;

use std::{path::PathBuf, sync::Arc};

use assay_index::Client;
use assay_trust::{
    Label, Policy, Source, TrustedKey,
    signature::Rejection,
    statement::{Bundle, Statement, Verified},
};
use assay_types::Timestamp;

use super::slots::Slots;
use crate::{
    failure::{Failure, Result},
    known::KnownDenials,
    settings::{At, Statements},
};

/// Where the sets are, and those that were read.
pub struct Sets {
    named: Vec<Statements>,
    state: PathBuf,
    read: Slots<Label, Result<Arc<Set>>>,
}

/// One of them.
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
            let mut named = self.named.iter().filter(|it| it.label == source.label);
            let named = named.next().ok_or_else(|| {
                Failure::could_not(format!(
                    "nobody says where {} has its statements",
                    source.label
                ))
            })?;
            let set = self.load(source, named, reading);
            set.map(Arc::new).map_err(|it| unheard(source, &it))
        })
    }

    fn load(&self, source: &Source, named: &Statements, reading: Reading<'_>) -> Result<Set> {
        let raw = match &named.at {
            At::Folder(path) => folder::read(path)?,
            At::Https(url) => served::fetch(&self.state, &source.label, url, reading)?,
        };
        let Raw { files, remarks } = raw;
        let parts = files.into_iter().map(|(document, bytes)| {
            let bundle = Bundle::parse(&bytes).map_err(|it| broken(&document, &it))?;
            Ok(Part { document, bundle })
        });
        let parts = parts.collect::<Result<_>>()?;
        let mut set = Set { parts, remarks };
        self.with_denials_seen(&mut set, source, reading)?;
        Ok(set)
    }

    /// Remembers what the set denies, and adds what it denied before.
    fn with_denials_seen(
        &self,
        set: &mut Set,
        source: &Source,
        reading: Reading<'_>,
    ) -> Result<()> {
        let keys = keys_of(source, reading.policy);
        let known = KnownDenials::new(&self.state);
        let mut shown = Vec::new();
        for Part { document, bundle } in &set.parts {
            shown.extend(bundle.denials(&keys).map_err(|it| broken(document, &it))?);
        }
        let mut seen = known.read(&source.label)?;
        known.add(&source.label, &shown)?;
        for line in &shown {
            seen.remove(line);
        }
        if seen.is_empty() {
            return Ok(());
        }
        let document = known.path(&source.label).display().to_string();
        let parse = |all: &mut dyn Iterator<Item = &String>| {
            let text: String = all.map(|it| format!("{it}\n")).collect();
            Bundle::parse(text.as_bytes()).map_err(|it| broken(&document, &it))
        };
        let (seen, shown) = (parse(&mut seen.iter())?, parse(&mut shown.iter())?);
        let withheld = withheld(&seen, &shown, &keys, reading.now);
        for statement in withheld.map_err(|it| broken(&document, &it))? {
            set.remarks
                .push(is_withheld(&source.label, statement, &document));
        }
        set.parts.push(Part {
            document,
            bundle: seen,
        });
        Ok(())
    }

    /// Remembers the denials of a source that are shown elsewhere.
    pub fn remember_denials(
        &self,
        source: &Source,
        document: &str,
        bundle: &Bundle,
        keys: &[&TrustedKey],
    ) -> Result<()> {
        let denials = bundle.denials(keys).map_err(|it| broken(document, &it))?;
        KnownDenials::new(&self.state).add(&source.label, &denials)
    }
}

/// The keys whose statements a source has.
pub fn keys_of<'a>(source: &Source, policy: &'a Policy) -> Vec<&'a TrustedKey> {
    source.keys.iter().filter_map(|it| policy.key(it)).collect()
}

/// Denials that were seen, still hold, and are not shown any more, in whatever envelope.
fn withheld<'a>(
    seen: &'a Bundle,
    shown: &'a Bundle,
    keys: &[&'a TrustedKey],
    now: Timestamp,
) -> std::result::Result<Vec<&'a Statement>, Rejection> {
    let (seen, shown) = (seen.statements(keys)?, shown.statements(keys)?);
    let said = |it: &'a Statement| (it.predicate(), it.subjects());
    let is_shown = |it: &Verified<'a>| {
        let mut shown = shown.iter().map(Verified::statement);
        shown.any(|other| said(other) == said(it.statement()))
    };
    let is_over = |it: &Verified<'a>| it.statement().times().are_over(now);
    let withheld = seen.iter().filter(|it| !is_shown(it) && !is_over(it));
    Ok(withheld.map(Verified::statement).collect())
}

fn is_withheld(source: &Label, statement: &Statement, document: &str) -> String {
    let project = statement.project().map(ToString::to_string);
    let project = project.as_deref().unwrap_or("a file");
    format!(
        "{source} does not show any more that it denied {project}; that still counts. If it was taken \
         back, remove its line from {document}"
    )
}

fn broken(document: &str, rejection: &Rejection) -> Failure {
    Failure::refused(format!("{document}: {rejection}"))
}

/// Whatever the reason: nothing that the source may deny is taken.
fn unheard(source: &Source, why: &Failure) -> Failure {
    let label = &source.label;
    let fact = format!("the statements of {label} cannot be had: {}", why.fact());
    let failure = match why.is_refusal() {
        true => Failure::refused(fact),
        false => Failure::could_not(fact),
    };
    failure
        .detail(format!("named at {}", source.place))
        .detail("any of them may deny a file, so that nothing is taken without them")
        .hints(why.ways_out().iter().cloned())
}
