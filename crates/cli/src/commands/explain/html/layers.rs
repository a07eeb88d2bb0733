//! The graph as layers: what was asked for, what that needs, what those need.

use std::collections::HashMap;

use assay_types::ProjectName;

use crate::commands::explain::explained::Explained;

/// Distributions at one distance from what was asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Layer {
    pub title: String,
    /// Places in the list, sorted.
    pub members: Vec<usize>,
}

/// Each distribution in exactly one layer.
pub fn layers(all: &[Explained]) -> Vec<Layer> {
    let names = all.iter().map(|it| &it.project);
    let mut sorting = Sorting {
        all,
        places: names.zip(0..).collect(),
        is_placed: vec![false; all.len()],
        layers: Vec::new(),
    };
    let is_asked = |it: &Explained| it.requested == Some(true);
    sorting.from("Asked for by name", "Needed by those", is_asked);
    let is_needless = |it: &Explained| it.required_by.is_empty();
    let title = "Needed by nothing here, and not known to be asked for";
    sorting.from(title, "Needed by those alone", is_needless);
    sorting.from("Needed by each other alone", "", |_| true);
    sorting.layers
}

struct Sorting<'a> {
    all: &'a [Explained],
    places: HashMap<&'a ProjectName, usize>,
    is_placed: Vec<bool>,
    layers: Vec<Layer>,
}

impl Sorting<'_> {
    /// A layer of those that are roots, and below it what they lead to, step by step.
    fn from(&mut self, title: &str, next: &str, is_root: impl Fn(&Explained) -> bool) {
        let open = (0..self.all.len()).filter(|at| !self.is_placed[*at]);
        let mut members: Vec<_> = open.filter(|at| is_root(&self.all[*at])).collect();
        let mut step = 0;
        while !members.is_empty() {
            members.iter().for_each(|at| self.is_placed[*at] = true);
            let below = self.below(&members);
            let title = match step {
                0 => title.to_owned(),
                1 => next.to_owned(),
                more => format!("{next}, {more} steps away"),
            };
            self.layers.push(Layer { title, members });
            (members, step) = (below, step + 1);
        }
    }

    fn below(&self, members: &[usize]) -> Vec<usize> {
        let needed = members.iter().flat_map(|at| &self.all[*at].requires);
        let needed = needed.filter_map(|it| self.places.get(it).copied());
        let mut below: Vec<_> = needed.filter(|at| !self.is_placed[*at]).collect();
        below.sort_unstable();
        below.dedup();
        below
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::explain::explained::tests::example;

    #[test]
    fn each_is_in_the_first_layer_that_leads_to_it() {
        // 0 and 1 were asked for; 2 is needed by both ways; 3 and 4 by nobody that was asked for;
        // 5 and 6 by each other.
        let all = [
            example("app", true, &["lib", "deep"], &[]),
            example("tool", true, &["app"], &[]),
            example("deep", false, &[], &["app", "lib", "left"]),
            example("left", false, &["deep", "rest"], &[]),
            example("rest", false, &[], &["left"]),
            example("ring-a", false, &["ring-b"], &["ring-b"]),
            example("ring-b", false, &["ring-a"], &["ring-a"]),
            example("lib", false, &["deep", "last", "missing"], &["app"]),
            example("last", false, &[], &["lib"]),
        ];
        let layers = layers(&all);
        let members: Vec<_> = layers.iter().map(|it| it.members.clone()).collect();
        let expected = [
            vec![0, 1],
            vec![2, 7],
            vec![8],
            vec![3],
            vec![4],
            vec![5, 6],
        ];
        assert_eq!(members, expected);
        assert_eq!(layers[2].title, "Needed by those, 2 steps away");
        assert!(layers[3].title.contains("not known to be asked for"));
        assert!(super::layers(&[]).is_empty());
    }
}
