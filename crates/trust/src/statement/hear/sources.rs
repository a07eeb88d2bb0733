//! One source: what those say whose statements policy files listen to.

use super::{
    Misheard, Notes, Shown,
    question::Question,
    voice::{self, Spoken, through},
};
use crate::{
    Label, Policy, Source, TrustedKey, Voice, Word,
    statement::{Predicate, Statement, Subject, content::Content},
};

/// What it says, in its own sets and beside the file.
pub(super) fn listen<'a>(
    shown: &'a [Shown<'a>],
    question: &Question<'_>,
    policy: &'a Policy,
    source: &'a Source,
    notes: &mut Notes,
) -> Result<Vec<Spoken<'a, &'a TrustedKey>>, Misheard> {
    let keys: Vec<_> = source.keys.iter().filter_map(|it| policy.key(it)).collect();
    let lines = through(shown, Some(&source.label));
    voice::listen(lines, &keys, question, notes)
}

/// What of it stands for itself.
pub(super) fn weigh(
    said: &[Spoken<'_, &TrustedKey>],
    question: &Question<'_>,
    source: &Source,
    notes: &mut Notes,
) {
    for it in said {
        match it.content {
            Content::Ours(statement) => one(it, statement, question, &source.label, notes),
            Content::Equivalence(subject) => {
                let said = "OSS Rebuild got an equivalent file from its source";
                rebuilt(it.who, subject, said, question, &source.label, notes);
            }
            Content::Unknown(_) | Content::Foreign | Content::Malformed(_) => {}
        }
    }
}

fn one(
    spoken: &Spoken<'_, &TrustedKey>,
    statement: &Statement,
    question: &Question<'_>,
    source: &Label,
    notes: &mut Notes,
) {
    let (who, subjects) = (spoken.who, statement.subjects());
    match statement.predicate() {
        Predicate::Observes(said) => {
            let (key, index, since) = (&who.label, &said.index, said.first_seen);
            let line = format!("key:{key} saw {index} offer it since {since}");
            let word = Word::Notary(source.clone());
            by_name(&subjects[0], word, (who, line), question, notes);
        }
        Predicate::Rebuilt(said) => {
            let line = format!("the same file came of {}", said.source);
            rebuilt(who, &subjects[0], &line, question, source, notes);
        }
        Predicate::Denies(said) if question.is_denied(statement) => {
            // Whichever source it was heard through: it is the key that denies.
            let by = Word::Key(who.label.clone());
            let whence = format!("{by} in {}", spoken.place.document);
            notes.deny(question, by, said, statement, &whence);
        }
        _ => {}
    }
}

fn rebuilt(
    key: &TrustedKey,
    subject: &Subject,
    said: &str,
    question: &Question<'_>,
    source: &Label,
    notes: &mut Notes,
) {
    let line = format!("{said}, says key:{}", key.label);
    let word = Word::Rebuilt(source.clone());
    by_name(subject, word, (key, line), question, notes);
}

/// What is said of these bytes under another name is not said of the file.
fn by_name(
    subject: &Subject,
    word: Word,
    (key, line): (&TrustedKey, String),
    question: &Question<'_>,
    notes: &mut Notes,
) {
    match question.is_named(subject) {
        true => notes.support(question, word, [Voice::of_key(&key.key)], line),
        false => notes.trouble(format!("{line}, but as {} ({word})", subject.name)),
    }
}
