//! Changes to a file that leave its comments and its order alone.

use std::fmt;

use super::{Document, Entry, Section, is_space};

/// Why a change was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditError {
    /// The value would be read as more than one line.
    LineBreak,
    /// What would be written would be read as something else.
    Ambiguous,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LineBreak => "a value with a line break",
            Self::Ambiguous => "written into this file, it would be read as something else",
        })
    }
}

impl Document {
    /// The file's text.
    pub fn text(&self) -> String {
        self.lines.concat()
    }

    /// One option of a section itself.
    pub fn get(&self, section: &str, key: &str) -> Option<&Entry> {
        let mut entries = self.named(section).flat_map(|it| &it.entries);
        entries.find(|it| it.key == key)
    }

    /// Writes an option: in its place where it is there, else at the end of its section. `key` is
    /// normalized.
    pub fn set(&self, section: &str, key: &str, value: &str) -> Result<Self, EditError> {
        if value.contains(['\n', '\r']) {
            return Err(EditError::LineBreak);
        }
        let mut lines: Vec<Option<String>> = self.lines.iter().cloned().map(Some).collect();
        match (self.get(section, key), self.named(section).last()) {
            (Some(entry), _) => self.replace(&mut lines, entry, value),
            (None, Some(section)) => self.insert(&mut lines, section, key, value),
            (None, None) => {
                self.end_line(&mut lines, self.lines.len());
                lines.push(Some(format!("[{section}]\n{key} = {value}\n")));
            }
        }
        let edited = Self::joined(lines)?;
        let mut expected = self.values();
        let at = (section.to_owned(), key.to_owned());
        expected.retain(|(place, _)| *place != at);
        expected.push((at, value.trim_matches(is_space).to_owned()));
        edited.says(expected)
    }

    /// Takes an option away, and its section where nothing else is in it. What is not there is an
    /// ambiguous change.
    pub fn unset(&self, section: &str, key: &str) -> Result<Self, EditError> {
        let entry = self.get(section, key).ok_or(EditError::Ambiguous)?;
        let mut lines: Vec<Option<String>> = self.lines.iter().cloned().map(Some).collect();
        for at in &entry.lines {
            lines[*at] = None;
        }
        for empty in self
            .named(section)
            .filter(|it| it.entries == [entry.clone()])
        {
            lines[empty.header] = None;
        }
        let mut expected = self.values();
        expected.retain(|(place, _)| *place != (section.to_owned(), key.to_owned()));
        Self::joined(lines)?.says(expected)
    }

    /// Indentation and spelling of the name stay.
    fn replace(&self, lines: &mut [Option<String>], entry: &Entry, value: &str) {
        let first = entry.lines[0];
        let line = &self.lines[first];
        let name = line.split(['=', ':']).next().unwrap_or(line);
        let name = name.trim_end_matches(is_space);
        lines[first] = Some(format!("{name} = {value}\n"));
        for at in &entry.lines[1..] {
            lines[*at] = None;
        }
    }

    /// Behind the section's last option, as far to the right.
    fn insert(&self, lines: &mut Vec<Option<String>>, section: &Section, key: &str, value: &str) {
        let last = section.entries.last();
        let at = last.map_or(section.header, |it| it.lines[it.lines.len() - 1]) + 1;
        let indent: String = last.map_or_else(String::new, |it| {
            let line = &self.lines[it.lines[0]];
            line.chars().take_while(|it| is_space(*it)).collect()
        });
        self.end_line(lines, at);
        lines.insert(at, Some(format!("{indent}{key} = {value}\n")));
    }

    /// The last line of a file may lack its break.
    fn end_line(&self, lines: &mut [Option<String>], before: usize) {
        let line = before.checked_sub(1).and_then(|it| lines[it].as_mut());
        if let Some(line) = line.filter(|it| !it.ends_with(['\n', '\r'])) {
            line.push('\n');
        }
    }

    fn named(&self, section: &str) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(move |it| it.name == section)
    }

    fn joined(lines: Vec<Option<String>>) -> Result<Self, EditError> {
        let text: String = lines.into_iter().flatten().collect();
        Self::parse(&text).map_err(|_| EditError::Ambiguous)
    }

    /// What is written is read again before anybody relies on it.
    fn says(self, mut expected: Vec<((String, String), String)>) -> Result<Self, EditError> {
        let mut values = self.values();
        values.sort();
        expected.sort();
        if values == expected {
            Ok(self)
        } else {
            Err(EditError::Ambiguous)
        }
    }

    fn values(&self) -> Vec<((String, String), String)> {
        let entries = self.sections.iter().flat_map(|section| {
            let named =
                move |it: &Entry| ((section.name.clone(), it.key.clone()), it.value.clone());
            section.entries.iter().map(named)
        });
        entries.collect()
    }
}
