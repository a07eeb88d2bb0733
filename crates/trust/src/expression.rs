//! Evidence expressions: a word, `any`, `all`, `at-least … of`.

mod distinct;

use std::fmt;

use crate::{Found, Identity, Label};

/// A kind of evidence that a policy can ask for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Word {
    /// An index lists the file with a strong digest that matches.
    Index,
    /// The user named the file.
    Local,
    /// The user gave a digest that matches.
    Hash,
    /// A publisher attested the file: anybody whose identity was verified, or this one.
    Publisher(Option<Identity>),
    /// A key of `[keys]` signed the file.
    Key(Label),
    /// Somebody whose statements `[statements]` names looked at the file.
    Vouch(Label),
    /// They saw the index offer the file.
    Notary(Label),
    /// They built the same file again from its source.
    Rebuilt(Label),
    /// A key that they certify for the project signed the file.
    Certified(Label),
    /// A program of `[hooks]` accepts the file.
    Hook(Label),
}

impl Word {
    /// Reads a word as a policy file has it, or says why it is none. Words that carry a name have
    /// their place here, in [`Self::KNOWN`] and in `Display`.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(identity) = text.strip_prefix("publisher:") {
            let identity = identity.parse::<Identity>();
            let wrong = |error| format!("{error}; it is {}", Identity::FORMS);
            return identity.map(Some).map(Self::Publisher).map_err(wrong);
        }
        if let Some((kind, label)) = text.split_once(':')
            && let Some(kind) = LABELLED.iter().find(|it| it.0 == kind)
        {
            return label.parse().map(kind.1);
        }
        match text {
            "index" => Ok(Self::Index),
            "local" => Ok(Self::Local),
            "hash" => Ok(Self::Hash),
            "publisher" => Ok(Self::Publisher(None)),
            _ => Err(format!(
                "\"{}\" is no evidence that this assay knows: {}",
                assay_types::Printable(text),
                Self::KNOWN
            )),
        }
    }

    /// The words there are, for a message.
    pub const KNOWN: &str = "index, hash, local, publisher, publisher:WHO, key:NAME, vouch:NAME, \
                             notary:NAME, rebuilt:NAME, certified:NAME, hook:NAME";

    /// Its name in policy files, where it has one.
    pub fn label(&self) -> Option<&Label> {
        match self {
            Self::Index | Self::Local | Self::Hash | Self::Publisher(_) => None,
            Self::Key(label)
            | Self::Vouch(label)
            | Self::Notary(label)
            | Self::Rebuilt(label)
            | Self::Certified(label)
            | Self::Hook(label) => Some(label),
        }
    }

    /// Whether evidence of this kind that was found is what this word asks for.
    fn is_met_by(&self, found: &Self) -> bool {
        match (self, found) {
            (Self::Publisher(None), Self::Publisher(_)) => true,
            (Self::Publisher(Some(asked)), Self::Publisher(Some(found))) => asked.covers(found),
            (asked, found) => asked == found,
        }
    }
}

/// Words that carry the name of something that policy files define.
type Labelled = (&'static str, fn(Label) -> Word);
const LABELLED: [Labelled; 6] = [
    ("key", Word::Key),
    ("vouch", Word::Vouch),
    ("notary", Word::Notary),
    ("rebuilt", Word::Rebuilt),
    ("certified", Word::Certified),
    ("hook", Word::Hook),
];

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Index => "index",
            Self::Local => "local",
            Self::Hash => "hash",
            Self::Publisher(None) => "publisher",
            Self::Publisher(Some(identity)) => return write!(f, "publisher:{identity}"),
            Self::Key(label) => return write!(f, "key:{label}"),
            Self::Vouch(label) => return write!(f, "vouch:{label}"),
            Self::Notary(label) => return write!(f, "notary:{label}"),
            Self::Rebuilt(label) => return write!(f, "rebuilt:{label}"),
            Self::Certified(label) => return write!(f, "certified:{label}"),
            Self::Hook(label) => return write!(f, "hook:{label}"),
        })
    }
}

/// What suffices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// This kind of evidence.
    Word(Word),
    /// Each of these. An empty `all` is met by nothing, so that a mistake cannot accept.
    All(Vec<Expression>),
    /// One of these.
    Any(Vec<Expression>),
    /// That many of these; zero is met by nothing.
    AtLeast(usize, Vec<Expression>),
}

impl Expression {
    /// Whether the words that were found meet this expression.
    pub fn is_met(&self, found: &Found) -> bool {
        match self {
            Self::Word(asked) => found.words().iter().any(|it| asked.is_met_by(it)),
            Self::All(parts) => !parts.is_empty() && parts.iter().all(|it| it.is_met(found)),
            Self::Any(parts) => parts.iter().any(|it| it.is_met(found)),
            Self::AtLeast(count, parts) => *count > 0 && distinct::count(parts, found) >= *count,
        }
    }

