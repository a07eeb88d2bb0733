//! PubGrub's questions.

use std::cmp::Reverse;

use assay_types::Version;
use pubgrub::{Dependencies, DependencyProvider, PackageResolutionStatistics};
use version_ranges::Ranges;

use crate::{
    Source,
    admission::Demands,
    edges::{Node, Reason},
    package::Package,
    provider::{Provider, root_version},
};

impl<S: Source> DependencyProvider for Provider<'_, S> {
    type P = Package;
    type V = Version;
    type VS = Ranges<Version>;
    type Priority = Priority;
    type M = Reason;
    type Err = S::Error;

    fn prioritize(
        &self,
        package: &Package,
        _: &Ranges<Version>,
        statistics: &PackageResolutionStatistics,
    ) -> Priority {
        let memory = self.memory.borrow();
        let certainty = match package.name() {
            None => Certainty::Root,
            Some(name) if self.direct.contains_key(name) => Certainty::Direct,
            Some(name) if memory.demands.get(name).is_some_and(Demands::pin_any) => {
                Certainty::Pinned
            }
            Some(_) => Certainty::Open,
        };
        let order = package.name().and_then(|name| memory.order.get(name));
        Priority {
            certainty,
            conflicts: statistics.conflict_count(),
            order: Reverse(order.copied().unwrap_or(0)),
            base: package.extra().is_none(),
        }
    }

    fn choose_version(
        &self,
        package: &Package,
        range: &Ranges<Version>,
    ) -> Result<Option<Version>, S::Error> {
        let Some(name) = package.name() else {
            return Ok(Some(root_version()));
        };
        if package.extra().is_some() {
            let memory = self.memory.borrow();
            let base = memory.chosen.get(name);
            if let Some(version) = base.filter(|it| range.contains(*it)) {
                return Ok(Some(version.clone()));
            }
        }
        let picked = self.pick(name, range)?.map(|it| it.version);
        if let Some(version) = &picked {
            let mut memory = self.memory.borrow_mut();
            memory.chosen.insert(name.clone(), version.clone());
        }
        Ok(picked)
    }

    fn get_dependencies(
        &self,
        package: &Package,
        version: &Version,
    ) -> Result<Dependencies<Package, Ranges<Version>, Reason>, S::Error> {
        Ok(match self.node(package, version)? {
            Ok(node) => {
                let needs = self.needs(package, version, &node);
                Dependencies::Available(needs.into_iter().collect())
            }
            Err(reason) => Dependencies::Unavailable(reason),
        })
    }
}

impl<S: Source> Provider<'_, S> {
    /// The nodes that a node needs, with the versions it takes.
    fn needs(
        &self,
        package: &Package,
        version: &Version,
        node: &Node,
    ) -> Vec<(Package, Ranges<Version>)> {
        let mut needs = Vec::with_capacity(node.edges.len() + 1);
        if let Package::Extra(name, _) = package {
            let exactly = Ranges::singleton(version.clone());
            needs.push((Package::Project(name.clone()), exactly));
        }
        for (edge, requirement) in node.requirements(self.request) {
            let name = &requirement.name;
            // A distribution that names itself: that the version fits was checked already.
            if package.name() != Some(name) {
                needs.push((Package::Project(name.clone()), edge.range.clone()));
            }
            for extra in &requirement.extras {
                let needed = Package::Extra(name.clone(), extra.clone());
                if needed != *package {
                    needs.push((needed, edge.range.clone()));
                }
            }
        }
        needs
    }
}

/// Who is decided first: greater is earlier.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Priority {
    certainty: Certainty,
    conflicts: u32,
    /// First asked for, first decided (breadth first, in the user's order).
    order: Reverse<u32>,
    /// The project before its extras, which follow it.
    base: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Certainty {
    Open,
    Pinned,
    Direct,
    Root,
}
