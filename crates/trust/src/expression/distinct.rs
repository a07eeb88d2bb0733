//! How many of several parts hold, each by a voice of its own.

use std::collections::BTreeSet;

use super::Expression;
use crate::{Found, Voice, Word};

/// How many of the parts hold at most, if nobody may stand behind two of them.
pub(super) fn count(parts: &[Expression], found: &Found) -> usize {
    let holding: Vec<_> = parts.iter().filter(|it| it.is_met(found)).collect();
    let voices: Vec<_> = holding.iter().map(|it| voices(it, found)).collect();
    let free = voices.iter().filter(|it| it.is_none()).count();
    let choices: Vec<_> = voices.iter().flatten().collect();
    free + Matching::new(&choices).size()
}

/// Who stands behind a part that holds; `None` where it holds without anybody.
fn voices<'a>(part: &Expression, found: &'a Found) -> Option<BTreeSet<&'a Voice>> {
    let asked = part.words();
    let is_asked = |it: &&Word| asked.iter().any(|asked| asked.is_met_by(it));
    let met: Vec<_> = found.words().iter().filter(is_asked).collect();
    let nobodys = met.iter().filter(|it| found.voices(it).next().is_none());
    let nobodys: Vec<_> = nobodys.map(|it| (*it).clone()).collect();
    if part.is_met(&Found::from(&nobodys[..])) {
        return None;
    }
    Some(met.iter().flat_map(|it| found.voices(it)).collect())
}

/// Parts and voices in pairs, none of either in two: as many as there can be (Kuhn's algorithm).
struct Matching<'a> {
    choices: &'a [&'a BTreeSet<&'a Voice>],
    pairs: Vec<(&'a Voice, usize)>,
}

impl<'a> Matching<'a> {
    fn new(choices: &'a [&'a BTreeSet<&'a Voice>]) -> Self {
        let pairs = Vec::new();
        Self { choices, pairs }
    }

    fn size(mut self) -> usize {
        let parts = 0..self.choices.len();
        parts
            .filter(|part| self.find(*part, &mut BTreeSet::new()))
            .count()
    }

    /// Finds a voice for a part; whoever has it may find another.
    fn find(&mut self, part: usize, tried: &mut BTreeSet<&'a Voice>) -> bool {
        let choices = self.choices[part];
        for voice in choices.iter().copied() {
            if !tried.insert(voice) {
                continue;
            }
            let holder = self.pairs.iter().find(|it| it.0 == voice).map(|it| it.1);
            if holder.is_none_or(|it| self.find(it, tried)) {
                self.pairs.retain(|it| it.0 != voice);
                self.pairs.push((voice, part));
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Word {
        Word::parse(text).unwrap()
    }

    fn of(words: &[&str]) -> Vec<Expression> {
        let words = words.iter().map(|it| Expression::Word(word(it)));
        words.collect()
    }

    /// `word=x+y` is said by x and by y.
    fn found(said: &[&str]) -> Found {
        let mut found = Found::default();
        for it in said {
            // The identities of publishers have such signs, too.
            match it.rsplit_once("==") {
                None => found.add(word(it)),
                Some((said, by)) => {
                    let by = by.split('+').map(|it| Voice::of_hook(&it.parse().unwrap()));
                    found.add_said(word(said), &by.collect());
                }
            }
        }
        found
    }

    #[test]
    fn nobody_counts_twice() {
        let parts = of(&["key:a", "certified:c", "vouch:v", "index"]);
        for (said, count) in [
            (
                &["key:a==x", "certified:c==y", "vouch:v==z", "index"][..],
                4,
            ),
            (&["key:a==x", "certified:c==x"], 1),
            (&["key:a==x", "certified:c==x", "vouch:v==y"], 2),
            (&["key:a==x", "certified:c==x+y"], 2),
            (&["certified:c==x+y", "key:a==x"], 2),
            (&["key:a==x", "certified:c==x+y", "vouch:v==y"], 2),
            (&["key:a==x", "certified:c==x+y", "vouch:v==y+z"], 3),
            (&["index"], 1),
            (&[], 0),
        ] {
            assert_eq!(super::count(&parts, &found(said)), count, "{said:?}");
        }
    }

    #[test]
    fn one_attestation_is_one_voice_whatever_asks_for_it() {
        let identity = "publisher:github:acme/app:r.yml:repository-id=1:owner-id=2";
        let found = found(&[&format!("{identity}==x")]);
        let parts = of(&["publisher", "publisher:github:acme/app", identity]);
        assert_eq!(super::count(&parts, &found), 1);
    }

    #[test]
    fn what_holds_without_anybody_takes_nobody() {
        let either = Expression::Any(of(&["index", "key:a"]));
        let parts = [either, Expression::Word(word("key:a"))];
        assert_eq!(super::count(&parts, &found(&["index", "key:a==x"])), 2);
        assert_eq!(super::count(&parts, &found(&["key:a==x"])), 1);
    }
}
