//! The search, started over where it held back what it should not have.

use std::collections::BTreeMap;

use assay_types::{ExtraName, ProjectName, Version, requirement::Wanted};
use pubgrub::{PubGrubError, SelectedDependencies};

use crate::{
    Candidate, Failure, Request, Resolution, Source,
    admission::Demands,
    candidates::has_final,
    explain, order,
    package::Package,
    provider::{Provider, root_version},
};

/// Finds versions that satisfy all requirements, as pip would choose them: the newest that fits,
/// in the user's order. The same request and the same answers give the same result.
pub fn resolve<S: Source>(request: &Request, source: &S) -> Result<Resolution, Failure<S::Error>> {
    let direct = request
        .direct()
        .map_err(|conflict| Failure::Unsatisfiable {
            explanation: conflict.to_string(),
            hints: Vec::new(),
            projects: vec![conflict.project],
        })?;
    let provider = Provider::new(request, source, direct);
    // Ends: each round has seen a requirement or denied a version that the one before had not.
    loop {
        match pubgrub::resolve(&provider, Package::Root, root_version()) {
            Ok(selected) => {
                let picks = Picks::new(&provider, selected).map_err(Failure::Source)?;
                let demands = provider.demands_of(&picks);
                if !provider.deny_unentitled(&picks, &demands) {
                    return Ok(order::resolution(&provider, &picks, &demands));
                }
            }
            Err(PubGrubError::NoSolution(tree)) => {
                if !provider.start_over() {
                    return Err(explain::failure(&provider, &tree));
                }
            }
            Err(
                PubGrubError::ErrorRetrievingDependencies { source, .. }
                | PubGrubError::ErrorChoosingVersion { source, .. }
                | PubGrubError::ErrorInShouldCancel(source),
            ) => return Err(Failure::Source(source)),
        }
    }
}

/// The requirements in force in a solution, by project.
pub(crate) type InForce = BTreeMap<ProjectName, Demands>;

/// A solution by project.
pub(crate) struct Picks(pub(crate) BTreeMap<ProjectName, (Candidate, Vec<ExtraName>)>);

impl Picks {
    fn new<S: Source>(
        provider: &Provider<'_, S>,
        selected: SelectedDependencies<Package, Version>,
    ) -> Result<Self, S::Error> {
        let mut picks = BTreeMap::new();
        let mut extras = Vec::new();
        for (package, version) in selected {
            match package {
                Package::Root => {}
                Package::Extra(name, extra) => extras.push((name, extra)),
                Package::Project(name) => {
                    if let Some(candidate) = provider.candidate(&name, &version)? {
                        picks.insert(name, (candidate, Vec::new()));
                    }
                }
            }
        }
        extras.sort();
        for (name, extra) in extras {
            if let Some((_, extras)) = picks.get_mut(&name) {
                extras.push(extra);
            }
        }
        Ok(Self(picks))
    }

    /// The nodes of the solution, the root first.
    pub(crate) fn packages(&self) -> impl Iterator<Item = (Package, Version)> {
        let root = std::iter::once((Package::Root, root_version()));
        root.chain(self.0.iter().flat_map(|(name, (candidate, extras))| {
            let base = std::iter::once(Package::Project(name.clone()));
            let extras = extras.iter();
            base.chain(extras.map(|it| Package::Extra(name.clone(), it.clone())))
                .map(|package| (package, candidate.version.clone()))
        }))
    }
}

impl<S: Source> Provider<'_, S> {
    /// Whether something was held back that a requirement seen later would admit.
    fn start_over(&self) -> bool {
        let memory = &mut *self.memory.borrow_mut();
        memory.chosen.clear();
        let demands = &memory.demands;
        memory
            .held
            .drain()
            .any(|(name, count)| demands.get(&name).is_some_and(|it| it.len() > count))
    }

    /// Denies the pre-releases and yanked versions among the picks that only a requirement outside
    /// the solution admitted; true if there were any.
    fn deny_unentitled(&self, picks: &Picks, demands: &InForce) -> bool {
        let memory = &mut *self.memory.borrow_mut();
        let mut denied = Vec::new();
        for (name, (candidate, _)) in &picks.0 {
            if candidate.installed || self.direct.contains_key(name) {
                continue;
            }
            let demands = &demands[name];
            let version = &candidate.version;
            let early = version.any_prerelease()
                && self.request.prereleases.of(name).is_none()
                && !demands.name_prerelease()
                && has_final(&memory.projects[name], demands);
            if early || (candidate.yanked.is_some() && !demands.pin(version)) {
                denied.push((name.clone(), version.clone()));
            }
        }
        let any = !denied.is_empty();
        memory.denied.extend(denied);
        memory.held.clear();
        memory.chosen.clear();
        any
    }

    /// The requirements in force in a solution: those of the roots, of the constraints and of
    /// everything picked.
    fn demands_of(&self, picks: &Picks) -> InForce {
        let mut all: BTreeMap<_, Demands> = picks
            .0
            .keys()
            .map(|name| (name.clone(), Demands::default()))
            .collect();
        for stated in self.request.active_constraints() {
            let requirement = &stated.requirement;
            if let (Some(demands), Wanted::Version(specifiers)) =
                (all.get_mut(&requirement.name), &requirement.wanted)
            {
                demands.add(specifiers, &assay_types::range::of(specifiers));
            }
        }
        let memory = self.memory.borrow();
        for key in picks.packages() {
            let Some(node) = memory.nodes.get(&key) else {
                continue;
            };
            for (edge, requirement) in node.requirements(self.request) {
                if let (Some(demands), Wanted::Version(specifiers)) =
                    (all.get_mut(&requirement.name), &requirement.wanted)
                {
                    demands.add(specifiers, &edge.range);
                }
            }
        }
        all
    }
}
