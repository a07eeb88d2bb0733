//! Why an attestation was not believed.

use std::fmt;

use assay_types::{FileName, Printable};

use crate::{Refusal, RefusalKind};

/// The rule that was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// More than any honest document holds.
    Size,
    /// Not the JSON that PEP 740 describes.
    Form,
    /// A version other than 1.
    Version,
    /// Not exactly one subject, or one that is not this file by name and digest.
    Subject,
    /// A predicate that PEP 740's index would not take, or one of them twice.
    Predicate,
    /// A signature that is not over this statement by this certificate.
    Signature,
    /// A certificate that no trusted authority issued for that time, or that no log has seen.
    Certificate,
    /// No proof that the transparency log holds the signature.
    Log,
    /// A time that cannot be.
    Time,
    /// A certificate that names no publisher of a known kind.
    Identity,
    /// The index names another publisher than the certificate.
    Publisher,
}

impl Rule {
    /// Whether another trusted root, with other keys, could come to another verdict.
    pub fn depends_on_root(self) -> bool {
        matches!(self, Self::Certificate | Self::Log | Self::Time)
    }

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Size => "attestation size",
            Self::Form => "attestation form",
            Self::Version => "attestation version",
            Self::Subject => "attestation subject",
            Self::Predicate => "attestation predicate",
            Self::Signature => "attestation signature",
            Self::Certificate => "attestation certificate",
            Self::Log => "attestation log",
            Self::Time => "attestation time",
            Self::Identity => "attestation identity",
            Self::Publisher => "attestation publisher",
        }
    }
}

/// A rule of attestations that was broken. Texts may come from outside and are unescaped here;
/// `Display` escapes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// Which rule.
    pub rule: Rule,
    /// What is wrong, one sentence.
    pub fact: String,
    /// What the attestation says, one line each.
    pub found: Vec<String>,
    /// What it should say, one line each.
    pub missing: Vec<String>,
}

impl Rejection {
    pub(super) fn new(rule: Rule, fact: impl Into<String>) -> Self {
        Self {
            rule,
            fact: fact.into(),
            found: Vec::new(),
            missing: Vec::new(),
        }
    }

    pub(super) fn found(mut self, line: impl Into<String>) -> Self {
        self.found.push(line.into());
        self
    }

    pub(super) fn missing(mut self, line: impl Into<String>) -> Self {
        self.missing.push(line.into());
        self
    }

    /// The refusal of the file that the attestation came with: evidence contradicts the bytes.
    pub fn refusal(self, file: &FileName) -> Refusal {
        Refusal {
            kind: RefusalKind::Mismatch,
            project: Some(file.project().clone()),
            file_name: file.as_str().to_owned(),
            rule: self.rule.name().to_owned(),
            fact: self.fact,
            found: self.found,
            missing: self.missing,
            hint: None,
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (rule: {})", Printable(&self.fact), self.rule.name())
    }
}

impl std::error::Error for Rejection {}
