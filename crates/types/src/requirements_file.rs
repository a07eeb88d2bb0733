//! pip's requirements file format, as lines: no file is opened and no include followed here.

use crate::{Digest, MarkerTree, Printable, Requirement, text::without_secrets};

mod decode;
mod logical_lines;
mod options;
mod shell_words;
mod target;

pub use decode::decode;

/// A parsed file: what each logical line says, with where it stands.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// In order.
    pub lines: Vec<Line>,
}

/// One thing that a logical line says (continuations joined). A line of several options gives
/// several of these, with one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// 1-based first physical line.
    pub number: usize,
    /// What it says.
    pub entry: Entry,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// `name[extra]>=1 ; marker --hash=sha256:…`
    Named {
        /// The requirement.
        requirement: Requirement,
        /// Its project's name as it was written.
        spelling: String,
        /// `--hash` and `--config-settings`.
        options: LineOptions,
    },
    /// A path, `file:` URL, archive URL or VCS URL without a name; extras may follow in brackets.
    Unnamed {
        /// As written, after `${VAR}` expansion, without extras, marker and options.
        target: String,
        /// `[extra,…]`, as written between the brackets.
        extras: Vec<String>,
        /// The marker behind `;`; true where absent.
        marker: MarkerTree,
        /// `--hash` and `--config-settings`.
        options: LineOptions,
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
    /// `--all-releases`: names of projects, or `:all:`.
    AllReleases(String),
    /// `--only-final`: names of projects, or `:all:`.
    OnlyFinal(String),
    /// `--trusted-host`.
    TrustedHost(String),
    /// `--uploaded-prior-to`.
    UploadedPriorTo(String),
    /// `--min-age`, which only assay knows.
    MinAge(String),
    /// `--evidence`, which only assay knows.
    Evidence(String),
}

/// The options that stand behind one requirement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineOptions {
    /// `--hash`.
    pub hashes: Vec<Digest>,
    /// `--config-settings`: `KEY=VALUE`, neither of which is looked at here.
    pub config_settings: Vec<String>,
}

/// A mistake with its place; `Display` gives the fact, `caret` the three-line picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct LineError {
    /// 1-based.
    pub line: usize,
    /// 1-based character column in `text`.
    pub column: usize,
    /// How many characters are meant.
    pub width: usize,
    /// The joined line's text before `${VAR}` expansion, unescaped.
    pub text: String,
    /// What is wrong; unescaped.
    pub why: String,
}

/// Parses a whole file. `variable` looks up `${NAME}` (upper case, digits, underscore); unknown
/// and empty ones stay as they are, as in pip. A remote file gets a look-up that knows nothing.
///
/// Stricter than pip: other options beside a requirement than [`LineOptions`], stray words beside
/// options and `--hash` without a requirement are errors; pip passes over them.
pub fn parse(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Parsed, LineError> {
    let mut lines = Vec::new();
    for logical in logical_lines::of(text) {
        let expanded = logical.expanded(variable);
        let entries = entries(&expanded).map_err(|mistake| logical.error(&expanded, mistake))?;
        lines.extend(entries.into_iter().map(|entry| Line {
            number: logical.number,
            entry,
        }));
    }
    Ok(Parsed { lines })
}

/// What is wrong with a line, and where in its expanded text: byte offset and length.
struct Mistake {
    at: usize,
    length: usize,
    why: String,
}

/// pip: the options begin at the first word that starts with a dash; only they are split as a
/// shell would.
fn entries(text: &str) -> Result<Vec<Entry>, Mistake> {
    let split = options::start(text);
    let (subject, rest) = text.split_at(split);
    let subject = subject.trim_end();
    let options = options::parse(rest, split)?;
    if subject.is_empty() {
        return options::entries(options);
    }
    let options = options::of_line(options)?;
    target::entry(subject, options).map(|entry| vec![entry])
}

impl LineError {
    /// The line with carets under what is meant, fit for a terminal: control characters are
    /// escaped, credentials and queries of URLs starred out.
    pub fn caret(&self) -> String {
        let text = without_secrets(&self.text);
        let printed = |skip: usize, take: usize| {
            let piece: String = text.chars().skip(skip).take(take).collect();
            Printable(&piece).to_string()
        };
        let before = self.column.saturating_sub(1);
        let indent = " ".repeat(printed(0, before).chars().count());
        let carets = "^".repeat(printed(before, self.width).chars().count().max(1));
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        format!(
            "{margin} |\n{number} | {}\n{margin} | {indent}{carets}",
            Printable(&text)
        )
    }
}
