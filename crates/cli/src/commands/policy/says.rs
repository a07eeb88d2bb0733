//! Which keys, sources and hooks have a say in a project's files.

use assay_trust::{Label, Policy, Word};
use assay_types::{ProjectName, day::LastDay};
use serde::Serialize;

use super::principals::{command, joined, key_shown, source_shown};
use crate::settings::{PolicyFile, PolicyFiles};

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
        let signatures = policy.wheel_signatures(project).into_iter();
        Self {
            keys: keys(project, policy, files),
            statements: sources(project, policy, files),
            hooks: hooks(project, policy, files),
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

fn keys(project: &ProjectName, policy: &Policy, files: &PolicyFiles) -> Vec<SayRow> {
    let asked = policy.keys_asked(project).into_iter();
    let rows = asked.map(|it| SayRow {
        name: it.label.to_string(),
        what: key_shown(it),
        stated_in: it.place.clone(),
        until: until(files, &it.label, |file, it| {
            file.document.keys.get(it)?.value.until
        }),
    });
    rows.collect()
}

fn sources(project: &ProjectName, policy: &Policy, files: &PolicyFiles) -> Vec<SayRow> {
    let places = files.statements();
    let heard = policy.sources_of(project).into_iter();
    let rows = heard.filter_map(|it| {
        let source = places.iter().find(|place| place.label == it.label)?;
        Some(SayRow {
            name: it.label.to_string(),
            what: source_shown(&source.at, &it.keys, &it.criteria),
            stated_in: it.place.clone(),
            until: until(files, &it.label, |file, it| {
                file.document.statements.get(it)?.value.until
            }),
        })
    });
    rows.collect()
}

fn hooks(project: &ProjectName, policy: &Policy, files: &PolicyFiles) -> Vec<SayRow> {
    let asked = policy.words_asked(project);
    let hooks = files.hooks().into_iter();
    let hooks = hooks.filter(|it| asked.contains(&Word::Hook(it.label.clone())));
    let rows = hooks.map(|it| SayRow {
        name: it.label.to_string(),
        what: format!("{}, {:?} at most", command(&it.command), it.timeout),
        until: until(files, &it.label, |file, it| {
            file.document.hooks.get(it)?.value.until
        }),
        stated_in: it.place,
    });
    rows.collect()
}

/// The last day of what the files name so; where several do, they are alike.
fn until(
    files: &PolicyFiles,
    label: &Label,
    day: fn(&PolicyFile, &Label) -> Option<LastDay>,
) -> Option<String> {
    let leading = files.iter().filter(|it| it.author.may_loosen());
    let mut days = leading.filter_map(|it| day(it, label));
    days.next().map(|it| it.to_string())
}
