//! Whom the files name besides publishers: keys, sources of statements, hooks.
//!
//! A project's file names nobody until it is approved: its tables take no effect before.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use assay_trust::{
    Author, Label, Policy, Source, TrustedKey,
    signature::{Key, KeyKind},
};

use super::{
    Document, PolicyFile, PolicyFiles,
    contradictions::contradiction,
    hooks::HookTable,
    keys::{KeyTable, KeyText},
    named_file::NamedFile,
    reader::Placed,
    statements::{At, StatementsTable},
};
use crate::failure::{Failure, Result};

/// Where the statements of `[statements.NAME]` are. Whose count is said by the
/// [`Source`](assay_trust::Source) of that name in the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statements {
    /// Its name in policy files.
    pub label: Label,
    /// A folder, from the policy file's folder, or a URL.
    pub at: At,
    /// `file:line:column` of the table; unescaped.
    pub place: String,
    /// Whose file it is.
    pub author: Author,
}

/// `[hooks.NAME]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// Its name in policy files.
    pub label: Label,
    /// The program by its absolute path, and its arguments; never empty.
    pub command: Vec<String>,
    /// How long it may take.
    pub timeout: Duration,
    /// `file:line:column` of the table; unescaped.
    pub place: String,
}

/// One table of one file.
pub(super) type Defined<'a, T> = (&'a PolicyFile, &'a Label, &'a Placed<T>);

impl PolicyFiles {
    /// Where statements are, by name; each source once.
    pub fn statements(&self) -> Vec<Statements> {
        let all = once(self.defined(|it| &it.statements));
        all.map(|(file, label, table)| file.source(label, table))
            .collect()
    }

    /// The programs that may be asked, by name; each once.
    pub fn hooks(&self) -> Vec<Hook> {
        let all = once(self.defined(|it| &it.hooks));
        all.map(|(file, label, table)| file.hook(label, table))
            .collect()
    }

    /// Makes the keys and sources known to a policy. Reads the files of keys: fails where one is none.
    pub fn add_principals(&self, policy: &mut Policy) -> Result<()> {
        policy.keys = self.keys()?;
        policy.sources = self.sources();
        Ok(())
    }

    fn sources(&self) -> Vec<Source> {
        let all = once(self.defined(|it| &it.statements));
        let sources = all.map(|(file, label, table)| Source {
            label: label.clone(),
            keys: table.value.keys.iter().map(|it| it.value.clone()).collect(),
            projects: table.value.projects.clone(),
            criteria: table.value.criteria.clone(),
            place: table.place(&file.name),
        });
        sources.collect()
    }

    /// The keys that take effect, by name. Reads their files.
    pub fn keys(&self) -> Result<Vec<TrustedKey>> {
        let mut found: BTreeMap<&Label, (&KeyTable, TrustedKey)> = BTreeMap::new();
        for (file, label, table) in self.defined(|it| &it.keys) {
            let key = file.key(label, table, NamedFile::bytes)?;
            match found.get(label) {
                None => drop(found.insert(label, (&table.value, key))),
                Some((first, known)) => {
                    let is_same = is_same(&known.key, &key.key)
                        && (&first.projects, first.until)
                            == (&table.value.projects, table.value.until);
                    if !is_same {
                        return Err(contradiction("keys", label, &known.place, &key.place));
                    }
                }
            }
        }
        Ok(found.into_values().map(|(_, key)| key).collect())
    }

    /// The tables that take effect, the machine's first.
    pub(super) fn defined<T: 'static>(
        &self,
        tables: fn(&Document) -> &BTreeMap<Label, Placed<T>>,
    ) -> impl Iterator<Item = Defined<'_, T>> {
        let leading = self.0.iter().filter(|it| it.author.may_loosen());
        leading.flat_map(move |file| {
            let tables = tables(&file.document).iter();
            tables.map(move |(label, table)| (file, label, table))
        })
    }
}

/// What it is now, for whoever is asked to approve it.
#[derive(Debug)]
pub struct NamedKey {
    /// What it is.
    pub key: TrustedKey,
    /// Its file, as the policy file writes it.
    pub file: Option<PathBuf>,
}

impl PolicyFile {
    /// All keys that it names as they are now, whether they take effect or not.
    pub fn keys_now(&self) -> Result<Vec<NamedKey>> {
        let keys = self.document.keys.iter().map(|(label, table)| {
            Ok(NamedKey {
                key: self.key(label, table, NamedFile::bytes_now)?,
                file: match &table.value.text.value {
                    KeyText::Inline(_) => None,
                    KeyText::File(path) => Some(path.clone()),
                },
            })
        });
        keys.collect()
    }

    /// All sources that it names, whether they take effect or not.
    pub fn sources_now(&self) -> impl Iterator<Item = Statements> {
        let tables = self.document.statements.iter();
        tables.map(|(label, table)| self.source(label, table))
    }

    /// Likewise all hooks.
    pub fn hooks_now(&self) -> impl Iterator<Item = Hook> {
        let tables = self.document.hooks.iter();
        tables.map(|(label, table)| self.hook(label, table))
    }

    fn source(&self, label: &Label, table: &Placed<StatementsTable>) -> Statements {
        Statements {
            label: label.clone(),
            at: self.at(&table.value),
            place: table.place(&self.name),
            author: self.author,
        }
    }

    fn hook(&self, label: &Label, table: &Placed<HookTable>) -> Hook {
        Hook {
            label: label.clone(),
            command: table.value.command.clone(),
            timeout: table.value.timeout,
            place: table.place(&self.name),
        }
    }

    fn key(
        &self,
        label: &Label,
        table: &Placed<KeyTable>,
        read: fn(&NamedFile, u64) -> Result<Vec<u8>>,
    ) -> Result<TrustedKey> {
        let KeyTable {
            kind,
            text,
            projects,
            ..
        } = &table.value;
        let place = text.place(&self.name);
        let key = match &text.value {
            KeyText::Inline(text) => parse(*kind, text.as_bytes(), &place, "the text"),
            KeyText::File(path) => {
                let file = self.named_file(path, place);
                let bytes = read(&file, Key::LARGEST as u64)?;
                parse(*kind, &bytes, &file.place, &path.display().to_string())
            }
        };
        Ok(TrustedKey {
            label: label.clone(),
            key: key?,
            projects: projects.clone(),
            place: table.place(&self.name),
        })
    }

    pub(super) fn at(&self, table: &StatementsTable) -> At {
        match &table.at {
            At::Folder(path) => At::Folder(self.beside(path)),
            At::Https(url) => At::Https(url.clone()),
        }
    }
}

fn parse(kind: KeyKind, bytes: &[u8], place: &str, what: &str) -> Result<Key> {
    let wrong = |error| Failure::usage(format!("{place}: {}: {what} {error}", kind.name()));
    Key::parse(kind, bytes).map_err(wrong)
}

/// A key may be written in several ways.
fn is_same(one: &Key, other: &Key) -> bool {
    let raw = (one.raw(), other.raw());
    one.kind() == other.kind()
        && match raw {
            (Some(one), Some(other)) => one == other,
            _ => one.digest() == other.digest(),
        }
}

/// The first table of each name: where there are more they are alike.
fn once<'a, T: 'a>(
    all: impl Iterator<Item = Defined<'a, T>>,
) -> impl Iterator<Item = Defined<'a, T>> {
    let mut found = BTreeMap::new();
    for (file, label, table) in all {
        found.entry(label).or_insert((file, label, table));
    }
    found.into_values()
}
