//! Keys for which a source answers: what they publish counts for it.
//!
//! No more than that: a key that is certified certifies no other.

use std::collections::{BTreeMap, BTreeSet};

use assay_types::ProjectName;

use super::{
    Misheard, Notes, Shown,
    keys::{other_bytes, published_line},
    question::{Question, check_times},
    voice::{Spoken, counts, signed, through},
};
use crate::{
    Label, Moment, Policy, Source, TrustedKey, Voice, Word,
    signature::RawKey,
    statement::{Predicate, Statement, bundle::able, signers::Signatory},
};

/// A key that somebody certified.
pub(super) struct Certified {
    /// Who that is, for messages.
    name: String,
    voice: Voice,
}

/// What the keys say that are certified for the project by what the source said. Each key is asked about
/// once, however often it is certified.
pub(super) fn listen<'a>(
    shown: &'a [Shown<'a>],
    said: &[Spoken<'_, &TrustedKey>],
    question: &Question<'_>,
    source: &'a Label,
    notes: &mut Notes,
) -> Result<Vec<Spoken<'a, Certified>>, Misheard> {
    let keys = certified(said);
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let among: Vec<_> = keys
        .iter()
        .map(|(key, by)| signatory(key, &format!("key:{by}")))
        .collect();
    let voices: Vec<_> = keys.keys().map(|it| Voice::of_raw(it)).collect();
    let mut all = Vec::new();
    for it in signed(through(shown, Some(source)), &among, question, notes)? {
        let Spoken {
            content,
            who,
            place,
        } = it;
        let name = among[who].name.clone();
        let voice = voices[who].clone();
        if counts(content, &name, question, notes).map_err(|it| place.misheard(it))? {
            all.push(Spoken {
                content,
                who: Certified { name, voice },
                place,
            });
        }
    }
    Ok(all)
}

/// What it comes to.
pub(super) fn weigh(
    said: &[Spoken<'_, Certified>],
    question: &Question<'_>,
    source: &Label,
    notes: &mut Notes,
) -> Result<(), Misheard> {
    let word = Word::Certified(source.clone());
    let mut published = BTreeSet::new();
    let mut others = Vec::new();
    for it in said {
        let Some(statement) = it.content.statement() else {
            continue;
        };
        let Certified { name, voice } = &it.who;
        match statement.predicate() {
            Predicate::Publishes(said) => {
                let subject = &statement.subjects()[0];
                let is_it = question.is_published(subject, said);
                if is_it.map_err(|rejection| it.place.misheard(rejection))? {
                    let line = format!("{} of {name}", published_line(statement));
                    notes.support(question, word.clone(), [voice.clone()], line);
                    published.insert(voice);
                } else {
                    others.push((it, subject));
                }
            }
            Predicate::Denies(said) if question.is_denied(statement) => {
                notes.deny(question, word.clone(), said, statement, name);
            }
            _ => {}
        }
    }
    let mut others = others.into_iter();
    match others.find(|(it, _)| !published.contains(&it.who.voice)) {
        Some((it, subject)) => Err(it.place.misheard(other_bytes(&it.who.name, subject))),
        None => Ok(()),
    }
}

/// The keys, and who certifies each first.
fn certified<'a>(said: &'a [Spoken<'_, &TrustedKey>]) -> BTreeMap<&'a RawKey, &'a Label> {
    let mut keys = BTreeMap::new();
    for it in said {
        let predicate = it.content.statement().map(Statement::predicate);
        if let Some(Predicate::Certifies(certification)) = predicate {
            keys.entry(&certification.key).or_insert(&it.who.label);
        }
    }
    keys
}

/// A key by its digest, and by the name of who certifies it.
pub(super) fn signatory(key: &RawKey, by: &str) -> Signatory {
    let digest = crate::sha256(&key.spki());
    let name = format!("the key sha256:{digest} ({by} certifies it)");
    Signatory::new(name, key.clone())
}

/// The keys that a source certifies for a project.
pub fn certified_keys(
    shown: &[Shown<'_>],
    project: &ProjectName,
    source: &Source,
    policy: &Policy,
    moment: impl Into<Moment>,
) -> Result<BTreeSet<RawKey>, Misheard> {
    let keys = source.keys.iter().filter_map(|it| policy.key(it));
    let keys: Vec<_> = keys.filter(|it| it.covers(project)).collect();
    let (_, signatories) = able(&keys);
    let (moment, mut all) = (moment.into(), BTreeSet::new());
    for place in through(shown, Some(&source.label)) {
        let Some(statement) = place.line.content.statement() else {
            continue;
        };
        let Predicate::Certifies(said) = statement.predicate() else {
            continue;
        };
        if !said.projects.iter().any(|it| it.covers(project)) {
            continue;
        }
        let signers = place.line.signers(&signatories);
        if signers.map_err(|it| place.misheard_whole(it))?.is_empty() {
            continue;
        }
        if check_times(statement, moment)
            .map_err(|it| place.misheard(it))?
            .is_none()
        {
            all.insert(said.key.clone());
        }
    }
    Ok(all)
}
