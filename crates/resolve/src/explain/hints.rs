//! What a person can do about a failure.

use assay_types::{Printable, ProjectName, Version};
use version_ranges::Ranges;

use super::{facts::Facts, phrases::Phrases};
use crate::{LeftOut, Objection, Project, Source, Why, edges::Reason, package::Package};

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
            Why::Source(objection) if self.has_unwanted_wheel(version) => {
                let (why, way_out) = (Printable(&objection.why), way_out_of(objection));
                format!("{name} {version}: --no-binary leaves its wheels out, and {why}{way_out}")
            }
            Why::Source(objection) => {
                let newest = self.known.last().map(|newest| {
                    format!("; the newest version with a wheel that fits is {newest}")
                });
                format!(
                    "{name} {version} has {why}{}{}",
                    newest.unwrap_or_default(),
                    way_out_of(objection)
                )
            }
            Why::Wheel => format!("{name} {version} has {why}"),
            Why::Python(_) => {
                let python = &self.phrases.provider.request.python;
                format!("{name} {version} {why}; this is {python}")
            }
            Why::Platform(what) if what.is_other_platform() => {
                let source = self.source_of(version);
                format!("{name} {version} has no wheel for this platform: {why}{source}")
            }
            Why::Platform(_) => {
                let source = self.source_of(version);
                format!("{name} {version} has no wheel for this Python: {why}{source}")
            }
            Why::Digest => format!("{name} {version}: {why}"),
            Why::Link(_) => format!("{name} {version}: {why}"),
            Why::Policy(objection) => {
                format!("{name} {version} was {why}{}", way_out_of(objection))
            }
        }
    }

    /// Whether the version has a wheel that `--no-binary` leaves out.
    fn has_unwanted_wheel(&self, version: &Version) -> bool {
        let mut files = self.project.left_out_of(version).iter();
        files.any(|it| it.why == Why::Wheel)
    }

    /// Why the source distribution does not stand in for the wheels of a version, if it has one.
    fn source_of(&self, version: &Version) -> String {
        let mut files = self.project.left_out_of(version).iter();
        let source = files.find_map(|it| match &it.why {
            Why::Source(objection) => Some(objection),
            _ => None,
        });
        source.map_or_else(String::new, |objection| {
            let why = Printable(&objection.why);
            format!(
                "; it has a source distribution, and {why}{}",
                way_out_of(objection)
            )
        })
    }
}

fn way_out_of(objection: &Objection) -> String {
    let way_out = objection.way_out.iter();
    way_out.map(|it| format!("; {it}")).collect()
}

/// The file that tells most about a version: a rule that left out what would fit, else the wheel that
/// comes nearest to fitting, and what the user or a rule leaves out as a kind only where there is nothing
/// else.
fn telling(files: &[LeftOut]) -> Option<&LeftOut> {
    let nearness = |it: &LeftOut| match &it.why {
        Why::Wheel => 0,
        Why::Source(_) => 1,
        Why::Platform(what) => 2 + what.fits(),
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
