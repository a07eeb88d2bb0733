//! Which wheels an interpreter takes, and in which order of preference (PEP 425, 600, 656).

use crate::{WheelName, python::Python};

/// The ordered tags of a target.
#[derive(Debug, Clone)]
pub struct Tags(
    std::collections::HashMap<(String, String), std::collections::HashMap<String, u32>>,
);

impl Tags {
    /// Everything that `packaging.tags.sys_tags()` gives for this interpreter, in its order.
    pub fn of(python: &Python) -> Self {
        let _ = python;
        todo!()
    }
    /// From an ordered list of `python-abi-platform` triples, best first.
    pub fn from_ordered<'a>(tags: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>) -> Self {
        let _ = tags;
        todo!()
    }
    /// Rank of the best matching tag (0 is best); `None` where the wheel does not fit.
    pub fn rank(&self, wheel: &WheelName) -> Option<u32> {
        let _ = (&self.0, wheel);
        todo!()
    }
    /// Why a wheel does not fit, for explanations: "built for CPython 3.8", "for Windows", ….
    pub fn mismatch(&self, wheel: &WheelName) -> String {
        let _ = wheel;
        todo!()
    }
}
