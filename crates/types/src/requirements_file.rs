//! pip's requirements file format, as lines: no file is opened and no include followed here.

use crate::{Digest, Requirement};

/// A parsed file: what each logical line says, with where it stands.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// In order.
    pub lines: Vec<Line>,
}

/// One logical line (continuations joined).
#[derive(Debug, Clone)]
pub struct Line {
    /// 1-based first physical line.
    pub number: usize,
    /// What it says.
    pub entry: Entry,
}

/// What a line says.
#[derive(Debug, Clone)]
pub enum Entry {
    /// `name[extra]>=1 ; marker --hash=sha256:…`
    Named {
        /// The requirement.
        requirement: Requirement,
        /// `--hash` options.
        hashes: Vec<Digest>,
    },
    /// A path, `file:` URL or archive URL without a name; extras may follow in brackets.
    Unnamed {
        /// As written, after `${VAR}` expansion, without extras, marker and options.
        target: String,
        /// `[extra,…]`, as written between the brackets.
        extras: Vec<String>,
        /// `--hash` options.
        hashes: Vec<Digest>,
    },
    /// `-e`/`--editable`.
    Editable(String),
    /// `-r`.
    Requirements(String),
    /// `-c`.
    Constraints(String),
    /// `-i`/`--index-url`.
    IndexUrl(String),
    /// `--extra-index-url`.
    ExtraIndexUrl(String),
    /// `--no-index`.
    NoIndex,
    /// `-f`/`--find-links`.
    FindLinks(String),
    /// `--only-binary`.
    OnlyBinary(String),
    /// `--no-binary`.
    NoBinary(String),
    /// `--prefer-binary`.
    PreferBinary,
    /// `--require-hashes`.
    RequireHashes,
    /// `--pre`.
    Pre,
    /// `--trusted-host`.
    TrustedHost(String),
}

/// A mistake with its place; `Display` gives the fact, `caret` the three-line picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct LineError {
    /// 1-based.
    pub line: usize,
    /// 1-based character column.
    pub column: usize,
    /// How many characters are meant.
    pub width: usize,
    /// The physical or joined line's text, unescaped.
    pub text: String,
    /// What is wrong; unescaped.
    pub why: String,
}

/// Decodes a file by its BOM or PEP 263 comment (UTF-8, UTF-16 with BOM, Latin-1 and ASCII).
pub fn decode(bytes: &[u8]) -> Result<String, LineError> {
    let _ = bytes;
    todo!()
}

/// Parses a whole file. `variable` looks up `${NAME}` (upper case, digits, underscore); unknown
/// ones stay as they are, as in pip. A remote file gets a look-up that knows nothing.
pub fn parse(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Parsed, LineError> {
    let _ = (text, variable);
    todo!()
}
