//! What a project's file adds to a policy never admits what was refused without it, and nothing that
//! others say lifts the machine's rules.

use std::{io::Write as _, sync::Arc};

use assay_trust::{
    Artifact, Author, Cooldown, Cutoff, Evidence, Expression, Grant, Measuring, Mode, Policy,
    ProjectPattern, Required, Rule, Stated, Word, admit,
};
use assay_types::{
    Algorithm, Digest, Digests, FileName, ProjectName, Timestamp, Url,
    listing::{File, Location, Origin},
};
use proptest::{option, prelude::*, sample::select};
use sha2::{Digest as _, Sha256};

const BYTES: &[u8] = b"the bytes of a wheel";
const NAMES: [&str; 3] = ["acme", "acme-core", "other"];
const PATTERNS: [&str; 5] = ["acme", "acme-*", "acme*", "*", "other"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_projects_file_admits_nothing_that_was_refused(
        options in options(),
        own in rules(&[Author::Machine, Author::User, Author::Approved]),
        project in rules(&[Author::Project, Author::Requirements]),
        wheel in wheel(),
    ) {
        let without = with(&options, &own);
        let mut both = without.clone();
        for rule in project {
            // A loosening is refused, and leaves nothing behind.
            let is_loosening = is_loosening(&rule);
            prop_assert_eq!(both.add(rule).is_err(), is_loosening);
        }
        prop_assert!(!wheel.passes(&both) || wheel.passes(&without));
        prop_assert_eq!(grants(&both), grants(&without));
        prop_assert!(both.rules().all(|it| it.author.may_loosen() || !is_loosening(it)));
    }

    #[test]
    fn nothing_lifts_the_machines_rules(
        options in options(),
        machine in rules(&[Author::Machine]),
        others in rules(&[
            Author::User,
            Author::Approved,
            Author::Project,
            Author::Requirements,
        ]),
        wheel in wheel(),
    ) {
        let alone = with(&Policy::new(Cooldown::none()), &machine);
        let all = [machine, others].concat();
        prop_assert!(!wheel.passes(&with(&options, &all)) || wheel.passes(&alone));
    }

    #[test]
    fn the_order_of_rules_does_not_matter(
        options in options(),
        all in rules(&[
            Author::Machine,
            Author::User,
            Author::Approved,
            Author::Project,
            Author::Requirements,
        ]),
        wheel in wheel(),
    ) {
        let reversed: Vec<_> = all.iter().rev().cloned().collect();
        prop_assert_eq!(
            wheel.passes(&with(&options, &all)),
            wheel.passes(&with(&options, &reversed))
        );
    }

    #[test]
    fn whatever_is_required_and_missing_refuses(
        options in options(),
        all in rules(&[
            Author::Machine,
            Author::User,
            Author::Approved,
            Author::Project,
            Author::Requirements,
        ]),
        wheel in wheel(),
    ) {
        let policy = with(&options, &all);
        let is_met = policy.required(&wheel.project).all(|it| {
            it.value.mode != Mode::Require || it.value.expression.is_met(&wheel.words[..].into())
        });
        let is_denied = policy.rules().any(|it| it.covers(&wheel.project) && it.deny.is_some());
        prop_assert!((is_met && !is_denied) || !wheel.passes(&policy));
    }
}

/// A file on an index, and what speaks for it.
#[derive(Debug, Clone)]
struct Wheel {
    project: ProjectName,
    words: Vec<Word>,
    uploaded: Option<i64>,
    pinned: bool,
}

impl Wheel {
    /// Whether it is listed for the resolver and its bytes are admitted.
    fn passes(&self, policy: &Policy) -> bool {
        let file_name = format!(
            "{}-1.0-py3-none-any.whl",
            self.project.as_ref().replace('-', "_")
        );
        let name = FileName::parse(&file_name, &self.project).unwrap();
        let location = Location::Url(
            format!("https://files.example/{file_name}")
                .parse()
                .unwrap(),
        );
        let file = File {
            upload_time: self.uploaded.map(hours),
            ..File::new(name, location, Origin::Index(Arc::new(index())))
        };
        let digest = Digest::new(Algorithm::Sha256, Sha256::digest(BYTES).to_vec()).unwrap();
        let digests: Digests = [digest].into_iter().collect();
        let evidence = self.words.iter().map(|word| match word {
            Word::Local => Evidence::Local {
                named_in: "the command line".into(),
            },
            Word::Hash => Evidence::Hash {
                digests: digests.clone(),
                given_in: "requirements.txt:1".into(),
            },
            _ => Evidence::Index {
                origin: file.origin.clone(),
                digests: digests.clone(),
            },
        });
        let evidence: Vec<_> = evidence.collect();
        let mut measuring = Measuring::of(Vec::new(), &[]);
        measuring.write_all(BYTES).unwrap();
        let artifact = Artifact::of(&file);
        let admitted = admit(measuring.finish(), &artifact, &evidence, policy, hours(100));
        policy.judge_file(&file, self.pinned).is_none() && admitted.is_ok()
    }
}

