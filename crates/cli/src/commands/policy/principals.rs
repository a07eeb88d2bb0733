//! Keys, sources of statements and hooks as rows of a table.

use std::collections::BTreeMap;

use assay_trust::{Label, ProjectPattern, TrustedKey};
use assay_types::{ProjectName, day::LastDay, requirement::redacted};

use super::{rows::SettingRow, whose};
use crate::settings::{At, KeyText, PolicyFile};

/// What keys that were read are, by their names.
#[derive(Debug)]
pub(super) struct Fingerprints(BTreeMap<Label, String>);

impl Fingerprints {
    pub(super) fn of<'a>(keys: impl IntoIterator<Item = &'a TrustedKey>) -> Self {
        let keys = keys.into_iter();
        Self(keys.map(|it| (it.label.clone(), key_shown(it))).collect())
    }
}

/// The tables of a file, of which only those that may speak for a project may be wanted. Where its keys
/// are not `known` it is one that nobody approved: they were not read, and nothing in the tables counts.
pub(super) fn of_file(
    file: &PolicyFile,
    known: Option<&Fingerprints>,
    project: Option<&ProjectName>,
) -> Vec<SettingRow> {
    let keys = keys(file, known);
    let rows = keys.into_iter().chain(sources(file)).chain(hooks(file));
    let is_meant = |patterns: Option<&[ProjectPattern]>| match (project, patterns) {
        (Some(project), Some(patterns)) => patterns.iter().any(|it| it.covers(project)),
        _ => true,
    };
    let rows = rows.filter(|it| is_meant(it.projects));
    let rows = rows.map(|row| SettingRow {
        setting: row.setting,
        value: match known {
            Some(_) => row.value,
            None => format!("{} (of no effect until it is approved)", row.value),
        },
        projects: row
            .projects
            .into_iter()
            .flatten()
            .map(ToString::to_string)
            .collect(),
        stated_in: Some(row.place),
        whose: whose(file.author),
        loosens: true,
    });
    rows.collect()
}

/// One table.
struct Row<'a> {
    setting: &'static str,
    value: String,
    /// The only projects for which it counts.
    projects: Option<&'a [ProjectPattern]>,
    place: String,
}

fn keys<'a>(file: &'a PolicyFile, known: Option<&Fingerprints>) -> Vec<Row<'a>> {
    let keys = file.document.keys.iter().map(|(label, table)| {
        let key = &table.value;
        let what = known.and_then(|it| it.0.get(label).cloned());
        let what = what.unwrap_or_else(|| match &key.text.value {
            KeyText::Inline(text) => format!("{} {text}", key.kind.name()),
            KeyText::File(path) => format!("{} {}", key.kind.name(), path.display()),
        });
        Row {
            setting: "keys",
            value: format!("{label}: {what}{}", until(key.until)),
            projects: key.projects.as_deref(),
            place: table.place(&file.name),
        }
    });
    keys.collect()
}

fn sources(file: &PolicyFile) -> impl Iterator<Item = Row<'_>> {
    file.document.statements.iter().map(|(label, table)| {
        let source = &table.value;
        let signers = source.keys.iter().map(|it| &it.value);
        let what = source_shown(&source.at, signers, &source.criteria);
        Row {
            setting: "statements",
            value: format!("{label}: {what}{}", until(source.until)),
            projects: source.projects.as_deref(),
            place: table.place(&file.name),
        }
    })
}

fn hooks(file: &PolicyFile) -> impl Iterator<Item = Row<'_>> {
    file.document.hooks.iter().map(|(label, table)| {
        let hook = &table.value;
        let what = command(&hook.command);
        Row {
            setting: "hooks",
            value: format!("{label}: {what}{}", until(hook.until)),
            projects: None,
            place: table.place(&file.name),
        }
    })
}

/// A key by its kind and fingerprint.
pub(super) fn key_shown(key: &TrustedKey) -> String {
    format!("{} {}", key.key.kind().name(), key.key.fingerprint())
}

/// A source by its place, and by what counts of it.
pub(super) fn source_shown<'a>(
    at: &At,
    signers: impl IntoIterator<Item = &'a Label>,
    criteria: impl IntoIterator<Item = impl ToString>,
) -> String {
    let at = match at {
        At::Folder(path) => path.display().to_string(),
        At::Https(url) => redacted(url).to_string(),
    };
    let (signers, criteria) = (joined(signers, " or "), joined(criteria, " and "));
    format!("{at}, signed by {signers}, criteria {criteria}")
}

/// A command line of which nobody has to guess where a word ends.
pub(super) fn command(words: &[String]) -> String {
    let words = words.iter().map(|it| format!("{it:?}"));
    format!("[{}]", joined(words, ", "))
}

pub(super) fn joined(all: impl IntoIterator<Item = impl ToString>, with: &str) -> String {
    let all: Vec<_> = all.into_iter().map(|it| it.to_string()).collect();
    all.join(with)
}

fn until(day: Option<LastDay>) -> String {
    day.map_or_else(String::new, |it| format!(", until {it}"))
}
