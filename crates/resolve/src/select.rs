//! Index pages to projects: which file stands for a version, and why the others do not.
//!
//! A page may list thousands of files. Making a [`Project`] only groups them by version; tags,
//! `requires-python`, digests and policy are judged for a version when somebody asks for it.

use std::{
    cmp::Reverse,
    fmt,
    sync::{Arc, OnceLock},
};

use assay_types::{
    Digest, FileName, Version, VersionSpecifiers, WheelName,
    listing::{File, Listing},
    tags::Tags,
};

use crate::{
    Candidate, LeftOut, Objection, Project, Why,
    project::{Judged, Release},
};

/// What the target can take.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its wheel tags.
    pub tags: Arc<Tags>,
    /// Its Python version.
    pub python: Version,
    /// Whether `Requires-Python` has no say.
    pub ignore_requires_python: bool,
}

impl Target {
    fn admits(&self, wanted: &VersionSpecifiers) -> bool {
        self.ignore_requires_python || admits_python(wanted, &self.python)
    }
}

/// What the user and the policy say about the files of one project.
#[derive(Clone, Default)]
pub struct Filter {
    /// `--hash` values; empty for no such demand. A file of which the index lists no digest of
    /// these algorithms stays: its bytes are compared when they are there.
    pub digests: Vec<Digest>,
    /// The user pinned the project beside those digests: where none of a version's files has one
    /// of them, its best file stays a candidate, so that admission refuses it with both digests.
    pub pinned: bool,
    /// Which kinds of files count.
    pub formats: Formats,
    /// Pass 1 of the policy, by what the index page says.
    pub policy: Option<Arc<Policy>>,
}

/// Which kinds of a project's files count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formats {
    /// Whether wheels do; `--no-binary` says that they do not.
    pub wheels: bool,
    /// Whether source distributions and trees do.
    pub sources: Sources,
    /// `--prefer-binary`: any version with a wheel comes before those that have to be built.
    pub prefer_wheels: bool,
}

impl Default for Formats {
    fn default() -> Self {
        Self {
            wheels: true,
            sources: Sources::Taken,
            prefer_wheels: false,
        }
    }
}

/// Whether what has to be built counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sources {
    /// Behind the wheels of the same version.
    Taken,
    /// Nothing may be built. Completes "only a source distribution, and …".
    Not(Objection),
}

/// A policy's judgement of one listed file; `None` admits it.
pub type Policy = dyn Fn(&File) -> Option<Objection> + Send + Sync;

/// The project that a page describes. [`Candidate::id`] is the index into `listing.files`.
pub fn project(listing: Arc<Listing>, target: Target, filter: Filter) -> Project {
    let (releases, order) = by_version(&listing.files);
    let passed_over = listing.skipped.iter().map(|link| LeftOut {
        version: None,
        file: link.what.clone(),
        why: Why::Link(link.why.clone()),
    });
    let passed_over = passed_over.collect();
    let name = listing.project.clone();
    let selection = Selection {
        listing,
        order,
        target,
        filter,
    };
    Project::lazy(name, releases, passed_over, selection)
}

/// Files grouped by version, newest first. The files of one version mostly follow each other on
/// a page, so that only the groups need sorting.
fn by_version(files: &[File]) -> (Vec<Release>, Vec<usize>) {
    let mut groups: Vec<(&Version, std::ops::Range<usize>)> = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let version = file.version();
        match groups.last_mut() {
            Some((last, group)) if *last == version => group.end = at + 1,
            _ => groups.push((version, at..at + 1)),
        }
    }
    groups.sort_by(|(a, _), (b, _)| b.cmp(a));
    let mut releases: Vec<Release> = Vec::with_capacity(groups.len());
    let mut order = Vec::with_capacity(files.len());
    for (version, group) in groups {
        let start = order.len();
        order.extend(group);
        match releases.last_mut() {
            Some(last) if last.version == *version => last.files.end = order.len(),
            _ => releases.push(Release {
                version: version.clone(),
                files: start..order.len(),
                judged: OnceLock::new(),
            }),
        }
    }
    (releases, order)
}

/// A page with everything that judges its files.
pub(crate) struct Selection {
    listing: Arc<Listing>,
    /// Indices into the listing's files, newest version first.
    order: Vec<usize>,
    target: Target,
    filter: Filter,
}

/// A build tag, which orders wheels of one version.
type Build = (u64, String);

