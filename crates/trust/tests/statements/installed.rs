//! What is denied of a distribution that is installed: the same as of a file that arrives.

use assay_trust::{
    sha256,
    signature::Rule,
    statement::{Certification, Denial, Statement, Subject},
};
use assay_types::Sha256;

use crate::world::{
    BYTES, World, file, named, only, person, published, recently, until, vouched, world,
};

const NO: &str = "no: it mines coins (key:alice)";

fn denial(project: &str, versions: &[&str]) -> Denial {
    Denial {
        project: project.parse().unwrap(),
        versions: versions.iter().map(|it| it.parse().unwrap()).collect(),
        reason: "it mines coins".to_owned(),
    }
}

fn denied(subjects: Vec<Subject>, versions: &[&str]) -> Statement {
    Statement::denies(subjects, denial("demo", versions), recently()).unwrap()
}

fn bytes() -> Option<Sha256> {
    Some(sha256(BYTES))
}

fn team(statement: &Statement) -> World {
    world().set("team", [person("alice").sign(statement)])
}

#[test]
fn a_distribution_is_told_by_its_wheel_or_by_its_version() {
    let (by_file, by_version) = (denied(vec![file()], &[]), denied(vec![], &["1.0"]));
    let other = Some(sha256(b"other"));
    for (statement, sha256, is_denied) in [
        (&by_file, bytes(), true),
        (&by_file, other, false),
        (&by_file, None, false),
        (&by_version, bytes(), true),
        (&by_version, other, true),
        (&by_version, None, true),
        (&denied(vec![], &["1.0.1"]), None, false),
        (
            &denied(vec![named("x.whl", sha256(BYTES))], &[]),
            bytes(),
            true,
        ),
    ] {
        let expected: &[&str] = if is_denied { &[NO] } else { &[] };
        assert_eq!(team(statement).denials(sha256).unwrap(), expected);
    }
    let other_project = Statement::denies(vec![], denial("other", &["1.0"]), recently()).unwrap();
    assert!(team(&other_project).denials(None).unwrap().is_empty());
}

#[test]
fn a_source_denies_and_nobody_else() {
    let statement = denied(vec![file()], &["1.0"]);
    let by = |who: &str, source| {
        let it = world().set(source, [person(who).sign(&statement)]);
        it.denials(bytes()).unwrap()
    };
    assert_eq!(by("alice", "team"), [NO]);
    assert_eq!(by("bob", "team"), ["no: it mines coins (key:bob)"]);
    assert_eq!(by("carol", "others"), ["no: it mines coins (key:carol)"]);
    assert!(by("carol", "team").is_empty());
    assert!(by("mallory", "team").is_empty());
    let mut limited = team(&statement);
    limited.key("alice").projects = only(&["other"]);
    assert!(limited.denials(bytes()).unwrap().is_empty());
    let mut limited = team(&statement);
    limited.policy.sources[0].projects = only(&["other"]);
    assert!(limited.denials(bytes()).unwrap().is_empty());
    let good = [person("alice").sign(&vouched())];
    assert!(
        world()
            .set("team", good)
            .denials(bytes())
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_denial_ends_and_comes_from_no_future() {
    let ending = |expires| {
        let it = Statement::denies(vec![file()], denial("demo", &[]), until(expires)).unwrap();
        team(&it).denials(bytes()).unwrap()
    };
    assert_eq!(ending("2026-11-20T12:00:01Z"), [NO]);
    assert!(ending("2026-11-20T12:00:00Z").is_empty());
    let mut early = team(&denied(vec![file()], &[]));
    early.moment = crate::world::at("2026-11-18T00:00:00Z").into();
    assert_eq!(early.denials(bytes()).unwrap_err(), Rule::Time);
}

#[test]
fn a_certified_key_takes_back_what_it_publishes() {
    let certifies = |projects: &[&str]| {
        let said = Certification {
            key: person("newcomer").raw(),
            projects: only(projects).unwrap(),
        };
        let lines = [
            person("alice").sign(&Statement::certifies(said, recently()).unwrap()),
            person("newcomer").sign(&denied(vec![], &["1.0"])),
        ];
        world().set("team", lines).denials(None).unwrap()
    };
    assert_eq!(
        certifies(&["demo"]),
        ["no: it mines coins (certified:team)"]
    );
    assert!(certifies(&["other"]).is_empty());
}

#[test]
fn what_cannot_be_read_may_be_a_denial() {
    let kind = |kind: &str, who: &str| {
        let payload = serde_json::json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": "a", "digest": {"sha256": sha256(BYTES).to_string()}}],
            "predicateType": kind,
            "predicate": {"project": "demo", "issued": "2026-11-19T00:00:00Z"},
        });
        let line = person(who).sign_payload(payload.to_string());
        world().set("team", [line]).denials(bytes())
    };
    assert_eq!(kind("urn:assay:forbids:v1", "alice"), Err(Rule::Statement));
    assert_eq!(kind("urn:assay:forbids:v1", "mallory"), Ok(Vec::new()));
    assert_eq!(kind("https://example.com/v1", "alice"), Ok(Vec::new()));
    let beside = world().beside([person("release").sign(&published())]);
    assert!(beside.denials(bytes()).unwrap().is_empty());
}
