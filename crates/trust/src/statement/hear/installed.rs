//! What is denied of a distribution that is installed, of whose file nothing but a digest is left, or
//! not even that.

use assay_types::{ProjectName, Sha256, Version};

use super::{
    Misheard, Shown,
    certified::signatory,
    denied::denied_line,
    question::check_times,
    voice::{through, unknown_kind},
};
use crate::{
    Moment, Policy, Source, TrustedKey, Word,
    signature::Rejection,
    statement::{
        Denial, Predicate, Statement,
        bundle::able,
        content::{Content, Unknown},
        signers::Signatory,
    },
};

/// A distribution that is installed.
#[derive(Debug, Clone, Copy)]
pub struct Installed<'a> {
    /// Its project.
    pub project: &'a ProjectName,
    /// Its version.
    pub version: &'a Version,
    /// The wheel that it came from, where that is known. Else it is told by its version alone.
    pub sha256: Option<Sha256>,
}

/// Somebody's word against a distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Against {
    /// Who says so: the word that policy files have for them.
    pub by: Word,
    /// Why; unescaped.
    pub reason: String,
    /// It in a line; unescaped.
    pub said: String,
}

/// What the policy's sources deny of a distribution. Nothing else that they say is weighed.
pub fn denials(
    shown: &[Shown<'_>],
    installed: Installed<'_>,
    policy: &Policy,
    moment: impl Into<Moment>,
) -> Result<Vec<Against>, Misheard> {
    let (moment, mut all) = (moment.into(), Vec::new());
    for source in policy.sources_of(installed.project) {
        let listener = Listener {
            shown,
            source,
            installed,
            moment,
        };
        let keys = source.keys.iter().filter_map(|it| policy.key(it));
        let keys: Vec<_> = keys.filter(|it| it.covers(installed.project)).collect();
        listener.hear(&keys, &mut all)?;
    }
    Ok(all)
}

/// Who listens to one source.
struct Listener<'a> {
    shown: &'a [Shown<'a>],
    source: &'a Source,
    installed: Installed<'a>,
    moment: Moment,
}

/// A statement that counts, by whom of those who were asked for, and where.
struct Said<'a> {
    statement: &'a Statement,
    who: usize,
    document: &'a str,
}

impl Listener<'_> {
    fn hear(&self, keys: &[&TrustedKey], all: &mut Vec<Against>) -> Result<(), Misheard> {
        let (keys, signatories) = able(keys);
        let mut certified = Vec::new();
        for said in self.said(&signatories)? {
            let by = Word::Key(keys[said.who].label.clone());
            let name = &signatories[said.who].name;
            if let Predicate::Certifies(it) = said.statement.predicate() {
                certified.push(signatory(&it.key, name));
            }
            let whence = format!("{name} in {}", said.document);
            self.add(by, said.statement, &whence, all);
        }
        for said in self.said(&certified)? {
            let by = Word::Certified(self.source.label.clone());
            self.add(by, said.statement, &certified[said.who].name, all);
        }
        Ok(())
    }

    /// The statements that matter here, that one of these signed, and that count.
    fn said(&self, among: &[Signatory]) -> Result<Vec<Said<'_>>, Misheard> {
        let mut said = Vec::new();
        let places = through(self.shown, Some(&self.source.label));
        for place in places.filter(|it| self.concerns(&it.line.content)) {
            let signers = place.line.signers(among);
            let signers = signers.map_err(|it| place.misheard_whole(it))?;
            for who in signers {
                let counting = self.counting(&place.line.content, &among[who]);
                let counting = counting.map_err(|it| place.misheard(it))?;
                said.extend(counting.map(|statement| Said {
                    statement,
                    who,
                    document: place.document,
                }));
            }
        }
        Ok(said)
    }

    /// Whether a line may deny it, whoever signed it, or certify who does.
    fn concerns(&self, content: &Content) -> bool {
        let project = self.installed.project;
        match content {
            Content::Ours(statement) => match statement.predicate() {
                Predicate::Certifies(said) => said.projects.iter().any(|it| it.covers(project)),
                _ => self.installed.denied_by(statement).is_some(),
            },
            Content::Unknown(unknown) => self.installed.may_be(unknown),
            Content::Malformed(_) => true,
            Content::Equivalence(_) | Content::Foreign => false,
        }
    }

    /// A statement that did not expire. One of a kind that is not known may be a denial.
    fn counting<'s>(
        &self,
        content: &'s Content,
        who: &Signatory,
    ) -> Result<Option<&'s Statement>, Rejection> {
        match content {
            Content::Unknown(unknown) => Err(unknown_kind(unknown, &who.name)),
            other => {
                let Some(statement) = other.statement() else {
                    return Ok(None);
                };
                let over = check_times(statement, self.moment)?;
                Ok(over.is_none().then_some(statement))
            }
        }
    }

    fn add(&self, by: Word, statement: &Statement, who: &str, all: &mut Vec<Against>) {
        let Some(denial) = self.installed.denied_by(statement) else {
            return;
        };
        let against = Against {
            said: denied_line(statement, who),
            by,
            reason: denial.reason.clone(),
        };
        if !all.contains(&against) {
            all.push(against);
        }
    }
}

impl Installed<'_> {
    /// By the digest of its wheel, or by its version.
    fn denied_by<'s>(&self, statement: &'s Statement) -> Option<&'s Denial> {
        statement.denial_of(self.project, self.version, self.sha256)
    }

    fn may_be(&self, unknown: &Unknown) -> bool {
        let is_subject = self.sha256.is_some_and(|it| unknown.subjects.contains(&it));
        is_subject || unknown.project.as_ref() == Some(self.project)
    }
}
