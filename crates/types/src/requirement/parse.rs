//! The grammar of PEP 508 around the marker, read as `packaging` 26 reads it.

use pep440_rs::VersionSpecifier;
use pep508_rs::{Pep508Error, VerbatimUrl};

use super::{DirectUrl, Requirement, RequirementError, Wanted};
use crate::{ExtraName, MarkerTree, ProjectName, names, range, text::is_steering};

/// Longest requirement that is read, in bytes: a marker's cost grows with its length.
const MAX_LENGTH: usize = 16 * 1024;
/// Deepest nesting of parentheses in a marker: its parser recurses.
const MAX_DEPTH: usize = 32;

/// `specification = wsp* name wsp* extras? wsp* ('@' url | versionspec)? wsp* (';' marker)? wsp*`
pub(super) fn requirement(text: &str) -> Result<Requirement, RequirementError> {
    check_text(text)?;
    let mut cursor = Cursor { text, at: 0 };
    cursor.skip_space();
    let name = name(&mut cursor)?;
    cursor.skip_space();
    let extras = extras(&mut cursor)?;
    cursor.skip_space();
    let wanted = match cursor.peek() {
        Some('@') => Wanted::Direct(direct_url(&mut cursor)?),
        _ => Wanted::Version(specifiers(&mut cursor)?.into_iter().collect()),
    };
    let marker = marker(&mut cursor)?;
    Ok(Requirement {
        name,
        extras,
        wanted,
        marker,
    })
}

struct Cursor<'a> {
    text: &'a str,
    /// Byte offset of what comes next.
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start_matches(is_space).len();
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    /// Takes everything up to the first character that is one of `stop`, or to the end.
    fn take_until(&mut self, stop: impl Fn(char) -> bool) -> Token<'a> {
        let rest = self.rest();
        let length = rest.find(stop).unwrap_or(rest.len());
        let start = self.at;
        self.at += length;
        Token {
            start,
            text: &rest[..length],
        }
    }

    fn error(&self, start: usize, length: usize, why: impl Into<String>) -> RequirementError {
        error_at(self.text, start, length, why)
    }

    /// An error about the next character.
    fn unexpected(&self, expected: &str) -> RequirementError {
        let found = match self.peek() {
            Some(c) => format!("found {c:?}"),
            None => "found the end".to_owned(),
        };
        self.error(self.at, 1, format!("expected {expected}, {found}"))
    }
}

/// A piece of the text and the byte offset where it starts.
#[derive(Clone, Copy)]
struct Token<'a> {
    start: usize,
    text: &'a str,
}

