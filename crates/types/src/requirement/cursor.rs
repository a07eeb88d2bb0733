//! A place in a requirement's text, and errors that point at one.

use super::RequirementError;

/// Reads a text from left to right.
pub(super) struct Cursor<'a> {
    text: &'a str,
    /// Byte offset of what comes next.
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start_matches(is_space).len();
    }

    pub(super) fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    /// Takes everything up to the first character that is one of `stop`, or to the end.
    pub(super) fn take_until(&mut self, stop: impl Fn(char) -> bool) -> Token<'a> {
        let rest = self.rest();
        let length = rest.find(stop).unwrap_or(rest.len());
        let start = self.at;
        self.at += length;
        Token {
            start,
            text: &rest[..length],
        }
    }

    pub(super) fn error(
        &self,
        start: usize,
        length: usize,
        why: impl Into<String>,
    ) -> RequirementError {
        error_at(self.text, start, length, why)
    }

    /// An error about the next character.
    pub(super) fn unexpected(&self, expected: &str) -> RequirementError {
        let found = match self.peek() {
            Some(c) => format!("found {c:?}"),
            None => "found the end".to_owned(),
        };
        self.error(self.at, 1, format!("expected {expected}, {found}"))
    }
}

/// A piece of the text and the byte offset where it starts.
#[derive(Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) start: usize,
    pub(super) text: &'a str,
}

/// An error about `length` bytes at byte offset `start`, told in characters.
pub(super) fn error_at(
    text: &str,
    start: usize,
    length: usize,
    why: impl Into<String>,
) -> RequirementError {
    let start = text.floor_char_boundary(start);
    let end = text.floor_char_boundary(start.saturating_add(length));
    RequirementError {
        why: why.into(),
        column: text[..start].chars().count(),
        width: text[start..end].chars().count().max(1),
    }
}

pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t')
}
