//! What went wrong, told so that a person can act.

use assay_types::text::without_secrets;

use super::{
    process::{Ended, Finished},
    session::Session,
};
use crate::IndexError;

impl Session<'_> {
    pub(super) fn ended(&self, ended: Ended) -> IndexError {
        let (url, limit) = (self.shown.clone(), &self.git.config);
        match ended {
            Ended::Io(error) => IndexError::io(&self.git.program, "running", error),
            Ended::Late => {
                let fact = format!("git was not done within {} s", limit.limit.as_secs());
                IndexError::Git {
                    url,
                    fact,
                    hint: None,
                }
            }
            Ended::TooLarge => IndexError::TooLarge {
                url,
                limit: limit.largest,
                source: "the most that a checkout may take",
            },
        }
    }

    /// The end of what git said, which is where it says why.
    pub(super) fn complaint(&self, what: &str, finished: &Finished) -> IndexError {
        let lines = finished.said.lines().map(str::trim);
        let lines: Vec<_> = lines.filter(|it| !it.is_empty()).collect();
        let last = &lines[lines.len().saturating_sub(MOST_LINES)..];
        let said = without_secrets(&last.join("; "));
        let fact = match said.is_empty() {
            true => format!("git failed at {what} ({})", finished.status),
            false => format!("git failed at {what}: {said}"),
        };
        IndexError::Git {
            url: self.shown.clone(),
            hint: hint(&said),
            fact,
        }
    }

    pub(super) fn failed(&self, fact: impl Into<String>) -> IndexError {
        IndexError::Git {
            url: self.shown.clone(),
            fact: fact.into(),
            hint: None,
        }
    }

    pub(super) fn refused(&self, fact: String) -> IndexError {
        IndexError::Forbidden {
            url: self.shown.clone(),
            fact,
            hint: None,
        }
    }
}

/// Most lines of git's that are told.
const MOST_LINES: usize = 4;

/// What helps, by git's own words.
fn hint(said: &str) -> Option<String> {
    let has = |words: &str| said.contains(words);
    let hint = match () {
        () if has("terminal prompts disabled") || has("Authentication failed") => {
            "it wants credentials: have git's own credential helper know them, use ssh, or put them \
             into the URL as user:password@"
        }
        () if has("transport '") && has("not allowed") => {
            "submodules come over https or ssh, and repositories over what their own URL says"
        }
        () if has("unable to update url base from redirection") || has("error: 301") => {
            "the server leads elsewhere, and credentials go to nobody but the host that the URL names: \
             write the new URL"
        }
        () if has("Host key verification failed") => {
            "connect with ssh once by hand, so that the host's key is known"
        }
        () if has("dubious ownership") => {
            "the repository belongs to somebody else: git's setting safe.directory says that you mean it"
        }
        () => return None,
    };
    Some(hint.to_owned())
}
