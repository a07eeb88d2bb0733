//! The settings of one file as rows of a table.

use assay_trust::{Cutoff, Grant, Identity, Mode};
use assay_types::{ProjectName, requirement::redacted};
use serde::Serialize;

use super::{
    principals::{self, Fingerprints},
    whose,
};
use crate::{
    commands::Context,
    failure::Result,
    settings::{PolicyFile, Section},
    ui::Table,
};

/// One key of one file, or a default.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct SettingRow {
    pub setting: &'static str,
    pub value: String,
    /// Patterns; all projects where there are none.
    pub projects: Vec<String>,
    /// File, line and column; none for a default.
    pub stated_in: Option<String>,
    pub whose: &'static str,
    /// Whether a project's file may say it only once the user has approved that.
    #[serde(skip)]
    pub loosens: bool,
}

pub(super) fn print(rows: &[SettingRow], context: &Context<'_>) -> Result<()> {
    let mut table = Table::new(["Setting", "Value", "Projects", "Said by"]);
    for row in rows {
        let projects = match &row.projects[..] {
            [] => "all".to_owned(),
            some => some.join(", "),
        };
        let place = row.stated_in.as_deref().unwrap_or(row.whose);
        table.row([row.setting, &row.value, &projects, place]);
    }
    table.print(context.ui)
}

/// What a file says that a project's may say only once the user has approved that. A list of
/// publishers holds before, too, but only besides what is pinned.
pub(super) fn loosening(file: &PolicyFile, keys: &Fingerprints) -> Vec<SettingRow> {
    let mut rows = of_file(file, Some(keys), None);
    rows.retain(|it| it.loosens);
    rows
}

/// The settings of a file, of which only those that cover a project may be wanted.
pub(super) fn of_file(
    file: &PolicyFile,
    keys: Option<&Fingerprints>,
    project: Option<&ProjectName>,
) -> Vec<SettingRow> {
    let document = &file.document;
    let sections = [&document.general].into_iter().chain(&document.rules);
    let is_meant = |it: &ProjectName| project.is_none_or(|project| project == it);
    let covering = sections.filter(|it| project.is_none_or(|project| it.covers(project)));
    let publishers = document.publishers.iter();
    let publishers = publishers.filter(|(name, _)| is_meant(name));
    let publishers = publishers.map(|(name, list)| SettingRow {
        setting: "publishers",
        value: match &list.value.until {
            None => joined(&list.value.any),
            Some(day) => format!("{}, until {day}", joined(&list.value.any)),
        },
        projects: vec![name.to_string()],
        stated_in: Some(list.place(&file.name)),
        whose: whose(file.author),
        loosens: true,
    });
    let roots = trusted_roots(file);
    let rules = covering.flat_map(|it| of_section(it, file));
    let principals = principals::of_file(file, keys, project);
    let rows = roots.into_iter().chain(rules).chain(publishers);
    rows.chain(principals).collect()
}

fn trusted_roots(file: &PolicyFile) -> Vec<SettingRow> {
    let general = &file.document.trusted_root;
    let general = general.iter().map(|it| (it, String::new()));
    let indexes = file.document.indexes.values().filter_map(|it| {
        let root = it.trusted_root.as_ref()?;
        Some((root, format!(" for {}", redacted(&it.url.value))))
    });
    let rows = general.chain(indexes).map(|(root, whom)| SettingRow {
        setting: "trusted-root",
        value: format!("{}{whom}", root.value.display()),
        projects: Vec::new(),
        stated_in: Some(root.place(&file.name)),
        whose: whose(file.author),
        loosens: true,
    });
    rows.collect()
}

fn of_section(section: &Section, file: &PolicyFile) -> Vec<SettingRow> {
    let until = section.until.as_ref();
    let until = until.map(|it| format!(", until {}", it.value));
    let until = until.unwrap_or_default();
    let mut found = Vec::new();
    if let Some(it) = &section.index {
        let url = redacted(&file.document.indexes[&it.value].url.value).to_string();
        found.push(("index", url, it.place(&file.name), true));
    }
    if let Some(it) = &section.evidence {
        let value = match section.mode {
            Mode::Require => it.value.to_string(),
            mode => format!("{} ({mode})", it.value),
        };
        found.push(("evidence", value, it.place(&file.name), false));
    }
    if let Some(it) = &section.min_age {
        let value = format!("{}{until}", it.value.text);
        let exempts = it.value.cutoff == Cutoff::None;
        found.push(("min-age", value, it.place(&file.name), exempts));
    }
    if let Some(it) = &section.source_builds {
        let value = it.value.to_string();
        found.push(("source-builds", value, it.place(&file.name), false));
    }
    if let Some(it) = &section.deny {
        found.push(("deny", it.value.clone(), it.place(&file.name), false));
    }
    if let Some(it) = &section.wheel_signature {
        let labels: Vec<_> = it.value.iter().map(|it| it.value.to_string()).collect();
        let value = labels.join(" or ");
        found.push(("wheel-signature", value, it.place(&file.name), false));
    }
    for it in &section.grants {
        let value = match &it.value {
            Grant::Overwrite { writer, owner } => format!("{writer} over {owner}{until}"),
            other => format!("{}{until}", other.project()),
        };
        found.push((it.value.key(), value, it.place(&file.name), true));
    }
    let patterns = section.projects.iter().map(|it| it.value.to_string());
    let projects: Vec<_> = patterns.collect();
    let row = |(setting, value, place, loosens)| SettingRow {
        setting,
        value,
        projects: projects.clone(),
        stated_in: Some(place),
        whose: whose(file.author),
        loosens,
    };
    found.into_iter().map(row).collect()
}

fn joined(identities: &[Identity]) -> String {
    let texts: Vec<_> = identities.iter().map(ToString::to_string).collect();
    texts.join(", ")
}
