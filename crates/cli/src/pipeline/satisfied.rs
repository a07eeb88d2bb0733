//! Nothing to do: whether what is installed meets the request, without asking anybody.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use assay_resolve::{Request, Stated, Upgrade};
use assay_types::{
    ExtraName, ProjectName, Requirement,
    listing::{File, Origin},
    metadata::Metadata,
    repository::Address,
    requirement::{DirectUrl, Wanted},
};
use serde_json::Value;

use super::Installed;

/// What is installed of what is asked for: all of it, with all dependencies, at versions that the
/// requirements and constraints admit. `None` where something is missing, or nobody can tell.
///
/// Of what comes from elsewhere than an index, the same commit of a repository holds the same; `named`
/// are those that were looked up. A folder or a file may have changed.
pub fn satisfied(
    request: &Request,
    installed: &Installed,
    named: &BTreeMap<ProjectName, File>,
) -> Option<BTreeSet<ProjectName>> {
    if request.upgrade != Upgrade::No || request.only_deps {
        return None;
    }
    let mut walk = Walk {
        request,
        installed,
        named,
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
    named: &'a BTreeMap<ProjectName, File>,
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
        let admits = |it: &Requirement| match &it.wanted {
            Wanted::Version(specifiers) => specifiers.contains(&candidate.version),
            Wanted::Direct(direct) => self.is_from(&it.name, direct),
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

    /// Whether it was installed from the very commit that is asked for.
    fn is_from(&self, name: &ProjectName, direct: &DirectUrl) -> bool {
        let looked_up = self.named.get(name).map(|it| &it.origin);
        let Ok(address) = Address::parse(direct) else {
            return false;
        };
        let commit = match looked_up {
            Some(Origin::Repository(it)) => Some(it.commit.clone()),
            _ => address.commit(),
        };
        let Some((commit, found)) = commit.zip(self.installed.direct_url(name)) else {
            return false;
        };
        let is = |value: &Value, text: &str| value.as_str() == Some(text);
        let folder = address.subdirectory.as_ref().map(|it| it.as_str());
        is(&found["url"], address.public_url().as_str())
            && is(&found["vcs_info"]["vcs"], "git")
            && is(&found["vcs_info"]["commit_id"], commit.as_str())
            && found["subdirectory"].as_str() == folder
    }

    fn constrains(&self, constraint: &Stated, requirement: &Requirement) -> bool {
        constraint.requirement.name == requirement.name
            && constraint.requirement.applies(&self.request.markers, &[])
    }
}
