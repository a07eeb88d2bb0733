//! The one place where an error becomes a heading, hints and an exit code.

use std::fmt::{self, Write as _};

use assay_index::{ErrorKind, IndexError};
use assay_trust::{Refusal, RefusalKind};
use assay_types::Printable;

/// What kind of failure; decides the heading and the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Could not: unsatisfiable, network, disk.
    Could,
    /// The command line or a file that the user wrote is wrong.
    Usage,
    /// A trust rule refused.
    Refused,
}

/// An error as the user sees it. Texts may come from outside; they are escaped when displayed.
#[derive(Debug, Clone)]
pub struct Failure {
    kind: Kind,
    fact: String,
    details: Vec<String>,
    hints: Vec<String>,
}

/// Short for results of commands.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    /// Network, disk, unsatisfiable.
    pub fn could_not(fact: impl Into<String>) -> Self {
        Self::new(Kind::Could, fact.into())
    }

    /// Something that the user wrote.
    pub fn usage(fact: impl Into<String>) -> Self {
        Self::new(Kind::Usage, fact.into())
    }

    /// A trust rule.
    pub fn refused(fact: impl Into<String>) -> Self {
        Self::new(Kind::Refused, fact.into())
    }

    fn new(kind: Kind, fact: String) -> Self {
        Self {
            kind,
            fact,
            details: Vec::new(),
            hints: Vec::new(),
        }
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
            Kind::Could => 1,
            Kind::Usage => 2,
            Kind::Refused => 4,
        }
    }

    fn heading(&self) -> &'static str {
        match self.kind {
            Kind::Could => "could not",
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

/// Escapes each line by itself, so that our own line breaks stay.
struct Lines<'a>(&'a str);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.split('\n').enumerate().try_for_each(|(i, line)| {
            if i > 0 {
                write!(f, "\n  {}", Printable(line))
            } else {
                write!(f, "{}", Printable(line))
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
            ErrorKind::Failed => Kind::Could,
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
            Error::Archive { .. } => Self::refused(error.to_string())
                .detail("rule: archives that contradict themselves or their RECORD are not unpacked"),
            Error::ExternallyManaged { .. } => Self::could_not(error.to_string())
                .hint("use an environment of your own: --venv DIR")
                .hint("--break-system-packages overrides this, at the risk of breaking the system's Python"),
            other => Self::could_not(other.to_string()),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let mut failure = Self::refused(format!("{}: {}", refusal.file_name, refusal.fact))
            .detail(format!("rule: {}", refusal.rule));
        failure
            .details
            .extend(refusal.found.iter().map(|it| format!("found: {it}")));
        failure
            .details
            .extend(refusal.missing.iter().map(|it| format!("missing: {it}")));
        if refusal.kind == RefusalKind::Mismatch {
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
    fn exit_codes_are_those_of_the_design() {
        assert_eq!(Failure::could_not("").exit_code(), 1);
        assert_eq!(Failure::usage("").exit_code(), 2);
        assert_eq!(Failure::refused("").exit_code(), 4);
    }
}
