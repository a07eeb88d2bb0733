//! `[hooks.NAME]`: a program that is asked about a file.

use std::{path::Path, time::Duration};

use assay_trust::Label;
use assay_types::day::LastDay;

use super::{
    reader::{Mistake, Reader, Value},
    until,
};
use crate::settings::cooldown::duration;

/// Its keys.
pub const HOOK: [&str; 3] = ["command", "timeout", "until"];
const USUAL: Duration = Duration::from_secs(60);
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// `[hooks.NAME]`.
#[derive(Debug, PartialEq, Eq)]
pub struct HookTable {
    /// The program by its absolute path, and its arguments. No text holds a NUL.
    pub command: Vec<String>,
    /// How long it may take: more than nothing, at most an hour.
    pub timeout: Duration,
    /// The last day.
    pub until: Option<LastDay>,
}

pub(super) fn hook(
    reader: &Reader<'_>,
    label: &Label,
    value: &Value<'_>,
) -> Result<HookTable, Mistake> {
    let what = format!("hooks.{label}");
    let table = reader.table(value, &what)?;
    reader.only(table, &HOOK)?;
    let command = reader.required(table, "command", value, &what)?;
    let timeout = table.get("timeout").map(|it| timeout(reader, it));
    let until = table.get("until").map(|it| until::read(reader, it));
    Ok(HookTable {
        command: words(reader, command)?,
        timeout: timeout.transpose()?.unwrap_or(USUAL),
        until: until.transpose()?.map(|it| it.value),
    })
}

/// Nothing looks the program up: which one runs does not depend on a variable or a folder.
fn words(reader: &Reader<'_>, value: &Value<'_>) -> Result<Vec<String>, Mistake> {
    let list = reader.list(value, "command")?;
    let Some(program) = list.first() else {
        return Err(reader.wrong(value, "command is empty: it begins with a program"));
    };
    reader.read(program, "each of command", |text| {
        let is_absolute = Path::new(text).is_absolute() && !text.ends_with('/');
        let wrong = || format!("\"{text}\" is not the absolute path of a program");
        is_absolute.then_some(()).ok_or_else(wrong)
    })?;
    let word = |it| {
        let read = reader.read(it, "each of command", |text| match text.contains('\0') {
            true => Err("command holds a NUL, which no program can be given".to_owned()),
            false => Ok(text.to_owned()),
        })?;
        Ok(read.value)
    };
    list.iter().map(word).collect()
}

fn timeout(reader: &Reader<'_>, value: &Value<'_>) -> Result<Duration, Mistake> {
    let read = reader.read(value, "timeout", hook_timeout)?;
    Ok(read.value)
}

/// How long a program may take, as a text.
pub fn hook_timeout(text: &str) -> Result<Duration, String> {
    let named = duration(text).and_then(|it| Duration::try_from(it).ok());
    let named = named.filter(|it| !it.is_zero() && *it <= LONGEST);
    named.ok_or_else(|| {
        format!("\"{text}\" is no timeout; write \"60 seconds\", \"2 min\", an hour at most")
    })
}
