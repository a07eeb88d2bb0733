//! How large a marker's decision diagram is.

use std::collections::HashSet;

use pep508_rs::MarkerTreeKind;

use crate::MarkerTree;

/// Most decisions that a marker may take. Real ones have fewer than twenty; a few hundred bytes
/// that pair variables in the wrong order would need millions.
const MAX_DECISIONS: usize = 256;

/// Whether a diagram has no more decisions than any honest marker.
pub(super) fn is_modest(tree: &MarkerTree) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![tree.clone()];
    while let Some(tree) = open.pop() {
        if seen.contains(&tree) {
            continue;
        }
        match tree.kind() {
            MarkerTreeKind::True | MarkerTreeKind::False => {}
            MarkerTreeKind::Version(it) => open.extend(it.edges().map(|(_, child)| child)),
            MarkerTreeKind::String(it) => open.extend(it.children().map(|(_, child)| child)),
            MarkerTreeKind::In(it) => open.extend(it.children().map(|(_, child)| child)),
            MarkerTreeKind::Contains(it) => open.extend(it.children().map(|(_, child)| child)),
            MarkerTreeKind::Extra(it) => open.extend(it.children().map(|(_, child)| child)),
        }
        seen.insert(tree);
        if seen.len() > MAX_DECISIONS {
            return false;
        }
    }
    true
}