fn wheel() -> impl Strategy<Value = Wheel> {
    let words = prop::collection::vec(word(), 0..4);
    let uploaded = option::weighted(0.9, 0..100_i64);
    (select(&NAMES[..]), words, uploaded, any::<bool>()).prop_map(
        |(project, words, uploaded, pinned)| Wheel {
            project: project.parse().unwrap(),
            words,
            uploaded,
            pinned,
        },
    )
}

/// What options and defaults may say.
fn options() -> impl Strategy<Value = Policy> {
    let cutoffs = (
        option::of(cutoff()),
        option::of(cutoff()),
        option::of(cutoff()),
        option::of(0..100_i64),
    );
    (cutoffs, any::<bool>()).prop_map(|((general, project, by_index, default), hashes)| {
        let by_project = project.map(|it| ("acme".parse().unwrap(), it));
        let cooldown = Cooldown {
            general,
            by_project: by_project.into_iter().collect(),
            by_index: by_index.map(|it| (index(), it)).into_iter().collect(),
            default: default.map(|it| (index(), Cutoff::Lenient(hours(it)))),
        };
        let policy = Policy::new(cooldown);
        match hashes {
            true => policy.require_hashes(),
            false => policy,
        }
    })
}

fn rules(authors: &'static [Author]) -> impl Strategy<Value = Vec<Rule>> {
    prop::collection::vec(rule(authors), 0..5)
}

fn rule(authors: &'static [Author]) -> impl Strategy<Value = Rule> {
    let patterns = prop::collection::vec(select(&PATTERNS[..]), 1..3);
    (
        select(authors),
        option::weighted(0.7, patterns),
        option::of((
            expression(),
            select(&[Mode::Require, Mode::Warn, Mode::Report][..]),
        )),
        option::of(cutoff()),
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.1),
    )
        .prop_map(|(author, patterns, evidence, age, is_denied, is_granted)| {
            let parse = |it: &str| ProjectPattern::parse(it).unwrap();
            let patterns = patterns.map(|all| all.into_iter().map(parse).collect());
            let grant = || stated(Grant::Startup("acme".parse().unwrap()));
            Rule {
                evidence: evidence.map(|(expression, mode)| stated(Required { expression, mode })),
                min_age: age.map(stated),
                deny: is_denied.then(|| stated("a reason".to_owned())),
                grants: is_granted.then(grant).into_iter().collect(),
                ..Rule::new(author, patterns)
            }
        })
}

/// Options with every rule that may be added.
fn with(options: &Policy, rules: &[Rule]) -> Policy {
    let mut policy = options.clone();
    for rule in rules {
        let refused = policy.add(rule.clone()).is_err();
        assert_eq!(refused, is_loosening(rule), "{rule:?}");
    }
    policy
}

fn is_loosening(rule: &Rule) -> bool {
    let exempts = rule
        .min_age
        .as_ref()
        .is_some_and(|it| it.value == Cutoff::None);
    rule.author >= Author::Project && (exempts || !rule.grants.is_empty())
}

fn grants(policy: &Policy) -> impl PartialEq + std::fmt::Debug {
    (
        policy.startup.clone(),
        policy.overwrite.clone(),
        policy.bad_record.clone(),
    )
}

fn stated<T>(value: T) -> Stated<T> {
    Stated {
        value,
        place: "policy.toml:3:1".into(),
    }
}

fn word() -> impl Strategy<Value = Word> {
    select(&[Word::Index, Word::Local, Word::Hash][..])
}

fn expression() -> impl Strategy<Value = Expression> {
    let leaf = word().prop_map(Expression::Word);
    leaf.prop_recursive(2, 8, 3, |inner| {
        let parts = prop::collection::vec(inner, 0..3);
        prop_oneof![
            parts.clone().prop_map(Expression::All),
            parts.clone().prop_map(Expression::Any),
            (0..3_usize, parts).prop_map(|(count, parts)| Expression::AtLeast(count, parts)),
        ]
    })
}

/// As ages come from files and options; only the default is lenient.
fn cutoff() -> impl Strategy<Value = Cutoff> {
    prop_oneof![
        Just(Cutoff::None),
        (0..100_i64).prop_map(|it| Cutoff::Strict(hours(it))),
    ]
}

fn hours(count: i64) -> Timestamp {
    Timestamp::from_second(count * 3600).unwrap()
}

fn index() -> Url {
    "https://index.example/simple/".parse().unwrap()
}
