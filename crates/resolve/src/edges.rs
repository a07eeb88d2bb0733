//! From metadata to requirements that hold on the target.

use std::sync::Arc;

use assay_types::{
    ExtraName, ProjectName, Requirement, Version, VersionSpecifiers,
    metadata::Metadata,
    range,
    requirement::{DirectUrl, Wanted},
};
use version_ranges::Ranges;

use crate::{Candidate, Request, Stated, request::Direct, select::admits_python};

/// The requirements of one node that hold on the target.
#[derive(Debug)]
pub(crate) struct Node {
    /// Whose requirements these are; `None` for the roots.
    pub(crate) metadata: Option<Arc<Metadata>>,
    pub(crate) edges: Vec<Edge>,
}

/// One requirement, by its place among the roots or in `Requires-Dist`.
#[derive(Debug)]
pub(crate) struct Edge {
    at: usize,
    /// The versions it admits; all of them for a direct URL.
    pub(crate) range: Ranges<Version>,
}

/// Why a candidate cannot be used although it exists; texts are unescaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The source could not make sense of it.
    Metadata(String),
    /// `Requires-Python` in its METADATA.
    Python(VersionSpecifiers),
    /// It wants a project from a URL that the user did not name.
    Direct {
        name: ProjectName,
        url: String,
        /// Whether naming the URL among the requirements would allow it.
        allowable: bool,
    },
    /// It wants another version of itself.
    Itself(String),
}

impl Node {
    /// The roots whose markers hold.
    pub(crate) fn of_roots(request: &Request) -> Self {
        let held = request.roots.iter().enumerate().filter(|(_, stated)| {
            let marker = &stated.requirement.marker;
            marker.evaluate(&request.markers, &[])
        });
        Self {
            metadata: None,
            edges: held
                .map(|(at, it)| Edge::new(at, &it.requirement))
                .collect(),
        }
    }

    /// What a candidate requires, for itself or for one of its extras (then without what it
    /// requires anyway). With `--no-deps` nothing.
    pub(crate) fn of_metadata(
        request: &Request,
        direct: &Direct<'_>,
        metadata: Arc<Metadata>,
        extra: Option<&ExtraName>,
        from_url: bool,
    ) -> Result<Self, Reason> {
        let mut edges = Vec::new();
        let unknown = extra.is_some_and(|it| !metadata.provides_extra.contains(it));
        if !request.no_deps && !unknown {
            for (at, requirement) in metadata.requires_dist.iter().enumerate() {
                if holds(requirement, request, extra) {
                    check(requirement, &metadata, direct, from_url)?;
                    edges.push(Edge::new(at, requirement));
                }
            }
        }
        Ok(Self {
            metadata: Some(metadata),
            edges,
        })
    }

    /// The edges with their requirements.
    pub(crate) fn requirements<'a>(
        &'a self,
        request: &'a Request,
    ) -> impl Iterator<Item = (&'a Edge, &'a Requirement)> {
        let all = self.edges.iter();
        all.map(move |edge| match &self.metadata {
            Some(metadata) => (edge, &metadata.requires_dist[edge.at]),
            None => (edge, &request.roots[edge.at].requirement),
        })
    }
}

impl Edge {
    fn new(at: usize, requirement: &Requirement) -> Self {
        let range = match &requirement.wanted {
            Wanted::Version(specifiers) => range::of(specifiers),
            Wanted::Direct(_) => Ranges::full(),
        };
        Self { at, range }
    }

    /// The root that this edge is.
    pub(crate) fn stated<'a>(&self, request: &'a Request) -> &'a Stated {
        &request.roots[self.at]
    }
}

/// Whether the metadata is that of the candidate and takes the target's Python. What is
/// installed is taken as it is, as in pip.
pub(crate) fn verify(
    request: &Request,
    name: &ProjectName,
    candidate: &Candidate,
    metadata: &Metadata,
) -> Result<(), Reason> {
    if metadata.name != *name || metadata.version != candidate.version {
        let (is, version) = (&metadata.name, &metadata.version);
        return Err(Reason::Metadata(format!(
            "its metadata is that of {is} {version}"
        )));
    }
    match &metadata.requires_python {
        Some(wanted)
            if !candidate.installed
                && !request.ignore_requires_python
                && !admits_python(wanted, &request.python) =>
        {
            Err(Reason::Python(wanted.clone()))
        }
        _ => Ok(()),
    }
}

fn holds(requirement: &Requirement, request: &Request, extra: Option<&ExtraName>) -> bool {
    let marker = &requirement.marker;
    let always = marker.evaluate(&request.markers, &[]);
    match extra {
        None => always,
        // One extra at a time, as pip does: `extra == 'a' and extra == 'b'` never holds.
        Some(extra) => !always && marker.evaluate(&request.markers, std::slice::from_ref(extra)),
    }
}

/// A distribution must not pull in what the user never named: a direct URL is followed only where
/// the user gave it too.
fn check(
    requirement: &Requirement,
    metadata: &Metadata,
    direct: &Direct<'_>,
    from_url: bool,
) -> Result<(), Reason> {
    match &requirement.wanted {
        Wanted::Direct(wanted) => {
            let named = direct.get(&requirement.name);
            if named.is_some_and(|(url, _)| same_place(url, wanted)) {
                return Ok(());
            }
            Err(Reason::Direct {
                name: requirement.name.clone(),
                url: assay_types::requirement::redacted(&wanted.url).to_string(),
                allowable: from_url,
            })
        }
        Wanted::Version(specifiers) => {
            let itself = requirement.name == metadata.name;
            if itself && !range::of(specifiers).contains(&metadata.version) {
                return Err(Reason::Itself(specifiers.to_string()));
            }
            Ok(())
        }
    }
}

/// Whether two direct URLs are the same file or folder; as in pip, the order of a query says
/// nothing.
pub(crate) fn same_place(a: &DirectUrl, b: &DirectUrl) -> bool {
    let parts = |it: &DirectUrl| {
        let mut pairs: Vec<_> = it.url.query_pairs().into_owned().collect();
        pairs.sort();
        let mut url = it.url.clone();
        url.set_query(None);
        (url, pairs, it.subdirectory.clone())
    };
    parts(a) == parts(b)
}
