//! Who requires whom among what is installed.

use std::collections::{BTreeSet, HashMap};

use assay_install::Distribution;
use assay_types::{ExtraName, MarkerEnvironment, ProjectName, metadata::Metadata};

/// The requirements between distributions, each distribution by its place in the list.
#[derive(Debug)]
pub struct Graph {
    /// For each one, whom it requires and is there.
    requires: Vec<BTreeSet<usize>>,
    required_by: Vec<BTreeSet<usize>>,
}

impl Graph {
    /// Reads METADATA of each. One that is broken requires nothing. Extras count that another
    /// distribution asks for; what a user asked for is written down nowhere.
    pub fn of(distributions: &[Distribution], markers: &MarkerEnvironment) -> Self {
        let all = distributions.iter();
        let metadata: Vec<_> = all.map(|it| it.metadata().ok()).collect();
        let names = distributions.iter().map(Distribution::name);
        let places: HashMap<&ProjectName, usize> = names.zip(0..).collect();
        let mut graph = Self {
            requires: vec![BTreeSet::new(); distributions.len()],
            required_by: vec![BTreeSet::new(); distributions.len()],
        };
        let mut extras: Vec<BTreeSet<ExtraName>> = vec![BTreeSet::new(); distributions.len()];
        let mut open: Vec<usize> = (0..distributions.len()).collect();
        while let Some(at) = open.pop() {
            let Some(metadata) = &metadata[at] else {
                continue;
            };
            for (to, asked) in edges(metadata, &extras[at], &places, markers) {
                graph.requires[at].insert(to);
                graph.required_by[to].insert(at);
                let before = extras[to].len();
                extras[to].extend(asked.iter().cloned());
                if extras[to].len() > before {
                    open.push(to);
                }
            }
        }
        graph
    }

    /// Whom it requires.
    pub fn requires(&self, at: usize) -> impl Iterator<Item = usize> {
        self.requires[at].iter().copied()
    }

    /// Who requires it.
    pub fn required_by(&self, at: usize) -> impl Iterator<Item = usize> {
        self.required_by[at].iter().copied()
    }
}

/// Whom it requires, and with which extras.
fn edges<'a>(
    metadata: &'a Metadata,
    extras: &BTreeSet<ExtraName>,
    places: &HashMap<&ProjectName, usize>,
    markers: &MarkerEnvironment,
) -> Vec<(usize, &'a [ExtraName])> {
    let extras: Vec<_> = extras.iter().cloned().collect();
    let applying = metadata.requires_dist.iter();
    let applying = applying.filter(|it| it.applies(markers, &extras));
    applying
        .filter_map(|it| Some((*places.get(&it.name)?, it.extras.as_slice())))
        .collect()
}
