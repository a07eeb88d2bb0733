//! Nothing to do: whether what is installed meets the request, without asking anybody.

use std::collections::{BTreeSet, HashSet, VecDeque};

use assay_resolve::{Request, Stated, Upgrade};
use assay_types::{ExtraName, ProjectName, Requirement, metadata::Metadata};

use super::Installed;

/// What is installed of what is asked for: all of it, with all dependencies, at versions that the
/// requirements and constraints admit. `None` where something is missing, or nobody can tell.
pub fn satisfied(request: &Request, installed: &Installed) -> Option<BTreeSet<ProjectName>> {
    if request.upgrade != Upgrade::No || request.only_deps {
        return None;
    }
    let mut walk = Walk {
        request,
        installed,
        seen: HashSet::new(),
        queue: VecDeque::new(),
    };
    let mut roots = request.roots.iter();
    let is_satisfied = roots.all(|it| walk.requires(&it.requirement, &[])) && walk.finish();
    is_satisfied.then(|| walk.seen.into_iter().map(|it| it.0).collect())
}

struct Walk<'a> {
    request: &'a Request,
    installed: &'a Installed,
    seen: HashSet<(ProjectName, Option<ExtraName>)>,
    queue: VecDeque<(&'a Metadata, Option<ExtraName>)>,
}

impl Walk<'_> {
    fn finish(&mut self) -> bool {
        while let Some((metadata, extra)) = self.queue.pop_front() {
            let extras: Vec<_> = extra.into_iter().collect();
            let met = metadata
                .requires_dist
                .iter()
                .all(|it| self.requires(it, &extras));
            if !met {
                return false;
            }
        }
        true
    }

    /// Whether one requirement is met by itself; what it requires in turn is queued.
    fn requires(&mut self, requirement: &Requirement, extras: &[ExtraName]) -> bool {
        if !requirement.applies(&self.request.markers, extras) {
            return true;
        }
        let Some(candidate) = self.installed.candidate(&requirement.name) else {
            return false;
        };
        let admits = |it: &Requirement| {
            it.specifiers()
                .is_some_and(|it| it.contains(&candidate.version))
        };
        let constraints = self
            .request
            .constraints
            .iter()
            .filter(|it| self.constrains(it, requirement));
        if !admits(requirement) || !constraints.into_iter().all(|it| admits(&it.requirement)) {
            return false;
        }
        let with_deps = !self.request.no_deps;
        let metadata = with_deps.then(|| self.installed.metadata(&requirement.name));
        let metadata = metadata.flatten();
        if with_deps && metadata.is_none() {
            return false;
        }
        let wanted = std::iter::once(None).chain(requirement.extras.iter().cloned().map(Some));
        for extra in wanted {
            if self.seen.insert((requirement.name.clone(), extra.clone())) {
                self.queue.extend(metadata.map(|it| (&**it, extra)));
            }
        }
        true
    }

    fn constrains(&self, constraint: &Stated, requirement: &Requirement) -> bool {
        constraint.requirement.name == requirement.name
            && constraint.requirement.applies(&self.request.markers, &[])
    }
}
