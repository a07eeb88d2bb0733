//! Rules that policy files state, and what each of their authors may say.
//!
//! For every key it is fixed what "tighter" means, and rules only ever add up to something tighter:
//! all evidence is needed, all ages must have passed, any denial refuses. What loosens (a grant, an
//! age of zero) is read from the machine's and the user's own files, and from a project's file that the
//! user has approved.

use std::fmt;

use assay_types::{Printable, ProjectName};

use crate::{Cutoff, Expression, Label, ProjectPattern};

/// Whose word a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Author {
    /// The machine's administrator: binds everybody on it.
    Machine,
    /// The user: tightens, and loosens what the machine's file does not set.
    User,
    /// Whoever wrote the project's file, whose very bytes the user has approved: tightens, and
    /// loosens what the user's own file does not say.
    Approved,
    /// Whoever wrote the project's file, which may come with a clone: tightens only.
    Project,
    /// Whoever wrote a requirements file: tightens only.
    Requirements,
}

impl Author {
    /// Whether it is the machine's or the user's own word, which may loosen: a grant, an exemption, an
    /// index, a trust root, publishers in place of what is known. Everybody else's may have come with a
    /// clone.
    pub fn may_loosen(self) -> bool {
        match self {
            Self::Machine | Self::User | Self::Approved => true,
            Self::Project | Self::Requirements => false,
        }
    }
}

/// A value and the place that states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated<T> {
    /// The value.
    pub value: T,
    /// `file:line:column`; unescaped.
    pub place: String,
}

/// What an unmet expression does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// It refuses.
    #[default]
    Require,
    /// What is missing is said each time.
    Warn,
    /// What is missing stands in receipts and reports.
    Report,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Require => "require",
            Self::Warn => "warn",
            Self::Report => "report",
        })
    }
}

/// The evidence that a rule asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Required {
    /// What suffices.
    pub expression: Expression,
    /// What happens where it is not met.
    pub mode: Mode,
}

/// Which source distributions and trees may be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceBuilds {
    /// None. The tightest.
    Never,
    /// Those of projects that the user names.
    Named,
    /// All, inside of a sandbox.
    Sandbox,
}

impl fmt::Display for SourceBuilds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Never => "never",
            Self::Named => "named",
            Self::Sandbox => "sandbox",
        })
    }
}

/// A permission: it loosens, so it is for projects by their full names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// As `--allow-startup NAME`.
    Startup(ProjectName),
    /// As `--allow-overwrite WRITER:OWNER`.
    Overwrite {
        /// Who may replace files.
        writer: ProjectName,
        /// Whose they are.
        owner: ProjectName,
    },
    /// As `--allow-bad-record NAME`.
    BadRecord(ProjectName),
    /// As `--allow-build NAME`.
    Build(ProjectName),
}

impl Grant {
    /// The key of a rule that says so.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Startup(_) => "startup",
            Self::Overwrite { .. } => "overwrite",
            Self::BadRecord(_) => "bad-record",
            Self::Build(_) => "build",
        }
    }

    /// The project that may do more.
    pub fn project(&self) -> &ProjectName {
        match self {
            Self::Startup(project) | Self::BadRecord(project) | Self::Build(project) => project,
            Self::Overwrite { writer, .. } => writer,
        }
    }
}

/// `[policy]` of one file, or one `[[policy.rule]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Whose file it stands in.
    pub author: Author,
    /// The projects that it covers; `None` for `[policy]` itself, which covers all.
    pub projects: Option<Vec<ProjectPattern>>,
    /// Needed besides whatever else is.
    pub evidence: Option<Stated<Required>>,
    /// How old an upload must be, as a moment. [`Cutoff::None`] exempts.
    pub min_age: Option<Stated<Cutoff>>,
    /// Which of its projects may be built from source.
    pub source_builds: Option<Stated<SourceBuilds>>,
    /// Never installed, and why; the reason is unescaped.
    pub deny: Option<Stated<String>>,
    /// The keys, one of which has to have signed a wheel inside of itself (`RECORD.jws`).
    pub wheel_signatures: Option<Stated<Vec<Label>>>,
    /// What its projects may do.
    pub grants: Vec<Stated<Grant>>,
}

impl Rule {
    /// A rule that says nothing yet.
    pub fn new(author: Author, projects: Option<Vec<ProjectPattern>>) -> Self {
        Self {
            author,
            projects,
            evidence: None,
            min_age: None,
            source_builds: None,
            deny: None,
            wheel_signatures: None,
            grants: Vec::new(),
        }
    }

    /// Whether it is for this project.
    pub fn covers(&self, project: &ProjectName) -> bool {
        let patterns = self.projects.as_ref();
        patterns.is_none_or(|all| all.iter().any(|it| it.covers(project)))
    }

    /// What its author may not say, if anything.
    pub(crate) fn loosening(&self) -> Option<Loosening> {
        if self.author.may_loosen() {
            return None;
        }
        let exemption = self.min_age.as_ref();
        let exemption = exemption.filter(|it| it.value == Cutoff::None);
        let exemption = exemption.map(|it| ("min-age", &it.place));
        let grant = self.grants.first().map(|it| (it.value.key(), &it.place));
        let (key, place) = exemption.or(grant)?;
        Some(Loosening {
            key,
            place: place.clone(),
        })
    }
}

/// A project's file, or a requirements file, tried to loosen something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loosening {
    /// The key that does it.
    pub key: &'static str,
    /// Where it stands; unescaped.
    pub place: String,
}

impl fmt::Display for Loosening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, place } = self;
        let place = Printable(place);
        write!(
            f,
            "{place}: {key} loosens a rule here, and a file that may come with a clone may only tighten"
        )
    }
}

impl std::error::Error for Loosening {}
