//! How pip reads a setting's value, by what its option does.

use std::{ffi::OsString, path::Path};

use super::Setting;
use crate::{
    compatibility::{Action, PipOption},
    failure::Result,
};

/// Names and values of the words that stand for a setting; `options` are those of its command.
pub fn of(
    option: &PipOption,
    setting: &Setting,
    mut options: impl Iterator<Item = &'static PipOption>,
    home: Option<&Path>,
) -> Result<Vec<(&'static str, Option<OsString>)>> {
    let name = option.name();
    let value = |text: &str| Some(expanded(option, text, home));
    Ok(match option.action {
        Action::One | Action::Gather => vec![(name, value(&setting.value))],
        Action::List => {
            let values = setting.value.split_whitespace();
            values.map(|it| (name, value(it))).collect()
        }
        Action::Count if count(setting)? == 0 => Vec::new(),
        Action::Count => vec![(name, None)],
        Action::Always => {
            truth(setting)?;
            vec![(name, None)]
        }
        Action::On | Action::Off => {
            let wanted = match truth(setting)? {
                true => Action::On,
                false => Action::Off,
            };
            let switch = options.find(|it| it.action == wanted && it.competes_with(option));
            switch.into_iter().map(|it| (it.name(), None)).collect()
        }
    })
}

/// `~` at the beginning of a path.
fn expanded(option: &PipOption, text: &str, home: Option<&Path>) -> OsString {
    let below = text.strip_prefix('~').filter(|_| option.is_path);
    match (below, home) {
        (Some(""), Some(home)) => home.into(),
        (Some(rest), Some(home)) if rest.starts_with('/') => {
            home.join(rest.trim_start_matches('/')).into()
        }
        _ => text.into(),
    }
}

/// More of `-v` or `-q` than have a meaning.
const MOST: usize = 9;

/// pip's words for yes and no.
pub fn truth(setting: &Setting) -> Result<bool> {
    match setting.value.to_lowercase().as_str() {
        "y" | "yes" | "t" | "true" | "on" | "1" => Ok(true),
        "n" | "no" | "f" | "false" | "off" | "0" => Ok(false),
        _ => Err(setting.wrong(format!("{} is neither yes nor no", setting.value))),
    }
}

/// A number, or one of pip's words for one and none.
pub fn count(setting: &Setting) -> Result<usize> {
    if let Ok(truth) = truth(setting) {
        return Ok(usize::from(truth));
    }
    let count: usize = setting.value.trim().parse().map_err(|_| {
        let value = &setting.value;
        setting.wrong(format!("{value} is neither a number nor yes or no"))
    })?;
    Ok(count.min(MOST))
}
