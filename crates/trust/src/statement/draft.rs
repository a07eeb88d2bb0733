//! One statement: subjects, a predicate, times. What is drafted and what is read obey the same rules.

use assay_types::{ProjectName, Sha256, Version};

use super::kinds::{
    Certification, Denial, Observation, Predicate, Rebuild, Release, Subject, Times, Vouch,
};
use crate::{
    Label,
    signature::{Rejection, Rule},
};

/// Most elements of a list.
const MOST: usize = 1000;
/// Longest text, in bytes: notes of a reviewer.
const LONGEST_NOTES: usize = 16 << 10;
/// Longest text that reports show whole, in bytes.
const LONGEST_LINE: usize = 1000;

/// What somebody says: a draft that is to be signed, or the inside of an envelope, verified by nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    subjects: Vec<Subject>,
    predicate: Predicate,
    times: Times,
}

impl Statement {
    /// Whoever signs publishes this file.
    pub fn publishes(subject: Subject, said: Release, times: Times) -> Result<Self, Rejection> {
        Self::new(vec![subject], Predicate::Publishes(said), times)
    }

    /// Whoever signs looked at it.
    pub fn vouches(subject: Subject, said: Vouch, times: Times) -> Result<Self, Rejection> {
        Self::new(vec![subject], Predicate::Vouches(said), times)
    }

    /// Whoever signs saw an index offer it.
    pub fn observes(subject: Subject, said: Observation, times: Times) -> Result<Self, Rejection> {
        Self::new(vec![subject], Predicate::Observes(said), times)
    }

    /// Whoever signs built it again.
    pub fn rebuilt(subject: Subject, said: Rebuild, times: Times) -> Result<Self, Rejection> {
        Self::new(vec![subject], Predicate::Rebuilt(said), times)
    }

    /// A key may publish.
    pub fn certifies(said: Certification, times: Times) -> Result<Self, Rejection> {
        let subject = Subject::of_key(&said.key);
        Self::new(vec![subject], Predicate::Certifies(said), times)
    }

    /// These files, or the versions in it, are not to be installed.
    pub fn denies(subjects: Vec<Subject>, said: Denial, times: Times) -> Result<Self, Rejection> {
        Self::new(subjects, Predicate::Denies(said), times)
    }

    /// Puts the parts together, or says why they do not fit.
    pub(super) fn new(
        subjects: Vec<Subject>,
        predicate: Predicate,
        times: Times,
    ) -> Result<Self, Rejection> {
        check_subjects(&subjects, &predicate)?;
        check_predicate(&predicate)?;
        check_times(&predicate, times)?;
        Ok(Self {
            subjects,
            predicate,
            times,
        })
    }

    /// What it is about.
    pub fn subjects(&self) -> &[Subject] {
        &self.subjects
    }

    /// What it says.
    pub fn predicate(&self) -> &Predicate {
        &self.predicate
    }

    /// When.
    pub fn times(&self) -> Times {
        self.times
    }

    /// The project that it names, where it names one.
    pub fn project(&self) -> Option<&ProjectName> {
        self.predicate.project()
    }

    /// The denial that it is, if it is of these bytes, whatever they are called, or of the version; of the
    /// version alone where the bytes are not known.
    pub fn denial_of(
        &self,
        project: &ProjectName,
        version: &Version,
        sha256: impl Into<Option<Sha256>>,
    ) -> Option<&Denial> {
        let Predicate::Denies(said) = &self.predicate else {
            return None;
        };
        let is_version = said.project == *project && said.versions.contains(version);
        let sha256 = sha256.into();
        let is_file = self.subjects.iter().any(|it| Some(it.sha256) == sha256);
        (is_version || is_file).then_some(said)
    }
}

fn check_subjects(subjects: &[Subject], predicate: &Predicate) -> Result<(), Rejection> {
    let wrong = |fact: &str| Err(Rejection::new(Rule::Subject, fact));
    match (predicate, subjects) {
        (Predicate::Denies(denial), []) if denial.versions.is_empty() => {
            wrong("denies neither a file nor a version")
        }
        (Predicate::Denies(_), all) if all.len() > MOST => wrong("is about more than 1,000 files"),
        (Predicate::Denies(_), _) => Ok(()),
        (Predicate::Certifies(said), [subject]) if *subject != Subject::of_key(&said.key) => {
            wrong("certifies another key than the one that it is about")
        }
        (_, [_]) => Ok(()),
        _ => wrong("is not about exactly one file"),
    }?;
    let mut names = subjects.iter().map(|it| ("file name", it.name.as_str()));
    names.try_for_each(|(what, it)| check_text(what, it, 255))
}

fn check_predicate(predicate: &Predicate) -> Result<(), Rejection> {
    let wrong = |fact: String| Err(Rejection::new(Rule::Statement, fact));
    match predicate {
        Predicate::Publishes(_) => Ok(()),
        Predicate::Vouches(said) => {
            let mut criteria = said.criteria.iter();
            if said.criteria.is_empty() {
                return wrong("names no criteria".to_owned());
            }
            if said.criteria.len() > MOST {
                return wrong(format!("names more than {MOST} criteria"));
            }
            if let Some(other) = criteria.find(|it| it.parse::<Label>().is_err()) {
                return wrong(format!("names the criteria {other}, which is no such name"));
            }
            let notes = said.notes.as_deref();
            notes.map_or(Ok(()), |it| check_text("note", it, LONGEST_NOTES))
        }
        Predicate::Observes(said) => check_text("index", &said.index, LONGEST_LINE),
        Predicate::Rebuilt(said) => {
            let builder = said.builder.as_deref();
            check_text("source", &said.source, LONGEST_LINE)?;
            builder.map_or(Ok(()), |it| check_text("builder", it, LONGEST_LINE))
        }
        Predicate::Certifies(said) => match said.projects.len() {
            1..=MOST => Ok(()),
            other => wrong(format!("certifies for {other} projects, not 1 to {MOST}")),
        },
        Predicate::Denies(said) if said.versions.len() > MOST => {
            wrong(format!("denies more than {MOST} versions"))
        }
        Predicate::Denies(said) => check_text("reason", &said.reason, LONGEST_LINE),
    }
}

fn check_text(what: &str, text: &str, longest: usize) -> Result<(), Rejection> {
    let wrong = |fact| Err(Rejection::new(Rule::Statement, fact));
    match text.len() {
        _ if text.trim().is_empty() => wrong(format!("has an empty {what}")),
        length if length > longest => wrong(format!("has a {what} of more than {longest} bytes")),
        _ => Ok(()),
    }
}

fn check_times(predicate: &Predicate, times: Times) -> Result<(), Rejection> {
    let Times { issued, expires } = times;
    let wrong = |fact: String| Err(Rejection::new(Rule::Time, fact));
    if let Some(expires) = expires.filter(|it| *it <= issued) {
        return wrong(format!("expires on {expires}, before it was issued"));
    }
    match predicate {
        Predicate::Observes(said) if said.first_seen > issued => {
            let seen = said.first_seen;
            wrong(format!("saw on {seen} what it says on {issued}"))
        }
        _ => Ok(()),
    }
}
