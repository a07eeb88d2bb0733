//! What the bundles at hand come to for one file.
//!
//! Two kinds of voices are heard: the keys that the rules for a project name, which publish it, and
//! speak through the bundle beside the file; and the sources, which speak through their sets and
//! through that bundle. A set speaks for no other source than its own.

mod certified;
mod delta;
mod denied;
mod installed;
mod keys;
mod question;
mod sources;
mod unheard;
mod voice;

use assay_types::Sha256;

use super::{Bundle, Denial, Statement};
use crate::{
    Artifact, Claim, Heard, Label, Moment, Policy, Refusal, Testimony, Voice, Word,
    signature::Rejection,
};
pub use certified::certified_keys;
use delta::OtherCriteria;
use denied::{Denied, denied_line};
pub use installed::{Against, Installed, denials};
use question::Question;
use unheard::Unheard;

/// A bundle, and for whom it may speak.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// What to call it in messages: a path or an address; unescaped.
    pub document: &'a str,
    /// The source whose set it is of, for which alone it speaks; `None` for the one beside the file, in
    /// which keys of the policy speak and every source.
    pub source: Option<&'a Label>,
    /// What it holds.
    pub bundle: &'a Bundle,
}

/// A bundle in which somebody who is named says what cannot be, or is made to say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misheard {
    /// [`Shown::document`].
    pub document: String,
    /// What is wrong.
    pub rejection: Rejection,
}

impl Misheard {
    /// The refusal of the file.
    pub fn refusal(self, artifact: &Artifact) -> Refusal {
        self.rejection.refusal(artifact, &self.document)
    }
}

/// What the keys and sources of the policy say about the file with this digest.
///
/// Statements by others are nothing, and so are those that are about other files: a line of
/// [`Heard::absent`] says so. Of those that expired, or are by a key that may not speak for the project,
/// one of [`Heard::trouble`] does. What is signed by a
/// key that has a say and cannot be is an error: it is not passed over. Of two clocks the later ends what speaks
/// for a file, and the earlier a denial.
pub fn hear(
    shown: &[Shown<'_>],
    artifact: &Artifact,
    sha256: Sha256,
    policy: &Policy,
    moment: impl Into<Moment>,
) -> Result<Heard, Misheard> {
    let question = Question {
        artifact,
        sha256,
        moment: moment.into(),
    };
    let mut notes = Notes::default();
    let published = keys::listen(shown, &question, policy, &mut notes)?;
    let mut all = Vec::new();
    for source in policy.sources_of(&artifact.project) {
        let said = sources::listen(shown, &question, policy, source, &mut notes)?;
        let certified = certified::listen(shown, &said, &question, &source.label, &mut notes)?;
        all.push((source, said, certified));
    }
    let by_sources = all.iter().flat_map(|(_, said, certified)| {
        let said = said.iter().map(|it| it.content);
        said.chain(certified.iter().map(|it| it.content))
    });
    let denied = Denied::of(published.iter().map(|it| it.content).chain(by_sources));
    keys::weigh(&published, &question, &mut notes)?;
    let mut others = OtherCriteria::default();
    for (source, said, certified) in &all {
        sources::weigh(said, &question, source, &mut notes);
        delta::weigh(said, &denied, &question, source, &mut others, &mut notes)?;
        certified::weigh(certified, &question, &source.label, &mut notes)?;
    }
    others.lines().into_iter().for_each(|it| notes.trouble(it));
    let Notes { mut heard, unheard } = notes;
    heard.absent.extend(unheard.lines(shown, &question));
    Ok(heard)
}

/// What was heard so far.
#[derive(Default)]
struct Notes {
    heard: Heard,
    unheard: Unheard,
}

impl Notes {
    /// Somebody speaks for the file.
    fn support(
        &mut self,
        question: &Question<'_>,
        word: Word,
        by: impl IntoIterator<Item = Voice>,
        said: String,
    ) {
        let said = format!("{said} ({word})");
        let claim = Claim::Supports(word);
        self.add(Testimony::new(claim, by, question.sha256, said));
    }

    /// Somebody speaks against it.
    fn deny(
        &mut self,
        question: &Question<'_>,
        by: Word,
        denial: &Denial,
        statement: &Statement,
        who: &str,
    ) {
        let said = denied_line(statement, who);
        let reason = denial.reason.clone();
        let claim = Claim::Denies { by, reason };
        self.add(Testimony::new(claim, [], question.sha256, said));
    }

    fn add(&mut self, testimony: Testimony) {
        if !self.heard.testimonies.contains(&testimony) {
            self.heard.testimonies.push(testimony);
        }
    }

    fn trouble(&mut self, line: String) {
        if !self.heard.trouble.contains(&line) {
            self.heard.trouble.push(line);
        }
    }
}
