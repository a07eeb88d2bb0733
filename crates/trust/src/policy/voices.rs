//! Whether those of whom a number has to speak are as many as they seem.

use std::{collections::BTreeSet, fmt};

use super::Policy;
use crate::{Expression, Label, Voice, Word};

/// Two parts of an `at-least` that one key could meet alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneVoice {
    /// The earlier part.
    pub one: Expression,
    /// The later one.
    pub other: Expression,
    /// A name of the key.
    pub key: Label,
}

impl fmt::Display for OneVoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { one, other, key } = self;
        write!(
            f,
            "{one} and {other} have the key {key} in common, which alone would count twice"
        )
    }
}

impl Policy {
    /// The first two parts of an `at-least` in an expression that have a key in common, whatever it is
    /// called: k of n means k that are not one.
    pub fn one_voice(&self, expression: &Expression) -> Option<OneVoice> {
        let parts = match expression {
            Expression::Word(_) => return None,
            Expression::All(parts) | Expression::Any(parts) => parts,
            Expression::AtLeast(_, parts) => {
                let shared = self.shared(parts);
                if shared.is_some() {
                    return shared;
                }
                parts
            }
        };
        parts.iter().find_map(|it| self.one_voice(it))
    }

    fn shared(&self, parts: &[Expression]) -> Option<OneVoice> {
        let voices: Vec<_> = parts.iter().map(|it| self.voices(it)).collect();
        let pairs = (1..parts.len()).flat_map(|other| (0..other).map(move |one| (one, other)));
        pairs.into_iter().find_map(|(one, other)| {
            let known = |it: &&(Voice, Label)| voices[one].iter().any(|has| has.0 == it.0);
            let (_, key) = voices[other].iter().find(known)?;
            Some(OneVoice {
                one: parts[one].clone(),
                other: parts[other].clone(),
                key: key.clone(),
            })
        })
    }

    /// The keys that can meet a part, by what they are and by name.
    fn voices(&self, part: &Expression) -> BTreeSet<(Voice, Label)> {
        let of_word = |word: &Word| -> Vec<Label> {
            match word {
                Word::Key(label) => vec![label.clone()],
                Word::Vouch(label)
                | Word::Notary(label)
                | Word::Rebuilt(label)
                | Word::Certified(label) => {
                    let source = self.sources.iter().find(|it| it.label == *label);
                    source.map_or_else(Vec::new, |it| it.keys.iter().cloned().collect())
                }
                Word::Index | Word::Local | Word::Hash | Word::Publisher(_) | Word::Hook(_) => {
                    Vec::new()
                }
            }
        };
        let labels = part.words().into_iter().flat_map(of_word);
        let keys = labels.filter_map(|it| self.key(&it));
        keys.map(|it| (Voice::of_key(&it.key), it.label.clone()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, prelude::BASE64_STANDARD};

    use super::*;
    use crate::{
        Cooldown, Source, TrustedKey,
        signature::{Key, KeyKind},
    };

    /// Keys a, b and c; c is a by another name. Sources one (a), two (b) and three (c).
    fn policy() -> Policy {
        let mut policy = Policy::new(Cooldown::none());
        let names = [("a", "one", 1), ("b", "two", 2), ("c", "three", 1)];
        for (label, source, seed) in names {
            let text = BASE64_STANDARD.encode([seed; 32]);
            policy.keys.push(TrustedKey {
                label: label.parse().unwrap(),
                key: Key::parse(KeyKind::Ed25519, text.as_bytes()).unwrap(),
                projects: None,
                place: String::new(),
            });
            policy.sources.push(Source {
                label: source.parse().unwrap(),
                keys: [label.parse().unwrap()].into(),
                projects: None,
                criteria: BTreeSet::new(),
                place: String::new(),
            });
        }
        policy
    }

    fn two_of(words: &[&str]) -> Expression {
        let words = words.iter().map(|it| Word::parse(it).unwrap());
        Expression::AtLeast(2, words.map(Expression::Word).collect())
    }

    #[test]
    fn a_key_is_one_voice_in_each_of_its_forms() {
        let mut policy = policy();
        let line = BASE64_STANDARD.encode([&b"Ed12345678"[..], &[1; 32]].concat());
        policy.keys.push(TrustedKey {
            label: "mini".parse().unwrap(),
            key: Key::parse(KeyKind::Minisign, line.as_bytes()).unwrap(),
            projects: None,
            place: String::new(),
        });
        assert!(policy.one_voice(&two_of(&["key:a", "key:mini"])).is_some());
        assert_eq!(policy.one_voice(&two_of(&["key:b", "key:mini"])), None);
    }

    #[test]
    fn nobody_speaks_twice_by_another_name() {
        let policy = policy();
        for (words, key) in [
            (&["key:a", "key:b"][..], None),
            (&["notary:one", "notary:two"], None),
            (
                &["key:a", "vouch:two", "hook:a", "publisher", "index"],
                None,
            ),
            (&["key:a", "key:c"], Some("c")),
            (&["key:b", "notary:one", "notary:three"], Some("c")),
            (&["key:a", "vouch:one"], Some("a")),
        ] {
            let found = policy
                .one_voice(&two_of(words))
                .map(|it| it.key.to_string());
            assert_eq!(found.as_deref(), key, "{words:?}");
            let within = Expression::All(vec![Expression::Word(Word::Index), two_of(words)]);
            assert_eq!(policy.one_voice(&within).is_some(), key.is_some());
        }
        let any = |words: &[&str]| match two_of(words) {
            Expression::AtLeast(_, parts) => Expression::Any(parts),
            other => other,
        };
        assert_eq!(policy.one_voice(&any(&["key:a", "key:c"])), None);
    }
}
