//! The file that is asked about, and what a statement has to do with it.

use assay_types::{ProjectName, Sha256, Version};

use crate::{
    Artifact, Moment,
    signature::{Rejection, Rule},
    statement::{
        Predicate, Release, Statement, Subject,
        content::{Content, Unknown},
    },
};

/// How far the clock of whoever signed may be ahead of ours, in seconds.
const SKEW: i64 = 300;

pub(super) struct Question<'a> {
    pub artifact: &'a Artifact,
    pub sha256: Sha256,
    pub moment: Moment,
}

impl Question<'_> {
    pub fn project(&self) -> &ProjectName {
        &self.artifact.project
    }

    /// Whether a line has to be looked at: it is about the file, or about something that a statement
    /// about the file may rest on, or cannot be read.
    pub fn concerns(&self, content: &Content) -> bool {
        // What is vouched for may differ from any bytes, whatever project they are denied as.
        let may_be_rested_on = |it: &Statement| match it.predicate() {
            Predicate::Vouches(_) => it.project() == Some(self.project()),
            Predicate::Denies(_) => {
                !it.subjects().is_empty() || it.project() == Some(self.project())
            }
            _ => false,
        };
        self.is_about(content)
            || content.is_malformed()
            || content.statement().is_some_and(may_be_rested_on)
    }

    /// Whether a line is about the file.
    pub fn is_about(&self, content: &Content) -> bool {
        match content {
            Content::Ours(statement) => self.is_subject(statement),
            Content::Equivalence(subject) => subject.sha256 == self.sha256,
            Content::Unknown(unknown) => self.may_concern(unknown),
            Content::Foreign | Content::Malformed(_) => false,
        }
    }

    fn is_subject(&self, statement: &Statement) -> bool {
        let subjects = statement.subjects();
        match statement.predicate() {
            Predicate::Certifies(said) => said.projects.iter().any(|it| it.covers(self.project())),
            Predicate::Denies(_) => self.is_denied(statement),
            Predicate::Publishes(_) if subjects.iter().any(|it| self.is_named(it)) => true,
            _ => subjects.iter().any(|it| it.sha256 == self.sha256),
        }
    }

    fn may_concern(&self, unknown: &Unknown) -> bool {
        unknown.subjects.contains(&self.sha256) || unknown.project.as_ref() == Some(self.project())
    }

    /// Whether a statement denies the file.
    pub fn is_denied(&self, statement: &Statement) -> bool {
        let version = &self.artifact.version;
        let denial = statement.denial_of(self.project(), version, self.sha256);
        denial.is_some()
    }

    /// Whether the subject has the file's name.
    pub fn is_named(&self, subject: &Subject) -> bool {
        subject.name == self.artifact.file_name
    }

    /// What is said of these bytes has to be said of the file, or somebody shows them as another one.
    pub fn check_name(
        &self,
        subject: &Subject,
        project: &ProjectName,
        version: &Version,
    ) -> Result<(), Rejection> {
        let wrong = |fact: String| Err(Rejection::new(Rule::Subject, fact));
        if !self.is_named(subject) {
            return wrong(format!(
                "is about these bytes under another name: {}",
                subject.name
            ));
        }
        if project != self.project() || *version != self.artifact.version {
            return wrong(format!(
                "is about these bytes as another release: {project} {version}"
            ));
        }
        Ok(())
    }

    /// Whether a publication is of these bytes. One of other bytes is not about the file, whatever name
    /// it has.
    pub fn is_published(&self, subject: &Subject, said: &Release) -> Result<bool, Rejection> {
        if subject.sha256 != self.sha256 {
            return Ok(false);
        }
        self.check_name(subject, &said.project, &said.version)?;
        Ok(true)
    }

    /// `Ok(Some(…))` for a statement that counts no longer, and why.
    pub fn check_times(&self, statement: &Statement) -> Result<Option<String>, Rejection> {
        check_times(statement, self.moment)
    }
}

/// The same for whoever asks about no file.
pub(super) fn check_times(
    statement: &Statement,
    moment: Moment,
) -> Result<Option<String>, Rejection> {
    let times = statement.times();
    let (issued, now) = (times.issued, moment.now());
    if issued.as_second() > now.as_second().saturating_add(SKEW) {
        let fact = format!("was made on {issued}, and it is {now} here");
        return Err(Rejection::new(Rule::Time, fact));
    }
    let end = match statement.predicate() {
        Predicate::Denies(_) => moment.earliest(),
        _ => moment.latest(),
    };
    let over = times.expires.filter(|_| times.are_over(end));
    Ok(over.map(|it| format!("expired on {it}")))
}
