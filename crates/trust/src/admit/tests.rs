mod attested;
mod heard;
mod review;

use std::io::Write as _;
use std::sync::Arc;

use assay_types::{Digest, listing::Origin};

use super::*;
use crate::{Cooldown, Expression, Measuring, RefusalKind};

const BYTES: &[u8] = b"the bytes of a wheel";

fn artifact() -> Artifact {
    Artifact {
        project: "flask".parse().unwrap(),
        version: "1.0".parse().unwrap(),
        file_name: "flask-1.0-py3-none-any.whl".into(),
        origin: origin(),
        size: None,
    }
}

fn origin() -> Origin {
    Origin::Index(Arc::new("https://index.example/simple/".parse().unwrap()))
}

fn digest(name: &str, bytes: &[u8]) -> Digests {
    use sha2::Digest as _;
    let raw = match name {
        "sha512" => sha2::Sha512::digest(bytes).to_vec(),
        "sha384" => sha2::Sha384::digest(bytes).to_vec(),
        _ => sha2::Sha256::digest(bytes).to_vec(),
    };
    let algorithm = assay_types::Algorithm::from_name(name).unwrap();
    [Digest::new(algorithm, raw).unwrap()].into_iter().collect()
}

fn weak() -> Digests {
    let mut digests = Digests::none();
    digests
        .insert("md5", "d41d8cd98f00b204e9800998ecf8427e")
        .unwrap();
    digests
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
        given_in: "requirements.txt:3".into(),
    }
}

fn local() -> Evidence {
    Evidence::Local {
        named_in: "requirements.txt:3".into(),
    }
}

fn staged(evidence: &[Evidence]) -> Staged<Vec<u8>> {
    let expected = evidence.iter().filter_map(|it| match it {
        Evidence::Index { digests, .. } | Evidence::Hash { digests, .. } => Some(digests),
        Evidence::Local { .. }
        | Evidence::Commit { .. }
        | Evidence::Publishers(_)
        | Evidence::Heard(_) => None,
    });
    let mut measuring = Measuring::new(Vec::new(), expected);
    measuring.write_all(BYTES).unwrap();
    measuring.finish()
}

fn policy() -> Policy {
    Policy::new(Cooldown::none())
}

fn judge(evidence: &[Evidence], policy: &Policy) -> Result<Vec<Word>, RefusalKind> {
    let now = "2026-11-22T00:00:00Z".parse().unwrap();
    admit(staged(evidence), &artifact(), evidence, policy, now)
        .map(|it| it.admission().words().to_vec())
        .map_err(|it| it.kind)
}

#[test]
fn a_strong_digest_on_the_index_admits_and_a_weak_one_does_not() {
    for name in ["sha256", "sha384", "sha512"] {
        assert_eq!(
            judge(&[listed(digest(name, BYTES))], &policy()),
            Ok(vec![Word::Index]),
            "{name}"
        );
    }
    assert_eq!(judge(&[listed(weak())], &policy()), Err(RefusalKind::Gap));
    assert_eq!(
        judge(&[listed(Digests::none())], &policy()),
        Err(RefusalKind::Gap)
    );
    assert_eq!(judge(&[], &policy()), Err(RefusalKind::Gap));
}

#[test]
fn evidence_that_contradicts_the_bytes_refuses_whatever_else_speaks_for_them() {
    let good = || digest("sha256", BYTES);
    let bad = || digest("sha256", b"other bytes");
    assert_eq!(
        judge(&[listed(bad())], &policy()),
        Err(RefusalKind::Mismatch)
    );
    assert_eq!(
        judge(&[listed(good()), given(bad())], &policy()),
        Err(RefusalKind::Mismatch)
    );
    assert_eq!(
        judge(&[listed(bad()), local()], &policy()),
        Err(RefusalKind::Mismatch)
    );
    let both: Digests = good()
        .strong()
        .iter()
        .chain(digest("sha512", b"x").strong())
        .cloned()
        .collect();
    assert_eq!(
        judge(&[listed(both)], &policy()),
        Err(RefusalKind::Mismatch)
    );
}

#[test]
fn one_of_several_given_hashes_is_enough_because_each_is_for_another_file() {
    let several: Digests = digest("sha256", b"x")
        .strong()
        .iter()
        .chain(digest("sha256", BYTES).strong())
        .cloned()
        .collect();
    assert_eq!(judge(&[given(several)], &policy()), Ok(vec![Word::Hash]));
}

