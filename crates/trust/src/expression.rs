//! Evidence expressions: a word, `any`, `all`, `at-least … of`.

use std::fmt;

/// A kind of evidence that a policy can ask for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Word {
    /// An index lists the file with a strong digest that matches.
    Index,
    /// The user named the file.
    Local,
    /// The user gave a digest that matches.
    Hash,
}

impl Word {
    /// Reads a word as a policy file has it; `None` for one that is not known. Words that carry a
    /// name, such as those for signatures, have their place here, in [`Self::KNOWN`] and in
    /// `Display`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "index" => Some(Self::Index),
            "local" => Some(Self::Local),
            "hash" => Some(Self::Hash),
            _ => None,
        }
    }

    /// The words there are, for a message.
    pub const KNOWN: &str = "index, hash, local";
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Index => "index",
            Self::Local => "local",
            Self::Hash => "hash",
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
    pub fn is_met(&self, found: &[Word]) -> bool {
        match self {
            Self::Word(word) => found.contains(word),
            Self::All(parts) => !parts.is_empty() && parts.iter().all(|it| it.is_met(found)),
            Self::Any(parts) => parts.iter().any(|it| it.is_met(found)),
            Self::AtLeast(count, parts) => {
                *count > 0 && parts.iter().filter(|it| it.is_met(found)).count() >= *count
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
        let one = [Word::Index];
        let both = [Word::Index, Word::Hash];
        assert!(
            Expression::Any(words()).is_met(&one)
                && !Expression::Any(words()).is_met(&[Word::Local])
        );
        assert!(Expression::All(words()).is_met(&both) && !Expression::All(words()).is_met(&one));
        assert!(
            Expression::AtLeast(2, words()).is_met(&both)
                && !Expression::AtLeast(2, words()).is_met(&one)
        );
    }

    #[test]
    fn words_are_read_as_they_are_shown() {
        for text in Word::KNOWN.split(", ") {
            assert_eq!(Word::parse(text).unwrap().to_string(), text);
        }
        for unknown in ["", "Index", "key:x", "index "] {
            assert_eq!(Word::parse(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn empty_expressions_accept_nothing() {
        for empty in [
            Expression::All(vec![]),
            Expression::Any(vec![]),
            Expression::AtLeast(0, vec![]),
        ] {
            assert!(
                !empty.is_met(&[Word::Index, Word::Hash, Word::Local]),
                "{empty}"
            );
        }
    }
}
