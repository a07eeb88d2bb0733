//! What a program may answer.

use std::fmt;

use assay_types::Printable;
use serde::{Deserialize, Deserializer};

use super::PROTOCOL;
use crate::{Authenticated, Claim, Label, Testimony, Voice, Word};

/// What a program says of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is what the program looks for.
    Accept,
    /// It is not to be installed.
    Refuse,
    /// The program has nothing to say about it.
    Abstain,
}

/// An answer of the right form. Its reason comes from outside and is unescaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    verdict: Verdict,
    reason: Option<String>,
}

/// Why an answer is none, as a clause about it; unescaped, `Display` escapes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nonsense(String);

impl Verdict {
    const ALL: [Self; 3] = [Self::Accept, Self::Refuse, Self::Abstain];

    /// Its word in an answer.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::Abstain => "abstain",
        }
    }
}

impl Answer {
    /// Most bytes of an answer. Whoever reads one stops there.
    pub const LARGEST: usize = 64 << 10;
    /// Most characters of a reason.
    pub const LONGEST_REASON: usize = 1000;

    /// Reads all that a program wrote. There is one way to write an answer: a member that is not
    /// known, twice there or missing makes it none, and so does text around it.
    pub fn parse(bytes: &[u8]) -> Result<Self, Nonsense> {
        if bytes.len() > Self::LARGEST {
            return nonsense(format!("it is longer than {} bytes", Self::LARGEST));
        }
        match bytes.trim_ascii_start().first() {
            None => return nonsense("it is empty"),
            Some(b'{') => {}
            // An array would do for the reader of JSON.
            Some(_) => return nonsense("it is not one JSON object"),
        }
        let wire: Wire = match serde_json::from_slice(bytes) {
            Ok(wire) => wire,
            Err(error) => return nonsense(format!("it is not what the protocol has: {error}")),
        };
        if wire.protocol != u64::from(PROTOCOL) {
            let protocol = wire.protocol;
            return nonsense(format!("protocol {protocol} is not known here"));
        }
        let Some(verdict) = Verdict::ALL.into_iter().find(|it| it.word() == wire.answer) else {
            let fact = format!(
                "\"{}\" is none of accept, refuse and abstain",
                shortened(&wire.answer)
            );
            return nonsense(fact);
        };
        let reason = checked(verdict, wire.reason)?;
        Ok(Self { verdict, reason })
    }

    /// Accept, refuse or abstain.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Why; unescaped. Whatever refuses or abstains has one.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// The word of the hook with this name about the file of which it got a copy. `place` is where the
    /// policy names the hook.
    pub fn testimony<B>(
        &self,
        label: &Label,
        place: &str,
        authenticated: &Authenticated<'_, B>,
    ) -> Testimony {
        let word = Word::Hook(label.clone());
        let reason = self.reason.as_deref();
        let does = match self.verdict {
            Verdict::Accept => "accepts it",
            Verdict::Refuse => "refuses it",
            Verdict::Abstain => "has nothing to say about it",
        };
        let because = reason.map(|it| format!(": {it}")).unwrap_or_default();
        let said = format!("{word} ({place}) {does}{because}");
        let claim = match self.verdict {
            Verdict::Accept => Claim::Supports(word),
            Verdict::Abstain => Claim::Abstains,
            Verdict::Refuse => Claim::Denies {
                by: word,
                reason: reason.unwrap_or_default().to_owned(),
            },
        };
        Testimony::new(
            claim,
            [Voice::of_hook(label)],
            authenticated.measured().sha256(),
            said,
        )
    }
}

impl fmt::Display for Nonsense {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Printable(&self.0))
    }
}

impl std::error::Error for Nonsense {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    protocol: u64,
    answer: String,
    #[serde(default, deserialize_with = "text")]
    reason: Option<String>,
}

/// A text that is there is none but a text: not `null` either.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

fn checked(verdict: Verdict, reason: Option<String>) -> Result<Option<String>, Nonsense> {
    let is_blank = reason.as_deref().is_none_or(|it| it.trim().is_empty());
    if verdict != Verdict::Accept && is_blank {
        return nonsense(format!("it says {} and gives no reason", verdict.word()));
    }
    let most = Answer::LONGEST_REASON;
    match &reason {
        Some(reason) if reason.chars().nth(most).is_some() => nonsense(format!(
            "its reason is longer than {most} characters: {}",
            shortened(reason)
        )),
        _ => Ok(reason),
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

fn nonsense<T>(fact: impl Into<String>) -> Result<T, Nonsense> {
    Err(Nonsense(fact.into()))
}

#[cfg(test)]
mod tests;
