//! Options that stand in requirements files.

use std::fmt;

use crate::args::ChoiceArgs;

/// Options that stand in requirements files, as they were written; paths made absolute.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FileOptions {
    /// `--index-url`; the last one counts.
    pub index_url: Option<String>,
    /// `--extra-index-url`.
    pub extra_index_url: Vec<String>,
    /// `--find-links`.
    pub find_links: Vec<LinkLine>,
    /// `--no-index`.
    pub no_index: bool,
    /// `--pre`, `--all-releases`, `--only-final`, `--only-binary`, `--no-binary`, `--prefer-binary`.
    pub choice: ChoiceArgs,
    /// `--trusted-host`.
    pub trusted_host: Vec<String>,
    /// Rules of trust, of which these files may only tighten.
    pub rules: Vec<RuleLine>,
}

/// A rule of trust in a requirements file, not yet read further.
#[derive(Debug, PartialEq, Eq)]
pub struct RuleLine {
    /// Which option.
    pub option: RuleOption,
    /// Its value.
    pub value: String,
    /// `requirements.txt:3`.
    pub from: String,
}

/// The options of trust that a requirements file may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleOption {
    Evidence,
    MinAge,
    UploadedPriorTo,
}

impl fmt::Display for RuleOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Evidence => "--evidence",
            Self::MinAge => "--min-age",
            Self::UploadedPriorTo => "--uploaded-prior-to",
        })
    }
}

/// `--find-links` in a requirements file.
#[derive(Debug, PartialEq, Eq)]
pub struct LinkLine {
    /// The folder or URL.
    pub place: String,
    /// Where it stands: `--find-links wheels in requirements.txt:2`.
    pub named_in: String,
}
