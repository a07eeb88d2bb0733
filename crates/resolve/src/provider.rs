//! One search: the request, what the source said, what was learned.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    rc::Rc,
    sync::Arc,
};

use assay_types::{
    ProjectName, Requirement, Version, metadata::Metadata, range, requirement::Wanted,
};
use version_ranges::Ranges;

use crate::{
    Candidate, Project, Request, Source, Trouble,
    admission::Demands,
    edges::{Node, Reason, verify},
    package::Package,
    request::Direct,
};

/// One request and what was learned while searching.
pub(crate) struct Provider<'a, S> {
    pub(crate) request: &'a Request,
    pub(crate) source: &'a S,
    pub(crate) direct: Direct<'a>,
    /// The projects that the user named.
    pub(crate) requested: HashSet<&'a ProjectName>,
    /// What all constraints together admit.
    pub(crate) limits: HashMap<&'a ProjectName, Ranges<Version>>,
    pub(crate) memory: RefCell<Memory>,
}

/// What was learned. Only `held` and `chosen` are forgotten when the search starts over.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) projects: HashMap<ProjectName, Arc<Project>>,
    pub(crate) nodes: HashMap<(Package, Version), Rc<Node>>,
    /// Every requirement seen so far, by project.
    pub(crate) demands: HashMap<ProjectName, Demands>,
    /// Projects in the order in which they were first asked for.
    pub(crate) order: HashMap<ProjectName, u32>,
    /// The version that was chosen last, which the extras follow.
    pub(crate) chosen: HashMap<ProjectName, Version>,
    /// Projects of which something was held back, with the number of demands at that time.
    pub(crate) held: HashMap<ProjectName, usize>,
    /// Versions that a finished search chose without being entitled to.
    pub(crate) denied: HashSet<(ProjectName, Version)>,
}

/// The answer about one node: its requirements, or why it cannot be used.
type Answer<E> = Result<Result<Rc<Node>, Reason>, E>;

impl<'a, S: Source> Provider<'a, S> {
    pub(crate) fn new(request: &'a Request, source: &'a S, direct: Direct<'a>) -> Self {
        let mut memory = Memory::default();
        let mut limits = HashMap::<_, Ranges<Version>>::new();
        for stated in request.active_constraints() {
            let Requirement { name, wanted, .. } = &stated.requirement;
            if let Wanted::Version(specifiers) = wanted {
                let range = range::of(specifiers);
                let demands = memory.demands.entry(name.clone()).or_default();
                demands.add(specifiers, &range);
                let limit = limits.entry(name).or_insert_with(Ranges::full);
                *limit = limit.intersection(&range);
            }
        }
        limits.extend(request.torn().map(|name| (name, Ranges::empty())));
        Self {
            request,
            source,
            direct,
            requested: request
                .active_roots()
                .map(|it| &it.requirement.name)
                .collect(),
            limits,
            memory: RefCell::new(memory),
        }
    }

    /// The project's page, asked for once.
    pub(crate) fn project(&self, name: &ProjectName) -> Result<Arc<Project>, S::Error> {
        if let Some(known) = self.memory.borrow().projects.get(name) {
            return Ok(known.clone());
        }
        let project = self.source.project(name)?;
        let mut memory = self.memory.borrow_mut();
        memory.projects.insert(name.clone(), project.clone());
        Ok(project)
    }

    /// What one node requires, worked out once.
    pub(crate) fn node(&self, package: &Package, version: &Version) -> Answer<S::Error> {
        let key = (package.clone(), version.clone());
        if let Some(known) = self.memory.borrow().nodes.get(&key) {
            return Ok(Ok(known.clone()));
        }
        let node = match package.name() {
            None => Node::of_roots(self.request),
            Some(name) => match self.read(name, package, version)? {
                Ok(node) => node,
                Err(reason) => return Ok(Err(reason)),
            },
        };
        let node = Rc::new(node);
        self.learn(&node);
        self.memory.borrow_mut().nodes.insert(key, node.clone());
        Ok(Ok(node))
    }

    fn read(
        &self,
        name: &ProjectName,
        package: &Package,
        version: &Version,
    ) -> Result<Result<Node, Reason>, S::Error> {
        let Some(candidate) = self.candidate(name, version)? else {
            return Ok(Err(Reason::Metadata("it is gone".to_owned())));
        };
        let metadata = match self.metadata(name, &candidate)? {
            Ok(metadata) => metadata,
            Err(reason) => return Ok(Err(reason)),
        };
        let from_url = self.direct.contains_key(name);
        let (request, direct) = (self.request, &self.direct);
        let node = Node::of_metadata(request, direct, metadata, package.extra(), from_url);
        let is_wanted = !(request.only_deps && self.requested.contains(name));
        if node.is_ok() && package.extra().is_none() && !candidate.installed && is_wanted {
            self.source.picked(name, &candidate);
        }
        Ok(node)
    }

    /// The candidate's metadata, verified; an extra uses what its project has read.
    fn metadata(
        &self,
        name: &ProjectName,
        candidate: &Candidate,
    ) -> Result<Result<Arc<Metadata>, Reason>, S::Error> {
        let base = (Package::Project(name.clone()), candidate.version.clone());
        let known = self.memory.borrow().nodes.get(&base).cloned();
        if let Some(metadata) = known.and_then(|it| it.metadata.clone()) {
            return Ok(Ok(metadata));
        }
        match self.source.metadata(name, candidate) {
            Ok(metadata) => Ok(verify(self.request, name, candidate, &metadata).map(|()| metadata)),
            Err(Trouble::Unusable(why)) => Ok(Err(Reason::Metadata(why))),
            Err(Trouble::Stop(error)) => Err(error),
        }
    }

    /// Takes note of a node's requirements and lets the source fetch ahead.
    fn learn(&self, node: &Node) {
        let mut ahead = Vec::new();
        let memory = &mut *self.memory.borrow_mut();
        for (edge, requirement) in node.requirements(self.request) {
            let name = &requirement.name;
            if let Wanted::Version(specifiers) = &requirement.wanted {
                let demands = memory.demands.entry(name.clone()).or_default();
                demands.add(specifiers, &edge.range);
            }
            let next = memory.order.len() as u32;
            memory.order.entry(name.clone()).or_insert(next);
            if !memory.projects.contains_key(name) {
                let wanted = self.limited(name, &edge.range);
                if self.kept(name, &wanted).is_none() {
                    ahead.push((name, wanted.into_owned()));
                }
            }
        }
        self.source
            .prefetch(&mut ahead.iter().map(|(name, wanted)| (*name, wanted)));
    }
}

/// The version of the root node; there is no other.
pub(crate) fn root_version() -> Version {
    Version::new([0])
}

/// A candidate as the search and its caller see it: what is installed stands for its version.
pub(crate) fn standing<'a>(
    installed: Option<&'a Candidate>,
    project: &'a Project,
    version: &Version,
) -> Option<&'a Candidate> {
    let kept = installed.filter(|it| it.version == *version);
    kept.or_else(|| project.candidate(version))
}
