//! The syntax of pip.conf: what Python's `configparser.RawConfigParser` reads with pip's rule for
//! names, line for line, with the place of each option.
//!
//! The crates for INI files that were looked at read other dialects (inline comments, quotes,
//! backslashes, no continuation lines), let a second option of the same name win in silence, or lose
//! comments and places when they write. A setting that assay reads otherwise than pip decides
//! another index, so the rules are here, and a property test holds them against Python's own.

mod edit;

pub use edit::EditError;

/// A file's text, with what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Each line with its line break.
    lines: Vec<String>,
    /// Sections in order; `[DEFAULT]` among them.
    sections: Vec<Section>,
}

/// `[name]` and what follows. `[DEFAULT]` may come more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Section {
    name: String,
    /// The line of its header, from 0.
    header: usize,
    entries: Vec<Entry>,
}

/// One option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Normalized: lower case, dashes.
    pub key: String,
    /// Lines of a value that goes on are joined with line breaks.
    pub value: String,
    /// The lines that hold it, from 0; comments and blank lines between them are not its own.
    lines: Vec<usize>,
}

/// A text that Python would not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong, without the place.
    pub fact: String,
}

/// The section whose options every other section has, too.
const DEFAULT: &str = "DEFAULT";

impl Entry {
    /// The line that it begins in, from 1.
    pub fn line(&self) -> usize {
        self.lines[0] + 1
    }
}

impl Document {
    /// Reads a file's text.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        let lines = lines(text);
        let mut reader = Reader::default();
        for (at, line) in lines.iter().enumerate() {
            reader.line(at, line)?;
        }
        Ok(Self {
            lines,
            sections: reader.finish(),
        })
    }

    /// Every section's options, as `items()` gives them: those of `[DEFAULT]` first, then its own,
    /// which may be of the same name and count then.
    pub fn items(&self) -> impl Iterator<Item = (&str, &Entry)> {
        let named = self.sections.iter().filter(|it| it.name != DEFAULT);
        named.flat_map(|section| {
            let own = move |key: &str| section.entries.iter().any(|it| it.key == key);
            let inherited = self.defaults().filter(move |it| !own(&it.key));
            let entries = inherited.chain(&section.entries);
            entries.map(move |entry| (section.name.as_str(), entry))
        })
    }

    fn defaults(&self) -> impl Iterator<Item = &Entry> {
        let sections = self.sections.iter().filter(|it| it.name == DEFAULT);
        sections.flat_map(|it| &it.entries)
    }
}

/// pip's rule for names: lower case, dashes for underscores, and no leading `--`.
pub fn normalized(name: &str) -> String {
    let name = name.to_lowercase().replace('_', "-");
    name.strip_prefix("--").unwrap_or(&name).to_owned()
}

/// Lines with their breaks, which are `\n`, `\r\n` and `\r` for a file that Python opens as text.
fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\n', '\r']) {
        let length = if rest[at..].starts_with("\r\n") { 2 } else { 1 };
        let (line, after) = rest.split_at(at + length);
        lines.push(line.to_owned());
        rest = after;
    }
    if !rest.is_empty() {
        lines.push(rest.to_owned());
    }
    lines
}

#[derive(Default)]
struct Reader {
    sections: Vec<Section>,
    /// The option that an indented line would go on, with the lines of its value.
    open: Option<Vec<String>>,
    /// Indentation of the last header or option.
    indent: usize,
}

impl Reader {
    fn line(&mut self, at: usize, line: &str) -> Result<(), SyntaxError> {
        let value = strip(line);
        if value.starts_with(['#', ';']) {
            return Ok(());
        }
        if value.is_empty() {
            if let Some(open) = &mut self.open {
                open.push(String::new());
            }
            return Ok(());
        }
        let indent = line.chars().take_while(|it| is_space(*it)).count();
        if let Some(open) = self.open.as_mut().filter(|_| indent > self.indent) {
            open.push(value.to_owned());
            if let Some(entry) = self
                .sections
                .last_mut()
                .and_then(|it| it.entries.last_mut())
            {
                entry.lines.push(at);
            }
            return Ok(());
        }
        self.close();
        self.indent = indent;
        let place = |fact: String| SyntaxError {
            line: at + 1,
            column: indent + 1,
            fact,
        };
        match header(value) {
            Some(name) => self.section(name, at).map_err(place),
            None => self.option(value, at).map_err(place),
        }
    }

    fn section(&mut self, name: &str, at: usize) -> Result<(), String> {
        if name != DEFAULT && self.sections.iter().any(|it| it.name == name) {
            return Err(format!("a second section [{name}]"));
        }
        self.sections.push(Section {
            name: name.to_owned(),
            header: at,
            entries: Vec::new(),
        });
        Ok(())
    }

    fn option(&mut self, text: &str, at: usize) -> Result<(), String> {
        let Some(name) = self.sections.last().map(|it| it.name.clone()) else {
            return Err("an option before the first section, such as [global]".to_owned());
        };
        let Some((key, value)) = text.split_once(['=', ':']) else {
            return Err("neither a [section] nor an option = value".to_owned());
        };
        if strip(key).is_empty() {
            return Err("a value without the name of an option".to_owned());
        }
        let key = normalized(strip(key));
        let same = self.sections.iter().filter(|it| it.name == name);
        if same.flat_map(|it| &it.entries).any(|it| it.key == key) {
            return Err(format!("a second option {key} in [{name}]"));
        }
        // An option whose name is nothing but dashes has none, and nothing goes on behind it.
        self.open = (!key.is_empty()).then(|| vec![strip(value).to_owned()]);
        if let Some(section) = self.sections.last_mut() {
            section.entries.push(Entry {
                key,
                value: strip(value).to_owned(),
                lines: vec![at],
            });
        }
        Ok(())
    }

    /// Gives the last option its whole value: blank lines count inside of it only.
    fn close(&mut self) {
        let entry = self
            .sections
            .last_mut()
            .and_then(|it| it.entries.last_mut());
        if let (Some(open), Some(entry)) = (self.open.take(), entry) {
            entry.value = open.join("\n").trim_end_matches(is_space).to_owned();
        }
    }

    fn finish(mut self) -> Vec<Section> {
        self.close();
        self.sections
    }
}

/// `[name]`, up to the last bracket; what stands behind it is ignored, as Python does.
fn header(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix('[')?.rsplit_once(']')?;
    (!name.is_empty()).then_some(name)
}

fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// What Python's `str.strip` takes away: four separators of ASCII more than Unicode's white space.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

#[cfg(test)]
mod tests;
