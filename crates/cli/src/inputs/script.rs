//! Scripts whose dependencies are written in them (PEP 723): `--requirements-from-script FILE`.

use std::path::Path;

use assay_types::{VersionSpecifiers, range};
use toml::de::DeValue;

use super::toml_text::{self, TomlText};
use crate::failure::{Failure, Result};

/// What the `script` block of a file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// `requires-python`, with its place.
    pub requires_python: Option<(VersionSpecifiers, String)>,
    /// `dependencies`: each as it stands there, with its place.
    pub dependencies: Vec<(String, String)>,
}

/// Reads the block of a script.
pub fn read(path: &Path, shown: &str) -> Result<Script> {
    parse(
        &toml_text::read(path, "--requirements-from-script:")?,
        shown,
    )
}

fn parse(script: &str, file: &str) -> Result<Script> {
    // As Python reads text.
    let script = script.replace("\r\n", "\n").replace('\r', "\n");
    let mut blocks = blocks(&script).filter(|it| it.kind == "script");
    let block = blocks.next().ok_or_else(|| {
        Failure::usage(format!("{file} has no block of script metadata"))
            .hint("it begins with a line \"# /// script\" and ends with \"# ///\" (PEP 723)")
    })?;
    if let Some(second) = blocks.next() {
        let line = second.line;
        let fact = format!("{file}:{line}: a second block of script metadata");
        return Err(Failure::usage(fact));
    }
    let text = content(&block, file)?;
    let toml = TomlText {
        file,
        text: &text,
        lines_before: block.line,
    };
    let document = toml.parse()?;
    let mut parsed = Script::default();
    if let Some(value) = document.get("requires-python") {
        let text = value.get_ref().as_str();
        let text = text.ok_or_else(|| toml.wrong(&value.span(), "requires-python is no text"))?;
        let wanted = range::parse(text).map_err(|error| {
            toml.wrong(&value.span(), &format!("requires-python {text:?}: {error}"))
        })?;
        parsed.requires_python = Some((wanted, toml.place(&value.span())));
    }
    if let Some(value) = document.get("dependencies") {
        for item in toml.list("dependencies", value)? {
            let DeValue::String(text) = item.get_ref() else {
                return Err(toml.wrong(&item.span(), "a dependency that is no text"));
            };
            let from = toml.place(&item.span());
            parsed.dependencies.push((text.to_string(), from));
        }
    }
    Ok(parsed)
}

/// A block of metadata in a script.
#[derive(Debug, PartialEq, Eq)]
struct Block<'a> {
    /// What follows `# /// `.
    kind: &'a str,
    /// The lines between the first and the last.
    lines: Vec<&'a str>,
    /// The line of `# /// kind`, from 1.
    line: usize,
}

/// Every block, by the specification's regular expression: a line `# /// TYPE`, then at least one
/// line that is `#` or begins with `# `, up to the last line `# ///` that lines of this kind alone
/// lead to.
fn blocks(script: &str) -> impl Iterator<Item = Block<'_>> {
    let lines: Vec<&str> = script.split('\n').collect();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < lines.len() {
            let start = at;
            at += 1;
            let Some(kind) = kind(lines[start]) else {
                continue;
            };
            let comments = lines[at..].iter().take_while(|it| is_comment(it)).count();
            let run = &lines[at..at + comments];
            let Some(end) = run.iter().rposition(|it| *it == CLOSE).filter(|it| *it > 0) else {
                continue;
            };
            at += end + 1;
            return Some(Block {
                kind,
                lines: run[..end].to_vec(),
                line: start + 1,
            });
        }
        None
    })
}

const CLOSE: &str = "# ///";

fn kind(line: &str) -> Option<&str> {
    let kind = line.strip_prefix("# /// ")?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (!kind.is_empty() && kind.chars().all(is_word)).then_some(kind)
}

fn is_comment(line: &str) -> bool {
    line == "#" || line.starts_with("# ")
}

/// The TOML of a block. Python ends lines at more characters than there are in TOML's lines; what
/// the two would read differently is refused.
fn content(block: &Block<'_>, file: &str) -> Result<String> {
    let ends_line = |c| matches!(c, '\u{b}'..='\u{d}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let mut text = String::new();
    for (at, line) in block.lines.iter().enumerate() {
        if line.contains(ends_line) {
            let place = block.line + 1 + at;
            let fact = format!("{file}:{place}: a character that ends a line in Python alone");
            return Err(Failure::usage(fact));
        }
        text.push_str(line.strip_prefix("# ").unwrap_or(&line[1..]));
        text.push('\n');
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
