//! From a solution to a report: dependencies first, with who asked for what.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    rc::Rc,
};

use assay_types::{Printable, ProjectName};

use crate::{
    Candidate, LeftOut, Pin, Project, Resolution, Source, Why,
    admission::Demands,
    edges::Node,
    package::Package,
    provider::Provider,
    search::{InForce, Picks},
};

/// The pins in dependency order, with warnings.
pub(crate) fn resolution<S: Source>(
    provider: &Provider<'_, S>,
    picks: &Picks,
    demands: &InForce,
) -> Resolution {
    let mut pins = BTreeMap::new();
    let mut warnings = Vec::new();
    let memory = provider.memory.borrow();
    for (name, (candidate, _)) in &picks.0 {
        warnings.extend(yanked(name, candidate));
        let mut pin = Pin::bare(name, candidate);
        pin.requested = provider.requested.contains(name);
        let page = memory.projects.get(name);
        pin.held_back = page.and_then(|it| held_back(it, candidate, &demands[name]));
        pins.insert(name.clone(), pin);
    }
    let mut roots = Vec::new();
    for key in picks.packages() {
        let Some(node) = memory.nodes.get(&key) else {
            continue;
        };
        let (package, version) = &key;
        if let Package::Extra(name, extra) = package {
            if provides(node, extra) {
                pins.entry(name.clone())
                    .and_modify(|it| it.extras.push(extra.clone()));
            } else {
                warnings.push(format!(
                    "{name} {version} does not provide the extra '{extra}'"
                ));
            }
        }
        connect(provider, package, node, &mut pins, &mut roots);
    }
    let mut pins = in_order(pins, &roots);
    if provider.request.only_deps {
        pins.retain(|it| !it.requested);
    }
    Resolution { pins, warnings }
}

/// Enters a node's requirements on both sides.
fn connect<S: Source>(
    provider: &Provider<'_, S>,
    package: &Package,
    node: &Rc<Node>,
    pins: &mut BTreeMap<ProjectName, Pin>,
    roots: &mut Vec<ProjectName>,
) {
    for (edge, requirement) in node.requirements(provider.request) {
        let asker = match package.name() {
            None => {
                roots.push(requirement.name.clone());
                edge.stated(provider.request).from.clone()
            }
            Some(name) if *name == requirement.name => continue,
            Some(name) => match pins.get_mut(name) {
                None => continue,
                Some(pin) => {
                    push_new(&mut pin.dependencies, requirement.name.clone());
                    package.to_string()
                }
            },
        };
        if let Some(pin) = pins.get_mut(&requirement.name) {
            push_new(&mut pin.required_by, asker);
        }
    }
}

/// Depth first from the roots; a project follows all that it requires, cycles aside.
fn in_order(mut pins: BTreeMap<ProjectName, Pin>, roots: &[ProjectName]) -> Vec<Pin> {
    let mut seen = BTreeSet::new();
    let mut ordered = Vec::with_capacity(pins.len());
    let mut stack: Vec<(ProjectName, usize)> = Vec::new();
    for root in roots {
        if seen.insert(root.clone()) {
            stack.push((root.clone(), 0));
        }
        while let Some((name, next)) = stack.last_mut() {
            let dependency = pins.get(name).and_then(|pin| pin.dependencies.get(*next));
            *next += 1;
            match dependency {
                Some(dependency) => {
                    if seen.insert(dependency.clone()) {
                        stack.push((dependency.clone(), 0));
                    }
                }
                None => {
                    if let Entry::Occupied(pin) = pins.entry(name.clone()) {
                        ordered.push(pin.remove());
                    }
                    stack.pop();
                }
            }
        }
    }
    ordered
}

impl Pin {
    fn bare(name: &ProjectName, candidate: &Candidate) -> Self {
        Self {
            name: name.clone(),
            candidate: candidate.clone(),
            extras: Vec::new(),
            required_by: Vec::new(),
            requested: false,
            dependencies: Vec::new(),
            held_back: None,
        }
    }
}

/// What the policy left out among the newer versions that all demands admit. Pre-releases do not
/// count: nobody missed them.
fn held_back(project: &Project, chosen: &Candidate, demands: &Demands) -> Option<LeftOut> {
    let (newer, _) = project.around(Some(&chosen.version));
    newer
        .filter(|it| !it.any_prerelease() && demands.admit(it))
        .flat_map(|it| project.left_out_of(it))
        .find(|it| matches!(it.why, Why::Policy(_)))
        .cloned()
}

fn provides(node: &Node, extra: &assay_types::ExtraName) -> bool {
    let metadata = node.metadata.as_ref();
    metadata.is_some_and(|it| it.provides_extra.contains(extra))
}

fn yanked(name: &ProjectName, candidate: &Candidate) -> Option<String> {
    let reason = candidate.yanked.as_ref().filter(|_| !candidate.installed)?;
    let reason = match reason.trim() {
        "" => "no reason given".to_owned(),
        reason => Printable(reason).to_string(),
    };
    let version = &candidate.version;
    Some(format!("{name} {version} is a yanked version: {reason}"))
}

fn push_new<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}
