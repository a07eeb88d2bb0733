//! `entry_points.txt`: console and GUI scripts.

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
    let _ = bytes;
    todo!()
}
