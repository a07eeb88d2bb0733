//! What a rule lets its projects do, and until when.

use assay_trust::{Grant, ProjectPattern};
use assay_types::{ProjectName, day::LastDay, names};
use toml::de::DeTable;

use super::{
    document::Section,
    reader::{Mistake, Placed, Reader},
    until,
};

/// `startup`, `overwrite`, `bad-record` and `build`. They are for projects by their full names: whoever
/// registers a name with the same beginning is not meant.
pub(super) fn read(
    reader: &Reader<'_>,
    table: &DeTable<'_>,
    projects: &[Placed<ProjectPattern>],
) -> Result<Vec<Placed<Grant>>, Mistake> {
    let mut grants = Vec::new();
    for (key, grant) in SWITCHES {
        if let Some(value) = table.get(key) {
            reader.granted(value, key)?;
            for project in named(key, projects)? {
                grants.push(reader.placed(value, grant(project)));
            }
        }
    }
    if let Some(value) = table.get("overwrite") {
        let owners = reader.list(value, "overwrite")?;
        if owners.is_empty() {
            return Err(reader.wrong(value, "overwrite is empty: name the owners of the files"));
        }
        for owner in owners {
            let owner = reader.read(owner, "each of overwrite", |text| {
                names::project(text).ok_or_else(|| format!("\"{text}\" is no project's name"))
            })?;
            for writer in named("overwrite", projects)? {
                let owner = owner.value.clone();
                grants.push(reader.placed(value, Grant::Overwrite { writer, owner }));
            }
        }
    }
    Ok(grants)
}

type Switch = (&'static str, fn(ProjectName) -> Grant);

/// The grants that are there or not.
const SWITCHES: [Switch; 3] = [
    ("startup", Grant::Startup),
    ("bad-record", Grant::BadRecord),
    ("build", Grant::Build),
];

fn named(key: &str, projects: &[Placed<ProjectPattern>]) -> Result<Vec<ProjectName>, Mistake> {
    let names = projects.iter().map(|it| {
        it.value.name().ok_or_else(|| Mistake {
            line: it.line,
            column: it.column,
            fact: format!(
                "{key} is for projects by their full names, and {} is none",
                it.value
            ),
        })
    });
    names.collect()
}

/// `until`: the last day (UTC) on which the rule's grants hold.
pub(super) fn until(
    reader: &Reader<'_>,
    table: &DeTable<'_>,
    rule: &Section,
) -> Result<Option<Placed<LastDay>>, Mistake> {
    let Some(value) = table.get("until") else {
        return Ok(None);
    };
    if rule.grants.is_empty() && rule.min_age.is_none() {
        let fact = "until is for startup, overwrite, bad-record, build and min-age, and this rule has none";
        return Err(reader.wrong(value, fact));
    }
    until::read(reader, value).map(Some)
}
