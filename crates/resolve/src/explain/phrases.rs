//! Facts as sentences. Versions are told as versions that exist, requirements as they were
//! written.

use std::fmt;

use assay_types::{
    Printable, ProjectName, Requirement, Version,
    requirement::{Wanted, redacted},
};
use version_ranges::Ranges;

use super::facts::{Facts, Need};
use crate::{
    Request, Source,
    edges::{Edge, Node, Reason},
    package::Package,
    provider::{Provider, root_version},
};

/// How many versions are told one by one.
const FEW: usize = 3;

/// Turns facts into sentences.
pub(super) struct Phrases<'p, S> {
    pub(super) provider: &'p Provider<'p, S>,
}

impl<'p, S: Source> Phrases<'p, S> {
    pub(super) fn new(provider: &'p Provider<'p, S>) -> Self {
        Self { provider }
    }

    /// `requirements.txt:3 wants flask>=3`
    pub(super) fn wants(&self, need: &Need) -> String {
        let request = self.provider.request;
        let text = self.with_roots(|node| {
            let found = find(node, request, need)?;
            let from = Printable(&found.0.stated(request).from);
            Some(format!("{from} wants {}", written(found.1)))
        });
        text.unwrap_or_else(|| format!("{} is wanted", need.name))
    }

    /// `flask>=3`, as the user or a distribution wrote it.
    pub(super) fn wanted(&self, need: &Need, facts: &Facts) -> String {
        let request = self.provider.request;
        let root = self.with_roots(|node| {
            let (edge, _) = find(node, request, need)?;
            Some(Printable(&edge.stated(request).text).to_string())
        });
        let mut all = facts.required.iter().filter(|it| it.2 == *need);
        let by = || all.find_map(|(by, versions, _)| self.requirement(by, versions, need));
        root.or_else(by).unwrap_or_else(|| need.name.to_string())
    }

    /// The roots that the facts are about, in the user's order.
    pub(super) fn roots(&self, facts: &Facts) -> Vec<String> {
        let mut needs: Vec<_> = facts.wanted.iter().collect();
        needs.sort_by_key(|it| self.place_of(it));
        let mut texts: Vec<_> = needs.into_iter().map(|it| self.wanted(it, facts)).collect();
        texts.dedup();
        texts
    }

    /// Whether a constraint or a URL says what the project may be.
    pub(super) fn is_limited(&self, name: &ProjectName) -> bool {
        let request = self.provider.request;
        let mut constraints = request.active_constraints();
        constraints.any(|it| it.requirement.name == *name)
            || self.provider.direct.contains_key(name)
    }

    /// Where the root stands among the roots.
    pub(super) fn place_of(&self, need: &Need) -> Option<usize> {
        let request = self.provider.request;
        self.with_roots(|node| {
            let mut all = node.requirements(request);
            all.position(|it| answers(it, need))
        })
    }

    /// `flask 3.0 requires werkzeug>=3`
    pub(super) fn requires(&self, by: &Package, versions: &Ranges<Version>, need: &Need) -> String {
        let text = self.requirement(by, versions, need);
        let text = text.unwrap_or_else(|| need.name.to_string());
        format!("{} requires {text}", self.subject(by, versions))
    }

    /// `flask 3.0 cannot be used: …`
    pub(super) fn unusable(
        &self,
        package: &Package,
        versions: &Ranges<Version>,
        reason: &Reason,
    ) -> String {
        let subject = self.subject(package, versions);
        let python = &self.provider.request.python;
        match reason {
            Reason::Python(wanted) => format!(
                "{subject}: Package '{package}' requires a different Python: {python} not in \
                 '{wanted}'"
            ),
            reason => format!("{subject} cannot be used: {reason}"),
        }
    }

    /// Why there is nothing to choose from in a range; nothing where that says nothing new.
    pub(super) fn none(
        &self,
        name: &ProjectName,
        range: &Ranges<Version>,
        facts: &Facts,
    ) -> Vec<String> {
        let memory = self.provider.memory.borrow();
        if memory.projects.get(name).is_some_and(|it| !it.found()) {
            return vec![format!("{name} was not found")];
        }
        let known = self.versions(name);
        if known.iter().any(|it| range.contains(it)) && self.provider.limits.contains_key(name) {
            return self.limits(name);
        }
        if facts.tried(name) {
            return Vec::new();
        }
        if let Some((url, from)) = self.provider.direct.get(name) {
            let url = redacted(&url.url).to_string();
            let version = known
                .first()
                .map_or("nothing".to_owned(), ToString::to_string);
            let (from, url) = (Printable(from), Printable(&url));
            return vec![format!(
                "{from} takes {name} from {url}, which is {version}"
            )];
        }
        vec![match (self.newest(name), known.len()) {
            (None, 0) => format!("{name} has no version that can be used here"),
            (None, _) => format!("{name} has no version that is chosen unless it is named"),
            (Some(only), 1) => format!("{name} has only {only} that can be used here"),
            (Some(newest), _) => {
                format!("{name} has no such version; the newest that can be used is {newest}")
            }
        }]
    }

