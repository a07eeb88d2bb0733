//! Whether the rules in force would take again what a receipt records.

use assay_types::{ProjectName, requirement::redacted};

use super::Policy;
use crate::{CommittedPin, Identity, IndexPins, Relation, Word};

/// What a receipt says of a distribution. It is somebody's word: no byte stands behind it.
#[derive(Debug, Clone, Copy)]
pub struct Recorded<'a> {
    /// The project.
    pub project: &'a ProjectName,
    /// The kinds of evidence that held.
    pub words: &'a [Word],
    /// The index or place that the file came from, as an [`assay_types::listing::Origin`] shows itself.
    pub origin: &'a str,
}

/// A judgement on recorded evidence; it accepts nothing and only tells. Lines are unescaped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hindsight {
    /// What would refuse it today; none where it would be accepted.
    pub refusing: Vec<String>,
    /// What rules of mode `warn` or `report` would miss.
    pub missing: Vec<String>,
}

impl Policy {
    /// Judges what was recorded by the rules in force and the pins of indexes. Ages are left out,
    /// because time only passes, and so is what the state knows of publishers: that is about the next
    /// file.
    pub fn judge_recorded(&self, recorded: Recorded<'_>, indexes: &IndexPins) -> Hindsight {
        let mut hindsight = Hindsight::default();
        let project = recorded.project;
        if let Some(denial) = self.denial(project) {
            let why = format!("{} denies it: {}", denial.place, denial.value);
            hindsight.refusing.push(why);
        }
        if let Some(pin) = indexes.of(project) {
            let index = redacted(&pin.index);
            if index.as_str() != recorded.origin {
                let why = format!("{} wants it from {index} alone", pin.stated_in);
                hindsight.refusing.push(why);
            }
        }
        let strangers = self
            .committed(project)
            .filter_map(|it| stranger(it, &recorded));
        hindsight.refusing.extend(strangers);
        let shortfall = self.judge_words(project, &recorded.words.into());
        let refusing = shortfall.refusing.iter().map(|it| format!("missing: {it}"));
        hindsight.refusing.extend(refusing);
        let missing = shortfall.remarks.iter();
        hindsight.missing = missing.map(|it| format!("{it} ({})", it.mode)).collect();
        hindsight
    }
}

/// What is wrong where a policy file names the publishers. As with a file that arrives, a new name of
/// the same repository will do, and another workflow will not.
fn stranger(pin: &CommittedPin, recorded: &Recorded<'_>) -> Option<String> {
    let place = &pin.place;
    let signers: Vec<&Identity> = recorded.words.iter().filter_map(signer).collect();
    if signers.is_empty() {
        return Some(format!(
            "nobody signed it, and {place} names its publishers"
        ));
    }
    let is_stranger = |it: &&&Identity| !Relation::to_any(&pin.identities, it).is_known();
    let stranger = signers.iter().find(is_stranger)?;
    Some(format!("{stranger} signed it, whom {place} does not name"))
}

fn signer(word: &Word) -> Option<&Identity> {
    match word {
        Word::Publisher(identity) => identity.as_ref(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Author, Cooldown, Expression, IndexPin, Mode, ProjectPattern, Required, Rule, Stated,
    };

    const INDEX: &str = "https://index.example/simple/";

    fn hindsight(policy: &Policy, words: &[&str], pins: &IndexPins) -> Hindsight {
        let words: Vec<_> = words.iter().map(|it| Word::parse(it).unwrap()).collect();
        let recorded = Recorded {
            project: &"demo".parse().unwrap(),
            words: &words,
            origin: INDEX,
        };
        policy.judge_recorded(recorded, pins)
    }

    fn policy() -> Policy {
        Policy::new(Cooldown::none())
    }

    fn asking(word: &str, mode: Mode) -> Policy {
        let mut policy = policy();
        let mut rule = Rule::new(Author::User, None);
        let expression = Expression::Word(Word::parse(word).unwrap());
        rule.evidence = Some(Stated {
            value: Required { expression, mode },
            place: "p.toml:1:1".to_owned(),
        });
        policy.add(rule).unwrap();
        policy
    }

    #[test]
    fn recorded_words_meet_a_rule_or_it_would_refuse() {
        let none = IndexPins::default();
        assert_eq!(
            hindsight(&policy(), &["index"], &none),
            Hindsight::default()
        );
        assert_eq!(hindsight(&policy(), &[], &none).refusing.len(), 1);
        let strict = asking("hash", Mode::Require);
        assert!(
            hindsight(&strict, &["index", "hash"], &none)
                .refusing
                .is_empty()
        );
        let refusing = hindsight(&strict, &["index"], &none).refusing;
        assert_eq!(refusing, ["missing: hash, which p.toml:1:1 asks for"]);
        let lax = hindsight(&asking("hash", Mode::Warn), &["index"], &none);
        assert!(lax.refusing.is_empty() && lax.missing.len() == 1);
    }

    #[test]
    fn a_denial_and_another_index_refuse() {
        let mut denying = policy();
        let mut rule = Rule::new(Author::User, None);
        rule.deny = Some(Stated {
            value: "sold".to_owned(),
            place: "p.toml:1:1".to_owned(),
        });
        denying.add(rule).unwrap();
        let refusing = hindsight(&denying, &["index"], &IndexPins::default()).refusing;
        assert_eq!(refusing, ["p.toml:1:1 denies it: sold"]);
        for (index, refusals) in [(INDEX, 0), ("https://other.example/simple/", 1)] {
            let mut pins = IndexPins::default();
            pins.add(IndexPin {
                pattern: ProjectPattern::parse("demo").unwrap(),
                index: index.parse().unwrap(),
                stated_in: "p.toml:1".to_owned(),
            })
            .unwrap();
            let refusing = hindsight(&policy(), &["index"], &pins).refusing;
            assert_eq!(refusing.len(), refusals, "{index}");
        }
    }

    #[test]
    fn whoever_signed_is_one_that_a_policy_file_names() {
        let mut named = policy();
        named.publishers.push(CommittedPin {
            author: Author::User,
            project: "demo".parse().unwrap(),
            identities: vec![
                "github:o/demo:r.yml:repository-id=1:owner-id=2"
                    .parse()
                    .unwrap(),
            ],
            place: "p.toml:1:1".to_owned(),
        });
        for (word, is_refused) in [
            (
                "publisher:github:o/demo:r.yml:repository-id=1:owner-id=2",
                false,
            ),
            (
                "publisher:github:o/renamed:r.yml:repository-id=1:owner-id=2",
                false,
            ),
            (
                "publisher:github:o/demo:other.yml:repository-id=1:owner-id=2",
                true,
            ),
            (
                "publisher:github:x/demo:r.yml:repository-id=1:owner-id=3",
                true,
            ),
            ("publisher", true),
            ("local", true),
        ] {
            let refusing = hindsight(&named, &["index", word], &IndexPins::default()).refusing;
            assert_eq!(!refusing.is_empty(), is_refused, "{word}: {refusing:?}");
        }
    }
}
