//! The one place where an error becomes a heading, hints and an exit code.

use std::fmt::{self, Write as _};

use assay_archive::ArchiveError;
use assay_index::{ErrorKind, IndexError};
use assay_trust::{Refusal, RefusalKind};
use assay_types::{Printable, WheelName};

use crate::ui::shortened;

/// What kind of failure; decides the heading and the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Could not: unsatisfiable, network, disk.
    CouldNot,
    /// The command line or a file that the user wrote is wrong.
    Usage,
    /// A trust rule refused.
    Refused,
    /// Whoever read our output went away, as `head` does: nobody is there to be told.
    Unheard,
}

/// An error as the user sees it. Texts may come from outside; they are escaped when displayed.
#[derive(Debug, Clone)]
pub struct Failure {
    kind: Kind,
    fact: String,
    details: Vec<String>,
    hints: Vec<String>,
}

/// The archive rules that `--allow-bad-record` lifts.
const ALLOWED_BAD_RECORD: [&str; 5] = [
    "file not in RECORD",
    "RECORD digest",
    "RECORD row",
    "RECORD row without a file",
    "RECORD size",
];

/// Short for results of commands.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    /// Network, disk, unsatisfiable.
    pub fn could_not(fact: impl Into<String>) -> Self {
        Self::new(Kind::CouldNot, fact.into())
    }

    /// Something that the user wrote.
    pub fn usage(fact: impl Into<String>) -> Self {
        Self::new(Kind::Usage, fact.into())
    }

    /// A trust rule.
    pub fn refused(fact: impl Into<String>) -> Self {
        Self::new(Kind::Refused, fact.into())
    }

    /// An archive that broke a rule, or could not be read.
    pub fn archive(file_name: &str, error: &ArchiveError) -> Self {
        let fact = format!("{file_name}: {error}");
        let Some(rule) = error.rule() else {
            return Self::could_not(fact);
        };
        let failure = Self::refused(fact).detail(format!("rule: {rule}"));
        match WheelName::parse(file_name) {
            Ok(name) if ALLOWED_BAD_RECORD.contains(&rule) => {
                let project = name.project();
                failure
                    .hint("the wheel's own list of its files is wrong: tell who made it")
                    .hint(format!(
                        "to install it all the same, repeat with --allow-bad-record {project}"
                    ))
            }
            _ => failure.hint("choose another version, and tell who made this archive"),
        }
    }

    fn new(kind: Kind, fact: String) -> Self {
        Self {
            kind,
            fact,
            details: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Standard output cannot be written.
    pub fn output(error: &std::io::Error) -> Self {
        let gone = error.kind() == std::io::ErrorKind::BrokenPipe;
        let kind = if gone { Kind::Unheard } else { Kind::CouldNot };
        Self::new(kind, format!("writing to standard output: {error}"))
    }

    /// Whether there is anybody to tell.
    pub fn is_unheard(&self) -> bool {
        self.kind == Kind::Unheard
    }

    /// Whether a rule of trust refused.
    pub fn is_refusal(&self) -> bool {
        self.kind == Kind::Refused
    }

    /// What happened, in a sentence; unescaped.
    pub fn fact(&self) -> &str {
        &self.fact
    }

    /// The ways out, unescaped.
    pub fn ways_out(&self) -> &[String] {
        &self.hints
    }

    /// Adds a way out.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds several ways out.
    pub fn hints(mut self, hints: impl IntoIterator<Item = String>) -> Self {
        self.hints.extend(hints);
        self
    }

    /// Adds a line that explains the fact.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.details.push(detail.into());
        self
    }

    /// The process's exit code.
    pub fn exit_code(&self) -> u8 {
        match self.kind {
            Kind::CouldNot | Kind::Unheard => 1,
            Kind::Usage => 2,
            Kind::Refused => 4,
        }
    }

    fn heading(&self) -> &'static str {
        match self.kind {
            Kind::CouldNot | Kind::Unheard => "could not",
            Kind::Usage => "usage",
            Kind::Refused => "refused",
        }
    }

    /// The report for `--json`.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "error": {
                "kind": self.heading(), "exit-code": self.exit_code(), "fact": self.fact,
                "details": self.details, "hints": self.hints,
            }
        })
    }

    /// The report for a person.
    pub fn render(&self, colour: bool) -> String {
        let paint = |code: &str, text: &str| {
            if colour {
                format!("\x1b[{code}m{text}\x1b[0m")
            } else {
                text.to_owned()
            }
        };
        let mut out = String::new();
        let _ = writeln!(
            out,
            "{} {}",
            paint("1;31", &format!("{}:", self.heading())),
            Lines(&self.fact)
        );
        for detail in &self.details {
            let _ = writeln!(out, "  {}", Lines(detail));
        }
        for hint in &self.hints {
            let _ = writeln!(out, "{} {}", paint("1;36", "hint:"), Lines(hint));
        }
        out
    }
}

