//! RECORD of what is installed, from the manifest: no file is read.

use assay_types::record::write_row;

use crate::{
    Plan,
    environment::{Environment, Place},
    plan::{Incoming, Source},
};

/// The RECORD of a wheel: the rows of its manifest as they were installed, what was generated, and
/// RECORD itself, sorted as text. Paths are relative to site-packages, as PEP 376 has it.
pub(super) fn text(plan: &Plan<'_>, wheel: &Incoming) -> String {
    let manifest = wheel.stored().manifest();
    let mut rows = Rows::with_capacity(manifest.len());
    for (folder, target) in manifest.folders().zip(&wheel.folders) {
        let prefix = prefix_of(plan, wheel, *target);
        for (row, file) in folder.files() {
            if !wheel.absent.contains(&Source::Row(row)) {
                let content = (file.digest(), file.size());
                rows.push([&prefix, file.name()], Some(content));
            }
        }
    }
    for (index, text) in wheel.texts.iter().enumerate() {
        if !wheel.absent.contains(&Source::Text(index as u32)) {
            let prefix = prefix_of(plan, wheel, text.folder);
            let content = (text.digest.as_str(), text.bytes.len() as u64);
            rows.push([&prefix, &text.name], Some(content));
        }
    }
    let prefix = prefix_of(plan, wheel, wheel.dist_info);
    rows.push([&prefix, "RECORD"], None);
    rows.sorted()
}

/// Rows in one text, and where each of them lies there.
struct Rows {
    text: String,
    ends: Vec<usize>,
}

impl Rows {
    fn with_capacity(count: usize) -> Self {
        Self {
            text: String::with_capacity(count * 110),
            ends: Vec::with_capacity(count),
        }
    }

    fn push(&mut self, path: [&str; 2], content: Option<(&str, u64)>) {
        write_row(&mut self.text, path, content);
        self.ends.push(self.text.len());
    }

    fn sorted(&self) -> String {
        let mut start = 0;
        let cut = |end: &usize| &self.text[std::mem::replace(&mut start, *end)..*end];
        let mut rows: Vec<_> = self.ends.iter().map(cut).collect();
        rows.sort_unstable();
        rows.concat()
    }
}

fn prefix_of(plan: &Plan<'_>, wheel: &Incoming, folder: usize) -> String {
    relative(
        plan.environment,
        &plan.tree.folders[folder].place,
        &wheel.site,
    )
}

/// The way from site-packages to a folder, ending in `/` unless it is empty; absolute where they
/// have different roots.
fn relative(environment: &Environment, place: &Place, site: &Place) -> String {
    if place.root != site.root {
        return format!("{}/", environment.path_of(place).display());
    }
    steps(&place.path, &site.path)
}

fn steps(place: &str, site: &str) -> String {
    let parts = |path: &'_ str| -> Vec<String> {
        path.split('/')
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (place, site) = (parts(place), parts(site));
    let common = place.iter().zip(&site).take_while(|(a, b)| a == b).count();
    let mut way = "../".repeat(site.len() - common);
    for part in &place[common..] {
        way.push_str(part);
        way.push('/');
    }
    way
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_each_stays_whole() {
        let mut rows = Rows::with_capacity(3);
        rows.push(["b/", "x\ny"], Some(("d", 1)));
        rows.push(["a/", "z"], None);
        rows.push(["", "B"], Some(("e", 2)));
        let expected = "\"b/x\ny\",sha256=d,1\nB,sha256=e,2\na/z,,\n";
        assert_eq!(rows.sorted(), expected);
    }

    #[test]
    fn the_way_climbs_no_higher_than_it_must() {
        let site = "lib/python3.12/site-packages";
        assert_eq!(steps(site, site), "");
        assert_eq!(steps("lib/python3.12/site-packages/a/b", site), "a/b/");
        assert_eq!(steps("bin", site), "../../../bin/");
        assert_eq!(steps("lib/x", site), "../../x/");
        assert_eq!(steps("", site), "../../../");
        assert_eq!(steps("bin", ""), "bin/");
    }
}