    /// Whether a file could still meet it of which nothing is known but whether anybody attested it.
    pub(crate) fn can_be_met(&self, is_attested: bool) -> bool {
        self.holds(&|asked| is_attested || !matches!(asked, Word::Publisher(_)))
    }

    /// Whether a publisher has a say in it.
    pub(crate) fn asks_for_publisher(&self) -> bool {
        match self {
            Self::Word(word) => matches!(word, Word::Publisher(_)),
            Self::All(parts) | Self::Any(parts) | Self::AtLeast(_, parts) => {
                parts.iter().any(Self::asks_for_publisher)
            }
        }
    }

    /// Whether somebody's word about the very file has a say in it, which another file may have.
    pub(crate) fn asks_for_somebody(&self) -> bool {
        let is_somebody = |it: &&Word| matches!(it, Word::Publisher(_)) || it.label().is_some();
        self.words().iter().any(is_somebody)
    }

    /// Every word in it.
    pub fn words(&self) -> Vec<&Word> {
        match self {
            Self::Word(word) => vec![word],
            Self::All(parts) | Self::Any(parts) | Self::AtLeast(_, parts) => {
                parts.iter().flat_map(Self::words).collect()
            }
        }
    }

    fn holds(&self, is_met: &dyn Fn(&Word) -> bool) -> bool {
        match self {
            Self::Word(word) => is_met(word),
            Self::All(parts) => !parts.is_empty() && parts.iter().all(|it| it.holds(is_met)),
            Self::Any(parts) => parts.iter().any(|it| it.holds(is_met)),
            Self::AtLeast(count, parts) => {
                *count > 0 && parts.iter().filter(|it| it.holds(is_met)).count() >= *count
            }
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, parts: &[Expression]| {
            parts.iter().enumerate().try_for_each(|(i, part)| {
                if i > 0 {
                    write!(f, ", {part}")
                } else {
                    write!(f, "{part}")
                }
            })
        };
        let (head, parts) = match self {
            Self::Word(word) => return write!(f, "{word}"),
            Self::All(parts) => ("all of (".to_owned(), parts),
            Self::Any(parts) => ("any of (".to_owned(), parts),
            Self::AtLeast(count, parts) => (format!("at least {count} of ("), parts),
        };
        f.write_str(&head)?;
        list(f, parts)?;
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_met_by_enough_and_by_nothing_less() {
        let words = || vec![Expression::Word(Word::Index), Expression::Word(Word::Hash)];
        let found = |words: &[Word]| Found::from(words);
        let one = found(&[Word::Index]);
        let both = found(&[Word::Index, Word::Hash]);
        assert!(
            Expression::Any(words()).is_met(&one)
                && !Expression::Any(words()).is_met(&found(&[Word::Local]))
        );
        assert!(Expression::All(words()).is_met(&both) && !Expression::All(words()).is_met(&one));
        assert!(
            Expression::AtLeast(2, words()).is_met(&both)
                && !Expression::AtLeast(2, words()).is_met(&one)
        );
    }

    #[test]
    fn words_are_read_as_they_are_shown() {
        for text in Word::KNOWN
            .replace("WHO", "github:owner/name:r.yml")
            .replace("NAME", "some-name")
            .split(", ")
        {
            assert_eq!(Word::parse(text).unwrap().to_string(), text);
        }
        for unknown in [
            "",
            "Index",
            "key",
            "key:",
            "key:Some",
            "keys:some",
            "index ",
            "publisher:",
            "publisher:owner/name",
        ] {
            assert!(Word::parse(unknown).is_err(), "{unknown}");
        }
    }

    #[test]
    fn a_publisher_is_met_by_whoever_it_covers() {
        let word = |text: &str| Word::parse(text).unwrap();
        let met = |asked: &str, found: &str| {
            Expression::Word(word(asked)).is_met(&[word(found)][..].into())
        };
        let found = "publisher:github:owner/name:r.yml:repository-id=1:owner-id=2";
        assert!(met("publisher", found) && met("publisher:github:Owner/Name", found));
        assert!(!met("publisher:github:owner/other", found));
        assert!(!met("publisher", "index") && !met("index", found));
        assert!(!met(found, "publisher:github:owner/name"));
    }

    #[test]
    fn before_the_bytes_are_there_only_a_missing_announcement_tells() {
        let publisher = || Expression::Word(Word::Publisher(None));
        let hash = || Expression::Word(Word::Hash);
        let either = Expression::Any(vec![publisher(), hash()]);
        let both = Expression::All(vec![publisher(), hash()]);
        assert!(both.can_be_met(true) && !both.can_be_met(false));
        assert!(either.can_be_met(false) && either.asks_for_publisher());
        assert!(!hash().asks_for_publisher());
    }

    #[test]
    fn empty_expressions_accept_nothing() {
        for empty in [
            Expression::All(vec![]),
            Expression::Any(vec![]),
            Expression::AtLeast(0, vec![]),
        ] {
            assert!(
                !empty.is_met(&[Word::Index, Word::Hash, Word::Local][..].into()),
                "{empty}"
            );
        }
    }
}