#[test]
fn require_hashes_takes_nothing_but_a_hash() {
    let strict = policy().require_hashes();
    assert_eq!(
        judge(&[listed(digest("sha256", BYTES))], &strict),
        Err(RefusalKind::Gap)
    );
    assert_eq!(judge(&[local()], &strict), Err(RefusalKind::Gap));
    let both = [
        listed(digest("sha256", BYTES)),
        given(digest("sha256", BYTES)),
    ];
    assert_eq!(judge(&both, &strict), Ok(vec![Word::Index, Word::Hash]));
}

#[test]
fn the_announced_size_counts() {
    let evidence = [listed(digest("sha256", BYTES))];
    let now = Timestamp::UNIX_EPOCH;
    let sized = |size| Artifact {
        size: Some(size),
        ..artifact()
    };
    let exact = sized(BYTES.len() as u64);
    assert!(admit(staged(&evidence), &exact, &evidence, &policy(), now).is_ok());
    let longer = sized(BYTES.len() as u64 + 1);
    assert!(admit(staged(&evidence), &longer, &evidence, &policy(), now).is_err());
}

#[test]
fn a_memo_that_lacks_a_digest_proves_nothing_about_it() {
    let remembered = staged(&[]);
    let memo = crate::Memo::from_state(
        remembered.measured().sha256(),
        Vec::new(),
        BYTES.len() as u64,
    );
    let evidence = [listed(digest("sha512", BYTES))];
    let staged = Staged::remembered(BYTES.to_vec(), memo);
    assert!(!staged.measured().covers(&digest("sha512", BYTES)));
    assert!(
        admit(
            staged,
            &artifact(),
            &evidence,
            &policy(),
            Timestamp::UNIX_EPOCH
        )
        .is_err()
    );
}

#[test]
fn a_digest_that_a_person_wrote_may_be_their_mistake_and_an_indexs_may_not() {
    let hint = |evidence: Evidence| {
        let evidence = [evidence];
        let now = Timestamp::UNIX_EPOCH;
        let refused = admit(staged(&evidence), &artifact(), &evidence, &policy(), now);
        refused.err().unwrap().hint.unwrap()
    };
    let other = || digest("sha256", b"other");
    assert!(hint(given(other())).contains("is the digest in requirements.txt:3"));
    assert!(hint(listed(other())).contains("tell the index's operator"));
}

#[test]
fn what_is_foreseen_is_what_the_door_says() {
    let sha256 = digest("sha256", BYTES).sha256().unwrap();
    let cases = [
        vec![listed(digest("sha256", BYTES))],
        vec![listed(weak())],
        vec![local()],
        vec![],
        vec![
            listed(digest("sha256", BYTES)),
            given(digest("sha256", BYTES)),
        ],
        vec![
            listed(digest("sha256", BYTES)),
            given(digest("sha256", b"other")),
        ],
        vec![
            listed(digest("sha256", BYTES)),
            given(digest("sha512", BYTES)),
        ],
    ];
    for evidence in cases {
        let foreseen = foresee(&artifact(), sha256, &evidence, &policy(), &[]);
        let foreseen = foreseen.map(drop).map_err(|it| it.kind);
        let judged = judge(&evidence, &policy()).map(drop);
        assert_eq!(foreseen, judged, "{evidence:?}");
    }
}

#[test]
fn sidecars_need_a_strong_digest_that_matches() {
    let open = |digests: &Digests| {
        let mut measuring = Measuring::new(Vec::new(), [digests]);
        measuring.write_all(BYTES).unwrap();
        authenticate_sidecar(measuring.finish(), &artifact(), digests).is_ok()
    };
    assert!(open(&digest("sha256", BYTES)));
    assert!(!open(&digest("sha256", b"other")));
    assert!(!open(&weak()));
    assert!(!open(&Digests::none()));
}

#[test]
fn a_gap_names_the_line_to_paste() {
    let error = admit(
        staged(&[]),
        &artifact(),
        &[listed(weak())],
        &policy(),
        Timestamp::UNIX_EPOCH,
    )
    .err()
    .unwrap();
    let sha256 = digest("sha256", BYTES).sha256().unwrap();
    assert!(
        error
            .hint
            .unwrap()
            .contains(&format!("flask==1.0 --hash=sha256:{sha256}"))
    );
    assert_eq!(
        error.found,
        ["listed by https://index.example/simple/ with md5 only, which proves nothing"]
    );
}
