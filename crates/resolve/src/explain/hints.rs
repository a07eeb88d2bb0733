//! What a person can do about a failure.

use assay_types::{Printable, ProjectName, Version};
use version_ranges::Ranges;

use super::{facts::Facts, phrases::Phrases};
use crate::{LeftOut, Project, Source, Why, edges::Reason, package::Package};

/// One sentence for each way out, the most specific first.
pub(super) fn of<S: Source>(phrases: &Phrases<'_, S>, facts: &Facts) -> Vec<String> {
    let mut hints = Vec::new();
    for (name, range) in &facts.none {
        let memory = phrases.provider.memory.borrow();
        if let Some(project) = memory.projects.get(name).filter(|it| it.found()) {
            let case = Case {
                phrases,
                project,
                range: wanted(facts, name, range),
                known: phrases.versions(name),
            };
            hints.extend(case.prerelease());
            hints.extend(case.yanked());
            hints.extend(case.left_out());
            hints.extend(case.passed_over());
        }
    }
    for (package, _, reason) in &facts.unusable {
        hints.extend(allow_direct(package, reason));
    }
    hints.dedup();
    hints
}

/// The part of a range that the facts' needs agree on; where they do not agree, all of it.
fn wanted(facts: &Facts, name: &ProjectName, range: &Ranges<Version>) -> Ranges<Version> {
    let needs = facts.needs(name);
    let agreed = needs.fold(range.clone(), |all, need| all.intersection(&need.range));
    if agreed.is_empty() {
        range.clone()
    } else {
        agreed
    }
}

/// One project without a version to choose.
struct Case<'a, S> {
    phrases: &'a Phrases<'a, S>,
    project: &'a Project,
    /// Where one is wanted.
    range: Ranges<Version>,
    /// The versions that can be chosen, oldest first.
    known: Vec<Version>,
}

impl<S: Source> Case<'_, S> {
    fn prerelease(&self) -> Option<String> {
        let name = self.project.name();
        let mut versions = self.known.iter().rev();
        let newest = versions.find(|it| it.any_prerelease() && self.admits(it))?;
        let fact = format!("{name} {newest} is a pre-release that fits");
        match self.phrases.provider.request.prereleases.of(name) {
            None => Some(format!("{fact}; --pre admits it")),
            Some(false) => Some(format!("{fact}, and --only-final leaves it out")),
            Some(true) => None,
        }
    }

    fn yanked(&self) -> Option<String> {
        let name = self.project.name();
        let mut candidates = self.project.candidates();
        let newest = candidates.find(|it| it.yanked.is_some() && self.admits(&it.version))?;
        let version = &newest.version;
        Some(format!(
            "{name} {version} was yanked by its authors; only {name}=={version} takes it"
        ))
    }

    fn admits(&self, version: &Version) -> bool {
        let limit = self.phrases.provider.limits.get(self.project.name());
        self.range.contains(version) && limit.is_none_or(|it| it.contains(version))
    }

    /// The newest file left out for each kind of reason, where nothing newer can be chosen.
    fn left_out(&self) -> Vec<String> {
        let mut hints = Vec::new();
        let mut kinds = Vec::new();
        let newest = self.known.iter().rev().find(|it| self.range.contains(it));
        for version in self.project.versions() {
            if !self.admits(version) || newest.is_some_and(|it| version <= it) {
                continue;
            }
            if let Some(file) = telling(self.project.left_out_of(version)) {
                let kind = std::mem::discriminant(&file.why);
                if !kinds.contains(&kind) {
                    kinds.push(kind);
                    hints.push(self.way_out(file, version));
                }
            }
        }
        hints
    }

    /// Where a page has links and no distribution file at all.
    fn passed_over(&self) -> Option<String> {
        let file = self
            .project
            .left_out()
            .next()
            .filter(|it| it.version.is_none())?;
        let (name, link) = (self.project.name(), Printable(&file.file));
        Some(format!(
            "the links of {name} are no distribution files, such as {link}: {}",
            file.why
        ))
    }

    fn way_out(&self, file: &LeftOut, version: &Version) -> String {
        let name = self.project.name();
        let why = &file.why;
        match why {
            Why::Source { .. } => {
                let wheel = self.known.last().map(|newest| {
                    format!("; the newest version with a wheel that fits is {newest}")
                });
                let wheel = wheel.unwrap_or_else(|| {
                    "; build a wheel of it with another tool, in a place where its code may run, \
                     and name that"
                        .to_owned()
                });
                format!("{name} {version} has {why}{wheel}")
            }
            Why::Python(_) => {
                let python = &self.phrases.provider.request.python;
                format!("{name} {version} {why}; this is {python}")
            }
            Why::Platform(what) if what.is_other_platform() => {
                format!("{name} {version} has no wheel for this platform: {why}")
            }
            Why::Platform(_) => format!("{name} {version} has no wheel for this Python: {why}"),
            Why::Digest => format!("{name} {version}: {why}"),
            Why::Link(_) => format!("{name} {version}: {why}"),
            Why::Policy(objection) => {
                let way_out = objection.way_out.iter();
                let way_out: String = way_out.map(|it| format!("; {it}")).collect();
                format!("{name} {version} was {why}{way_out}")
            }
        }
    }
}

/// The file that tells most about a version: a rule that left out what would fit, else the wheel that
/// comes nearest to fitting, and a source distribution only where there is no wheel.
fn telling(files: &[LeftOut]) -> Option<&LeftOut> {
    let nearness = |it: &LeftOut| match &it.why {
        Why::Source { .. } => 0,
        Why::Platform(what) => 1 + what.fits(),
        _ => u8::MAX,
    };
    files.iter().rev().max_by_key(|it| nearness(it))
}

fn allow_direct(by: &Package, reason: &Reason) -> Option<String> {
    match reason {
        Reason::Direct {
            name,
            url,
            allowable: true,
        } => Some(format!(
            "to let {by} have it, add \"{name} @ {}\" to the requirements",
            Printable(url)
        )),
        _ => None,
    }
}
