//! Pre-releases and yanked versions: who may be chosen at all.
//!
//! pip decides both by the requirements that are in force when it looks at a project. PubGrub
//! remembers "no version in this range" for good, so the search decides by all requirements it
//! has seen, notes where it held something back, starts over when a later requirement would have
//! admitted it, and checks the result against the requirements that are in force in the end.

use std::collections::HashMap;

use assay_types::{ProjectName, Version, VersionSpecifiers, range};
use pep440_rs::Operator;
use version_ranges::Ranges;

/// What the user says about pre-releases (`--pre`, `--all-releases`, `--only-final`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prereleases {
    /// Projects whose pre-releases count like any other version, or never do.
    pub by_project: HashMap<ProjectName, bool>,
    /// The same for all others. Without it requirements decide, as PEP 440 has it: a pre-release
    /// where one names it, or where there is no final release.
    pub others: Option<bool>,
}

impl Prereleases {
    /// `--pre`: those of every project count.
    pub fn all() -> Self {
        Self {
            others: Some(true),
            ..Self::default()
        }
    }

    /// What was said of a project; `None` leaves it to the requirements.
    pub fn of(&self, name: &ProjectName) -> Option<bool> {
        self.by_project.get(name).copied().or(self.others)
    }
}

/// Requirements on one project.
#[derive(Debug, Clone, Default)]
pub(crate) struct Demands(Vec<Demand>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Demand {
    range: Ranges<Version>,
    prerelease: bool,
    pinned: bool,
}

impl Demands {
    /// Takes note of a requirement; the same one twice counts once.
    pub(crate) fn add(&mut self, specifiers: &VersionSpecifiers, range: &Ranges<Version>) {
        let prerelease = range::mentions_prerelease(specifiers);
        let pinned = pins(specifiers);
        let known =
            |it: &Demand| it.range == *range && (it.prerelease, it.pinned) == (prerelease, pinned);
        if !self.0.iter().any(known) {
            self.0.push(Demand {
                range: range.clone(),
                prerelease,
                pinned,
            });
        }
    }

    /// How many different requirements there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether one of them names a pre-release.
    pub(crate) fn name_prerelease(&self) -> bool {
        self.0.iter().any(|it| it.prerelease)
    }

    /// Whether one of them pins with `==` or `===` and admits this version.
    pub(crate) fn pin(&self, version: &Version) -> bool {
        self.0
            .iter()
            .any(|it| it.pinned && it.range.contains(version))
    }

    /// Whether one of them pins any version.
    pub(crate) fn pin_any(&self) -> bool {
        self.0.iter().any(|it| it.pinned)
    }

    /// Whether all of them admit this version.
    pub(crate) fn admit(&self, version: &Version) -> bool {
        self.0.iter().all(|it| it.range.contains(version))
    }
}

/// Whether a specifier set pins a version: `===`, or `==` without a wildcard (PEP 592, pip).
pub(crate) fn pins(specifiers: &VersionSpecifiers) -> bool {
    let mut operators = specifiers.iter().map(|it| it.operator());
    operators.any(|it| matches!(it, Operator::Equal | Operator::ExactEqual))
}