/// Behind every wheel.
const SOURCE: u32 = u32::MAX - 1;
/// Behind the `.tar.gz` of the same version, which is what backends make (PEP 517).
const ZIP: u32 = u32::MAX;

impl Selection {
    /// Whether versions that have wheels come before those that have to be built.
    pub(crate) fn prefers_wheels(&self) -> bool {
        self.filter.formats.prefer_wheels
    }

    /// The best file of a version: not yanked before yanked, wheels before sources, then the best tag,
    /// then the highest build tag, then the page's order.
    pub(crate) fn judge(&self, release: &Release) -> Judged {
        let judged = self.judge_by(release, true);
        let is_digest = |it: &LeftOut| it.why == Why::Digest;
        if judged.candidate.is_none() && self.filter.pinned && judged.left_out.iter().any(is_digest)
        {
            return self.judge_by(release, false);
        }
        judged
    }

    fn judge_by(&self, release: &Release, by_digest: bool) -> Judged {
        let mut best = None;
        let mut left_out = Vec::new();
        for id in &self.order[release.files.clone()] {
            let file = &self.listing.files[*id];
            match self.rank(file, by_digest) {
                Ok((rank, build)) => {
                    let merit = Reverse((file.yanked.is_some(), rank, Reverse(build)));
                    if best.as_ref().is_none_or(|(most, _)| merit > *most) {
                        best = Some((merit, *id));
                    }
                }
                Err(why) => left_out.push(LeftOut {
                    version: Some(file.version().clone()),
                    file: file.name.as_str().to_owned(),
                    why,
                }),
            }
        }
        let candidate = best.map(|(_, id)| Candidate {
            version: release.version.clone(),
            id,
            yanked: self.listing.files[id]
                .yanked
                .as_ref()
                .map(|it| it.reason.clone()),
            installed: false,
            source: self.listing.files[id].name.wheel().is_none(),
        });
        Judged {
            candidate,
            left_out,
        }
    }

    /// How well a file fits (0 is best) with its build tag, or the first rule that excludes it.
    fn rank<'a>(&self, file: &'a File, by_digest: bool) -> Result<(u32, Option<&'a Build>), Why> {
        let (rank, build) = match file.name.wheel() {
            Some(wheel) => (self.wheel_rank(wheel)?, wheel.build()),
            None => (self.source_rank(&file.name)?, None),
        };
        match &file.requires_python {
            Some(wanted) if !self.target.admits(wanted) => {
                return Err(Why::Python(wanted.clone()));
            }
            _ => {}
        }
        if by_digest && !self.has_wanted_digest(file) {
            return Err(Why::Digest);
        }
        let policy = self.filter.policy.as_ref();
        match policy.and_then(|policy| policy(file)) {
            Some(objection) => Err(Why::Policy(objection)),
            None => Ok((rank, build)),
        }
    }

    fn source_rank(&self, name: &FileName) -> Result<u32, Why> {
        match &self.filter.formats.sources {
            Sources::Taken if name.as_str().ends_with(".zip") => Ok(ZIP),
            Sources::Taken => Ok(SOURCE),
            Sources::Not(why) => Err(Why::Source(why.clone())),
        }
    }

    fn wheel_rank(&self, wheel: &WheelName) -> Result<u32, Why> {
        if !self.filter.formats.wheels {
            return Err(Why::Wheel);
        }
        let tags = &self.target.tags;
        let rank = tags.rank(wheel);
        rank.ok_or_else(|| Why::Platform(tags.mismatch(wheel)))
    }

    fn has_wanted_digest(&self, file: &File) -> bool {
        let wanted = &self.filter.digests;
        let comparable = |listed: &&Digest| {
            let mut wanted = wanted.iter();
            wanted.any(|it| it.algorithm() == listed.algorithm())
        };
        let mut listed = file.digests.strong().iter().filter(comparable).peekable();
        listed.peek().is_none() || listed.any(|it| wanted.contains(it))
    }
}

/// Whether `Requires-Python` admits a Python version. As in pip, a pre-release of Python counts as
/// its release.
pub(crate) fn admits_python(wanted: &VersionSpecifiers, python: &Version) -> bool {
    wanted.contains(&python.only_release())
}

impl fmt::Debug for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Selection({} files)", self.order.len())
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filter")
            .field("digests", &self.digests)
            .finish_non_exhaustive()
    }
}