    /// The newest version that is neither yanked nor a pre-release.
    fn newest(&self, name: &ProjectName) -> Option<Version> {
        let memory = self.provider.memory.borrow();
        let mut candidates = memory.projects.get(name)?.candidates();
        let newest = candidates.find(|it| it.yanked.is_none() && !it.version.any_prerelease())?;
        Some(newest.version.clone())
    }

    /// `constraints.txt:1 allows only werkzeug<3`
    fn limits(&self, name: &ProjectName) -> Vec<String> {
        let constraints = self.provider.request.active_constraints();
        let own = constraints.filter(|it| it.requirement.name == *name);
        own.map(|it| {
            let from = Printable(&it.from);
            format!("{from} allows only {}", written(&it.requirement))
        })
        .collect()
    }

    /// `flask 3.0`, `every version of flask`, `flask 1.0 to 2.3`.
    fn subject(&self, package: &Package, range: &Ranges<Version>) -> String {
        let known = package
            .name()
            .map(|name| self.versions(name))
            .unwrap_or_default();
        let meant: Vec<_> = known.iter().filter(|it| range.contains(*it)).collect();
        match meant.as_slice() {
            [] => package.to_string(),
            [one] => format!("{package} {one}"),
            all if all.len() == known.len() => format!("every version of {package}"),
            few if few.len() <= FEW => format!("{package} {}", listed(few)),
            _ => format!("{package} {}", runs(&known, range)),
        }
    }

    /// Versions that can be chosen, oldest first; reads no page that was not read before.
    pub(super) fn versions(&self, name: &ProjectName) -> Vec<Version> {
        let memory = self.provider.memory.borrow();
        let project = memory.projects.get(name);
        let usable = project.into_iter().flat_map(|it| it.candidates());
        let installed = self.provider.installed(name);
        let mut versions: Vec<_> = usable
            .chain(installed)
            .map(|it| it.version.clone())
            .collect();
        versions.sort();
        versions.dedup();
        versions
    }

    /// The requirement as it was written, from any of the versions.
    fn requirement(&self, by: &Package, versions: &Ranges<Version>, need: &Need) -> Option<String> {
        let memory = self.provider.memory.borrow();
        let mut known = self.versions(by.name()?).into_iter();
        known.find_map(|version| {
            if !versions.contains(&version) {
                return None;
            }
            let node = memory.nodes.get(&(by.clone(), version))?;
            Some(written(find(node, self.provider.request, need)?.1))
        })
    }

    fn with_roots<T>(&self, look: impl FnOnce(&Node) -> Option<T>) -> Option<T> {
        let memory = self.provider.memory.borrow();
        look(memory.nodes.get(&(Package::Root, root_version()))?)
    }
}

/// The requirement of a node that a need comes from.
fn find<'a>(
    node: &'a Node,
    request: &'a Request,
    need: &Need,
) -> Option<(&'a Edge, &'a Requirement)> {
    node.requirements(request).find(|it| answers(*it, need))
}

fn answers((edge, requirement): (&Edge, &Requirement), need: &Need) -> bool {
    let extra = need.extra.as_ref();
    requirement.name == need.name
        && edge.range == need.range
        && extra.is_none_or(|it| requirement.extras.contains(it))
}

/// A requirement without its marker, which holds.
pub(super) fn written(requirement: &Requirement) -> String {
    let mut text = requirement.name.to_string();
    if !requirement.extras.is_empty() {
        let extras: Vec<_> = requirement.extras.iter().map(ToString::to_string).collect();
        text += &format!("[{}]", extras.join(","));
    }
    match &requirement.wanted {
        Wanted::Version(specifiers) => {
            let specifiers: Vec<_> = specifiers.iter().map(ToString::to_string).collect();
            text + &specifiers.join(",")
        }
        Wanted::Direct(direct) => {
            let url = redacted(&direct.url).to_string();
            format!("{text} @ {}", Printable(&url))
        }
    }
}

/// `1.0`, `1.0 and 1.1`, `1.0, 1.1 and 1.2`.
fn listed(versions: &[&Version]) -> String {
    let texts: Vec<_> = versions.iter().map(ToString::to_string).collect();
    enumerated(&texts)
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn enumerated(texts: &[String]) -> String {
    match texts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// Neighbours among the known versions as `1.0 to 1.9`.
fn runs(known: &[Version], range: &Ranges<Version>) -> String {
    let groups = known.chunk_by(|a, b| range.contains(a) == range.contains(b));
    let runs = groups.filter_map(|run| match run {
        [] => None,
        [first, ..] if !range.contains(first) => None,
        [one] => Some(one.to_string()),
        [first, .., last] => Some(format!("{first} to {last}")),
    });
    runs.collect::<Vec<_>>().join(", ")
}

/// What completes "cannot be used: …"; escaped.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Metadata(why) => write!(f, "{}", Printable(why)),
            Self::Python(wanted) => write!(f, "it requires Python {wanted}"),
            Self::Direct {
                name,
                url,
                allowable,
            } => {
                let rule = if *allowable {
                    "which nothing in the request names"
                } else {
                    "which no package from an index may do"
                };
                write!(f, "it requires {name} from {}, {rule}", Printable(url))
            }
            Self::Itself(wanted) => write!(f, "it requires itself at {wanted}"),
        }
    }
}
