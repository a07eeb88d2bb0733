//! The project's own file: `assay.toml`, or `[tool.assay]` in `pyproject.toml`.
//!
//! It comes with whatever was cloned, so it may only tighten: today it can say that some projects
//! come from one index and from nowhere else, and the index must be one that the user's own settings
//! ask anyway. Otherwise a clone would choose a server, send it the names of what is installed, and
//! have it serve code.

mod search;
mod table;

use assay_index::Indexes;
use assay_trust::{IndexPin, IndexPins};
use assay_types::{Url, requirement::redacted};

use crate::{
    failure::{Failure, Result},
    surroundings::Surroundings,
};
use table::{Mistake, Root, Rules};

/// The file that governs the working folder, read and understood.
#[derive(Debug)]
pub struct ProjectFile {
    /// As a person finds it from the working folder.
    name: String,
    rules: Rules,
}

impl ProjectFile {
    /// Finds and reads it. Needs no network, so that a mistake in it is told before anything is
    /// asked.
    pub fn find(around: &Surroundings) -> Result<Option<Self>> {
        let home = around.home.as_deref();
        let found = search::find(&around.working_dir, home)?;
        Ok(found.map(|(path, rules)| Self {
            name: search::shown(&path, &around.working_dir),
            rules,
        }))
    }

    /// The pins that it states. Fails where two contradict each other, and where the user's own
    /// settings do not name the index; with no index at all nothing is asked, and nothing checked.
    pub fn pins(&self, indexes: &Indexes) -> Result<IndexPins> {
        let mut pins = IndexPins::default();
        for rule in &self.rules.rules {
            let index = &self.rules.indexes[&rule.value.index];
            let mut asked = indexes.in_order().map(|it| it.url()).peekable();
            if asked.peek().is_some() && !asked.any(|it| *it == index.value) {
                return Err(self.unnamed(&rule.value.index, &index.value, index.line));
            }
            for pattern in &rule.value.projects {
                let pin = IndexPin {
                    pattern: pattern.value.clone(),
                    index: index.value.clone(),
                    stated_in: format!("{}:{}", self.name, pattern.line),
                };
                pins.add(pin).map_err(|error| {
                    Failure::usage(format!("{}:{}: {error}", self.name, pattern.line)).hint(
                        "a project can come from one index alone: take one of the two rules out",
                    )
                })?;
            }
        }
        Ok(pins)
    }

    fn unnamed(&self, name: &str, url: &Url, line: usize) -> Failure {
        let (file, url) = (&self.name, redacted(url));
        Failure::usage(format!(
            "{file}:{line}: the index {name}, {url}, is named by this file alone"
        ))
        .detail("rule: a project's file keeps projects from other indexes and adds no index")
        .hint(format!(
            "if you trust that index, say so yourself: --extra-index-url {url}"
        ))
        .hint(format!(
            "or for always, in pip.conf under [global]: extra-index-url = {url}"
        ))
    }
}

/// Reads one file that was found; `None` where it has no rules of ours.
fn read(name: &str, text: &str, root: Root) -> Result<Option<Rules>> {
    table::parse(text, root).map_err(|Mistake { line, column, fact }| {
        Failure::usage(format!("{name}:{line}:{column}: {fact}"))
    })
}
