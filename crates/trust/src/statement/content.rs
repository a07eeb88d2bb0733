//! What an envelope carries, as far as it is known here.

use assay_types::{ProjectName, Sha256, names};
use serde_json::Value;

use super::{
    draft::Statement,
    envelope::Envelope,
    kinds::{Predicate, Subject},
    rebuild, strict,
};
use crate::signature::{Rejection, Rule};

/// The inside of an envelope.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// A statement of ours.
    Ours(Statement),
    /// OSS Rebuild's: this file is what its source gives.
    Equivalence(Subject),
    /// A kind of ours that this version does not know. Whether it is about a file can be told.
    Unknown(Unknown),
    /// A statement of somebody else's kind. It is not read.
    Foreign,
    /// No statement, or one whose parts do not fit together. Whether anybody is to be blamed for it
    /// is told by the signatures.
    Malformed(Rejection),
}

/// As much as can be told of it.
#[derive(Debug, Clone)]
pub(super) struct Unknown {
    pub kind: String,
    pub subjects: Vec<Sha256>,
    pub project: Option<ProjectName>,
}

impl Unknown {
    fn of(kind: &str, statement: &Value) -> Self {
        let subjects = statement["subject"].as_array().into_iter().flatten();
        let digests = subjects.filter_map(|it| it["digest"]["sha256"].as_str());
        let project = statement["predicate"]["project"].as_str();
        Self {
            kind: kind.to_owned(),
            subjects: digests.filter_map(Sha256::from_hex).collect(),
            project: project.and_then(names::project),
        }
    }
}

impl Content {
    pub fn of(envelope: &Envelope) -> Self {
        let content = Self::read(envelope.payload()).unwrap_or_else(Self::Malformed);
        match content {
            Self::Ours(_) | Self::Unknown(_) if envelope.is_of_old_type() => {
                let fact = "is a statement under a name that such statements never had";
                Self::Malformed(Rejection::new(Rule::Statement, fact))
            }
            other => other,
        }
    }

    fn read(payload: &[u8]) -> Result<Self, Rejection> {
        let wrong = |error| Rejection::new(Rule::Statement, format!("is no statement: {error}"));
        let statement = strict::value(payload).map_err(|it| wrong(it.to_string()))?;
        let Some(kind) = statement["predicateType"].as_str().map(str::to_owned) else {
            return Err(wrong("it has no predicateType".to_owned()));
        };
        match kind.as_str() {
            rebuild::SLSA => Ok(rebuild::read(statement)?.map_or(Self::Foreign, Self::Equivalence)),
            known if Predicate::KNOWN.contains(&known) => {
                Statement::of_value(statement).map(Self::Ours)
            }
            ours if ours.starts_with(Predicate::OURS) => {
                Ok(Self::Unknown(Unknown::of(ours, &statement)))
            }
            _ => Ok(Self::Foreign),
        }
    }

    pub fn statement(&self) -> Option<&Statement> {
        match self {
            Self::Ours(it) => Some(it),
            _ => None,
        }
    }

    /// How many elements its lists have.
    pub fn listed(&self) -> usize {
        match self {
            Self::Ours(it) => it.subjects().len() + it.predicate().listed(),
            Self::Unknown(it) => it.subjects.len(),
            Self::Equivalence(_) => 1,
            Self::Foreign | Self::Malformed(_) => 0,
        }
    }

    pub fn is_denial(&self) -> bool {
        let predicate = self.statement().map(Statement::predicate);
        matches!(predicate, Some(Predicate::Denies(_)))
    }

    pub fn is_malformed(&self) -> bool {
        matches!(self, Self::Malformed(_))
    }
}
