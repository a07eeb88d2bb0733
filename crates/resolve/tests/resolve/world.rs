//! Projects in memory, written as text.
//!
//! ```text
//! flask 3.0 python=>=3.8 provides=async
//!   werkzeug>=3
//!   asgiref>=3.2 ; extra == 'async'
//! flask 2.0 yanked=broken
//! flask 4.0 sdist
//! flask 5.0 unbuilt
//! ```
//!
//! Words after the version: `yanked=WHY`, `python=SPEC` (index page), `meta-python=SPEC` (METADATA
//! only), `provides=A,B`, `sdist` (it has to be built), `unbuilt` (the same, and nothing is built) and
//! `policy=WHY` (left out), `named=OTHER` and `unreadable`
//! (bad METADATA). `~` in a word stands for a space.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    convert::Infallible,
    str::FromStr as _,
    sync::Arc,
};

use assay_resolve::{
    Candidate, Failure, LeftOut, Objection, Project, Request, Resolution, Source, Stated, Trouble,
    Why, resolve,
};
use assay_types::{
    MarkerEnvironment, ProjectName, Requirement, Version, metadata::Metadata, range,
};
use pep508_rs::MarkerEnvironmentBuilder;

/// All projects, with a log of what the resolver asked for.
pub struct World {
    /// What index pages are judged for.
    pub python: Version,
    releases: BTreeMap<ProjectName, Vec<Release>>,
    /// Calls in order: `project a`, `metadata a 1.0`, `picked a 1.0`, `ahead a`.
    pub log: RefCell<Vec<String>>,
}

struct Release {
    version: Version,
    words: HashMap<String, String>,
    requires: Vec<String>,
}

impl World {
    pub fn new(text: &str) -> Self {
        let mut world = Self {
            python: PYTHON.parse().unwrap(),
            releases: BTreeMap::new(),
            log: RefCell::default(),
        };
        let mut last: Option<ProjectName> = None;
        for line in text.lines().filter(|it| !it.trim().is_empty()) {
            if let (Some(name), true) = (&last, line.trim_start().starts_with("- ")) {
                let release = world.releases.get_mut(name).unwrap().last_mut().unwrap();
                release.requires.push(line.trim_start()[2..].to_owned());
                continue;
            }
            let mut words = line.split_whitespace();
            let name = name(words.next().unwrap());
            let version = Version::from_str(words.next().unwrap()).unwrap();
            let words = words.map(|word| {
                let (key, value) = word.split_once('=').unwrap_or((word, ""));
                (key.to_owned(), value.replace('~', " "))
            });
            world
                .releases
                .entry(name.clone())
                .or_default()
                .push(Release {
                    version,
                    words: words.collect(),
                    requires: Vec::new(),
                });
            last = Some(name);
        }
        world
    }

    /// The pins as `name version`, in order, or the explanation with its hints.
    pub fn solve(&self, request: &Request) -> Result<Vec<String>, String> {
        let resolution = self.resolve(request)?;
        let pins = resolution.pins.iter();
        Ok(pins
            .map(|it| format!("{} {}", it.name, it.candidate.version))
            .collect())
    }

    pub fn resolve(&self, request: &Request) -> Result<Resolution, String> {
        resolve(request, self).map_err(|failure| match failure {
            Failure::Unsatisfiable {
                explanation, hints, ..
            } => {
                let hints = hints.iter().map(|it| format!("\nhint: {it}"));
                explanation + &hints.collect::<String>()
            }
            Failure::Source(never) => match never {},
        })
    }

    fn release(&self, name: &ProjectName, version: &Version) -> &Release {
        let mut releases = self.releases[name].iter();
        releases.find(|it| it.version == *version).unwrap()
    }
}

impl Release {
    fn left_out(&self, name: &ProjectName, target: &Version) -> Option<Why> {
        let word = |key: &str| self.words.get(key);
        let python = word("python").map(|it| range::parse(it).unwrap());
        if word("unbuilt").is_some() {
            Some(Why::Source(Objection::plain("nothing is built here")))
        } else if let Some(why) = word("policy") {
            Some(Why::Policy(Objection {
                why: why.clone(),
                way_out: Some(format!("--min-age {name}=0 admits it")),
            }))
        } else {
            python.filter(|it| !it.contains(target)).map(Why::Python)
        }
    }

