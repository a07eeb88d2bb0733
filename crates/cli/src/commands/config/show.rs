//! `config list`, `get` and `debug`: in pip's words, without the passwords of URLs but for `get`.

use std::path::Path;

use assay_types::text::{is_steering, without_secrets};

use super::{Config, no_such, split};
use crate::{
    failure::Result,
    settings::pip::{Kind, Setting, Source, ini, load, of_file, variables},
};

impl Config<'_> {
    /// `section.option='value'`, file by file.
    pub(super) fn list(&self) -> Result<()> {
        let mut settings = self.settings(self.named())?;
        settings.sort_by_key(|it| (place(it), full_name(it)));
        if self.context.ui.json() {
            let rows = settings.iter().map(|it| {
                let value = without_secrets(&it.value);
                serde_json::json!({
                    "name": full_name(it), "value": value, "source": it.source.to_string(),
                })
            });
            let rows: Vec<_> = rows.collect();
            let report = serde_json::json!({ "settings": rows });
            return self.context.ui.json_output(&report);
        }
        settings.iter().try_for_each(|it| {
            let value = quoted(&without_secrets(&it.value));
            let name = printable(&full_name(it));
            self.context.ui.output(format!("{name}={value}"))
        })
    }

    /// The value as it is, for a script.
    pub(super) fn get(&self, name: &str) -> Result<()> {
        let key = ini::normalized(name);
        let settings = self.settings(Some(self.chosen()?))?;
        let last = settings.iter().rev().find(|it| full_name(it) == key);
        match last {
            Some(setting) => self.context.ui.output(printable(&setting.value)),
            None => Err(split(&key).err().unwrap_or_else(|| no_such(name))),
        }
    }

    /// Every place that is looked at, and what each says.
    pub(super) fn debug(&self) -> Result<()> {
        let ui = self.context.ui;
        ui.output("env_var:")?;
        for setting in variables(&self.context.around.pip_variables)? {
            let value = quoted(&without_secrets(&setting.value));
            ui.output(format!(
                "  {}={value}",
                printable(&setting.source.to_string().to_uppercase())
            ))?;
        }
        let read = self.places().read();
        for kind in [Kind::Env, Kind::Global, Kind::Site, Kind::User] {
            // The user's are named where they are read.
            let files: Vec<_> = read.iter().filter(|it| it.0 == kind).collect();
            if files.is_empty() && kind == Kind::User {
                continue;
            }
            ui.output(format!("{kind}:"))?;
            for (_, path) in files {
                self.debug_file(kind, path)?;
            }
        }
        Ok(())
    }

    fn debug_file(&self, kind: Kind, path: &Path) -> Result<()> {
        let ui = self.context.ui;
        let shown = printable(&path.display().to_string());
        let document = load(path)?;
        let exists = if document.is_some() { "True" } else { "False" };
        ui.output(format!("  {shown}, exists: {exists}"))?;
        let settings = document.iter().flat_map(|it| of_file(it, kind, path));
        for setting in settings {
            let value = printable(&without_secrets(&setting.value)).replace('\n', "\n    ");
            ui.output(format!("    {}: {value}", printable(&full_name(&setting))))?;
        }
        Ok(())
    }
}

/// Where pip sorts a setting: by its file's name, and variables as `:env:`.
fn place(setting: &Setting) -> String {
    match &setting.source {
        Source::Variable(_) => ":env:".to_owned(),
        Source::File { path, .. } => path.display().to_string(),
    }
}

fn full_name(setting: &Setting) -> String {
    let section = setting.section.as_deref().unwrap_or(":env:");
    format!("{section}.{}", setting.key)
}

/// As Python writes a text.
fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => out.extend(['\\', c]),
            c if c.is_control() || is_steering(c) => out.push_str(&escaped(c)),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

fn escaped(c: char) -> String {
    match u32::from(c) {
        code @ 0..=0xff => format!("\\x{code:02x}"),
        code @ 0x100..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    }
}

/// Lines stay; nothing else steers a terminal.
pub(super) fn printable(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' => c.to_string(),
        c if is_steering(c) => escaped(c),
        c => c.to_string(),
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_as_python_does() {
        for (text, expected) in [
            ("a", "'a'"),
            ("it's", "\"it's\""),
            ("'\"", "'\\'\"'"),
            ("a\nb\\", "'a\\nb\\\\'"),
            ("\u{1b}[2J\u{7f}", "'\\x1b[2J\\x7f'"),
            ("é\u{202e}", "'é\\u202e'"),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }
}
