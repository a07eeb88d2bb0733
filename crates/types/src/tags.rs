//! Which wheels an interpreter takes, and in which order of preference (PEP 425, 600, 656).

pub use mismatch::Mismatch;

use std::collections::HashMap;
use std::sync::Arc;

use crate::{
    WheelName,
    python::{Python, Sought},
};

mod interpreter;
mod mismatch;
mod platform;
mod sought;

/// The ordered tags of a target: rank by Python tag, ABI tag and platform tag. Looking one up
/// allocates nothing.
#[derive(Debug, Clone, Default)]
pub struct Tags {
    ranks: ByTag<ByTag<ByTag<u32>>>,
    count: u32,
}

type ByTag<T> = HashMap<Arc<str>, T>;

impl Tags {
    /// Everything that `packaging.tags.sys_tags()` gives for this interpreter, in its order.
    ///
    /// Not known here, and taken for usual: debug builds (`cp312d`), the float ABI of 32-bit ARM
    /// (hard), and a `_manylinux` module that overrides manylinux.
    pub fn of(python: &Python) -> Self {
        let mut tags = Self::default();
        interpreter::add_all(&mut tags, python);
        tags
    }

    /// Everything that pip's `get_supported` gives for these options, in its order: like
    /// [`Tags::of`] where they say nothing.
    pub fn sought(python: &Python, sought: &Sought) -> Self {
        if sought.is_empty() {
            return Self::of(python);
        }
        let mut tags = Self::default();
        sought::add_all(&mut tags, python, sought);
        tags
    }

    /// Rank of the best matching tag (0 is best); `None` where the wheel does not fit.
    pub fn rank(&self, wheel: &WheelName) -> Option<u32> {
        let pythons = wheel.python().iter();
        let abis = pythons.filter_map(|python| self.ranks.get(python.as_str()));
        abis.flat_map(|abis| wheel.abi().iter().filter_map(|abi| abis.get(abi.as_str())))
            .flat_map(|platforms| {
                let wanted = wheel.platform().iter();
                wanted.filter_map(|platform| platforms.get(platform.as_str()))
            })
            .min()
            .copied()
    }

    /// Whether a `Tag` row of WHEEL names one of these. It should be one tag, and may be a
    /// compressed set (PEP 425).
    pub fn takes(&self, row: &str) -> bool {
        let row = row.to_ascii_lowercase();
        let sets: Vec<_> = row.split('-').collect();
        let [python, abi, platform] = sets[..] else {
            return false;
        };
        let abis = python.split('.').filter_map(|it| self.ranks.get(it));
        abis.flat_map(|abis| abi.split('.').filter_map(|it| abis.get(it)))
            .any(|platforms| platform.split('.').any(|it| platforms.contains_key(it)))
    }

    /// Why a wheel does not fit, for explanations: "built for CPython 3.8", "built for Windows", ….
    pub fn mismatch(&self, wheel: &WheelName) -> Mismatch {
        mismatch::reason(self, wheel)
    }

    /// The tags as people write them, such as `cp312-cp312-manylinux_2_17_x86_64`, best first.
    pub fn names(&self) -> Vec<String> {
        let mut ranked = Vec::new();
        for (python, abis) in &self.ranks {
            for (abi, platforms) in abis {
                let named = |(platform, rank): (&Arc<str>, &u32)| {
                    (*rank, format!("{python}-{abi}-{platform}"))
                };
                ranked.extend(platforms.iter().map(named));
            }
        }
        ranked.sort_unstable();
        ranked.into_iter().map(|(_, name)| name).collect()
    }

    /// How many tags there are.
    pub fn len(&self) -> usize {
        let abis = self.ranks.values().flat_map(HashMap::values);
        abis.map(HashMap::len).sum()
    }

    /// Whether no wheel fits.
    pub fn is_empty(&self) -> bool {
        self.ranks.is_empty()
    }

    /// Appends a tag; one that is there already keeps its better rank.
    fn push(&mut self, python: &Arc<str>, abi: &Arc<str>, platform: &Arc<str>) {
        let rank = self.count;
        self.count += 1;
        self.ranks
            .entry(Arc::clone(python))
            .or_default()
            .entry(Arc::clone(abi))
            .or_default()
            .entry(Arc::clone(platform))
            .or_insert(rank);
    }
}