/// Escapes and shortens each line by itself, so that our own line breaks stay.
struct Lines<'a>(&'a str);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.split('\n').enumerate().try_for_each(|(i, line)| {
            if i > 0 {
                write!(f, "\n  {}", Printable(&shortened(line)))
            } else {
                write!(f, "{}", Printable(&shortened(line)))
            }
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(false).trim_end())
    }
}

impl std::error::Error for Failure {}

impl From<IndexError> for Failure {
    fn from(error: IndexError) -> Self {
        if let IndexError::Refused(refusal) = error {
            return Self::from(*refusal);
        }
        let kind = match error.kind() {
            ErrorKind::Failed => Kind::CouldNot,
            ErrorKind::Usage => Kind::Usage,
            ErrorKind::Trust => Kind::Refused,
        };
        Self::new(kind, error.to_string()).hints(error.hint())
    }
}

impl From<assay_install::Error> for Failure {
    fn from(error: assay_install::Error) -> Self {
        use assay_install::Error;
        match error {
            Error::Refused(refusal) => Self::from(*refusal),
            Error::Archive { file_name, source } => Self::archive(&file_name, &source),
            Error::NotPrivate { ref way_out, .. } => {
                let hint = way_out.clone();
                Self::refused(error.to_string()).hint(hint)
            }
            Error::UnknownClaims { ref folder, .. } => Self::could_not(error.to_string())
                .hint(format!(
                    "mend its RECORD, or move {} away and install the project again with --force-reinstall",
                    folder.display()
                )),
            Error::Stranded { .. } | Error::Unfinished { .. } => Self::could_not(error.to_string())
                .hint("see to what failed, then repeat the command"),
            Error::ExternallyManaged { .. } => Self::could_not(error.to_string())
                .hint("use an environment of your own: --venv DIR")
                .hint("--break-system-packages overrides this, at the risk of breaking the system's Python"),
            other => Self::could_not(other.to_string()),
        }
    }
}

/// Each text of a refusal is one line. Many come from outside, and a line break in one would begin a
/// line that looks like ours.
impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let line = |text: &str| text.replace('\n', "\\u{a}");
        let (file, fact) = (line(&refusal.file_name), line(&refusal.fact));
        let mut failure = Self::refused(format!("{file}: {fact}"))
            .detail(format!("rule: {}", line(&refusal.rule)));
        let lines = refusal
            .lines()
            .map(|(what, text)| format!("{what}: {}", line(text)));
        failure.details.extend(lines);
        if matches!(refusal.kind, RefusalKind::Mismatch | RefusalKind::Publisher) {
            failure
                .details
                .push("nothing was opened or installed".to_owned());
        }
        failure.hints(refusal.hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_cannot_steer_the_terminal() {
        let failure = Failure::could_not("bad \x1b]0;title\x07").hint("a\nb\x1b[2J");
        assert_eq!(
            failure.render(false),
            "could not: bad \\u{1b}]0;title\\u{7}\nhint: a\n  b\\u{1b}[2J\n"
        );
    }

    #[test]
    fn a_wrong_record_can_be_allowed_and_another_fault_cannot() {
        let hints = |rule| {
            let fact = "a/x.py".to_owned();
            let failure = Failure::archive(
                "demo_x-1.0-py3-none-any.whl",
                &ArchiveError::Refused { rule, fact },
            );
            assert_eq!(failure.exit_code(), 4);
            assert_eq!(failure.details, [format!("rule: {rule}")]);
            failure.hints.join("\n")
        };
        for rule in ALLOWED_BAD_RECORD {
            assert!(hints(rule).contains("--allow-bad-record demo-x"), "{rule}");
        }
        for rule in ["RECORD path", "RECORD", "duplicate entry"] {
            assert!(!hints(rule).contains("--allow-bad-record"), "{rule}");
        }
        let failed = ArchiveError::from(std::io::Error::other("no space"));
        assert_eq!(Failure::archive("a.whl", &failed).exit_code(), 1);
    }

    #[test]
    fn exit_codes_are_those_of_the_design() {
        assert_eq!(Failure::could_not("").exit_code(), 1);
        assert_eq!(Failure::usage("").exit_code(), 2);
        assert_eq!(Failure::refused("").exit_code(), 4);
    }
}
