//! The keys that the rules for a project name: whoever holds one publishes the file, or takes it back.

use std::collections::BTreeSet;

use super::{
    Misheard, Notes, Shown,
    question::Question,
    voice::{self, Spoken, through},
};
use crate::{
    Policy, TrustedKey, Voice, Word,
    signature::{Rejection, Rule},
    statement::{Predicate, Statement, Subject},
};

/// What they say, beside the file alone: a set speaks for its source.
pub(super) fn listen<'a>(
    shown: &'a [Shown<'a>],
    question: &Question<'_>,
    policy: &'a Policy,
    notes: &mut Notes,
) -> Result<Vec<Spoken<'a, &'a TrustedKey>>, Misheard> {
    let asked = policy.words_asked(question.project());
    let keys = policy.keys.iter();
    let keys: Vec<_> = keys
        .filter(|it| asked.contains(&Word::Key(it.label.clone())))
        .collect();
    voice::listen(through(shown, None), &keys, question, notes)
}

/// What it comes to.
pub(super) fn weigh(
    said: &[Spoken<'_, &TrustedKey>],
    question: &Question<'_>,
    notes: &mut Notes,
) -> Result<(), Misheard> {
    let mut published = BTreeSet::new();
    let mut others = Vec::new();
    for it in said {
        let Some(statement) = it.content.statement() else {
            continue;
        };
        let word = Word::Key(it.who.label.clone());
        match statement.predicate() {
            Predicate::Publishes(said) => {
                let subject = &statement.subjects()[0];
                let is_it = question.is_published(subject, said);
                if is_it.map_err(|rejection| it.place.misheard(rejection))? {
                    let by = [Voice::of_key(&it.who.key)];
                    notes.support(question, word, by, published_line(statement));
                    published.insert(&it.who.label);
                } else {
                    others.push((it, subject));
                }
            }
            Predicate::Denies(said) if question.is_denied(statement) => {
                let who = format!("key:{}", it.who.label);
                notes.deny(question, word, said, statement, &who);
            }
            _ => {}
        }
    }
    // Whoever publishes nothing but other bytes under this name did not make these.
    let mut others = others.into_iter();
    match others.find(|(it, _)| !published.contains(&it.who.label)) {
        Some((it, subject)) => {
            let who = format!("key:{}", it.who.label);
            Err(it.place.misheard(other_bytes(&who, subject)))
        }
        None => Ok(()),
    }
}

/// A publication in a line.
pub(super) fn published_line(statement: &Statement) -> String {
    format!("published by a statement of {}", statement.times().issued)
}

/// Somebody publishes other bytes under the file's name, and not these.
pub(super) fn other_bytes(who: &str, subject: &Subject) -> Rejection {
    let Subject { name, sha256 } = subject;
    let fact = format!("says that {who} publishes other bytes as {name}: sha256:{sha256}");
    Rejection::new(Rule::Subject, fact)
}
