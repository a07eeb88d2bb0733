//! What became of a pin, for people and for `--json`.

use std::collections::BTreeMap;

use assay_trust::PublisherPin;
use assay_types::{Printable, ProjectName, Url, day::LastDay, requirement::redacted};
use serde::Serialize;

use super::named::Named;
use crate::{commands::Context, failure::Result, ui::Ui};

/// A list, also of one, as data; else a few lines for each.
pub fn print_all(changes: &[Change], context: &Context<'_>) -> Result<()> {
    match context.ui.json() {
        true => context.ui.json_output(&changes),
        false => changes.iter().try_for_each(|it| it.print(context.ui)),
    }
}

/// One project's publishers before and after. `none` stands for files without provenance.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Change {
    project: String,
    index: String,
    added: Vec<String>,
    removed: Vec<String>,
    /// What was and is accepted, as far as it was named or is left.
    unchanged: Vec<String>,
    /// The last days of what is accepted for a time.
    until: BTreeMap<String, String>,
}

impl Change {
    /// One in which nothing has changed yet.
    pub fn new(project: &ProjectName, index: &Url) -> Self {
        Self {
            project: project.to_string(),
            index: redacted(index).to_string(),
            added: Vec::new(),
            removed: Vec::new(),
            unchanged: Vec::new(),
            until: BTreeMap::new(),
        }
    }

    /// `is_new`: whether it was added.
    pub fn accepted(&mut self, named: &Named, is_new: bool) {
        let list = match is_new {
            true => &mut self.added,
            false => &mut self.unchanged,
        };
        list.push(named.to_string());
    }

    /// These went, and these are left.
    pub fn removed(&mut self, removed: &[Named], left: &[Named]) {
        self.removed = removed.iter().map(Named::to_string).collect();
        self.unchanged = left.iter().map(Named::to_string).collect();
    }

    /// What it led to.
    pub fn is_now(&mut self, pin: &PublisherPin) {
        let limited = Named::limited(pin);
        self.until = limited
            .map(|(it, day)| (it.to_string(), day.to_string()))
            .collect();
    }

    /// What is accepted for longer than was said.
    pub fn longer_than(&self, day: LastDay) -> impl Iterator<Item = &String> {
        let day = day.to_string();
        let is_longer = move |it: &&String| self.until.get(*it) != Some(&day);
        self.unchanged.iter().filter(is_longer)
    }

    /// Whether anything is different now.
    pub fn is_any(&self) -> bool {
        !self.added.is_empty() || !self.removed.is_empty()
    }

    /// Whether nothing is left that was accepted.
    pub fn leaves_nothing(&self) -> bool {
        self.added.is_empty() && self.unchanged.is_empty()
    }

    /// The lines for a person.
    fn print(&self, ui: &Ui) -> Result<()> {
        let head = format!("{} from {}", self.project, self.index);
        ui.line(ui.bold(&Printable(&head).to_string()))?;
        let until = |it: &String| match self.until.get(it) {
            Some(day) => format!(" until {day}"),
            None => String::new(),
        };
        let parts = [
            ("accepted", &self.added),
            ("forgotten", &self.removed),
            ("unchanged", &self.unchanged),
        ];
        parts.into_iter().try_for_each(|(what, list)| {
            list.iter().try_for_each(|it| {
                ui.line(format_args!("  {what}: {}{}", Printable(it), until(it)))
            })
        })
    }
}
