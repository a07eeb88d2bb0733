//! What a rule lets its projects do, and until when.

use assay_trust::{Grant, ProjectPattern};
use assay_types::{ProjectName, Timestamp, names};
use jiff::{civil::Date, tz::TimeZone};
use toml::de::{DeTable, DeValue};

use super::{
    document::Section,
    reader::{Mistake, Placed, Reader, Times, Value},
};

/// `startup`, `overwrite` and `bad-record`. They are for projects by their full names: whoever
/// registers a name with the same beginning is not meant.
pub(super) fn read(
    reader: &Reader<'_>,
    table: &DeTable<'_>,
    projects: &[Placed<ProjectPattern>],
) -> Result<Vec<Placed<Grant>>, Mistake> {
    let mut grants = Vec::new();
    if let Some(value) = table.get("startup") {
        reader.granted(value, "startup")?;
        for project in named("startup", projects)? {
            grants.push(reader.placed(value, Grant::Startup(project)));
        }
    }
    if let Some(value) = table.get("bad-record") {
        reader.granted(value, "bad-record")?;
        for project in named("bad-record", projects)? {
            grants.push(reader.placed(value, Grant::BadRecord(project)));
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
) -> Result<Option<Placed<String>>, Mistake> {
    let Some(value) = table.get("until") else {
        return Ok(None);
    };
    if rule.grants.is_empty() && rule.min_age.is_none() {
        let fact =
            "until is for startup, overwrite, bad-record and min-age, and this rule has none";
        return Err(reader.wrong(value, fact));
    }
    let day =
        day(value).ok_or_else(|| reader.wrong(value, "until is a date such as 2026-12-31"))?;
    let Times { now, latest } = reader.times;
    let by_clock = match end_of(day) {
        Some(end) if latest < end => return Ok(Some(reader.placed(value, day.to_string()))),
        // Whoever sets a clock back gets no grant back.
        Some(end) if now < end => format!(
            " (the clock says {now:.0}, and said {latest:.0} in an earlier run; if it was wrong \
             then, remove clock.json from assay's state)"
        ),
        _ => String::new(),
    };
    let fact = format!(
        "this rule held until {day}{by_clock}: take it out, or look at it again and set a new day"
    );
    Err(reader.wrong(value, fact))
}

fn day(value: &Value<'_>) -> Option<Date> {
    let DeValue::Datetime(written) = value.get_ref() else {
        return None;
    };
    if written.time.is_some() || written.offset.is_some() {
        return None;
    }
    let date = written.date?;
    let year = i16::try_from(date.year).ok()?;
    let (month, day) = (i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
    Date::new(year, month, day).ok()
}

fn end_of(day: Date) -> Option<Timestamp> {
    let next = day.tomorrow().ok()?;
    Some(next.to_zoned(TimeZone::UTC).ok()?.timestamp())
}
