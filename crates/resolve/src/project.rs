//! What is known of one project before anybody looks at its metadata.

use std::{fmt, sync::OnceLock};

use assay_types::{Printable, ProjectName, Version, VersionSpecifiers, tags::Mismatch};
use version_ranges::Ranges;

use crate::select::Selection;

/// The versions of one project, newest first. Which file stands for a version is decided when
/// somebody asks for that version.
#[derive(Debug)]
pub struct Project {
    name: ProjectName,
    found: bool,
    releases: Vec<Release>,
    passed_over: Vec<LeftOut>,
    selection: Option<Selection>,
}

/// One version that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its version.
    pub version: Version,
    /// Means something to the [`Source`](crate::Source) only; for [`select`](crate::select) the
    /// index of the file in its listing.
    pub id: usize,
    /// PEP 592: the reason, unescaped, possibly empty.
    pub yanked: Option<String>,
    /// Whether the target has it already.
    pub installed: bool,
    /// Whether it has to be built: a source distribution or a tree.
    pub source: bool,
}

/// A file that may not be chosen; texts are unescaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its version, where the file name tells.
    pub version: Option<Version>,
    /// File name or link text.
    pub file: String,
    /// The rule.
    pub why: Why,
}

/// Why a file may not be chosen; texts are unescaped, `Display` escapes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// A source distribution, and nothing of the project may be built: completes "only a source
    /// distribution, and …".
    Source(Objection),
    /// A wheel, where the user wants the project built.
    Wheel,
    /// A wheel for something else: "built for …".
    Platform(Mismatch),
    /// `requires-python` excludes the target.
    Python(VersionSpecifiers),
    /// None of its digests is among those that the user gave.
    Digest,
    /// A rule of the policy.
    Policy(Objection),
    /// Not a distribution file of this project.
    Link(String),
}

/// A policy's reason to leave a file out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// The fact, unescaped: "uploaded 2026-11-22, after the cooldown's limit of 2026-11-21".
    pub why: String,
    /// The option that would admit it, as a sentence or command.
    pub way_out: Option<String>,
}

/// One version and, once somebody asked, what its files are good for.
#[derive(Debug)]
pub(crate) struct Release {
    pub(crate) version: Version,
    /// Which of the selection's files belong to it.
    pub(crate) files: std::ops::Range<usize>,
    pub(crate) judged: OnceLock<Judged>,
}

/// The verdict on the files of one version.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    pub(crate) candidate: Option<Candidate>,
    pub(crate) left_out: Vec<LeftOut>,
}

impl Project {
    /// A project with ready candidates, at most one for each version, in any order.
    pub fn new(name: ProjectName, candidates: Vec<Candidate>, left_out: Vec<LeftOut>) -> Self {
        let mut judged = std::collections::BTreeMap::<Version, Judged>::new();
        for candidate in candidates {
            let entry = judged.entry(candidate.version.clone()).or_default();
            entry.candidate = Some(candidate);
        }
        let mut passed_over = Vec::new();
        for file in left_out {
            match &file.version {
                Some(version) => judged
                    .entry(version.clone())
                    .or_default()
                    .left_out
                    .push(file),
                None => passed_over.push(file),
            }
        }
        let releases = judged.into_iter().rev().map(|(version, judged)| Release {
            version,
            files: 0..0,
            judged: judged.into(),
        });
        Self {
            name,
            found: true,
            releases: releases.collect(),
            passed_over,
            selection: None,
        }
    }

    /// A project that no index and no folder has.
    pub fn absent(name: ProjectName) -> Self {
        Self {
            found: false,
            ..Self::new(name, Vec::new(), Vec::new())
        }
    }

    pub(crate) fn lazy(
        name: ProjectName,
        releases: Vec<Release>,
        passed_over: Vec<LeftOut>,
        selection: Selection,
    ) -> Self {
        Self {
            name,
            found: true,
            releases,
            passed_over,
            selection: Some(selection),
        }
    }

    /// Its name.
    pub fn name(&self) -> &ProjectName {
        &self.name
    }

    /// Whether anybody has it.
    pub fn found(&self) -> bool {
        self.found
    }