    fn metadata(&self, name: &ProjectName) -> Metadata {
        let word = |key: &str| self.words.get(key);
        let name = word("named").map_or(name.as_ref(), String::as_str);
        let mut text = format!(
            "Metadata-Version: 2.1\nName: {name}\nVersion: {}\n",
            self.version
        );
        if let Some(python) = word("meta-python").or(word("python")) {
            text += &format!("Requires-Python: {python}\n");
        }
        for extra in word("provides").into_iter().flat_map(|it| it.split(',')) {
            text += &format!("Provides-Extra: {extra}\n");
        }
        for requirement in &self.requires {
            text += &format!("Requires-Dist: {requirement}\n");
        }
        Metadata::parse(text.as_bytes()).unwrap()
    }
}

impl Source for World {
    type Error = Infallible;

    fn project(&self, name: &ProjectName) -> Result<Arc<Project>, Infallible> {
        self.log.borrow_mut().push(format!("project {name}"));
        let Some(releases) = self.releases.get(name) else {
            return Ok(Project::absent(name.clone()).into());
        };
        let mut candidates = Vec::new();
        let mut left_out = Vec::new();
        for (id, release) in releases.iter().enumerate() {
            match release.left_out(name, &self.python) {
                None => candidates.push(Candidate {
                    version: release.version.clone(),
                    id,
                    yanked: release.words.get("yanked").cloned(),
                    installed: false,
                    source: release.words.contains_key("sdist"),
                }),
                Some(why) => left_out.push(LeftOut {
                    version: Some(release.version.clone()),
                    file: format!("{name}-{}", release.version),
                    why,
                }),
            }
        }
        Ok(Project::new(name.clone(), candidates, left_out).into())
    }

    fn metadata(
        &self,
        name: &ProjectName,
        candidate: &Candidate,
    ) -> Result<Arc<Metadata>, Trouble<Infallible>> {
        let version = &candidate.version;
        self.log
            .borrow_mut()
            .push(format!("metadata {name} {version}"));
        let release = self.release(name, version);
        if release.words.contains_key("unreadable") {
            return Err(Trouble::Unusable(
                "its METADATA is not UTF-8\u{1b}[2J".to_owned(),
            ));
        }
        Ok(release.metadata(name).into())
    }

    fn prefetch(
        &self,
        wanted: &mut dyn Iterator<Item = (&ProjectName, &version_ranges::Ranges<Version>)>,
    ) {
        let names = wanted.map(|(name, _)| format!("ahead {name}"));
        self.log.borrow_mut().extend(names);
    }

    fn picked(&self, name: &ProjectName, candidate: &Candidate) {
        let version = &candidate.version;
        self.log
            .borrow_mut()
            .push(format!("picked {name} {version}"));
    }
}

const PYTHON: &str = "3.11.4";

/// A request for Python 3.11 on Linux, from the command line.
pub fn ask(roots: &[&str]) -> Request {
    let mut request = Request::new(markers("3.11.4"), PYTHON.parse().unwrap());
    request.roots = roots.iter().map(|it| stated(it, "command line")).collect();
    request
}

/// The same, under constraints.
pub fn ask_within(roots: &[&str], constraints: &[&str]) -> Request {
    let mut request = ask(roots);
    let lines = constraints.iter().enumerate();
    request.constraints = lines
        .map(|(at, it)| stated(it, &format!("c.txt:{}", at + 1)))
        .collect();
    request
}

/// The same, with something installed (`name version`).
pub fn ask_with_installed(roots: &[&str], installed: &[&str]) -> Request {
    let mut request = ask(roots);
    for text in installed {
        let (project, version) = text.split_once(' ').unwrap();
        request.installed.insert(
            name(project),
            Candidate {
                version: version.parse().unwrap(),
                id: usize::MAX,
                yanked: None,
                installed: true,
                source: false,
            },
        );
    }
    request
}

pub fn stated(requirement: &str, from: &str) -> Stated {
    Stated {
        requirement: Requirement::parse(requirement).unwrap(),
        text: requirement.to_owned(),
        from: from.to_owned(),
    }
}

pub fn name(text: &str) -> ProjectName {
    ProjectName::from_str(text).unwrap()
}

pub fn markers(python: &str) -> MarkerEnvironment {
    let short: Vec<_> = python.split('.').take(2).collect();
    MarkerEnvironment::try_from(MarkerEnvironmentBuilder {
        implementation_name: "cpython",
        implementation_version: python,
        os_name: "posix",
        platform_machine: "x86_64",
        platform_python_implementation: "CPython",
        platform_release: "6.1.0",
        platform_system: "Linux",
        platform_version: "#1 SMP",
        python_full_version: python,
        python_version: &short.join("."),
        sys_platform: "linux",
    })
    .unwrap()
}

/// One line for the pins.
#[track_caller]
pub fn check(world: &str, request: &Request, expected: &str) {
    let found = match World::new(world).solve(request) {
        Ok(pins) => pins.join(", "),
        Err(text) => text,
    };
    assert_eq!(found, expected);
}
