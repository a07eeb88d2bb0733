//! Everything a person sees while a command runs. Results and lines of progress go to standard
//! output, bars and trouble to standard error. Text from outside is escaped here.

mod log;
mod progress;
mod table;

use std::{
    borrow::Cow,
    io::{self, IsTerminal, Write},
    path::Path,
    sync::Arc,
};

use assay_types::{Printable, text::is_steering};

use log::Log;
pub use progress::Progress;
pub use table::Table;

use crate::{
    args::{CommonArgs, ProgressArg},
    failure::{Failure, Result},
};

/// How much is said, and in which form.
#[derive(Debug, Clone)]
pub struct Ui {
    level: i8,
    json: bool,
    colour_out: bool,
    colour_err: bool,
    progress: progress::Mode,
    log: Option<Arc<Log>>,
}

impl Ui {
    /// Decides by the options and by what the streams are.
    pub fn new(common: &CommonArgs, no_color: bool) -> Self {
        let level = common.verbose.min(2) as i8 - common.quiet.min(3) as i8;
        let colour = !no_color && !common.no_color;
        let terminal = io::stderr().is_terminal();
        let progress = match common.progress_bar {
            _ if level < 0 || common.json => progress::Mode::Off,
            ProgressArg::Off => progress::Mode::Off,
            ProgressArg::On => progress::Mode::Bars,
            ProgressArg::Raw => progress::Mode::Lines,
            ProgressArg::Auto if terminal => progress::Mode::Bars,
            ProgressArg::Auto => progress::Mode::Lines,
        };
        Self {
            level,
            json: common.json,
            colour_out: colour && io::stdout().is_terminal(),
            colour_err: colour && terminal,
            progress,
            log: None,
        }
    }

    /// `--log`: everything that is said from now on is appended to this file, too, whatever `-q`
    /// and `-v` leave for the terminal.
    pub fn log_to(&mut self, path: &Path) -> Result<()> {
        self.log = Some(Arc::new(Log::open(path)?));
        Ok(())
    }

    /// Appends to the log alone.
    pub fn log(&self, text: &str) {
        if let Some(log) = &self.log {
            log.write(text);
        }
    }

    /// Whether the report is wanted as JSON.
    pub fn json(&self) -> bool {
        self.json
    }

    /// Whether more is wanted than usual.
    pub fn is_verbose(&self) -> bool {
        self.level >= 1
    }

    /// Whether standard error takes colours.
    pub fn colour_err(&self) -> bool {
        self.colour_err
    }

    /// Begins to show progress.
    pub fn progress(&self) -> Progress {
        Progress::new(self.progress, self.log.clone())
    }

    /// The same without progress, for small steps of a whole that shows its own.
    pub fn without_progress(&self) -> Self {
        let progress = progress::Mode::Off;
        Self {
            progress,
            ..self.clone()
        }
    }

    /// Something that the user should know and perhaps act on.
    pub fn warn(&self, text: &str) {
        self.err("1;33", "warning:", text, self.level > -2);
    }

    /// A warning whose line programs look for, with the heading that pip gives it.
    pub fn warn_as_pip(&self, text: &str) {
        self.err("1;33", "WARNING:", text, self.level > -2);
    }

    /// Something worth knowing.
    pub fn note(&self, text: &str) {
        self.err("1", "note:", text, self.level >= 0);
    }

    /// For `-v`.
    pub fn detail(&self, text: &str) {
        self.err("2", "·", text, self.level >= 1);
    }

    fn err(&self, colour: &str, head: &str, text: &str, is_shown: bool) {
        // One line for both: a line break in it may come from outside.
        let text = Printable(&shortened(text)).to_string();
        self.log(&format!("{head} {text}"));
        if !is_shown {
            return;
        }
        let head = if self.colour_err {
            format!("\x1b[{colour}m{head}\x1b[0m")
        } else {
            head.to_owned()
        };
        // Nothing sensible can be done where standard error is closed.
        let _ = writeln!(io::stderr().lock(), "{head} {text}");
    }

    /// A line of the result, for a person. Texts from outside must be escaped by the caller.
    pub fn line(&self, text: impl std::fmt::Display) -> Result<()> {
        if self.level < 0 || self.json {
            self.log(&text.to_string());
            Ok(())
        } else {
            self.output(text)
        }
    }

    /// What the command was asked to print; shown even with `-q`.
    pub fn output(&self, text: impl std::fmt::Display) -> Result<()> {
        let text = text.to_string();
        self.log(&text);
        writeln!(io::stdout().lock(), "{text}").map_err(|error| Failure::output(&error))
    }

    /// The report as data.
    pub fn json_output(&self, value: &impl serde::Serialize) -> Result<()> {
        let text = serde_json::to_string_pretty(value)
            .map_err(io::Error::from)
            .map_err(|error| Failure::output(&error))?;
        self.output(harmless_json(&text))
    }

    /// Bold on standard output, where colours are wanted.
    pub fn bold(&self, text: &str) -> String {
        if self.colour_out {
            format!("\x1b[1m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    /// Green on standard output, where colours are wanted.
    pub fn green(&self, text: &str) -> String {
        if self.colour_out {
            format!("\x1b[32m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Longest line of a message in characters: an archive may give megabytes for a fact.
const LONGEST_LINE: usize = 2000;

/// The beginning of a line that is too long to be read, with its length.
pub fn shortened(line: &str) -> Cow<'_, str> {
    match line.char_indices().nth(LONGEST_LINE) {
        None => Cow::Borrowed(line),
        Some((end, _)) => {
            let all = line.chars().count();
            Cow::Owned(format!("{}… ({all} characters in all)", &line[..end]))
        }
    }
}

/// JSON escapes the controls of ASCII by itself; C1, bidirectional and line separators it may
/// leave raw, and a terminal would obey them.
fn harmless_json(text: &str) -> String {
    let is_raw = |c: char| c == '\u{7f}' || (!c.is_ascii() && is_steering(c));
    if !text.contains(is_raw) {
        return text.to_owned();
    }
    let escape = |c: char| {
        if is_raw(c) {
            format!("\\u{:04x}", c as u32)
        } else {
            c.to_string()
        }
    };
    text.chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_LINE, harmless_json, shortened};

    #[test]
    fn a_line_is_shown_as_far_as_anybody_reads() {
        let line = "é".repeat(LONGEST_LINE);
        assert_eq!(shortened(&line), line);
        let longer = format!("{line}é");
        assert_eq!(
            shortened(&longer),
            format!("{line}… (2001 characters in all)")
        );
    }

    #[test]
    fn json_holds_the_same_text_without_raw_controls() {
        let text = "é \u{1b}[2J \u{9b}2J \u{202e} \u{2028} \u{7f}";
        let json = harmless_json(&serde_json::to_string_pretty(&[text]).unwrap());
        assert!(json.contains('é'));
        assert!(!json.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\u{2028}', '\u{7f}']));
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), [text]);
    }
}