    /// Every version that has a file, usable or not, newest first.
    pub fn versions(&self) -> impl DoubleEndedIterator<Item = &Version> {
        self.releases.iter().map(|it| &it.version)
    }

    /// What may be chosen for this version.
    pub fn candidate(&self, version: &Version) -> Option<&Candidate> {
        self.judge(self.release(version)?).candidate.as_ref()
    }

    /// All candidates, newest first; judges the files of every version.
    pub fn candidates(&self) -> impl Iterator<Item = &Candidate> {
        let judged = self.releases.iter().map(|it| self.judge(it));
        judged.filter_map(|it| it.candidate.as_ref())
    }

    /// The files of one version that may not be chosen.
    pub fn left_out_of(&self, version: &Version) -> &[LeftOut] {
        match self.release(version) {
            Some(release) => &self.judge(release).left_out,
            None => &[],
        }
    }

    /// Every file that may not be chosen, newest version first; judges all versions.
    pub fn left_out(&self) -> impl Iterator<Item = &LeftOut> {
        let judged = self.releases.iter().map(|it| self.judge(it));
        judged.flat_map(|it| &it.left_out).chain(&self.passed_over)
    }

    /// The candidate that the resolver most likely picks from `wanted`, for fetching ahead.
    pub fn likely(&self, wanted: &Ranges<Version>, prereleases: bool) -> Option<&Candidate> {
        let fitting = self
            .versions()
            .filter(|it| (prereleases || !it.any_prerelease()) && wanted.contains(*it))
            .filter_map(|it| self.candidate(it))
            .filter(|it| it.yanked.is_none());
        self.best(fitting)
    }

    /// The first of some candidates, or the first wheel where wheels are preferred and there is one.
    pub(crate) fn best<'a>(
        &self,
        mut candidates: impl Iterator<Item = &'a Candidate>,
    ) -> Option<&'a Candidate> {
        let first = candidates.next()?;
        if !self.prefers_wheels() || !first.source {
            return Some(first);
        }
        candidates.find(|it| !it.source).or(Some(first))
    }

    /// Whether versions that have wheels come before those that have to be built.
    pub(crate) fn prefers_wheels(&self) -> bool {
        self.selection
            .as_ref()
            .is_some_and(Selection::prefers_wheels)
    }

    /// The versions newer and those older than a given one, newest first.
    pub(crate) fn around(
        &self,
        version: Option<&Version>,
    ) -> (
        impl Iterator<Item = &Version>,
        impl Iterator<Item = &Version>,
    ) {
        let releases = &self.releases;
        let (newer, older) = match version {
            None => (releases.len(), releases.len()),
            Some(version) => (
                releases.partition_point(|it| it.version > *version),
                releases.partition_point(|it| it.version >= *version),
            ),
        };
        let (newer, older) = (&releases[..newer], &releases[older..]);
        (
            newer.iter().map(|it| &it.version),
            older.iter().map(|it| &it.version),
        )
    }

    fn release(&self, version: &Version) -> Option<&Release> {
        let releases = &self.releases;
        let at = releases.binary_search_by(|it| version.cmp(&it.version));
        releases.get(at.ok()?)
    }

    fn judge<'a>(&'a self, release: &'a Release) -> &'a Judged {
        release.judged.get_or_init(|| match &self.selection {
            Some(selection) => selection.judge(release),
            None => Judged::default(),
        })
    }
}

impl Objection {
    /// A fact that no option changes.
    pub fn plain(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            way_out: None,
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(objection) => {
                let why = Printable(&objection.why);
                write!(f, "only a source distribution, and {why}")
            }
            Self::Wheel => f.write_str("a wheel, and --no-binary leaves its wheels out"),
            Self::Platform(what) => write!(f, "{}", Printable(&what.to_string())),
            Self::Python(wanted) => write!(f, "requires Python {wanted}"),
            Self::Digest => f.write_str("none of its digests is among the --hash values"),
            Self::Policy(objection) => {
                write!(f, "left out by policy: {}", Printable(&objection.why))
            }
            Self::Link(why) => write!(f, "{}", Printable(why)),
        }
    }
}
