//! `assay policy show`: each setting with its place, and for one project what they come to.

use std::sync::Arc;

use assay_trust::{Mode, Policy, Unmet};
use assay_types::{Printable, ProjectName, Timestamp, Url, listing::Origin, requirement::redacted};
use serde::Serialize;

use super::{
    FileRow,
    principals::Fingerprints,
    rows::{self, SettingRow, of_file},
    says::Says,
};
use crate::{
    args::PolicyArgs,
    commands::{Context, asked_indexes::AskedIndexes},
    failure::Result,
    settings::{self, PolicyFile, PolicyFiles, index},
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

/// What all settings come to for one project, on the index that serves it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct ProjectRow {
    name: String,
    /// The index that serves it, without credentials.
    index: String,
    denied: Option<String>,
    /// All of these are needed.
    evidence: Vec<String>,
    /// All of these must be kept.
    ages: Vec<String>,
    /// `never`, `named` or `sandbox`, and who says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    source_builds: Option<String>,
    /// Lists of publishers in files, each of which must have the publisher of a file.
    publishers: Vec<PublishersRow>,
    #[serde(flatten)]
    says: Says,
    /// Stands in for Sigstore's public trust root.
    #[serde(skip_serializing_if = "Option::is_none")]
    trusted_root: Option<String>,
    startup: bool,
    overwrite: Vec<String>,
    bad_record: bool,
    build: bool,
}

/// Publishers that one file names.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct PublishersRow {
    any: Vec<String>,
    stated_in: String,
    /// Whether nothing is learnt at first sight, because this list leads.
    leads: bool,
}

pub(super) fn run(project: Option<&str>, context: &Context<'_>, now: Timestamp) -> Result<()> {
    let project = project.map(|it| settings::name("policy show", it));
    let project = project.transpose()?;
    let files = PolicyFiles::in_force(context.around, &context.folders, now)?;
    let pypi = index::pypi()?;
    let policy = settings::policy(
        &PolicyArgs::default(),
        &context.around.pip,
        false,
        &files,
        &pypi,
        now,
    )?;
    let index = match &project {
        Some(project) => usual(project, &files, pypi, context)?,
        None => pypi,
    };
    let mut rows = defaults(&policy);
    let keys = Fingerprints::of(&policy.keys);
    let of_file = |it: &PolicyFile| {
        let keys = it.author.may_loosen().then_some(&keys);
        of_file(it, keys, project.as_ref())
    };
    rows.extend(files.iter().flat_map(of_file));
    let shown = Shown {
        files: files.iter().map(FileRow::new).collect(),
        settings: rows,
        project: project.map(|it| ProjectRow::new(&it, &policy, &files, &index)),
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
        loosens: false,
    };
    vec![
        row("evidence", policy.evidence.to_string()),
        row("min-age", "1 day on PyPI, unless pinned".to_owned()),
    ]
}

/// The index that serves a project: the one that it is pinned to, else the main one; PyPI where none
/// is asked.
fn usual(
    project: &ProjectName,
    files: &PolicyFiles,
    pypi: Url,
    context: &Context<'_>,
) -> Result<Url> {
    let asked = AskedIndexes::new(None, files, context)?;
    Ok(asked
        .all_for(project)
        .last()
        .map_or(pypi, |it| (*it).clone()))
}

impl ProjectRow {
    fn new(project: &ProjectName, policy: &Policy, files: &PolicyFiles, index: &Url) -> Self {
        let trusted_root = files.trusted_root(Some(index));
        let publishers = files.publishers().filter(|it| it.project == project);
        let publishers = publishers.map(|it| PublishersRow {
            any: it.identities.iter().map(ToString::to_string).collect(),
            stated_in: it.place.clone(),
            leads: it.lead(),
        });
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
        let ages = policy.ages(project, &Origin::Index(Arc::new(index.clone())));
        let overwrite = policy.overwrite.iter().filter(|it| it.0 == *project);
        Self {
            name: project.to_string(),
            index: redacted(index).to_string(),
            denied: denied.map(|it| format!("{} ({})", it.value, it.place)),
            evidence: [policy.evidence.to_string()]
                .into_iter()
                .chain(stated)
                .collect(),
            ages: ages.iter().map(ToString::to_string).collect(),
            source_builds: policy
                .source_builds(project)
                .map(|it| format!("{} ({})", it.value, it.place)),
            publishers: publishers.collect(),
            says: Says::about(project, policy, files),
            trusted_root: trusted_root
                .map(|it| format!("{} ({})", it.0.path.display(), it.0.place)),
            startup: policy.startup.contains(project),
            overwrite: overwrite.map(|it| it.1.to_string()).collect(),
            bad_record: policy.bad_record.contains(project),
            build: policy.builds.contains(project),
        }
    }
}

fn print(shown: &Shown, context: &Context<'_>) -> Result<()> {
    let ui = context.ui;
    rows::print(&shown.settings, context)?;
    let Some(project) = &shown.project else {
        return Ok(());
    };
    let line = |text: String| ui.output(format_args!("  {}", Printable(&text)));
    let heading = format!("{} from {}", project.name, project.index);
    ui.output(ui.bold(&heading))?;
    if let Some(why) = &project.denied {
        line(format!("is never installed: {why}"))?;
    }
    for each in &project.evidence {
        line(format!("needs {each}"))?;
    }
    for each in &project.ages {
        line(each.clone())?;
    }
    if let Some(it) = &project.source_builds {
        line(format!("may be built from source: {it}"))?;
    }
    for each in &project.publishers {
        let (any, place) = (each.any.join(" or "), &each.stated_in);
        let besides = if each.leads {
            ""
        } else {
            ", besides what is pinned"
        };
        line(format!("is published by {any} ({place}){besides}"))?;
    }
    project.says.lines().into_iter().try_for_each(line)?;
    if let Some(root) = &project.trusted_root {
        line(format!("signatures are judged by {root}"))?;
    }
    Ok(())
}
