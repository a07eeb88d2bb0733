//! RECORD: the list of a distribution's files with digests and sizes.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::{Algorithm, Digest};

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
    let mut reader = Reader::new(bytes)?;
    let mut rows = Vec::new();
    let mut seen = HashSet::new();
    while !reader.rest.is_empty() {
        let line = reader.line;
        let columns = reader.columns()?;
        if !seen.insert(columns[0].clone()) {
            return Err(error(line, format!("{:?} is listed twice", columns[0])));
        }
        rows.push(row(columns).map_err(|why| error(line, why))?);
    }
    Ok(rows)
}

/// The paths alone, strict about CSV and nothing else. For asking which files a distribution claims:
/// a digest that proves nothing (md5, sha1) or a path that is listed twice does not change the
/// answer.
pub fn paths(bytes: &[u8]) -> Result<Vec<String>, RecordError> {
    let mut reader = Reader::new(bytes)?;
    let mut paths = Vec::new();
    while !reader.rest.is_empty() {
        let [path, ..] = reader.columns()?;
        paths.push(path.into_owned());
    }
    Ok(paths)
}

/// Writes one row as CSV, ending in `\n`. The path comes in two pieces, so that whoever writes many
/// files of one folder needs no text of its own for each. `content` is the file's digest, as
/// [`crate::Sha256::to_record`] gives it, and its size; RECORD itself has none.
pub fn write_row(out: &mut String, path: [&str; 2], content: Option<(&str, u64)>) {
    write_path(out, path);
    let written = match content {
        Some((sha256, size)) => writeln!(out, ",sha256={sha256},{size}"),
        None => writeln!(out, ",,"),
    };
    written.expect("a String takes every text");
}

/// Quotes as `csv.writer` does with its default dialect.
fn write_path(out: &mut String, pieces: [&str; 2]) {
    if pieces.iter().any(|it| it.contains([',', '"', '\r', '\n'])) {
        out.push('"');
        pieces
            .iter()
            .for_each(|it| out.push_str(&it.replace('"', "\"\"")));
        out.push('"');
    } else {
        pieces.iter().for_each(|it| out.push_str(it));
    }
}

fn error(line: usize, why: impl Into<String>) -> RecordError {
    RecordError {
        line,
        why: why.into(),
    }
}

struct Reader<'a> {
    rest: &'a str,
    /// 1-based line on which `rest` starts.
    line: usize,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Result<Self, RecordError> {
        let rest = std::str::from_utf8(bytes).map_err(|_| error(0, "it is not UTF-8"))?;
        Ok(Self { rest, line: 1 })
    }

    /// One row: three columns and the end of a line or of the file.
    fn columns(&mut self) -> Result<[Cow<'a, str>; 3], RecordError> {
        let line = self.line;
        let path = self.column()?;
        self.comma(line)?;
        let digest = self.column()?;
        self.comma(line)?;
        let size = self.column()?;
        self.end_of_line(line)?;
        Ok([path, digest, size])
    }

    fn comma(&mut self, line: usize) -> Result<(), RecordError> {
        self.rest = self
            .rest
            .strip_prefix(',')
            .ok_or_else(|| error(line, "fewer than three columns, or text after a quote"))?;
        Ok(())
    }

    fn end_of_line(&mut self, line: usize) -> Result<(), RecordError> {
        if self.rest.is_empty() {
            return Ok(());
        }
        let rest = self.rest.strip_prefix("\r\n");
        self.rest = rest
            .or_else(|| self.rest.strip_prefix('\n'))
            .ok_or_else(|| error(line, "more than three columns, or text after a quote"))?;
        self.line += 1;
        Ok(())
    }

    fn column(&mut self) -> Result<Cow<'a, str>, RecordError> {
        if let Some(quoted) = self.rest.strip_prefix('"') {
            self.rest = quoted;
            return self.quoted();
        }
        let end = self
            .rest
            .find([',', '\n', '\r', '"', '\0'])
            .unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        if rest.starts_with('"') {
            return Err(error(self.line, "a quote inside an unquoted column"));
        }
        if rest.starts_with('\0') {
            return Err(error(self.line, "a NUL"));
        }
        self.rest = rest;
        Ok(Cow::Borrowed(text))
    }

    /// The rest of a quoted column, in which `""` stands for a quote.
    fn quoted(&mut self) -> Result<Cow<'a, str>, RecordError> {
        let opened = self.line;
        let mut text = Cow::Borrowed("");
        loop {
            let end = self
                .rest
                .find('"')
                .ok_or_else(|| error(opened, "a quote that is not closed"))?;
            let (piece, rest) = self.rest.split_at(end);
            if piece.contains('\0') {
                return Err(error(opened, "a NUL"));
            }
            self.line += piece.matches('\n').count();
            text += piece;
            self.rest = &rest[1..];
            match self.rest.strip_prefix('"') {
                Some(rest) => {
                    text += "\"";
                    self.rest = rest;
                }
                None => return Ok(text),
            }
        }
    }
}

fn row([path, digest, size]: [Cow<str>; 3]) -> Result<Row, String> {
    if path.is_empty() {
        return Err("an empty path".to_owned());
    }
    Ok(Row {
        path: path.into_owned(),
        digest: parse_digest(&digest)?,
        size: parse_size(&size)?,
    })
}

/// `sha256=` and URL-safe base64 without padding (PEP 376, binary distribution format).
fn parse_digest(text: &str) -> Result<Option<Digest>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| format!("{text:?} is no digest"))?;
    let algorithm = Algorithm::from_name(name)
        .ok_or_else(|| format!("{name:?} is not accepted; use sha256, sha384 or sha512"))?;
    let digest = URL_SAFE_NO_PAD
        .decode(value)
        .ok()
        .and_then(|bytes| Digest::new(algorithm, bytes))
        .ok_or_else(|| format!("{value:?} is no {name} digest in URL-safe base64"))?;
    Ok(Some(digest))
}

/// Decimal digits only; `str::parse` alone would take a sign.
fn parse_size(text: &str) -> Result<Option<u64>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let size = text
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| text.parse());
    match size {
        Some(Ok(size)) => Ok(Some(size)),
        _ => Err(format!("{text:?} is no size in bytes")),
    }
}
