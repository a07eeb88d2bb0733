//! `pyproject.toml`: text of strangers, read with the path and the line of every value.

use std::path::Path;

use assay_types::Requirement;
use rustix::fs::{CWD, OFlags};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{Error, Result, workshop::files};

/// The file's name.
pub const FILE: &str = "pyproject.toml";
/// Longest file in bytes.
const LONGEST: u64 = 1 << 20;

/// The text of a project's file; `None` where there is none. A link is not followed: it may lead out of
/// the tree.
pub fn text(project: &Path) -> Result<Option<String>> {
    let path = project.join(FILE);
    let file = match files::open_regular(CWD, &path, OFlags::empty()) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(mistake(error.to_string())),
    };
    let bytes = files::limited(file, LONGEST).map_err(|error| mistake(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| mistake("it is not UTF-8".to_owned()))?;
    Ok(Some(text))
}

/// Parses it.
pub fn parse(text: &str) -> Result<DeTable<'_>> {
    let parsed = DeTable::parse(text).map(Spanned::into_inner);
    parsed.map_err(|error| {
        let fact = format!("no TOML: {}", error.message());
        match error.span() {
            Some(span) => mistake_at(text, span.start, fact),
            None => mistake(fact),
        }
    })
}

fn mistake(fact: String) -> Error {
    let place = FILE.to_owned();
    Error::Project { place, fact }
}

fn mistake_at(text: &str, at: usize, fact: String) -> Error {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let place = format!("{FILE}:{line}");
    Error::Project { place, fact }
}

/// A value, and how it is called.
pub struct Value<'t, 'd> {
    text: &'t str,
    key: String,
    value: &'t Spanned<DeValue<'d>>,
}

/// A table, and how it is called.
pub struct Table<'t, 'd> {
    text: &'t str,
    key: String,
    table: &'t DeTable<'d>,
    at: usize,
}

impl<'t, 'd> Table<'t, 'd> {
    /// A table at the top of the file.
    pub fn at_top(text: &'t str, top: &'t DeTable<'d>, key: &str) -> Result<Option<Self>> {
        let value = top.get(key).map(|value| Value {
            text,
            key: key.to_owned(),
            value,
        });
        value.map(|it| it.table()).transpose()
    }

    pub fn get(&self, key: &str) -> Option<Value<'t, 'd>> {
        self.table.get(key).map(|value| self.named(key, value))
    }

    /// A value that has to be there.
    pub fn required(&self, key: &str) -> Result<Value<'t, 'd>> {
        self.get(key)
            .ok_or_else(|| self.wrong(format!("has no {key}")))
    }

    pub fn entries(&self) -> impl Iterator<Item = (&'t str, Value<'t, 'd>)> {
        let entries = self.table.iter();
        entries.map(|(key, value)| (&**key.get_ref(), self.named(key.get_ref(), value)))
    }

    fn named(&self, key: &str, value: &'t Spanned<DeValue<'d>>) -> Value<'t, 'd> {
        Value {
            text: self.text,
            key: format!("{}.{key}", self.key),
            value,
        }
    }

    /// A mistake in it as a whole.
    pub fn wrong(&self, fact: String) -> Error {
        mistake_at(self.text, self.at, format!("{} {fact}", self.key))
    }
}

impl<'t, 'd> Value<'t, 'd> {
    pub fn table(&self) -> Result<Table<'t, 'd>> {
        match self.value.get_ref() {
            DeValue::Table(table) => Ok(Table {
                text: self.text,
                key: self.key.clone(),
                table,
                at: self.value.span().start,
            }),
            other => Err(self.kind(other, "a table")),
        }
    }

    pub fn list(&self) -> Result<Vec<Value<'t, 'd>>> {
        let DeValue::Array(list) = self.value.get_ref() else {
            return Err(self.kind(self.value.get_ref(), "a list"));
        };
        let items = list.iter().enumerate().map(|(index, value)| Value {
            text: self.text,
            key: format!("{}[{index}]", self.key),
            value,
        });
        Ok(items.collect())
    }

    pub fn string(&self) -> Result<&'t str> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(text),
            other => Err(self.kind(other, "a text")),
        }
    }

    /// A text that is read further by `read`, whose error is a clause.
    pub fn read<T>(&self, read: impl FnOnce(&str) -> Result<T, String>) -> Result<T> {
        let text = self.string()?;
        read(text).map_err(|fact| self.wrong(&format!("{text:?}: {fact}")))
    }

    /// A list of requirements.
    pub fn requirements(&self) -> Result<Vec<Requirement>> {
        let one = |text: &str| Requirement::parse(text).map_err(|it| it.to_string());
        self.list()?.iter().map(|it| it.read(one)).collect()
    }

    fn kind(&self, found: &DeValue<'_>, wanted: &str) -> Error {
        self.wrong(&format!("is a {} and not {wanted}", found.type_str()))
    }

    /// A mistake about it.
    pub fn wrong(&self, fact: &str) -> Error {
        let at = self.value.span().start;
        mistake_at(self.text, at, format!("{} {fact}", self.key))
    }
}
