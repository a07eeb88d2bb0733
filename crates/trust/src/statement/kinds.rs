//! What can be said: the kinds of statements, and what each of them holds.

use std::collections::BTreeSet;

use assay_types::{ProjectName, Sha256, Timestamp, Version};
use serde::{Deserialize, Serialize};

use super::text;
use crate::{
    ProjectPattern, sha256,
    signature::{RawKey, object},
};

/// What a statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The file's name; unescaped.
    pub name: String,
    /// Its bytes.
    pub sha256: Sha256,
}

impl Subject {
    /// The subject of a certification: the key's SubjectPublicKeyInfo.
    pub fn of_key(key: &RawKey) -> Self {
        Self {
            name: "key".to_owned(),
            sha256: sha256(&key.spki()),
        }
    }
}

/// From when to when a statement counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// When it was made.
    pub issued: Timestamp,
    /// From when on it counts no longer.
    pub expires: Option<Timestamp>,
}

impl Times {
    /// Whether it counts no longer.
    pub fn are_over(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|it| it <= now)
    }
}

/// What is said of the subjects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Predicate {
    /// Whoever signed publishes this file.
    Publishes(Release),
    /// Whoever signed looked at it.
    Vouches(Vouch),
    /// Whoever signed saw an index offer it.
    Observes(Observation),
    /// Whoever signed built it again from its source.
    Rebuilt(Rebuild),
    /// A key may publish for projects.
    Certifies(Certification),
    /// It is not to be installed.
    Denies(Denial),
}

/// Which release a file is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The project.
    #[serde(with = "text")]
    pub project: ProjectName,
    /// Its version.
    #[serde(with = "text")]
    pub version: Version,
}

/// That somebody looked at a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vouch {
    /// The project.
    #[serde(with = "text")]
    pub project: ProjectName,
    /// Its version.
    #[serde(with = "text")]
    pub version: Version,
    /// By which criteria, in the form of a [`Label`](crate::Label).
    pub criteria: BTreeSet<String>,
    /// What was seen, for people; unescaped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// What it was compared with, where no more than the differences were looked at.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "object::optional"
    )]
    pub from: Option<Base>,
}

/// A file of an earlier version, or of another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Base {
    /// Of which version.
    #[serde(with = "text")]
    pub version: Version,
    /// Its bytes.
    #[serde(with = "text")]
    pub sha256: Sha256,
}

/// That an index offered a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observation {
    /// Which one: its base URL; unescaped.
    pub index: String,
    /// When first.
    #[serde(rename = "first-seen", with = "text")]
    pub first_seen: Timestamp,
}

/// That a file was built again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rebuild {
    /// From what, such as `git+https://…@commit`; unescaped.
    pub source: String,
    /// By what; unescaped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub builder: Option<String>,
}

/// That a key may publish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certification {
    /// The key.
    #[serde(with = "text")]
    pub key: RawKey,
    /// For which projects.
    #[serde(with = "text::list")]
    pub projects: Vec<ProjectPattern>,
}

/// That something is not to be installed: the subjects, and these versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Denial {
    /// The project.
    #[serde(with = "text")]
    pub project: ProjectName,
    /// Every file of these versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "text::list")]
    pub versions: Vec<Version>,
    /// Why; unescaped.
    pub reason: String,
}

pub(super) const PUBLISHES: &str = "urn:assay:publishes:v1";
pub(super) const VOUCHES: &str = "urn:assay:vouches:v1";
pub(super) const OBSERVES: &str = "urn:assay:observes:v1";
pub(super) const REBUILT: &str = "urn:assay:rebuilt:v1";
pub(super) const CERTIFIES: &str = "urn:assay:certifies:v1";
pub(super) const DENIES: &str = "urn:assay:denies:v1";

impl Predicate {
    /// What every type begins with that is defined here, now or later.
    pub(super) const OURS: &str = "urn:assay:";
    /// The types that are known.
    pub(super) const KNOWN: [&str; 6] = [PUBLISHES, VOUCHES, OBSERVES, REBUILT, CERTIFIES, DENIES];

    /// Its type: the `predicateType` of a statement.
    pub fn uri(&self) -> &'static str {
        match self {
            Self::Publishes(_) => PUBLISHES,
            Self::Vouches(_) => VOUCHES,
            Self::Observes(_) => OBSERVES,
            Self::Rebuilt(_) => REBUILT,
            Self::Certifies(_) => CERTIFIES,
            Self::Denies(_) => DENIES,
        }
    }

    /// How many elements its lists have.
    pub(super) fn listed(&self) -> usize {
        match self {
            Self::Vouches(it) => it.criteria.len(),
            Self::Certifies(it) => it.projects.len(),
            Self::Denies(it) => it.versions.len(),
            Self::Publishes(_) | Self::Observes(_) | Self::Rebuilt(_) => 0,
        }
    }

    /// The project that it names, where it names one.
    pub fn project(&self) -> Option<&ProjectName> {
        match self {
            Self::Publishes(it) => Some(&it.project),
            Self::Vouches(it) => Some(&it.project),
            Self::Denies(it) => Some(&it.project),
            Self::Observes(_) | Self::Rebuilt(_) | Self::Certifies(_) => None,
        }
    }
}
