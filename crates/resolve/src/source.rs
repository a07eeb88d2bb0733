//! What the resolver asks of the outside world.

use std::sync::Arc;

use assay_types::{ProjectName, Version, metadata::Metadata};
use version_ranges::Ranges;

use crate::{Candidate, Project};

/// Projects and metadata, from wherever they are: index pages, folders, direct URLs, an
/// environment. Answers must not change during one resolution.
pub trait Source {
    /// What stops a resolution altogether (network, disk, a broken pin).
    type Error: std::error::Error + 'static;

    /// The project's versions; blocks until they are known. A project that nobody has is
    /// `Ok(Project::absent(…))`, not an error. For a project with a direct URL
    /// ([`Request::direct`](crate::Request::direct)) it holds exactly the one candidate behind
    /// that URL.
    fn project(&self, name: &ProjectName) -> Result<Arc<Project>, Self::Error>;

    /// The candidate's core metadata; blocks until it is known.
    fn metadata(
        &self,
        name: &ProjectName,
        candidate: &Candidate,
    ) -> Result<Arc<Metadata>, Trouble<Self::Error>>;

    /// Projects that will probably be asked for next, with the versions that are wanted of them
    /// (see [`Project::likely`]). Must not block.
    fn prefetch(&self, wanted: &mut dyn Iterator<Item = (&ProjectName, &Ranges<Version>)>) {
        let _ = wanted;
    }

    /// The search settled on this candidate for now; its download may begin. The search may
    /// still turn back. Never called for installed candidates. Must not block.
    fn picked(&self, name: &ProjectName, candidate: &Candidate) {
        let _ = (name, candidate);
    }
}

/// Why there is no metadata.
#[derive(Debug)]
pub enum Trouble<E> {
    /// This candidate cannot be used; another version may. The reason, unescaped, completes
    /// "cannot be used: …".
    Unusable(String),
    /// The whole resolution stops.
    Stop(E),
}

impl<E> From<E> for Trouble<E> {
    fn from(error: E) -> Self {
        Self::Stop(error)
    }
}
