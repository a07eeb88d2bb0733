//! `[publishers]`: who may publish a project.

use std::collections::BTreeMap;

use assay_trust::Identity;
use assay_types::{ProjectName, names};
use toml::de::DeValue;

use super::{
    document::{PUBLISHERS, Publishers},
    reader::{Mistake, Placed, Reader, Value},
    until,
};

/// Each project with its publishers, at the place of the list. Two spellings of one name would leave
/// open which list counts.
pub(super) fn read(
    reader: &Reader<'_>,
    value: &Value<'_>,
) -> Result<BTreeMap<ProjectName, Placed<Publishers>>, Mistake> {
    let mut entries: Vec<_> = reader.table(value, "publishers")?.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    let mut found = BTreeMap::new();
    for (name, list) in entries {
        let (text, at) = (name.get_ref(), name.span().start);
        let project = names::project(text)
            .ok_or_else(|| reader.mistake(at, format!("\"{text}\" is no project's name")))?;
        let publishers = reader.placed(list, publishers(reader, list)?);
        if found.insert(project.clone(), publishers).is_some() {
            let fact = format!("{project} has its publishers above already: keep one list");
            return Err(reader.mistake(at, fact));
        }
    }
    Ok(found)
}

/// A list, or a table with one and the last day on which it holds.
fn publishers(reader: &Reader<'_>, value: &Value<'_>) -> Result<Publishers, Mistake> {
    let DeValue::Table(table) = value.get_ref() else {
        let any = identities(reader, value)?;
        return Ok(Publishers { any, until: None });
    };
    reader.only(table, &PUBLISHERS)?;
    let any = reader.required(table, "any", value, "a project's publishers")?;
    let until = table.get("until").map(|it| until::read(reader, it));
    Ok(Publishers {
        any: identities(reader, any)?,
        until: until.transpose()?.map(|it| it.value),
    })
}

fn identities(reader: &Reader<'_>, value: &Value<'_>) -> Result<Vec<Identity>, Mistake> {
    let list = reader.list(value, "a project's publishers")?;
    if list.is_empty() {
        let fact = "the list is empty: to have nobody publish a project, deny it in a rule";
        return Err(reader.wrong(value, fact));
    }
    let identity = |it| {
        let read = reader.read(it, "each publisher", |text| {
            let forms = Identity::FORMS;
            text.parse()
                .map_err(|error| format!("{error}; write {forms}"))
        })?;
        Ok(read.value)
    };
    list.iter().map(identity).collect()
}
