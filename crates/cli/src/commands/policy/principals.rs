//! Keys, sources of statements and hooks: as rows of a table, and which of them count for a project.

use std::collections::BTreeMap;

use assay_trust::{Label, Policy, ProjectPattern, TrustedKey, Word};
use assay_types::{ProjectName, day::LastDay, requirement::redacted};
use serde::Serialize;

use super::{rows::SettingRow, whose};
use crate::settings::{At, KeyText, PolicyFile, PolicyFiles};

/// What keys that were read are, by their names.
#[derive(Debug, Default)]
pub(super) struct Fingerprints(BTreeMap<Label, String>);

impl Fingerprints {
    pub(super) fn of<'a>(keys: impl IntoIterator<Item = &'a TrustedKey>) -> Self {
        let keys = keys.into_iter();
        Self(keys.map(|it| (it.label.clone(), shown(it))).collect())
    }
}

fn shown(key: &TrustedKey) -> String {
    format!("{} {}", key.key.kind().name(), key.key.fingerprint())
}

/// The tables of a file, of which only those that may speak for a project may be wanted. A key that
/// was not read is shown as it is written.
pub(super) fn of_file(
    file: &PolicyFile,
    known: &Fingerprints,
    project: Option<&ProjectName>,
) -> Vec<SettingRow> {
    let document = &file.document;
    let is_meant = |patterns: &Option<Vec<ProjectPattern>>| match (project, patterns) {
        (Some(project), Some(patterns)) => patterns.iter().any(|it| it.covers(project)),
        _ => true,
    };
    let row = |setting, value, patterns: Option<&Vec<ProjectPattern>>, stated_in| SettingRow {
        setting,
        value,
        projects: patterns
            .into_iter()
            .flatten()
            .map(ToString::to_string)
            .collect(),
        stated_in: Some(stated_in),
        whose: whose(file.author),
        loosens: true,
    };
    let mut rows = Vec::new();
    for (label, table) in &document.keys {
        let key = &table.value;
        if !is_meant(&key.projects) {
            continue;
        }
        let what = known.0.get(label).cloned();
        let what = what.unwrap_or_else(|| match &key.text.value {
            KeyText::Inline(text) => format!("{} {text}", key.kind.name()),
            KeyText::File(path) => format!("{} {}", key.kind.name(), path.display()),
        });
        let value = format!("{label}: {what}{}", until(key.until));
        rows.push(row(
            "keys",
            value,
            key.projects.as_ref(),
            table.place(&file.name),
        ));
    }
    for (label, table) in &document.statements {
        let source = &table.value;
        if !is_meant(&source.projects) {
            continue;
        }
        let signers = source.keys.iter().map(|it| &it.value);
        let what = source_shown(&source.at, signers, &source.criteria);
        let value = format!("{label}: {what}{}", until(source.until));
        rows.push(row(
            "statements",
            value,
            source.projects.as_ref(),
            table.place(&file.name),
        ));
    }
    for (label, table) in &document.hooks {
        let hook = &table.value;
        let value = format!("{label}: {}{}", command(&hook.command), until(hook.until));
        rows.push(row("hooks", value, None, table.place(&file.name)));
    }
    rows
}

/// Something that policy files name, and that has a say in a project's files.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct SayRow {
    pub name: String,
    pub what: String,
    pub stated_in: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// All that have one.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Says {
    /// Keys that the project's rules name.
    keys: Vec<SayRow>,
    /// Sources that may speak about it: any of them may deny it.
    statements: Vec<SayRow>,
    /// Hooks that its rules name.
    hooks: Vec<SayRow>,
    /// Lists of keys, one of each of which has to have signed a wheel inside of itself.
    wheel_signature: Vec<String>,
}

impl Says {
    pub(super) fn about(project: &ProjectName, policy: &Policy, files: &PolicyFiles) -> Self {
        let leading = || files.iter().filter(|it| it.author.may_loosen());
        let keys = policy.keys_asked(project).into_iter().map(|it| SayRow {
            name: it.label.to_string(),
            what: shown(it),
            stated_in: it.place.clone(),
            until: leading()
                .find_map(|file| file.document.keys.get(&it.label)?.value.until)
                .map(|it| it.to_string()),
        });
        let at = files.statements();
        let sources = policy.sources_of(project).into_iter().filter_map(|it| {
            let at = at.iter().find(|at| at.label == it.label)?;
            Some(SayRow {
                name: it.label.to_string(),
                what: source_shown(&at.at, &it.keys, &it.criteria),
                stated_in: it.place.clone(),
                until: leading()
                    .find_map(|file| file.document.statements.get(&it.label)?.value.until)
                    .map(|it| it.to_string()),
            })
        });
        let asked = policy.words_asked(project);
        let hooks = files.hooks().into_iter();
        let hooks = hooks.filter(|it| asked.contains(&Word::Hook(it.label.clone())));
        let hooks = hooks.map(|it| SayRow {
            what: format!("{}, {} seconds", command(&it.command), it.timeout.as_secs()),
            until: leading()
                .find_map(|file| file.document.hooks.get(&it.label)?.value.until)
                .map(|it| it.to_string()),
            name: it.label.to_string(),
            stated_in: it.place,
        });
        let signatures = policy.wheel_signatures(project).into_iter();
        Self {
            keys: keys.collect(),
            statements: sources.collect(),
            hooks: hooks.collect(),
            wheel_signature: signatures
                .map(|it| format!("{} ({})", joined(&it.value, " or "), it.place))
                .collect(),
        }
    }

    /// It in lines; unescaped.
    pub(super) fn lines(&self) -> Vec<String> {
        let line = |what: &str, row: &SayRow| {
            let until = row.until.as_ref();
            let until = until.map_or_else(String::new, |it| format!(", until {it}"));
            let SayRow {
                name,
                what: which,
                stated_in,
                ..
            } = row;
            format!("{what}{name}: {which} ({stated_in}){until}")
        };
        let keys = self.keys.iter().map(|it| line("hears key:", it));
        let statements = self.statements.iter();
        let statements = statements.map(|it| line("hears the statements of ", it));
        let hooks = self.hooks.iter().map(|it| line("asks hook:", it));
        let signatures = self.wheel_signature.iter();
        let signatures = signatures.map(|it| format!("is signed inside of the wheel by {it}"));
        let all = keys.chain(statements).chain(hooks).chain(signatures);
        all.collect()
    }
}

fn source_shown<'a>(
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
fn command(words: &[String]) -> String {
    let words = words.iter().map(|it| format!("{it:?}"));
    format!("[{}]", joined(words, ", "))
}

fn joined(all: impl IntoIterator<Item = impl ToString>, with: &str) -> String {
    let all: Vec<_> = all.into_iter().map(|it| it.to_string()).collect();
    all.join(with)
}

fn until(day: Option<LastDay>) -> String {
    day.map_or_else(String::new, |it| format!(", until {it}"))
}