/// An error about `length` bytes at byte offset `start`, told in characters.
fn error_at(text: &str, start: usize, length: usize, why: impl Into<String>) -> RequirementError {
    let start = text.floor_char_boundary(start);
    let end = text.floor_char_boundary(start.saturating_add(length));
    RequirementError {
        why: why.into(),
        column: text[..start].chars().count(),
        width: text[start..end].chars().count().max(1),
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

fn check_text(text: &str) -> Result<(), RequirementError> {
    if text.len() > MAX_LENGTH {
        return Err(error_at(text, 0, 1, "a requirement over 16 KiB"));
    }
    match text
        .char_indices()
        .find(|(_, c)| is_steering(*c) && *c != '\t')
    {
        Some((at, c)) => Err(error_at(
            text,
            at,
            c.len_utf8(),
            "a control or bidirectional character",
        )),
        None => Ok(()),
    }
}

fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

fn name(cursor: &mut Cursor) -> Result<ProjectName, RequirementError> {
    let token = cursor.take_until(|c| !is_name_character(c));
    if token.text.is_empty() {
        return Err(cursor.unexpected("a project's name"));
    }
    names::project(token.text).ok_or_else(|| {
        cursor.error(
            token.start,
            token.text.len(),
            "a name starts and ends with a letter or digit",
        )
    })
}

/// `'[' (extra (',' extra)*)? ']'`, sorted and without duplicates.
fn extras(cursor: &mut Cursor) -> Result<Vec<ExtraName>, RequirementError> {
    let mut extras = Vec::new();
    if !cursor.eat('[') {
        return Ok(extras);
    }
    cursor.skip_space();
    while !cursor.eat(']') {
        if !extras.is_empty() {
            if !cursor.eat(',') {
                return Err(cursor.unexpected("`,` or `]` after an extra"));
            }
            cursor.skip_space();
        }
        let token = cursor.take_until(|c| !is_name_character(c));
        let extra = names::extra(token.text)
            .ok_or_else(|| cursor.error(token.start, token.text.len(), "not an extra's name"))?;
        extras.push(extra);
        cursor.skip_space();
    }
    extras.sort();
    extras.dedup();
    Ok(extras)
}

fn direct_url(cursor: &mut Cursor) -> Result<DirectUrl, RequirementError> {
    cursor.eat('@');
    cursor.skip_space();
    let token = cursor.take_until(is_space);
    DirectUrl::parse(token.text).map_err(|why| cursor.error(token.start, token.text.len(), why))
}

/// `'(' specifiers ')'` or bare ones; a trailing comma and an empty list pass, as in `packaging`.
fn specifiers(cursor: &mut Cursor) -> Result<Vec<VersionSpecifier>, RequirementError> {
    let open = cursor.at;
    if !cursor.eat('(') {
        return match cursor.peek() {
            None | Some(';') => Ok(Vec::new()),
            Some('<' | '>' | '=' | '!' | '~') => specifier_list(cursor, |c| c == ';'),
            Some(_) => Err(cursor.unexpected("a version specifier, `@`, `[` or `;`")),
        };
    }
    let list = specifier_list(cursor, |c| matches!(c, ')' | ';'))?;
    if !cursor.eat(')') {
        return Err(cursor.error(open, 1, "this parenthesis is not closed"));
    }
    Ok(list)
}

fn specifier_list(
    cursor: &mut Cursor,
    stop: impl Fn(char) -> bool,
) -> Result<Vec<VersionSpecifier>, RequirementError> {
    let mut list = Vec::new();
    loop {
        cursor.skip_space();
        let token = cursor.take_until(|c| c == ',' || stop(c));
        let text = token.text.trim_end_matches(is_space);
        let more = cursor.eat(',');
        if !text.is_empty() {
            list.push(specifier(cursor, Token { text, ..token })?);
        } else if more {
            return Err(cursor.error(token.start, 1, "a comma without a specifier before it"));
        }
        if !more {
            return Ok(list);
        }
    }
}

fn specifier(cursor: &Cursor, token: Token) -> Result<VersionSpecifier, RequirementError> {
    range::parse_one(token.text).map_err(|why| cursor.error(token.start, token.text.len(), why))
}

fn marker(cursor: &mut Cursor) -> Result<MarkerTree, RequirementError> {
    cursor.skip_space();
    if !cursor.eat(';') {
        return match cursor.peek() {
            None => Ok(MarkerTree::TRUE),
            Some(_) => Err(cursor.unexpected("` ;` and a marker, or the end")),
        };
    }
    let token = Token {
        start: cursor.at,
        text: cursor.rest(),
    };
    range::check_digits(token.text)
        .map_err(|why| cursor.error(token.start, token.text.len(), why))?;
    check_depth(cursor, token)?;
    MarkerTree::parse_str::<VerbatimUrl>(token.text).map_err(|error| {
        let Pep508Error {
            message,
            start,
            len,
            ..
        } = error;
        cursor.error(token.start + start, len, message.to_string())
    })
}

fn check_depth(cursor: &Cursor, token: Token) -> Result<(), RequirementError> {
    let mut depth = 0usize;
    for (at, c) in token.text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(cursor.error(token.start + at, 1, "parentheses more than 32 deep"));
        }
    }
    Ok(())
}
