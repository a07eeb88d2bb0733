//! `assay policy show`: each setting with its place, and for one project what they come to.

use std::sync::Arc;

use assay_trust::{Grant, Mode, Policy, Unmet};
use assay_types::{Printable, ProjectName, Timestamp, listing::Origin, requirement::redacted};
use serde::Serialize;

use super::{FileRow, whose};
use crate::{
    args::PolicyArgs,
    commands::Context,
    failure::{Failure, Result},
    settings::{self, PolicyFile, PolicyFiles, Section, index},
    ui::Table,
};

/// Everything that is shown.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Shown {
    files: Vec<FileRow>,
    settings: Vec<SettingRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<ProjectRow>,
}

/// One key of one file, or a default.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct SettingRow {
    setting: &'static str,
    value: String,
    /// Patterns; all projects where there are none.
    projects: Vec<String>,
    /// File, line and column; none for a default.
    stated_in: Option<String>,
    whose: &'static str,
}

/// What all settings come to for one project, on the default index.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct ProjectRow {
    name: String,
    denied: Option<String>,
    /// All of these are needed.
    evidence: Vec<String>,
    /// All of these must be kept.
    ages: Vec<String>,
    startup: bool,
    overwrite: Vec<String>,
    bad_record: bool,
}

pub(super) fn run(project: Option<&str>, context: &Context<'_>, now: Timestamp) -> Result<()> {
    let project = project
        .map(|text| {
            let wrong = || Failure::usage(format!("policy show: {text} is no project name"));
            assay_types::names::project(text).ok_or_else(wrong)
        })
        .transpose()?;
    let files = PolicyFiles::in_force(context.around, now)?;
    let pypi = index::pypi()?;
    let policy = settings::policy(
        &PolicyArgs::default(),
        &context.around.pip,
        false,
        &files,
        &pypi,
        now,
    )?;
    let mut rows = defaults(&policy);
    rows.extend(files.iter().flat_map(|it| of_file(it, project.as_ref())));
    let origin = Origin::Index(Arc::new(pypi));
    let shown = Shown {
        files: files.iter().map(FileRow::new).collect(),
        settings: rows,
        project: project.map(|it| ProjectRow::new(&it, &policy, &origin)),
    };
    if context.ui.json() {
        return context.ui.json_output(&shown);
    }
    print(&shown, context)
}

fn defaults(policy: &Policy) -> Vec<SettingRow> {
    let row = |setting, value: String| SettingRow {
        setting,
        value,
        projects: Vec::new(),
        stated_in: None,
        whose: "default",
    };
    vec![
        row("evidence", policy.evidence.to_string()),
        row("min-age", "1 day on PyPI, unless pinned".to_owned()),
    ]
}

/// The settings of a file, of which only those that cover a project may be wanted.
fn of_file(file: &PolicyFile, project: Option<&ProjectName>) -> Vec<SettingRow> {
    let document = &file.document;
    let sections = [&document.general].into_iter().chain(&document.rules);
    let covering = sections.filter(|it| project.is_none_or(|project| it.covers(project)));
    covering.flat_map(|it| of_section(it, file)).collect()
}

fn of_section(section: &Section, file: &PolicyFile) -> Vec<SettingRow> {
    let until = section.until.as_ref();
    let until = until.map(|it| format!(", until {}", it.value));
    let until = until.unwrap_or_default();
    let mut found: Vec<(&'static str, String, String)> = Vec::new();
    if let Some(it) = &section.index {
        let url = &file.document.indexes[&it.value].value;
        found.push(("index", redacted(url).to_string(), it.place(&file.name)));
    }
    if let Some(it) = &section.evidence {
        let mode = match section.mode {
            Mode::Require => String::new(),
            mode => format!(" ({mode})"),
        };
        let value = format!("{}{mode}", it.value);
        found.push(("evidence", value, it.place(&file.name)));
    }
    if let Some(it) = &section.min_age {
        let value = format!("{}{until}", it.value.text);
        found.push(("min-age", value, it.place(&file.name)));
    }
    if let Some(it) = &section.deny {
        found.push(("deny", it.value.clone(), it.place(&file.name)));
    }
    for it in &section.grants {
        let value = match &it.value {
            Grant::Overwrite { writer, owner } => format!("{writer} over {owner}"),
            other => other.project().to_string(),
        };
        let value = format!("{value}{until}");
        found.push((it.value.key(), value, it.place(&file.name)));
    }
    let patterns = section.projects.iter().map(|it| it.value.to_string());
    let projects: Vec<_> = patterns.collect();
    let rows = found.into_iter().map(|(setting, value, place)| SettingRow {
        setting,
        value,
        projects: projects.clone(),
        stated_in: Some(place),
        whose: whose(file.author),
    });
    rows.collect()
}

impl ProjectRow {
    fn new(project: &ProjectName, policy: &Policy, origin: &Origin) -> Self {
        let denied = policy.denial(project);
        let stated = policy.required(project).map(|it| Unmet {
            expression: it.value.expression.clone(),
            mode: it.value.mode,
            place: Some(it.place.clone()),
        });
        let stated = stated.map(|it| match it.mode {
            Mode::Require => it.to_string(),
            mode => format!("{it} ({mode})"),
        });
        let ages = policy.ages(project, origin);
        let overwrite = policy.overwrite.iter().filter(|it| it.0 == *project);
        Self {
            name: project.to_string(),
            denied: denied.map(|it| format!("{} ({})", it.value, it.place)),
            evidence: [policy.evidence.to_string()]
                .into_iter()
                .chain(stated)
                .collect(),
            ages: ages.iter().map(ToString::to_string).collect(),
            startup: policy.startup.contains(project),
            overwrite: overwrite.map(|it| it.1.to_string()).collect(),
            bad_record: policy.bad_record.contains(project),
        }
    }
}

fn print(shown: &Shown, context: &Context<'_>) -> Result<()> {
    let ui = context.ui;
    let mut table = Table::new(["Setting", "Value", "Projects", "Said by"]);
    for row in &shown.settings {
        let projects = match &row.projects[..] {
            [] => "all".to_owned(),
            some => some.join(", "),
        };
        let place = row.stated_in.as_deref().unwrap_or(row.whose);
        table.row([row.setting, &row.value, &projects, place]);
    }
    for (at, row) in table.lines().enumerate() {
        match at {
            0 => ui.output(ui.bold(&row))?,
            _ => ui.output(row)?,
        }
    }
    let Some(project) = &shown.project else {
        return Ok(());
    };
    let line = |text: String| ui.output(format_args!("  {}", Printable(&text)));
    ui.output(ui.bold(&format!("{} on PyPI", project.name)))?;
    if let Some(why) = &project.denied {
        line(format!("is never installed: {why}"))?;
    }
    for each in &project.evidence {
        line(format!("needs {each}"))?;
    }
    for each in &project.ages {
        line(each.clone())?;
    }
    Ok(())
}
