//! The keys that the rules for a project name: whoever holds one publishes the file, or takes it back.

use super::{
    Misheard, Notes, Shown,
    question::Question,
    voice::{self, Spoken, through},
};
use crate::{
    Policy, TrustedKey, Voice, Word,
    statement::{Predicate, Statement},
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
    for it in said {
        let Some(statement) = it.content.statement() else {
            continue;
        };
        let word = Word::Key(it.who.label.clone());
        match statement.predicate() {
            Predicate::Publishes(said) => {
                let subject = &statement.subjects()[0];
                let published = question.is_published(subject, said);
                match published.map_err(|rejection| it.place.misheard(rejection))? {
                    true => {
                        let by = [Voice::of_key(&it.who.key)];
                        notes.support(question, word, by, published_line(statement));
                    }
                    false => notes.trouble(other_bytes(it.who, statement)),
                }
            }
            Predicate::Denies(said) if question.is_denied(statement) => {
                let who = format!("key:{}", it.who.label);
                notes.deny(question, word, said, statement, &who);
            }
            _ => {}
        }
    }
    Ok(())
}

/// A publication in a line.
pub(super) fn published_line(statement: &Statement) -> String {
    format!("published by a statement of {}", statement.times().issued)
}

fn other_bytes(key: &TrustedKey, statement: &Statement) -> String {
    let subject = &statement.subjects()[0];
    format!(
        "key:{} publishes other bytes under the name {}: sha256:{}",
        key.label, subject.name, subject.sha256
    )
}
