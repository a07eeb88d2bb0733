//! From physical lines to logical ones: continuations, comments and variables.

use super::{LineError, Mistake};

/// A line with its continuations, without its comment and the white space around it.
pub(super) struct Logical {
    /// 1-based first physical line.
    pub(super) number: usize,
    text: String,
}

/// The logical lines that say something, as pip makes them: a backslash at the end of a line
/// joins the next one, except in a comment; a comment ends the joined line.
pub(super) fn of(text: &str) -> Vec<Logical> {
    let mut lines = Vec::new();
    let mut joined: Option<Logical> = None;
    for (index, line) in physical(text).enumerate() {
        let is_comment = line.trim_start().starts_with('#');
        let current = joined.get_or_insert_with(|| Logical {
            number: index + 1,
            text: String::new(),
        });
        if line.ends_with('\\') && !is_comment {
            current.text.push_str(line.trim_matches('\\'));
            continue;
        }
        if is_comment {
            // So that a comment is found behind a joined line too.
            current.text.push(' ');
        }
        current.text.push_str(line);
        lines.extend(joined.take());
    }
    lines.extend(joined);
    for line in &mut lines {
        line.text = without_comment(&line.text).trim().to_owned();
    }
    lines.retain(|line| !line.text.is_empty());
    lines
}

impl Logical {
    /// The text with `${NAME}` replaced where the variable is set and not empty.
    pub(super) fn expanded(&self, variable: &dyn Fn(&str) -> Option<String>) -> String {
        let mut expanded = String::with_capacity(self.text.len());
        let mut rest = self.text.as_str();
        while let Some(start) = rest.find("${") {
            let (before, from) = rest.split_at(start);
            expanded.push_str(before);
            let value = reference(from).and_then(|name| {
                let value = variable(name).filter(|it| !it.is_empty())?;
                Some((name.len() + "${}".len(), value))
            });
            let (length, value) = value.unwrap_or_else(|| (2, "${".to_owned()));
            expanded.push_str(&value);
            rest = &from[length..];
        }
        expanded.push_str(rest);
        expanded
    }

    /// The error shows the text as written: a variable's value may be a secret. Where one was
    /// replaced the whole line is meant, because its columns are no longer those of the text.
    pub(super) fn error(&self, expanded: &str, mistake: Mistake) -> LineError {
        let (column, width) = if expanded == self.text {
            let start = expanded.floor_char_boundary(mistake.at);
            let end = expanded.floor_char_boundary(start.saturating_add(mistake.length));
            let count = |range: &str| range.chars().count();
            (count(&expanded[..start]) + 1, count(&expanded[start..end]))
        } else {
            (1, self.text.chars().count())
        };
        LineError {
            line: self.number,
            column,
            width: width.max(1),
            text: self.text.clone(),
            why: mistake.why,
        }
    }
}

/// Lines as Python's `str.splitlines` finds them.
fn physical(text: &str) -> impl Iterator<Item = &str> {
    let is_break = |c| {
        matches!(
            c,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'
                ..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Some(end) = rest.find(is_break) else {
            return Some(std::mem::take(&mut rest));
        };
        let (line, tail) = rest.split_at(end);
        rest = match tail.strip_prefix("\r\n") {
            Some(after) => after,
            None => tail.strip_prefix(is_break).unwrap_or(tail),
        };
        Some(line)
    })
}

/// The text before a `#` that stands at the start or behind white space.
fn without_comment(text: &str) -> &str {
    let starts = text.match_indices('#').find(|(at, _)| {
        let before = text[..*at].chars().next_back();
        before.is_none_or(char::is_whitespace)
    });
    starts.map_or(text, |(at, _)| &text[..at])
}

/// The name in `${NAME}` at the start of a text: upper case, digits and underscores.
fn reference(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix("${")?.split_once('}')?;
    let is_name = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    (!name.is_empty() && name.bytes().all(is_name)).then_some(name)
}
