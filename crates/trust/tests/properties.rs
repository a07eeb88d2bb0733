//! What holds of every verdict, whatever the evidence and the policy.

use std::{io::Write as _, sync::Arc};

use assay_trust::{
    Artifact, Cooldown, Evidence, Expression, Measuring, Policy, Refusal, RefusalKind, Word, admit,
};
use assay_types::{Algorithm, Digest, Digests, Timestamp, listing::Origin};
use proptest::{prelude::*, sample::select};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

const BYTES: &[u8] = b"the bytes of a wheel";

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn more_evidence_never_meets_less(
        expression in expression(),
        found in words(),
        more in words(),
    ) {
        let all = [found.clone(), more].concat();
        prop_assert!(!expression.is_met(&found[..].into()) || expression.is_met(&all[..].into()), "{expression}");
    }

    #[test]
    fn one_digest_of_an_index_that_differs_is_enough_to_refuse(
        listings in prop::collection::vec(listing(), 1..4),
        others in prop::collection::vec(other_evidence(), 0..3),
        expression in expression(),
        measured in algorithms(),
        at in any::<prop::sample::Index>(),
    ) {
        let all_right = listings.iter().flatten().all(|(_, right)| *right);
        let mut evidence = others;
        let listed = listings.iter().map(|it| listed(digests(BYTES, it)));
        let at = at.index(evidence.len() + 1);
        evidence.splice(at..at, listed);
        let verdict = judge(BYTES, &measured, &evidence, expression);
        prop_assert!(all_right || verdict == Err(RefusalKind::Mismatch));
    }

    #[test]
    fn one_bit_that_differs_is_enough_to_refuse(
        mut bytes in prop::collection::vec(any::<u8>(), 1..200),
        at in any::<prop::sample::Index>(),
        bit in 0..8_u32,
        algorithm in select(&Algorithm::ALL[..]),
        by_user in any::<bool>(),
    ) {
        let digests = digests(&bytes, &[(algorithm, true)]);
        let evidence = [if by_user { given(digests) } else { listed(digests) }];
        let policy = || Policy::new(Cooldown::none()).evidence;
        prop_assert_eq!(judge(&bytes, &[algorithm], &evidence, policy()), Ok(()));
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert_eq!(
            judge(&bytes, &[algorithm], &evidence, policy()),
            Err(RefusalKind::Mismatch)
        );
    }
}

fn word() -> impl Strategy<Value = Word> {
    select(&[Word::Index, Word::Local, Word::Hash][..])
}

fn words() -> impl Strategy<Value = Vec<Word>> {
    prop::collection::vec(word(), 0..4)
}

fn expression() -> impl Strategy<Value = Expression> {
    let leaf = word().prop_map(Expression::Word);
    leaf.prop_recursive(3, 16, 4, |inner| {
        let parts = prop::collection::vec(inner, 0..4);
        prop_oneof![
            parts.clone().prop_map(Expression::All),
            parts.clone().prop_map(Expression::Any),
            (0..4_usize, parts).prop_map(|(count, parts)| Expression::AtLeast(count, parts)),
        ]
    })
}

fn algorithms() -> impl Strategy<Value = Vec<Algorithm>> {
    prop::sample::subsequence(&Algorithm::ALL[..], 0..=3)
}

/// The digests that one page lists, each right or wrong.
fn listing() -> impl Strategy<Value = Vec<(Algorithm, bool)>> {
    prop::collection::vec(
        (select(&Algorithm::ALL[..]), prop::bool::weighted(0.8)),
        0..4,
    )
}

fn other_evidence() -> impl Strategy<Value = Evidence> {
    prop_oneof![
        Just(Evidence::Local {
            named_in: "the command line".to_owned(),
        }),
        listing().prop_map(|it| given(digests(BYTES, &it))),
    ]
}

fn listed(digests: Digests) -> Evidence {
    Evidence::Index {
        origin: origin(),
        digests,
    }
}

fn given(digests: Digests) -> Evidence {
    Evidence::Hash {
        digests,
        given_in: "requirements.txt:3".to_owned(),
    }
}

fn origin() -> Origin {
    Origin::Index(Arc::new("https://index.example/simple/".parse().unwrap()))
}

fn digests(bytes: &[u8], listed: &[(Algorithm, bool)]) -> Digests {
    let digest = |(algorithm, right): &(Algorithm, bool)| {
        let mut raw = match algorithm {
            Algorithm::Sha256 => Sha256::digest(bytes).to_vec(),
            Algorithm::Sha384 => Sha384::digest(bytes).to_vec(),
            Algorithm::Sha512 => Sha512::digest(bytes).to_vec(),
        };
        raw[0] ^= u8::from(!right);
        Digest::new(*algorithm, raw).unwrap()
    };
    listed.iter().map(digest).collect()
}

/// The verdict on bytes of which only these digests were measured, and SHA-256.
fn judge(
    bytes: &[u8],
    measured: &[Algorithm],
    evidence: &[Evidence],
    expression: Expression,
) -> Result<(), RefusalKind> {
    let mut measuring = Measuring::of(Vec::new(), measured);
    measuring.write_all(bytes).unwrap();
    let artifact = Artifact {
        project: "flask".parse().unwrap(),
        version: "1.0".parse().unwrap(),
        file_name: "flask-1.0-py3-none-any.whl".to_owned(),
        origin: origin(),
        size: None,
    };
    let mut policy = Policy::new(Cooldown::none());
    policy.evidence = expression;
    let now = Timestamp::UNIX_EPOCH;
    let admitted = admit(measuring.finish(), &artifact, evidence, &policy, now);
    admitted.map(drop).map_err(|refusal: Refusal| refusal.kind)
}
