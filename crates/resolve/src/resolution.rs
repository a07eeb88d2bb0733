//! What is to be installed.

use assay_types::{ExtraName, ProjectName};

use crate::{Candidate, LeftOut};

/// A consistent set of versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// Dependencies before what depends on them; cycles are broken somewhere, but always in the
    /// same place.
    pub pins: Vec<Pin>,
    /// What a person should know (yanked versions, unknown extras); escaped.
    pub warnings: Vec<String>,
}

/// One project at one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// Its name.
    pub name: ProjectName,
    /// The version, with the source's own mark.
    pub candidate: Candidate,
    /// The extras that somebody asked for and that it has, sorted.
    pub extras: Vec<ExtraName>,
    /// Who asked for it: `requirements.txt:3` (unescaped) or `flask 3.0`, without duplicates.
    pub required_by: Vec<String>,
    /// Whether it is among the roots.
    pub requested: bool,
    /// What it requires on this target, in its metadata's order, without duplicates.
    pub dependencies: Vec<ProjectName>,
    /// The newest file that everybody would have taken and the policy left out.
    pub held_back: Option<LeftOut>,
}
