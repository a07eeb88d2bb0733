//! What a statement says, as one value for people and for `--json`.

use assay_trust::statement::{Predicate, Statement};
use assay_types::Timestamp;
use serde::Serialize;

/// A statement. Texts are unescaped.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Saying {
    /// Such as `vouches`.
    pub says: &'static str,
    pub project: Option<String>,
    /// Of a denial all of them.
    pub versions: Vec<String>,
    pub files: Vec<File>,
    pub criteria: Vec<String>,
    /// The key that is certified: its fingerprint.
    pub key: Option<String>,
    /// The projects for which it is.
    pub projects: Vec<String>,
    /// The version from which on somebody looked at the differences.
    pub since: Option<String>,
    /// Notes, or the reason of a denial.
    pub text: Option<String>,
    pub issued: String,
    pub expires: Option<String>,
    pub is_expired: bool,
}

/// What it is about.
#[derive(Debug, Serialize)]
pub struct File {
    pub name: String,
    pub sha256: String,
}

impl Saying {
    /// What a statement says at this moment.
    pub fn new(statement: &Statement, now: Timestamp) -> Self {
        let files = statement.subjects().iter().map(|it| File {
            name: it.name.clone(),
            sha256: it.sha256.to_string(),
        });
        let times = statement.times();
        let mut saying = Self {
            says: says(statement.predicate()),
            project: statement.project().map(ToString::to_string),
            versions: Vec::new(),
            files: files.collect(),
            criteria: Vec::new(),
            key: None,
            projects: Vec::new(),
            since: None,
            text: None,
            issued: times.issued.to_string(),
            expires: times.expires.map(|it| it.to_string()),
            is_expired: times.are_over(now),
        };
        match statement.predicate() {
            Predicate::Publishes(it) => saying.versions = vec![it.version.to_string()],
            Predicate::Vouches(it) => {
                saying.versions = vec![it.version.to_string()];
                saying.criteria = it.criteria.iter().cloned().collect();
                saying.since = it.from.as_ref().map(|it| it.version.to_string());
                saying.text = it.notes.clone();
            }
            Predicate::Denies(it) => {
                saying.versions = it.versions.iter().map(ToString::to_string).collect();
                saying.text = Some(it.reason.clone());
            }
            Predicate::Observes(it) => saying.text = Some(it.index.clone()),
            Predicate::Rebuilt(it) => saying.text = Some(it.source.clone()),
            Predicate::Certifies(it) => {
                saying.key = Some(it.key.fingerprint());
                saying.projects = it.projects.iter().map(ToString::to_string).collect();
            }
        }
        saying
    }

    /// The versions; of differences both ends.
    pub fn version(&self) -> String {
        let versions = self.versions.join(", ");
        match &self.since {
            Some(since) => format!("{since} -> {versions}"),
            None => versions,
        }
    }

    /// What it is about: of a certified key all the projects.
    pub fn about(&self) -> String {
        match &self.project {
            Some(project) => project.clone(),
            None => self.projects.join(", "),
        }
    }

    /// What it says besides, in words or as a key.
    pub fn words(&self) -> &str {
        let words = self.text.as_deref().or(self.key.as_deref());
        words.unwrap_or_default()
    }

    /// When it was said, and until when it counts.
    pub fn when(&self) -> String {
        match (&self.expires, self.is_expired) {
            (Some(end), true) => format!("expired {}", day(end)),
            (Some(end), false) => format!("{} until {}", day(&self.issued), day(end)),
            (None, _) => day(&self.issued).to_owned(),
        }
    }
}

fn says(predicate: &Predicate) -> &'static str {
    match predicate {
        Predicate::Publishes(_) => "publishes",
        Predicate::Vouches(_) => "vouches",
        Predicate::Observes(_) => "observes",
        Predicate::Rebuilt(_) => "rebuilt",
        Predicate::Certifies(_) => "certifies",
        Predicate::Denies(_) => "denies",
    }
}

fn day(time: &str) -> &str {
    time.split_once('T').map_or(time, |it| it.0)
}
