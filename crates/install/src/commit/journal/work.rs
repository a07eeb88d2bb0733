//! What a run does, for the person who is told about it afterwards.

use std::fmt;

use assay_types::{Version, names};
use serde::{Deserialize, Serialize};

use crate::Plan;

/// More are counted and not named.
const NAMED: usize = 5;

/// The changes of a plan. `Display` gives one line, such as
/// `` `assay install` (flask 3.0 -> 3.1, lib 1.0) ``.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Work {
    changes: Vec<Change>,
}

/// Names and versions as text: they are checked when a journal is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    project: String,
    from: Option<String>,
    to: Option<String>,
}

impl Work {
    /// Of a plan.
    pub fn of(plan: &Plan<'_>) -> Self {
        let changes = plan.changes().into_iter().map(|it| Change {
            project: it.project.to_string(),
            from: it.from.map(|it| it.to_string()),
            to: it.to.map(|it| it.to_string()),
        });
        Self {
            changes: changes.collect(),
        }
    }

    /// What is shown of a journal that somebody else may have written are names and versions.
    pub(super) fn check(&self) -> Result<(), &'static str> {
        let is_version = |it: &Option<String>| {
            let mut texts = it.iter();
            texts.all(|it| it.parse::<Version>().is_ok())
        };
        let is_sound = |it: &Change| {
            names::project(&it.project).is_some() && is_version(&it.from) && is_version(&it.to)
        };
        match self.changes.iter().all(is_sound) {
            true => Ok(()),
            false => Err("its journal names something that is no project or version"),
        }
    }

    /// For tests of the format.
    #[cfg(test)]
    pub(super) fn example() -> Self {
        let change = Change {
            project: "app".to_owned(),
            from: None,
            to: Some("1.0".to_owned()),
        };
        Self {
            changes: vec![change],
        }
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let comes = self.changes.iter().any(|it| it.to.is_some());
        let command = if comes { "install" } else { "uninstall" };
        write!(f, "`assay {command}` (")?;
        for (index, change) in self.changes.iter().take(NAMED).enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{change}")?;
        }
        match self.changes.len().saturating_sub(NAMED) {
            0 => write!(f, ")"),
            more => write!(f, " and {more} more)"),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let project = &self.project;
        match (&self.from, &self.to) {
            (Some(from), Some(to)) => write!(f, "{project} {from} -> {to}"),
            (Some(version), None) | (None, Some(version)) => write!(f, "{project} {version}"),
            (None, None) => write!(f, "{project}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(changes: &[(&str, Option<&str>, Option<&str>)]) -> Work {
        let text = |it: &Option<&str>| it.map(str::to_owned);
        let changes = changes.iter().map(|(project, from, to)| Change {
            project: (*project).to_owned(),
            from: text(from),
            to: text(to),
        });
        Work {
            changes: changes.collect(),
        }
    }

    #[test]
    fn a_few_changes_are_named_and_many_are_counted() {
        let some = work(&[("a", Some("1"), Some("2")), ("b", None, Some("3"))]);
        assert_eq!(some.to_string(), "`assay install` (a 1 -> 2, b 3)");
        let gone = work(&[("a", Some("1"), None)]);
        assert_eq!(gone.to_string(), "`assay uninstall` (a 1)");
        let many = work(&[("a", Some("1"), None); 7]);
        let said = "`assay uninstall` (a 1, a 1, a 1, a 1, a 1 and 2 more)";
        assert_eq!(many.to_string(), said);
    }

    #[test]
    fn nothing_but_names_and_versions_is_shown() {
        assert!(work(&[("a", Some("1"), Some("2"))]).check().is_ok());
        assert!(work(&[("a\x1b[2J", None, None)]).check().is_err());
        assert!(work(&[("a", Some("now run this"), None)]).check().is_err());
    }
}
