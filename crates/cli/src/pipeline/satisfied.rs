//! Nothing to do: whether what is installed meets the request, without asking anybody.

use std::collections::{HashSet, VecDeque};

use assay_resolve::{Request, Stated, Upgrade};
use assay_types::{ExtraName, ProjectName, Requirement, metadata::Metadata};

use super::Installed;

/// Whether everything that is asked for is installed, with all dependencies, at versions that the
/// requirements and constraints admit. Says no where it cannot tell.
pub fn satisfied(request: &Request, installed: &Installed) -> bool {
    if request.upgrade != Upgrade::No || request.only_deps {
        return false;
    }
    let mut walk = Walk {
        request,
        installed,
        seen: HashSet::new(),
        queue: VecDeque::new(),
    };
    request
        .roots
        .iter()
        .all(|it| walk.requires(&it.requirement, &[]))
        && walk.finish()
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
        if self.request.no_deps {
            return true;
        }
        let Some(metadata) = self.installed.metadata(&requirement.name) else {
            return false;
        };
        let wanted = std::iter::once(None).chain(requirement.extras.iter().cloned().map(Some));
        for extra in wanted {
            if self.seen.insert((requirement.name.clone(), extra.clone())) {
                self.queue.push_back((metadata, extra));
            }
        }
        true
    }

    fn constrains(&self, constraint: &Stated, requirement: &Requirement) -> bool {
        constraint.requirement.name == requirement.name
            && constraint.requirement.applies(&self.request.markers, &[])
    }
}
