//! What is drafted is read, and nothing that was changed on the way counts.

use std::collections::BTreeSet;

use assay_trust::{
    ProjectPattern,
    signature::RawKey,
    statement::{
        Base, Bundle, Certification, Denial, Observation, Rebuild, Release, Statement, Subject,
        Times, Vouch,
    },
};
use assay_types::{ProjectName, Sha256, Timestamp, Version};
use proptest::{collection::vec, option, prelude::*, sample::select};

use crate::world::{person, published, recently, trusted, vouched, world};

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_drafted_is_read(statement in statement()) {
        let payload = statement.payload();
        prop_assert_eq!(&Statement::parse(&payload).unwrap(), &statement);
        prop_assert_eq!(Statement::parse(&payload).unwrap().payload(), payload);
        let line = person("alice").sign(&statement);
        prop_assert!(!line.contains('\n'));
        let bundle = Bundle::parse(line.as_bytes()).unwrap();
        let alice = trusted("alice");
        let said = bundle.statements(&[&alice]).unwrap();
        prop_assert_eq!(said.len(), 1);
        prop_assert_eq!(said[0].statement(), &statement);
        for kept in bundle.denials(&[&alice]).unwrap().into_values().flatten() {
            prop_assert_eq!(&kept, &line);
        }
    }

    #[test]
    fn a_line_that_was_changed_does_not_count(at in any::<prop::sample::Index>(), flip in 1..=255_u8) {
        let line = person("release").sign(&published()).into_bytes();
        let mut changed = line.clone();
        let at = at.index(line.len());
        changed[at] ^= flip;
        let counts = Bundle::parse(&changed).is_ok()
            && String::from_utf8(changed.clone()).is_ok_and(|it| {
                world().beside(it.split('\n').map(str::to_owned)).words().is_ok_and(|it| !it.is_empty())
            });
        // What is signed by nobody may change: the key's name, which is a hint, and white space.
        let value = |it: &[u8]| serde_json::from_slice::<serde_json::Value>(it);
        let same = value(&changed).is_ok_and(|it| {
            let original = value(&line).unwrap();
            it["payload"] == original["payload"] && it["signatures"][0]["sig"] == original["signatures"][0]["sig"]
        });
        prop_assert!(!counts || same);
    }

    #[test]
    fn neither_strangers_nor_the_order_of_lines_change_anything(
        strange in vec(statement(), 0..6),
        order in Just((0..9_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let denied = denied();
        let own = [
            person("alice").sign(&vouched()),
            person("bob").sign(&denied),
            person("carol").sign(&vouched()),
        ];
        let words = |lines: Vec<String>| {
            let world = world().beside(lines.clone()).set("team", lines);
            world.words().unwrap().into_iter().collect::<BTreeSet<_>>()
        };
        let about = [vouched(), published(), denied.clone()];
        let strange = about.iter().chain(&strange).map(|it| person("mallory").sign(it));
        let mut all: Vec<_> = own.iter().cloned().chain(strange).zip(order).collect();
        all.sort_by_key(|it| it.1);
        prop_assert_eq!(words(all.into_iter().map(|it| it.0).collect()), words(own.to_vec()));
        prop_assert_eq!(words(own.to_vec()).len(), 3);
    }

    #[test]
    fn no_bytes_are_too_strange_to_be_refused(bytes in vec(any::<u8>(), 0..200)) {
        let _ = Statement::parse(&bytes);
        let _ = Bundle::parse(&bytes);
        let line = person("release").sign_payload(bytes);
        prop_assert!(world().beside([line]).words().is_err());
    }
}

fn denied() -> Statement {
    let said = Denial {
        project: "demo".parse().unwrap(),
        versions: vec!["1.0".parse().unwrap()],
        reason: "a reason".to_owned(),
    };
    Statement::denies(vec![], said, recently()).unwrap()
}

fn statement() -> impl Strategy<Value = Statement> {
    let about = (subject(), times());
    prop_oneof![
        (about.clone(), release())
            .prop_map(|((subject, times), said)| Statement::publishes(subject, said, times)),
        (about.clone(), vouch())
            .prop_map(|((subject, times), said)| Statement::vouches(subject, said, times)),
        (about.clone(), line()).prop_map(|((subject, times), index)| {
            let first_seen = times.issued;
            Statement::observes(subject, Observation { index, first_seen }, times)
        }),
        (about, line(), option::of(line())).prop_map(|((subject, times), source, builder)| {
            Statement::rebuilt(subject, Rebuild { source, builder }, times)
        }),
        (times(), any::<[u8; 32]>(), vec(pattern(), 1..4)).prop_map(|(times, key, projects)| {
            let key = RawKey::Ed25519(key);
            Statement::certifies(Certification { key, projects }, times)
        }),
        (vec(subject(), 1..3), times(), denial())
            .prop_map(|(subjects, times, said)| Statement::denies(subjects, said, times)),
    ]
    .prop_map(Result::unwrap)
}

fn subject() -> impl Strategy<Value = Subject> + Clone {
    (line(), sha256()).prop_map(|(name, sha256)| Subject { name, sha256 })
}

fn sha256() -> impl Strategy<Value = Sha256> + Clone {
    any::<[u8; 32]>().prop_map(Sha256)
}

fn times() -> impl Strategy<Value = Times> + Clone {
    let time = |it: i64| Timestamp::from_millisecond(it).unwrap();
    (0..4_000_000_000_000_i64, option::of(1..1_000_000_000_i64)).prop_map(move |(issued, life)| {
        Times {
            issued: time(issued),
            expires: life.map(|it| time(issued + it)),
        }
    })
}

/// A text that is not blank, with whatever JSON has to escape.
fn line() -> impl Strategy<Value = String> + Clone {
    "[a-z\"\\\\\u{0}-\u{1f}\u{7f}äß\u{2028}\u{10ffff}]{0,20}x"
}

fn project() -> impl Strategy<Value = ProjectName> {
    "[a-zA-Z][a-zA-Z0-9._-]{0,10}[a-z0-9]".prop_map(|it| it.parse().unwrap())
}

const VERSIONS: [&str; 5] = [
    "0",
    "1.0",
    "1.0.0",
    "2!1.0rc1.post2.dev3+local.4",
    "2026.11.23",
];
const PATTERNS: [&str; 4] = ["*", "demo", "demo-*", "Some_Name*"];

fn version() -> impl Strategy<Value = Version> {
    select(&VERSIONS[..]).prop_map(|it| it.parse().unwrap())
}

fn pattern() -> impl Strategy<Value = ProjectPattern> {
    select(&PATTERNS[..]).prop_map(|it| ProjectPattern::parse(it).unwrap())
}

fn release() -> impl Strategy<Value = Release> {
    (project(), version()).prop_map(|(project, version)| Release { project, version })
}

fn vouch() -> impl Strategy<Value = Vouch> {
    let criteria = vec("[a-z0-9][a-z0-9-]{0,9}", 1..4);
    let base = (version(), sha256()).prop_map(|(version, sha256)| Base { version, sha256 });
    (release(), criteria, option::of(line()), option::of(base)).prop_map(
        |(release, criteria, notes, from)| Vouch {
            project: release.project,
            version: release.version,
            criteria: criteria.into_iter().collect::<BTreeSet<_>>(),
            notes,
            from,
        },
    )
}

fn denial() -> impl Strategy<Value = Denial> {
    (project(), vec(version(), 0..3), line()).prop_map(|(project, versions, reason)| Denial {
        project,
        versions,
        reason,
    })
}
