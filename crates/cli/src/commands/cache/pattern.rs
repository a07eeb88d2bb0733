//! Patterns of file names, by the rules of Python's `fnmatch`: `*`, `?`, `[a-z]`, `[!a-z]`.

/// Which wheels are meant: pip's rule for `cache list` and `cache remove`.
#[derive(Debug)]
pub struct Pattern(Vec<Token>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// Any characters, or none.
    Star,
    /// One character.
    Any,
    /// This character.
    Char(char),
    /// One character out of these ranges, or out of none of them.
    Set {
        ranges: Vec<(char, char)>,
        negated: bool,
    },
}

impl Pattern {
    /// A name alone means each of its versions: in a wheel's file name a hyphen ends the name.
    pub fn wheels(text: &str) -> Self {
        let rest = if text.contains('-') {
            "*.whl"
        } else {
            "-*.whl"
        };
        Self::new(&format!("{text}{rest}"))
    }

    fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let mut tokens = Vec::new();
        let mut at = 0;
        while let Some(c) = chars.get(at) {
            at += 1;
            match c {
                '*' if tokens.last() == Some(&Token::Star) => {}
                '*' => tokens.push(Token::Star),
                '?' => tokens.push(Token::Any),
                '[' => match end_of_set(&chars[at..]) {
                    Some(length) => {
                        tokens.push(set(&chars[at..at + length]));
                        at += length + 1;
                    }
                    // Without its end it is a character like others.
                    None => tokens.push(Token::Char('[')),
                },
                c => tokens.push(Token::Char(*c)),
            }
        }
        Self(tokens)
    }

    /// Whether all of a name matches. Where the rest does not match behind a star, the star takes
    /// one character more; only the last star needs another try.
    pub fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        let (mut token, mut at) = (0, 0);
        let mut retry = None;
        loop {
            match self.0.get(token) {
                Some(Token::Star) => {
                    retry = Some((token, at));
                    token += 1;
                    continue;
                }
                Some(other) if name.get(at).is_some_and(|c| other.takes(*c)) => {
                    token += 1;
                    at += 1;
                    continue;
                }
                None if at == name.len() => return true,
                _ => {}
            }
            match retry {
                Some((star, start)) if start < name.len() => {
                    retry = Some((star, start + 1));
                    (token, at) = (star + 1, start + 1);
                }
                _ => return false,
            }
        }
    }
}

impl Token {
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Star | Self::Any => true,
            Self::Char(own) => *own == c,
            Self::Set { ranges, negated } => {
                ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != *negated
            }
        }
    }
}

/// How many characters stand before the `]` that ends a set; one that comes first is a member.
fn end_of_set(rest: &[char]) -> Option<usize> {
    let negation = usize::from(rest.first() == Some(&'!'));
    let member = usize::from(rest.get(negation) == Some(&']'));
    let start = negation + member;
    let end = rest.get(start..)?.iter().position(|c| *c == ']')?;
    Some(start + end)
}

fn set(inner: &[char]) -> Token {
    let (negated, mut rest) = match inner {
        ['!', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let mut ranges = Vec::new();
    loop {
        rest = match rest {
            [] => return Token::Set { ranges, negated },
            [from, '-', to, rest @ ..] => {
                ranges.push((*from, *to));
                rest
            }
            [c, rest @ ..] => {
                ranges.push((*c, *c));
                rest
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use std::{io::Write as _, process::Stdio};

    use assay_testkit::peers;
    use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

    use super::*;

    #[test]
    fn a_name_means_its_versions_and_a_pattern_what_it_says() {
        let meant = |text: &str| {
            let names = [
                "flask-3.0-py3-none-any.whl",
                "flask-3.1-py3-none-any.whl",
                "flask_login-1.0-py3-none-any.whl",
                "Flask-3.0-py3-none-any.whl",
            ];
            let pattern = Pattern::wheels(text);
            names.map(|it| pattern.matches(it))
        };
        assert_eq!(meant("flask"), [true, true, false, false]);
        assert_eq!(meant("flask-3.0"), [true, false, false, false]);
        assert_eq!(meant("flask*"), [true, true, true, false]);
        assert_eq!(meant("[fF]lask-3.[!1]"), [true, false, false, true]);
        assert_eq!(meant("*"), [true; 4]);
        assert_eq!(meant(""), [false; 4]);
    }

    const REFERENCE: &str = "import fnmatch, json, sys\n\
        print(json.dumps([fnmatch.fnmatchcase(n, p) for p, n in json.load(sys.stdin)]))";

    #[test]
    fn patterns_are_those_of_python() {
        let Some(python) = peers::python() else {
            return;
        };
        let pairs = prop::collection::vec(("[abc*?\\[\\]!^-]{0,8}", "[abc\\[\\]!^-]{0,5}"), 20_000);
        let pairs = pairs
            .new_tree(&mut TestRunner::deterministic())
            .unwrap()
            .current();
        let mut command = std::process::Command::new(python);
        command.args(["-I", "-c", REFERENCE]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = serde_json::to_vec(&pairs).unwrap();
        child.stdin.take().unwrap().write_all(&input).unwrap();
        let answers = child.wait_with_output().unwrap().stdout;
        let answers: Vec<bool> = serde_json::from_slice(&answers).unwrap();
        for ((pattern, name), expected) in pairs.iter().zip(&answers) {
            assert_eq!(
                Pattern::new(pattern).matches(name),
                *expected,
                "{pattern:?} {name:?}"
            );
        }
        assert!(answers.iter().filter(|it| **it).count() > 200);
    }
}
