//! The facts in a tree of deductions.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use assay_types::{ExtraName, ProjectName, Version};
use pubgrub::{DerivationTree, External};
use version_ranges::Ranges;

use crate::{edges::Reason, package::Package};

/// PubGrub's proof.
pub(super) type Tree = DerivationTree<Package, Ranges<Version>, Reason>;

/// Versions of a project, or of one of its extras, that somebody asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Need {
    pub(super) name: ProjectName,
    pub(super) extra: Option<ExtraName>,
    pub(super) range: Ranges<Version>,
}

/// Which versions of what require what.
pub(super) type Requires = (Package, Ranges<Version>, Need);

/// The leaves of a proof, equal ones merged.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// What the roots want.
    pub(super) wanted: Vec<Need>,
    /// What projects and extras require.
    pub(super) required: Vec<Requires>,
    /// Where there is nothing to choose.
    pub(super) none: BTreeMap<ProjectName, Ranges<Version>>,
    /// What exists and cannot be used.
    pub(super) unusable: Vec<(Package, Ranges<Version>, Reason)>,
}

impl Facts {
    /// Walks the tree, which shares branches, once.
    pub(super) fn of(tree: &Tree) -> Self {
        let mut facts = Self::default();
        let mut seen = HashSet::new();
        let mut open = vec![tree];
        while let Some(tree) = open.pop() {
            match tree {
                DerivationTree::External(fact) => facts.add(fact),
                DerivationTree::Derived(derived) => {
                    for cause in [&derived.cause2, &derived.cause1] {
                        if seen.insert(Arc::as_ptr(cause)) {
                            open.push(cause);
                        }
                    }
                }
            }
        }
        facts
    }

    /// The one need that nothing meets, where it is not a matter of several needs or roots.
    pub(super) fn unmet(&self) -> Option<&Need> {
        let required = self.required.iter().map(|(_, _, need)| need);
        let all = self.wanted.iter().chain(required);
        let plain = all.filter(|it| it.extra.is_none());
        let mut roots = self.wanted.iter().map(|it| &it.name);
        let first = roots.next();
        if roots.any(|it| Some(it) != first) {
            return None;
        }
        let lacking = self.none.keys().filter(|it| !self.tried(it));
        let lacking: Vec<_> = lacking.collect();
        let mut unmet = plain.filter(|it| lacking.is_empty() || lacking.contains(&&it.name));
        match (unmet.next(), unmet.next()) {
            (Some(only), None) if lacking.len() < 2 => Some(only),
            _ => None,
        }
    }

    /// The projects that the facts are about.
    pub(super) fn projects(&self) -> impl Iterator<Item = &ProjectName> {
        let needed = self.required.iter().map(|(_, _, need)| need);
        let needed = self.wanted.iter().chain(needed).map(|need| &need.name);
        needed.chain(self.none.keys())
    }

    /// Every need for a project.
    pub(super) fn needs<'a>(&'a self, name: &'a ProjectName) -> impl Iterator<Item = &'a Need> {
        let required = self.required.iter().map(|(_, _, need)| need);
        let all = self.wanted.iter().chain(required);
        all.filter(move |need| need.name == *name)
    }

    /// Whether versions of the project are known to require something or to be unusable.
    pub(super) fn tried(&self, name: &ProjectName) -> bool {
        self.required.iter().any(|it| it.0.name() == Some(name))
            || self.unusable.iter().any(|it| it.0.name() == Some(name))
    }

    fn add(&mut self, fact: &External<Package, Ranges<Version>, Reason>) {
        match fact {
            External::NotRoot(..) => {}
            External::NoVersions(package, range) => {
                if let Some(name) = package.name() {
                    let all = self.none.entry(name.clone()).or_insert_with(Ranges::empty);
                    *all = all.union(range);
                }
            }
            External::Custom(package, range, reason) => self.add_unusable(package, range, reason),
            External::FromDependencyOf(by, versions, package, range) => {
                if let Some(name) = package.name() {
                    let need = Need {
                        name: name.clone(),
                        extra: package.extra().cloned(),
                        range: range.clone(),
                    };
                    self.add_need(by, versions, need);
                }
            }
        }
    }

    fn add_unusable(&mut self, package: &Package, range: &Ranges<Version>, reason: &Reason) {
        let mut all = self.unusable.iter_mut();
        match all.find(|it| it.0 == *package && it.2 == *reason) {
            Some((_, versions, _)) => *versions = versions.union(range),
            None => {
                let fact = (package.clone(), range.clone(), reason.clone());
                self.unusable.push(fact);
            }
        }
    }

    fn add_need(&mut self, by: &Package, versions: &Ranges<Version>, need: Need) {
        if *by == Package::Root {
            self.wanted.push(need);
            return;
        }
        // An extra requires its own project: that is how the search works, not a fact.
        if by.extra().is_some() && need.extra.is_none() && by.name() == Some(&need.name) {
            return;
        }
        let mut all = self.required.iter_mut();
        match all.find(|it| it.0 == *by && it.2 == need) {
            Some((_, known, _)) => *known = known.union(versions),
            None => self.required.push((by.clone(), versions.clone(), need)),
        }
    }
}
