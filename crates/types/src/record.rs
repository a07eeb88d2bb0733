//! RECORD: the list of a distribution's files with digests and sizes.

use crate::Digest;

/// One row. The path is kept as text: RECORD in an environment may name files above
/// site-packages (`../../../bin/x`); an archive's reader turns it into a `SafePath` itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// First column.
    pub path: String,
    /// Second column (`sha256=` and URL-safe base64 without padding); empty for RECORD itself.
    pub digest: Option<Digest>,
    /// Third column.
    pub size: Option<u64>,
}

/// Why a RECORD is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("RECORD line {line}: {why}")]
pub struct RecordError {
    /// 1-based line; 0 where the file as a whole is meant.
    pub line: usize,
    /// What is wrong; unescaped.
    pub why: String,
}

/// Parses RECORD strictly: UTF-8, CSV as Python's `csv` module writes it, three columns, no
/// duplicate path, digests only of accepted algorithms.
pub fn parse(bytes: &[u8]) -> Result<Vec<Row>, RecordError> {
    let _ = bytes;
    todo!()
}

/// Writes one row as CSV (quoting where needed), ending in `\n`.
pub fn write_row(out: &mut String, row: &Row) {
    let _ = (out, row);
    todo!()
}
