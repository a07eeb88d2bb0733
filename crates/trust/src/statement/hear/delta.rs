//! Who looked at a file: at all of it, or at what differs from one that was looked at.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use assay_types::{Sha256, Version};

use super::{Misheard, Notes, denied::Denied, question::Question, voice::Spoken};
use crate::{
    Source, TrustedKey, Voice, Word,
    statement::{Predicate, Vouch},
};

/// Most differences between a file and one that was looked at as a whole.
const LONGEST_CHAIN: usize = 32;

/// Somebody's word for one file of the project.
struct Vouched<'a> {
    key: &'a TrustedKey,
    said: &'a Vouch,
}

/// Those that count, by the bytes and the version that they are about.
type Vouches<'a> = BTreeMap<(Sha256, &'a Version), Vec<Vouched<'a>>>;

/// Vouches for the file that name not all the criteria of some source.
#[derive(Default)]
pub(super) struct OtherCriteria<'a> {
    passed_over: Vec<(&'a TrustedKey, &'a Vouch, &'a Source)>,
    /// What another source takes: its word says what it is worth.
    taken: Vec<&'a Vouch>,
}

impl OtherCriteria<'_> {
    /// What to say of those that no source takes, each of them once.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut told = Vec::new();
        for (key, vouch, _) in &self.passed_over {
            if self.taken.contains(vouch) || told.contains(&(&key.label, vouch)) {
                continue;
            }
            told.push((&key.label, vouch));
            let same = self.passed_over.iter();
            let same = same.filter(|it| (&it.0.label, it.1) == (&key.label, *vouch));
            let asked = same.map(|(_, _, source)| {
                let criteria = list(&source.criteria);
                format!("{criteria} are asked for ({})", source.place)
            });
            let by = format!("key:{} looked at it by the criteria", key.label);
            let (named, asked) = (list(&vouch.criteria), asked.collect::<Vec<_>>());
            lines.push(format!("{by} {named}, and {}", asked.join(", ")));
        }
        lines
    }
}

/// Whether the source vouches for the file. Every link of the chain is a statement of one of its keys
/// that names all of its criteria. A file that anybody denies is no link: what is wrong with it may be in
/// the next one, too.
pub(super) fn weigh<'a>(
    said: &[Spoken<'a, &'a TrustedKey>],
    denied: &Denied<'_>,
    question: &Question<'_>,
    source: &'a Source,
    others: &mut OtherCriteria<'a>,
    notes: &mut Notes,
) -> Result<(), Misheard> {
    let mut vouches = Vouches::new();
    for it in said {
        let Some((subject, vouch)) = vouch(it) else {
            continue;
        };
        let is_about = subject.sha256 == question.sha256;
        if is_about {
            let checked = question.check_name(subject, &vouch.project, &vouch.version);
            checked.map_err(|rejection| it.place.misheard(rejection))?;
        }
        let key = it.who;
        if source.criteria.is_subset(&vouch.criteria) {
            if is_about {
                others.taken.push(vouch);
            }
            let place = (subject.sha256, &vouch.version);
            vouches
                .entry(place)
                .or_default()
                .push(Vouched { key, said: vouch });
        } else if is_about {
            others.passed_over.push((key, vouch, source));
        }
    }
    let word = Word::Vouch(source.label.clone());
    vouches.retain(|(sha256, version), _| {
        let is_file = *sha256 == question.sha256;
        is_file || !denied.has(question.project(), version, *sha256)
    });
    match chain(&vouches, (question.sha256, &question.artifact.version)) {
        Some(chain) => {
            let file = (question.sha256, &question.artifact.version);
            notes.support(
                question,
                word,
                voices(&chain, vouches.get(&file)),
                line(&chain),
            );
        }
        None => unfinished(&vouches, question, source, notes),
    }
    Ok(())
}

fn vouch<'a>(
    spoken: &Spoken<'a, &TrustedKey>,
) -> Option<(&'a crate::statement::Subject, &'a Vouch)> {
    let statement = spoken.content.statement()?;
    match (statement.predicate(), statement.subjects()) {
        (Predicate::Vouches(said), [subject]) => Some((subject, said)),
        _ => None,
    }
}

/// The shortest way from a file to one that was looked at as a whole. Each file is asked about once, so
/// that a circle leads nowhere.
fn chain<'v>(
    vouches: &'v Vouches<'v>,
    file: (Sha256, &'v Version),
) -> Option<Vec<&'v Vouched<'v>>> {
    let mut seen = BTreeSet::from([file]);
    let mut queue = VecDeque::from([(file, Vec::new())]);
    while let Some((file, way)) = queue.pop_front() {
        for vouched in vouches.get(&file).into_iter().flatten() {
            let mut way: Vec<&Vouched<'_>> = way.clone();
            way.push(vouched);
            match &vouched.said.from {
                None => return Some(way),
                Some(_) if way.len() > LONGEST_CHAIN => {}
                Some(base) => {
                    let base = (base.sha256, &base.version);
                    if seen.insert(base) {
                        queue.push_back((base, way));
                    }
                }
            }
        }
    }
    None
}

/// Who looked at the file itself: the first of the chain, and whoever looked at all of it.
fn voices(chain: &[&Vouched<'_>], of_file: Option<&Vec<Vouched<'_>>>) -> Vec<Voice> {
    let whole = of_file.into_iter().flatten();
    let whole = whole.filter(|it| it.said.from.is_none());
    let first = chain.first().copied();
    let all = first.into_iter().chain(whole);
    all.map(|it| Voice::of_key(&it.key.key)).collect()
}

/// The chain for a report: who looked at what, the file first.
fn line(chain: &[&Vouched<'_>]) -> String {
    let links = chain.iter().map(|it| {
        let who = format!("key:{}", it.key.label);
        match &it.said.from {
            Some(base) => format!("{who} looked at what differs from {}", base.version),
            None => format!("{who} looked at {}", it.said.version),
        }
    });
    links.collect::<Vec<_>>().join(", ")
}

fn list(criteria: &BTreeSet<String>) -> String {
    let all: Vec<_> = criteria.iter().map(String::as_str).collect();
    all.join(", ")
}

/// Says of differences from files for which nobody vouches.
fn unfinished(vouches: &Vouches<'_>, question: &Question<'_>, source: &Source, notes: &mut Notes) {
    let file = (question.sha256, &question.artifact.version);
    for it in vouches.get(&file).into_iter().flatten() {
        if let Some(base) = &it.said.from {
            notes.trouble(format!(
                "key:{} looked at what differs from {} (sha256:{}), which does not lead to a file that \
                 vouch:{} looked at as a whole",
                it.key.label, base.version, base.sha256, source.label
            ));
        }
    }
}
