//! `entry_points.txt`: console and GUI scripts.

use std::collections::HashSet;

use unicode_ident::{is_xid_continue, is_xid_start};

use crate::text::is_steering;
use crate::{SafePath, names};

/// `module:object` under a command name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPoint {
    /// Command name: one safe path part, never `python*`.
    pub name: String,
    /// Dotted module of Python identifiers.
    pub module: String,
    /// Dotted attribute of Python identifiers.
    pub object: String,
    /// From `gui_scripts` rather than `console_scripts`.
    pub gui: bool,
}

/// Why `entry_points.txt` is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry_points.txt line {line}: {why}")]
pub struct EntryPointError {
    /// 1-based.
    pub line: usize,
    /// What is wrong; unescaped.
    pub why: String,
}

/// Parses the two script groups; others are checked for form only. Names that are not a single
/// safe path part, that are `python*`, values that are not `module:object [extras]`, text that is
/// not UTF-8 and duplicate names are refused.
pub fn parse(bytes: &[u8]) -> Result<Vec<EntryPoint>, EntryPointError> {
    let text = std::str::from_utf8(bytes).map_err(|_| error(0, "it is not UTF-8"))?;
    let mut reader = Reader::default();
    for (index, line) in text.split('\n').enumerate() {
        reader
            .read(line.strip_suffix('\r').unwrap_or(line))
            .map_err(|why| error(index + 1, why))?;
    }
    Ok(reader.scripts)
}

fn error(line: usize, why: impl Into<String>) -> EntryPointError {
    EntryPointError {
        line,
        why: why.into(),
    }
}

/// What was read so far. `configparser` and `importlib.metadata` would read the same from every
/// file that passes here.
#[derive(Default)]
struct Reader {
    group: Option<String>,
    groups: HashSet<String>,
    /// Keys of the current group.
    keys: HashSet<String>,
    /// Indentation of the last key of the group: a deeper line would continue its value.
    indent: Option<usize>,
    /// The files that the scripts would become, as file systems compare them.
    files: HashSet<String>,
    scripts: Vec<EntryPoint>,
}

impl Reader {
    fn read(&mut self, line: &str) -> Result<(), String> {
        if let Some(c) = line.chars().find(|c| is_steering(*c) && *c != '\t') {
            return Err(format!("{c:?} in the text"));
        }
        let content = line.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            return Ok(());
        }
        let indent = line.chars().take_while(|c| c.is_whitespace()).count();
        if self.indent.is_some_and(|key| indent > key) {
            return Err("a continuation line".to_owned());
        }
        if let Some(group) = content.strip_prefix('[') {
            return self.start_group(group);
        }
        let (key, value) = content
            .split_once('=')
            .ok_or("neither [group] nor key = value")?;
        self.indent = Some(indent);
        self.add(key.trim(), value.trim())
    }

    fn start_group(&mut self, text: &str) -> Result<(), String> {
        let group = text
            .strip_suffix(']')
            .ok_or("a group without ] at its end")?;
        if group.is_empty() {
            return Err("a group without a name".to_owned());
        }
        if !self.groups.insert(group.to_owned()) {
            return Err(format!("the group {group:?} occurs twice"));
        }
        self.keys.clear();
        self.indent = None;
        self.group = Some(group.to_owned());
        Ok(())
    }

    fn add(&mut self, key: &str, value: &str) -> Result<(), String> {
        let group = self
            .group
            .as_deref()
            .ok_or("a key before the first group")?;
        if key.is_empty() {
            return Err("a value without a key".to_owned());
        }
        if !self.keys.insert(key.to_owned()) {
            return Err(format!("the key {key:?} occurs twice"));
        }
        let gui = match group {
            "console_scripts" => false,
            "gui_scripts" => true,
            _ => return Ok(()),
        };
        let file = check_name(key)?;
        if !self.files.insert(file.collision_key()) {
            return Err(format!(
                "the script {key:?} occurs twice, perhaps in another case"
            ));
        }
        let (module, object) = object_reference(value)?;
        self.scripts.push(EntryPoint {
            name: key.to_owned(),
            module: module.to_owned(),
            object: object.to_owned(),
            gui,
        });
        Ok(())
    }
}

/// The name becomes a file beside the interpreter: it must stay there and must not replace it.
fn check_name(name: &str) -> Result<SafePath, String> {
    let refuse = |why: &str| Err(format!("the script name {name:?} {why}"));
    let path = match SafePath::parse(name) {
        Err(error) => return refuse(&format!("is {error}")),
        Ok(path) => path,
    };
    if path.parts().count() > 1 {
        return refuse("has more than one part");
    }
    if name.starts_with('-') || name.contains(char::is_whitespace) {
        return refuse("starts with a dash or holds white space");
    }
    if names::governs_interpreter(name) {
        return refuse("would replace or govern the interpreter");
    }
    Ok(path)
}

/// `module:object`, perhaps with `[extras]` behind, which nothing uses any more.
fn object_reference(value: &str) -> Result<(&str, &str), String> {
    let refuse = || format!("{value:?} is not module:object");
    let reference = match value.split_once('[') {
        Some((reference, extras)) => {
            check_extras(extras)?;
            reference.trim_end()
        }
        None => value,
    };
    let (module, object) = reference.split_once(':').ok_or_else(refuse)?;
    let (module, object) = (module.trim_end(), object.trim_start());
    if !is_dotted_identifier(module) || !is_dotted_identifier(object) {
        return Err(refuse());
    }
    Ok((module, object))
}

fn check_extras(text: &str) -> Result<(), String> {
    let refuse = || format!("[{text} are no extras");
    let list = text.strip_suffix(']').ok_or_else(refuse)?;
    let is_extra = |it: &str| names::extra(it.trim()).is_some();
    if list.trim().is_empty() || list.split(',').all(is_extra) {
        return Ok(());
    }
    Err(refuse())
}

fn is_dotted_identifier(text: &str) -> bool {
    text.split('.').all(is_identifier)
}

/// A Python identifier (PEP 3131). The text goes into generated scripts, so nothing else passes.
fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c == '_' || is_xid_start(c)) && chars.all(is_xid_continue)
}
