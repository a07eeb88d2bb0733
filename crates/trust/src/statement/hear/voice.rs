//! Somebody who has a say: keys, and the bundles through which they speak.

use super::{Misheard, Notes, Shown, question::Question};
use crate::{
    Label, TrustedKey,
    signature::{Rejection, Rule},
    statement::{
        bundle::{Line, able, at},
        content::{Content, Unknown},
        signers::Signatory,
    },
};

/// A line that somebody signed who has a say, that counts, and that has to do with the file.
pub(super) struct Spoken<'a, W> {
    pub content: &'a Content,
    pub who: W,
    pub place: Place<'a>,
}

/// A line of a bundle.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// Which of the bundles.
    pub bundle: usize,
    pub document: &'a str,
    pub line: &'a Line,
}

impl Place<'_> {
    /// A rule that the line breaks.
    pub fn misheard(self, rejection: Rejection) -> Misheard {
        self.misheard_whole(at(self.line.number, rejection))
    }

    /// A rule that is broken, said of the line already.
    pub fn misheard_whole(self, rejection: Rejection) -> Misheard {
        let document = self.document.to_owned();
        Misheard {
            document,
            rejection,
        }
    }
}

/// The lines through which a source may speak, or the keys of the policy (`None`).
pub(super) fn through<'a>(
    shown: &'a [Shown<'a>],
    source: Option<&'a Label>,
) -> impl Iterator<Item = Place<'a>> {
    let open = shown.iter().enumerate();
    let open = open.filter(move |(_, it)| it.source.is_none() || it.source == source);
    open.flat_map(|(bundle, it)| {
        it.bundle.lines.iter().map(move |line| Place {
            bundle,
            document: it.document,
            line,
        })
    })
}

/// Everything that these keys say, that counts, and that has to do with the file.
pub(super) fn listen<'a>(
    places: impl Iterator<Item = Place<'a>>,
    keys: &[&'a TrustedKey],
    question: &Question<'_>,
    notes: &mut Notes,
) -> Result<Vec<Spoken<'a, &'a TrustedKey>>, Misheard> {
    let (keys, signatories) = able(keys);
    let mut all = Vec::new();
    for it in signed(places, &signatories, question, notes)? {
        let Spoken { content, place, .. } = it;
        let key = keys[it.who];
        if key.covers(question.project()) {
            let name = format!("key:{}", key.label);
            if counts(content, &name, question, notes).map_err(|it| place.misheard(it))? {
                all.push(Spoken {
                    content,
                    who: key,
                    place,
                });
            }
        } else if question.is_about(content) {
            let (label, project) = (&key.label, question.project());
            notes.trouble(format!(
                "key:{label} may not speak for {project} ({})",
                key.place
            ));
        }
    }
    Ok(all)
}

/// The lines that have to do with the file and that these signed, each by its place among them.
pub(super) fn signed<'a>(
    places: impl Iterator<Item = Place<'a>>,
    among: &[Signatory],
    question: &Question<'_>,
    notes: &mut Notes,
) -> Result<Vec<Spoken<'a, usize>>, Misheard> {
    let mut all = Vec::new();
    for place in places {
        let content = &place.line.content;
        if !question.concerns(content) {
            continue;
        }
        let signers = place.line.signers(among);
        for who in signers.map_err(|it| place.misheard_whole(it))? {
            notes.unheard.leave_out(place);
            all.push(Spoken {
                content,
                who,
                place,
            });
        }
    }
    Ok(all)
}

/// Whether a line counts now.
pub(super) fn counts(
    content: &Content,
    name: &str,
    question: &Question<'_>,
    notes: &mut Notes,
) -> Result<bool, Rejection> {
    if let Content::Unknown(unknown) = content {
        return Err(unknown_kind(unknown, name));
    }
    let over = content.statement().map(|it| question.check_times(it));
    let over = over.transpose()?.flatten();
    if let (Some(over), true) = (&over, question.is_about(content)) {
        notes.trouble(format!("a statement of {name} about it {over}"));
    }
    Ok(over.is_none())
}

/// Whoever has a say may have said anything in it.
pub(super) fn unknown_kind(unknown: &Unknown, name: &str) -> Rejection {
    let kind = &unknown.kind;
    let fact = format!("is of a kind that this assay does not know: {kind} ({name} signed it)");
    Rejection::new(Rule::Statement, fact)
}
