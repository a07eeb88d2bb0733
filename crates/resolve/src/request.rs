//! What the user asked for.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use assay_types::{
    MarkerEnvironment, Printable, ProjectName, Requirement, Version, WheelName,
    requirement::{DirectUrl, Wanted, redacted},
};

use crate::{Candidate, Prereleases, admission::pins, edges::same_place};

/// Everything that decides a resolution besides the [`Source`](crate::Source).
#[derive(Debug, Clone)]
pub struct Request {
    /// What is to be installed, in the user's order.
    pub roots: Vec<Stated>,
    /// Whether the roots are somebody else's words, such as what a source wants to be built with: no `==`
    /// of theirs is a pin of the user's.
    pub foreign: bool,
    /// Limits on projects if they are needed at all (`-c`). Their extras are ignored.
    pub constraints: Vec<Stated>,
    /// What the target has already. Empty for `--force-reinstall` and `--ignore-installed`.
    pub installed: HashMap<ProjectName, Candidate>,
    /// Which of the installed projects may move to a newer version.
    pub upgrade: Upgrade,
    /// Whose pre-releases count.
    pub prereleases: Prereleases,
    /// `--no-deps`: nothing but the roots.
    pub no_deps: bool,
    /// `--only-deps`: what the roots require, and not the roots themselves.
    pub only_deps: bool,
    /// `--ignore-requires-python`: every version takes the target's Python.
    pub ignore_requires_python: bool,
    /// The target's marker values.
    pub markers: MarkerEnvironment,
    /// The target's full Python version, for `Requires-Python`.
    pub python: Version,
}

/// A requirement and where the user wrote it.
#[derive(Debug, Clone)]
pub struct Stated {
    /// What was meant.
    pub requirement: Requirement,
    /// What was written, without its marker and without secrets; unescaped.
    pub text: String,
    /// `command line`, `requirements.txt:3`; unescaped.
    pub from: String,
}

/// pip's `--upgrade` and `--upgrade-strategy`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Upgrade {
    /// An installed version stays wherever it satisfies.
    #[default]
    No,
    /// The roots move to their newest versions, dependencies only where they must (`-U`).
    OnlyIfNeeded,
    /// Everything moves (`-U --upgrade-strategy eager`).
    Eager,
}

/// Direct URLs by project, as roots and constraints give them.
pub type Direct<'a> = HashMap<&'a ProjectName, (&'a DirectUrl, &'a str)>;

/// Two different URLs for one project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwoUrls {
    /// The project.
    pub project: ProjectName,
    /// What the user asked for: `flask`, or `flask 3.0` for a wheel.
    pub wanted: String,
    /// The URLs, without secrets, with the places that want them; unescaped.
    pub places: [(String, String); 2],
}

impl Request {
    /// A request with pip's defaults for one target.
    pub fn new(markers: MarkerEnvironment, python: Version) -> Self {
        Self {
            roots: Vec::new(),
            foreign: false,
            constraints: Vec::new(),
            installed: HashMap::new(),
            upgrade: Upgrade::No,
            prereleases: Prereleases::default(),
            no_deps: false,
            only_deps: false,
            ignore_requires_python: false,
            markers,
            python,
        }
    }

    /// Projects that come from a URL, each with the place that says so. Two URLs are an error where
    /// a root names the project; constraints that nobody needs may disagree.
    pub fn direct(&self) -> Result<Direct<'_>, TwoUrls> {
        let mut direct = Direct::new();
        let needed: HashSet<_> = self.active_roots().map(|it| &it.requirement.name).collect();
        for stated in self.active_roots().chain(self.active_constraints()) {
            let Wanted::Direct(url) = &stated.requirement.wanted else {
                continue;
            };
            let name = &stated.requirement.name;
            let (first, from) = *direct.entry(name).or_insert((url, &stated.from));
            if !same_place(first, url) && needed.contains(name) {
                return Err(TwoUrls {
                    project: name.clone(),
                    wanted: self.wanted(name),
                    places: [(first, from), (url, &stated.from)]
                        .map(|(url, from)| (redacted(&url.url).to_string(), from.to_owned())),
                });
            }
        }
        Ok(direct)
    }

    /// Whether the user pinned exactly this version with `==` or `===` (roots of their own, and
    /// constraints).
    pub fn pins(&self, name: &ProjectName, version: &Version) -> bool {
        let own_roots = self.active_roots().filter(|_| !self.foreign);
        own_roots
            .chain(self.active_constraints())
            .filter(|it| it.requirement.name == *name)
            .any(|it| match &it.requirement.wanted {
                Wanted::Version(specifiers) => pins(specifiers) && specifiers.contains(version),
                Wanted::Direct(_) => false,
            })
    }

    /// The roots whose markers hold.
    pub(crate) fn active_roots(&self) -> impl Iterator<Item = &Stated> {
        self.roots.iter().filter(|it| self.holds(it))
    }

    /// The constraints whose markers hold.
    pub(crate) fn active_constraints(&self) -> impl Iterator<Item = &Stated> {
        self.constraints.iter().filter(|it| self.holds(it))
    }

    /// The first root for a project, as a heading has it.
    fn wanted(&self, name: &ProjectName) -> String {
        let mut roots = self.active_roots();
        let Some(root) = roots.find(|it| it.requirement.name == *name) else {
            return name.to_string();
        };
        let Wanted::Direct(direct) = &root.requirement.wanted else {
            return root.text.clone();
        };
        let file = direct.url.path_segments().and_then(|mut it| it.next_back());
        match file.map(WheelName::parse) {
            Some(Ok(wheel)) => format!("{name} {}", wheel.version()),
            _ => name.to_string(),
        }
    }

    /// Projects for which constraints name two URLs: nothing meets both.
    pub(crate) fn torn(&self) -> impl Iterator<Item = &ProjectName> {
        let urls = || {
            self.active_constraints()
                .filter_map(|it| match &it.requirement.wanted {
                    Wanted::Direct(url) => Some((&it.requirement.name, url)),
                    Wanted::Version(_) => None,
                })
        };
        let torn = urls().filter(move |(name, url)| {
            urls().any(|(other, another)| other == *name && !same_place(url, another))
        });
        torn.map(|(name, _)| name)
    }

    fn holds(&self, stated: &Stated) -> bool {
        stated.requirement.marker.evaluate(&self.markers, &[])
    }
}

impl fmt::Display for TwoUrls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Cannot install {} because these package versions have conflicting dependencies.",
            Printable(&self.wanted)
        )?;
        self.places.iter().try_for_each(|(url, from)| {
            let (url, from) = (Printable(url), Printable(from));
            write!(f, "\n  {from} wants it from {url}")
        })
    }
}

impl std::error::Error for TwoUrls {}
