//! The nodes of the search.

use std::fmt;

use assay_types::{ExtraName, ProjectName};

/// A node: the extras of a project are nodes of their own, tied to the project at one version.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Package {
    /// What the user asked for.
    Root,
    /// A project without its extras.
    Project(ProjectName),
    /// One extra of a project.
    Extra(ProjectName, ExtraName),
}

impl Package {
    /// The project, of which the root has none.
    pub(crate) fn name(&self) -> Option<&ProjectName> {
        match self {
            Self::Root => None,
            Self::Project(name) | Self::Extra(name, _) => Some(name),
        }
    }

    /// The extra, if this is one.
    pub(crate) fn extra(&self) -> Option<&ExtraName> {
        match self {
            Self::Extra(_, extra) => Some(extra),
            Self::Root | Self::Project(_) => None,
        }
    }
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("the request"),
            Self::Project(name) => write!(f, "{name}"),
            Self::Extra(name, extra) => write!(f, "{name}[{extra}]"),
        }
    }
}
