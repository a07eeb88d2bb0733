//! TOML that the user wrote: read, parsed, and faults in it by line.

use std::{ops::Range, path::Path};

use assay_files::read_input;
use toml::de::{DeTable, DeValue};

use crate::failure::{Failure, Result};

/// Longest file in bytes.
const LONGEST: u64 = 1 << 20;

/// A value with its place.
pub type Spanned<'a> = toml::Spanned<DeValue<'a>>;

/// Text in which places can be named.
#[derive(Debug, Clone, Copy)]
pub struct TomlText<'a> {
    /// As messages name the file.
    pub file: &'a str,
    /// The TOML.
    pub text: &'a str,
    /// How many lines of the file stand before it, of which every one is a line of the TOML, too:
    /// a block in a script begins somewhere.
    pub lines_before: usize,
}

impl<'a> TomlText<'a> {
    /// Parses it as a document.
    pub fn parse(&self) -> Result<DeTable<'a>> {
        let parsed = DeTable::parse(self.text);
        parsed
            .map(toml::Spanned::into_inner)
            .map_err(|error| match error.span() {
                Some(span) => self.wrong(&span, &format!("no TOML: {}", error.message())),
                None => Failure::usage(format!("{}: no TOML: {}", self.file, error.message())),
            })
    }

    /// `pyproject.toml:12`.
    pub fn place(&self, span: &Range<usize>) -> String {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1 + self.lines_before;
        format!("{}:{line}", self.file)
    }

    /// Something in it is not as it must be.
    pub fn wrong(&self, span: &Range<usize>, why: &str) -> Failure {
        Failure::usage(format!("{}: {why}", self.place(span)))
    }

    /// A value that must be a list.
    pub fn list<'v>(&self, what: &str, value: &'v Spanned<'a>) -> Result<&'v [Spanned<'a>]> {
        match value.get_ref() {
            DeValue::Array(list) => Ok(list),
            other => Err(self.wrong(
                &value.span(),
                &format!("{what} is a {} and no list", other.type_str()),
            )),
        }
    }
}

/// The text of a file that the user named; `what` says what it is.
pub fn read(path: &Path, what: &str) -> Result<String> {
    let shown = path.display();
    let bytes = read_input(path, LONGEST)
        .map_err(|error| Failure::could_not(format!("{what} {shown}: {error}")))?;
    String::from_utf8(bytes).map_err(|_| Failure::usage(format!("{what} {shown} is not UTF-8")))
}
