//! TOML with the place of every value and of every mistake.

use std::path::PathBuf;

use assay_trust::Label;
use assay_types::Timestamp;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{failure::Failure, settings::Folders};

/// A value and where it stands. Both count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<T> {
    pub value: T,
    pub line: usize,
    pub column: usize,
}

/// Something that a file may not say.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistake {
    /// From 1 on.
    pub line: usize,
    /// From 1 on, in characters.
    pub column: usize,
    /// A sentence of one line, otherwise unescaped.
    pub fact: String,
}

pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// What time it is. Where our clock and what earlier runs saw disagree, the stricter one is believed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Times {
    /// Ages count back from here: what our clock says.
    pub now: Timestamp,
    /// What ends has ended by this: the later of our clock and its floor.
    pub latest: Timestamp,
}

impl Times {
    /// Those of this run.
    pub fn new(folders: &Folders, now: Timestamp) -> Result<Times, Failure> {
        let latest = folders.latest(now)?;
        Ok(Self { now, latest })
    }
}

/// Reads the values of one file.
pub(super) struct Reader<'a> {
    text: &'a str,
    marks: Vec<Mark>,
    pub times: Times,
}

/// The place of a byte, so that none has to be found from the beginning: a file that comes with a clone
/// may hold some ten thousand values.
struct Mark {
    at: usize,
    line: usize,
    column: usize,
}

/// There is a mark for every so many bytes.
const STEP: usize = 1 << 10;

impl Mark {
    fn all_of(text: &str) -> Vec<Self> {
        let mut marks: Vec<Self> = Vec::new();
        let (mut line, mut column) = (1, 1);
        for (at, letter) in text.char_indices() {
            if at >= marks.len() * STEP {
                marks.push(Self { at, line, column });
            }
            (line, column) = after(letter, (line, column));
        }
        marks
    }
}

fn after(letter: char, (line, column): (usize, usize)) -> (usize, usize) {
    match letter {
        '\n' => (line + 1, 1),
        _ => (line, column + 1),
    }
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str, times: Times) -> Self {
        Self {
            text,
            marks: Mark::all_of(text),
            times,
        }
    }

    /// A rule that is overlooked is one that does not hold, so whatever is not known is a mistake.
    pub fn only(&self, table: &DeTable<'_>, known: &[&str]) -> Result<(), Mistake> {
        let unknown = table.keys().find(|it| !known.contains(&&**it.get_ref()));
        match unknown {
            None => Ok(()),
            Some(key) => {
                let (name, known) = (key.get_ref(), known.join(", "));
                let fact = format!("\"{name}\" is not known here; this assay knows {known}");
                Err(self.mistake(key.span().start, fact))
            }
        }
    }

    pub fn required<'t, 'd>(
        &self,
        table: &'t DeTable<'d>,
        key: &str,
        whole: &Value<'_>,
        what: &str,
    ) -> Result<&'t Value<'d>, Mistake> {
        table
            .get(key)
            .ok_or_else(|| self.mistake(whole.span().start, format!("{what} has no \"{key}\"")))
    }

    pub fn table<'t, 'd>(
        &self,
        value: &'t Value<'d>,
        what: &str,
    ) -> Result<&'t DeTable<'d>, Mistake> {
        match value.get_ref() {
            DeValue::Table(table) => Ok(table),
            _ => Err(self.wrong(value, format!("{what} is not a table"))),
        }
    }

    pub fn list<'t, 'd>(
        &self,
        value: &'t Value<'d>,
        what: &str,
    ) -> Result<&'t [Value<'d>], Mistake> {
        match value.get_ref() {
            DeValue::Array(list) => Ok(list),
            _ => Err(self.wrong(value, format!("{what} is not a list"))),
        }
    }

    pub fn string<'t>(&self, value: &'t Value<'_>, what: &str) -> Result<&'t str, Mistake> {
        match value.get_ref() {
            DeValue::String(text) => Ok(text),
            _ => Err(self.wrong(value, format!("{what} is not a text"))),
        }
    }

    /// A value of the file, read further by `read`, whose error is a sentence.
    pub fn read<T>(
        &self,
        value: &Value<'_>,
        what: &str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Placed<T>, Mistake> {
        let text = self.string(value, what)?;
        let read = read(text).map_err(|fact| self.wrong(value, fact))?;
        Ok(self.placed(value, read))
    }

    /// Names from other tables, at least one.
    pub fn labels(&self, value: &Value<'_>, what: &str) -> Result<Vec<Placed<Label>>, Mistake> {
        let list = self.list(value, what)?;
        if list.is_empty() {
            return Err(self.wrong(value, format!("{what} is empty: name at least one")));
        }
        let each = format!("each of {what}");
        let labels = list.iter().map(|it| self.read(it, &each, str::parse));
        labels.collect()
    }

    pub fn placed<T>(&self, at: &Value<'_>, value: T) -> Placed<T> {
        let (line, column) = self.position(at.span().start);
        Placed {
            value,
            line,
            column,
        }
    }

    /// A mistake about a value.
    pub fn wrong(&self, value: &Value<'_>, fact: impl Into<String>) -> Mistake {
        self.mistake(value.span().start, fact)
    }

    pub fn mistake(&self, at: usize, fact: impl Into<String>) -> Mistake {
        let (line, column) = self.position(at);
        // What it quotes may come with a clone: a line break in it begins no line of a message.
        let fact = fact.into().replace('\n', "\\u{a}");
        Mistake { line, column, fact }
    }

    fn position(&self, at: usize) -> (usize, usize) {
        let at = self.text.floor_char_boundary(at);
        let marks = &self.marks[..self.marks.len().min(at / STEP + 1)];
        let (from, place) = match marks.last() {
            Some(mark) => (mark.at, (mark.line, mark.column)),
            None => (0, (1, 1)),
        };
        let between = self.text[from..at].chars();
        between.fold(place, |place, letter| after(letter, place))
    }
}

/// The path of a file, from the folder of the policy file; `None` for what is none at a glance.
pub(super) fn path(text: &str) -> Option<PathBuf> {
    let is_path = !text.is_empty() && !text.contains("://") && !text.contains(char::is_control);
    is_path.then(|| PathBuf::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_counted_in_lines_and_characters() {
        let lines = "a = 1\n\n\u{e9}\u{1f40d} = 2\r\n".repeat(STEP / 9);
        for text in ["", "a", "\n", &lines, &lines.replace('\n', "\u{e9}")] {
            let reader = Reader::new(text, Times::default());
            for at in 0..=text.len() + 2 {
                let before = &text[..text.floor_char_boundary(at)];
                let line = before.rsplit('\n').next().unwrap_or_default();
                let expected = (before.matches('\n').count() + 1, line.chars().count() + 1);
                assert_eq!(reader.position(at), expected, "{at}");
            }
        }
    }
}
