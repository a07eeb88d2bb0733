//! Dependency groups (PEP 735): `--group NAME` and `--group PATH:NAME`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use assay_types::names;
use toml::de::{DeTable, DeValue};

use super::toml_text::{self, Spanned, TomlText};
use crate::failure::{Failure, Result};

/// More requirements than any group has.
const MOST_ITEMS: usize = 10_000;
/// Groups that include a group that includes a group …
const DEPTH: usize = 100;

/// A requirement of a group.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    /// As it stands there.
    pub text: String,
    /// `pyproject.toml:7 (group test)`.
    pub from: String,
}

/// The file and the group that the option's value names: what stands before the last colon is a
/// path, which must end in `pyproject.toml`.
pub fn split(value: &str) -> Result<(&Path, &str)> {
    let (path, group) = value.rsplit_once(':').unwrap_or(("pyproject.toml", value));
    let path = Path::new(path);
    if path.file_name().is_some_and(|it| it == "pyproject.toml") {
        return Ok((path, group));
    }
    Err(Failure::usage(format!(
        "--group {value}: {} is no pyproject.toml",
        path.display()
    ))
    .hint("write GROUP for ./pyproject.toml, or PATH/pyproject.toml:GROUP"))
}

/// The requirements of a group in a file, those of included groups in their place.
pub fn read(path: &Path, shown: &str, group: &str) -> Result<Vec<Item>> {
    let text = toml_text::read(path, "--group:")?;
    let toml = TomlText {
        file: shown,
        text: &text,
        lines_before: 0,
    };
    resolve(&toml, group)
}

/// The requirements of a group.
fn resolve(toml: &TomlText<'_>, group: &str) -> Result<Vec<Item>> {
    let document = toml.parse()?;
    let table = document.get("dependency-groups").ok_or_else(|| {
        Failure::usage(format!("{} has no [dependency-groups]", toml.file))
            .hint("optional dependencies are extras: name the project as .[EXTRA]")
    })?;
    let DeValue::Table(table) = table.get_ref() else {
        return Err(toml.wrong(&table.span(), "dependency-groups is no table"));
    };
    let groups = Groups {
        toml,
        by_name: by_name(toml, table)?,
    };
    let name = normalised(group)
        .filter(|it| groups.by_name.contains_key(it))
        .ok_or_else(|| groups.unknown(toml.file, group))?;
    let mut found = Found::default();
    groups.collect(&name, &mut found)?;
    Ok(found.items)
}

/// Groups by normalised name. Two spellings of one name are an error (PEP 735).
fn by_name<'v, 'a>(
    toml: &TomlText<'_>,
    table: &'v DeTable<'a>,
) -> Result<BTreeMap<String, (&'v str, &'v Spanned<'a>)>> {
    let mut groups: BTreeMap<String, (&str, &Spanned<'_>)> = BTreeMap::new();
    for (key, value) in table {
        let written: &str = key.get_ref();
        let name = normalised(written).ok_or_else(|| {
            toml.wrong(&key.span(), &format!("{written:?} is no name of a group"))
        })?;
        if let Some((other, _)) = groups.insert(name, (written, value)) {
            let why = format!("the groups {other} and {written} have the same name");
            return Err(toml.wrong(&key.span(), &why));
        }
    }
    Ok(groups)
}

/// The rules for names of groups are those for names of extras.
fn normalised(name: &str) -> Option<String> {
    names::extra(name).map(|it| it.to_string())
}

/// The groups of one file.
struct Groups<'v, 'a> {
    toml: &'v TomlText<'a>,
    /// As it was written, and what it holds.
    by_name: BTreeMap<String, (&'v str, &'v Spanned<'a>)>,
}

/// What is gathered from groups.
#[derive(Default)]
struct Found {
    items: Vec<Item>,
    /// The groups that include the one at hand, outermost first.
    open: Vec<String>,
    /// Each is gathered once, where it is first included: a few lines could otherwise ask for more
    /// copies than there is memory.
    finished: BTreeSet<String>,
}

impl Groups<'_, '_> {
    /// Adds what a group holds, in the order in which it stands there.
    fn collect(&self, name: &str, found: &mut Found) -> Result<()> {
        let Some((written, value)) = self.by_name.get(name) else {
            return Ok(());
        };
        found.open.push(name.to_owned());
        for item in self.toml.list(&format!("the group {written}"), value)? {
            match item.get_ref() {
                DeValue::String(text) if text.chars().any(char::is_control) => {
                    let why = format!("a requirement with a control character in {written:?}");
                    return Err(self.toml.wrong(&item.span(), &why));
                }
                DeValue::String(text) => found.add(Item {
                    text: text.to_string(),
                    from: format!("{} (group {written})", self.toml.place(&item.span())),
                })?,
                DeValue::Table(table) => self.include(item, table, found)?,
                other => {
                    let why = format!(
                        "a {} in the group {written}; requirements and {{include-group = …}} may stand there",
                        other.type_str()
                    );
                    return Err(self.toml.wrong(&item.span(), &why));
                }
            }
        }
        found.finished.extend(found.open.pop());
        Ok(())
    }

    fn include(&self, item: &Spanned<'_>, table: &DeTable<'_>, found: &mut Found) -> Result<()> {
        let included = self.included(item, table)?;
        if found.open.contains(&included) {
            let chain = found.open.join(" -> ");
            let why = format!("groups include each other: {chain} -> {included}");
            return Err(self.toml.wrong(&item.span(), &why));
        }
        if found.open.len() >= DEPTH {
            let why = format!("more than {DEPTH} groups, of which each includes the next");
            return Err(self.toml.wrong(&item.span(), &why));
        }
        match found.finished.contains(&included) {
            true => Ok(()),
            false => self.collect(&included, found),
        }
    }

    /// The group that `{include-group = "…"}` names. Other keys are an error: they might mean
    /// something that is not understood.
    fn included(&self, item: &Spanned<'_>, table: &DeTable<'_>) -> Result<String> {
        let mut entries = table.iter();
        let (Some((key, value)), None) = (entries.next(), entries.next()) else {
            return Err(self
                .toml
                .wrong(&item.span(), "not {include-group = …} alone"));
        };
        if key.get_ref() != "include-group" {
            let why = format!("{} is not known; include-group is", key.get_ref());
            return Err(self.toml.wrong(&key.span(), &why));
        }
        let Some(written) = value.get_ref().as_str() else {
            return Err(self.toml.wrong(&value.span(), "include-group is no text"));
        };
        normalised(written)
            .filter(|it| self.by_name.contains_key(it))
            .ok_or_else(|| self.unknown(&self.toml.place(&value.span()), written))
    }

    fn unknown(&self, place: &str, name: &str) -> Failure {
        let known: Vec<_> = self.by_name.values().map(|(written, _)| *written).collect();
        let known = match known.as_slice() {
            [] => "it has none".to_owned(),
            known => format!("it has {}", known.join(", ")),
        };
        Failure::usage(format!("{place}: there is no group {name}")).hint(known)
    }
}

impl Found {
    fn add(&mut self, item: Item) -> Result<()> {
        if self.items.len() >= MOST_ITEMS {
            let fact = format!(
                "{}: a group of more than {MOST_ITEMS} requirements",
                item.from
            );
            return Err(Failure::usage(fact));
        }
        self.items.push(item);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
