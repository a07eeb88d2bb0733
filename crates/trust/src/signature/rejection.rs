//! Why a signature or a statement was not believed.

use std::fmt;

use assay_types::Printable;

use crate::{Artifact, Refusal, RefusalKind};

/// The rule that was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// More than any honest document holds.
    Size,
    /// Not a document of its form.
    Form,
    /// An algorithm that is unknown, or too weak.
    Algorithm,
    /// A key that expired, was revoked, or may not sign.
    Key,
    /// A signature that does not hold for these bytes.
    Signature,
    /// A statement that is not about what it is shown for.
    Subject,
    /// A statement of an unknown kind, or one whose parts do not fit together.
    Statement,
    /// A time that cannot be.
    Time,
}

impl Rule {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Size => "signature size",
            Self::Form => "signature form",
            Self::Algorithm => "signature algorithm",
            Self::Key => "signature key",
            Self::Signature => "signature",
            Self::Subject => "statement subject",
            Self::Statement => "statement",
            Self::Time => "signature time",
        }
    }
}

/// A rule that was broken. The fact is a sentence without its subject, may come from outside and is
/// unescaped; `Display` escapes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// Which rule.
    pub rule: Rule,
    /// What is wrong.
    pub fact: String,
}

impl Rejection {
    pub(crate) fn new(rule: Rule, fact: impl Into<String>) -> Self {
        let fact = fact.into();
        Self { rule, fact }
    }

    /// The refusal of the file that `document` was shown for, such as `demo-1.0-py3-none-any.whl.asc`.
    pub fn refusal(self, artifact: &Artifact, document: &str) -> Refusal {
        Refusal {
            kind: RefusalKind::Mismatch,
            project: Some(artifact.project.clone()),
            file_name: artifact.file_name.clone(),
            rule: self.rule.name().to_owned(),
            fact: format!("{document} {}", self.fact),
            found: Vec::new(),
            missing: Vec::new(),
            hint: None,
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "it {} (rule: {})",
            Printable(&self.fact),
            self.rule.name()
        )
    }
}

impl std::error::Error for Rejection {}
