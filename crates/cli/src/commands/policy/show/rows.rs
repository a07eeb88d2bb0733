//! The settings of one file as rows.

use assay_trust::{Grant, Mode};
use assay_types::{ProjectName, requirement::redacted};

use super::{super::whose, SettingRow, joined};
use crate::settings::{PolicyFile, Section};

/// The settings of a file, of which only those that cover a project may be wanted.
pub(super) fn of_file(file: &PolicyFile, project: Option<&ProjectName>) -> Vec<SettingRow> {
    let document = &file.document;
    let sections = [&document.general].into_iter().chain(&document.rules);
    let is_meant = |it: &ProjectName| project.is_none_or(|project| project == it);
    let covering = sections.filter(|it| project.is_none_or(|project| it.covers(project)));
    let publishers = document.publishers.iter();
    let publishers = publishers.filter(|(name, _)| is_meant(name));
    let publishers = publishers.map(|(name, list)| SettingRow {
        setting: "publishers",
        value: joined(&list.value),
        projects: vec![name.to_string()],
        stated_in: Some(list.place(&file.name)),
        whose: whose(file.author),
    });
    let roots = trusted_roots(file);
    let rules = covering.flat_map(|it| of_section(it, file));
    roots.into_iter().chain(rules).chain(publishers).collect()
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
    });
    rows.collect()
}

fn of_section(section: &Section, file: &PolicyFile) -> Vec<SettingRow> {
    let until = section.until.as_ref();
    let until = until.map(|it| format!(", until {}", it.value));
    let until = until.unwrap_or_default();
    let mut found: Vec<(&'static str, String, String)> = Vec::new();
    if let Some(it) = &section.index {
        let url = &file.document.indexes[&it.value].url.value;
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
    if let Some(it) = &section.source_builds {
        found.push((
            "source-builds",
            it.value.to_string(),
            it.place(&file.name),
        ));
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
