//! Which version of a project is tried next.

use std::borrow::Cow;

use assay_types::{ProjectName, Version};
use version_ranges::Ranges;

use crate::{
    Candidate, Project, Source, Upgrade,
    admission::Demands,
    provider::{Provider, standing},
};

impl<S: Source> Provider<'_, S> {
    /// The best candidate in a range: the installed one where it may stay, else the newest that
    /// may be chosen; what has to be built behind all wheels where these are preferred, pre-releases
    /// and yanked versions last and only where pip would take them.
    pub(crate) fn pick(
        &self,
        name: &ProjectName,
        range: &Ranges<Version>,
    ) -> Result<Option<Candidate>, S::Error> {
        let allowed = self.limited(name, range);
        if let Some(kept) = self.kept(name, &allowed) {
            return Ok(Some(kept.clone()));
        }
        let project = self.project(name)?;
        let mut reluctant = Reluctant::default();
        let memory = self.memory.borrow();
        let none = Demands::default();
        let demands = memory.demands.get(name).unwrap_or(&none);
        let wish = self.request.prereleases.of(name);
        let early = wish.unwrap_or_else(|| demands.name_prerelease());
        let installed = self.installed(name);
        for version in newest_first(&project, installed) {
            let denied = || memory.denied.contains(&(name.clone(), version.clone()));
            if !allowed.contains(version) || denied() {
                continue;
            }
            let certain = self.direct.contains_key(name)
                || installed.is_some_and(|it| it.version == *version);
            if version.any_prerelease() && !early && !certain {
                if wish.is_none() {
                    reluctant.prereleases.push(version);
                }
                continue;
            }
            let Some(candidate) = standing(installed, &project, version) else {
                continue;
            };
            if candidate.yanked.is_some() && !certain {
                reluctant.yanked.push(candidate);
            } else if candidate.source && project.prefers_wheels() {
                reluctant.sources.push(candidate);
            } else {
                return Ok(Some(candidate.clone()));
            }
        }
        let picked = reluctant.pick(&project, demands).cloned();
        if picked.is_none() && !reluctant.is_empty() {
            let count = demands.len();
            drop(memory);
            self.memory.borrow_mut().held.insert(name.clone(), count);
        }
        Ok(picked)
    }

    /// What stands for one version.
    pub(crate) fn candidate(
        &self,
        name: &ProjectName,
        version: &Version,
    ) -> Result<Option<Candidate>, S::Error> {
        if let Some(kept) = self.installed(name).filter(|it| it.version == *version) {
            return Ok(Some(kept.clone()));
        }
        Ok(self.project(name)?.candidate(version).cloned())
    }

    /// The range within what the constraints admit.
    pub(crate) fn limited<'r>(
        &self,
        name: &ProjectName,
        range: &'r Ranges<Version>,
    ) -> Cow<'r, Ranges<Version>> {
        match self.limits.get(name) {
            Some(limit) => Cow::Owned(range.intersection(limit)),
            None => Cow::Borrowed(range),
        }
    }

    /// The installed candidate where it satisfies and need not move.
    pub(crate) fn kept(&self, name: &ProjectName, range: &Ranges<Version>) -> Option<&Candidate> {
        self.installed(name)
            .filter(|it| range.contains(&it.version) && !self.may_upgrade(name))
    }

    /// Whether an installed version of the project may be replaced by a newer one.
    fn may_upgrade(&self, name: &ProjectName) -> bool {
        match &self.request.upgrade {
            Upgrade::No => false,
            Upgrade::OnlyIfNeeded => self.requested.contains(name),
            Upgrade::Eager => true,
        }
    }

    /// What is installed, unless the user wants the project from a URL.
    pub(crate) fn installed(&self, name: &ProjectName) -> Option<&Candidate> {
        let installed = self.request.installed.get(name);
        installed.filter(|_| !self.direct.contains_key(name))
    }
}

/// What fits but is not chosen lightly, newest first.
#[derive(Default)]
struct Reluctant<'a> {
    /// Only where wheels are preferred.
    sources: Vec<&'a Candidate>,
    prereleases: Vec<&'a Version>,
    yanked: Vec<&'a Candidate>,
}

impl<'a> Reluctant<'a> {
    /// What has to be built, a pre-release where no final release answers the demands (PEP 440), else
    /// a yanked version that is pinned (PEP 592).
    fn pick(&self, project: &'a Project, demands: &Demands) -> Option<&'a Candidate> {
        if let Some(source) = self.sources.first() {
            return Some(source);
        }
        let late = self.prereleases.iter();
        let late = late.filter_map(|version| project.candidate(version));
        let late = project.best(late.filter(|it| it.yanked.is_none()));
        let late = late.filter(|_| !has_final(project, demands));
        late.or_else(|| {
            let yanked = self.yanked.iter().copied();
            project.best(yanked.filter(|it| demands.pin(&it.version)))
        })
    }

    fn is_empty(&self) -> bool {
        self.prereleases.is_empty() && self.yanked.is_empty()
    }
}

/// Whether a final release, yanked or not, answers all demands.
pub(crate) fn has_final(project: &Project, demands: &Demands) -> bool {
    let mut finals = project.versions().filter(|it| !it.any_prerelease());
    finals.any(|it| demands.admit(it) && project.candidate(it).is_some())
}

/// All versions with the installed one in its place.
fn newest_first<'a>(
    project: &'a Project,
    installed: Option<&'a Candidate>,
) -> impl Iterator<Item = &'a Version> {
    let installed = installed.map(|it| &it.version);
    let (newer, older) = project.around(installed);
    newer.chain(installed).chain(older)
}
