//! Keys for which a source answers: what they publish counts for it.
//!
//! No more than that: a key that is certified certifies no other.

use super::{
    Misheard, Notes, Shown,
    keys::published_line,
    question::Question,
    voice::{Spoken, counts, signed, through},
};
use crate::{
    Label, TrustedKey, Word,
    statement::{Certification, Predicate, Statement, signers::Signatory},
};

/// What the keys say that are certified for the project by what the source said.
pub(super) fn hear(
    shown: &[Shown<'_>],
    said: &[Spoken<'_, &TrustedKey>],
    question: &Question<'_>,
    source: &Label,
    notes: &mut Notes,
) -> Result<(), Misheard> {
    for it in said {
        let predicate = it.content.statement().map(Statement::predicate);
        if let Some(Predicate::Certifies(certification)) = predicate {
            let by = &it.who.label;
            published(shown, certification, by, question, source, notes)?;
        }
    }
    Ok(())
}

fn published(
    shown: &[Shown<'_>],
    certification: &Certification,
    by: &Label,
    question: &Question<'_>,
    source: &Label,
    notes: &mut Notes,
) -> Result<(), Misheard> {
    let key = &certification.key;
    let name = format!(
        "the key sha256:{} (key:{by} certifies it)",
        crate::sha256(&key.spki())
    );
    let among = [Signatory::new(name.clone(), key.clone())];
    let word = Word::Certified(source.clone());
    for it in signed(through(shown, Some(source)), &among, question, notes)? {
        let misheard = |rejection| it.place.misheard(rejection);
        let (true, Some(statement)) = (
            counts(it.content, &name, question, notes).map_err(misheard)?,
            it.content.statement(),
        ) else {
            continue;
        };
        match statement.predicate() {
            Predicate::Publishes(said) => {
                let subject = &statement.subjects()[0];
                if question.is_published(subject, said).map_err(misheard)? {
                    let line = format!("{} of {name}", published_line(statement));
                    notes.support(question, word.clone(), line);
                }
            }
            Predicate::Denies(said) if question.is_denied(statement) => {
                notes.deny(question, word.clone(), said, statement, &name);
            }
            _ => {}
        }
    }
    Ok(())
}
