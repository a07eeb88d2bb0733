//! Drafts: in what form they are written, and what cannot be said.

use assay_trust::{
    sha256,
    signature::{Rejection, Rule},
    statement::{Certification, Denial, Observation, Rebuild, Statement, Subject, Times, Vouch},
};

use crate::world::{at, compared, file, looked, named, only, person, recently, release, until};

#[test]
fn a_statement_has_one_form() {
    let said = Vouch {
        notes: Some("read all of it".to_owned()),
        ..compared("1.0", "0.9", sha256(b"0.9"))
    };
    let statement = Statement::vouches(file(), said, until("2027-01-01T00:00:00Z")).unwrap();
    let expected = format!(
        "{{\"_type\":\"https://in-toto.io/Statement/v1\",\
         \"subject\":[{{\"name\":\"demo-1.0-py3-none-any.whl\",\"digest\":{{\"sha256\":\"{}\"}}}}],\
         \"predicateType\":\"urn:assay:vouches:v1\",\
         \"predicate\":{{\"project\":\"demo\",\"version\":\"1.0\",\"criteria\":[\"looked-at\"],\
         \"notes\":\"read all of it\",\"from\":{{\"version\":\"0.9\",\"sha256\":\"{}\"}},\
         \"issued\":\"2026-11-19T00:00:00Z\",\"expires\":\"2027-01-01T00:00:00Z\"}}}}",
        file().sha256,
        sha256(b"0.9"),
    );
    assert_eq!(String::from_utf8(statement.payload()).unwrap(), expected);
    assert_eq!(Statement::parse(expected.as_bytes()).unwrap(), statement);
}

fn rule(said: Result<Statement, Rejection>) -> Option<Rule> {
    let statement = said.map_err(|it| it.rule);
    if let Ok(statement) = &statement {
        assert_eq!(Statement::parse(&statement.payload()).unwrap(), *statement);
    }
    statement.err()
}

#[test]
fn a_file_has_a_name() {
    let judge = |name: &str| {
        let subject = named(name, file().sha256);
        rule(Statement::publishes(subject, release("1.0"), recently()))
    };
    assert_eq!(judge("thing-1.0.gem"), None);
    assert_eq!(judge(&"a".repeat(255)), None);
    for bad in ["", " ", &"a".repeat(256)] {
        assert_eq!(judge(bad), Some(Rule::Statement), "{bad}");
    }
}

#[test]
fn criteria_are_named_and_notes_short() {
    let judge = |criteria: &[&str], notes: Option<usize>| {
        let said = Vouch {
            criteria: criteria.iter().map(|it| (*it).to_owned()).collect(),
            notes: notes.map(|it| "a".repeat(it)),
            ..looked("1.0")
        };
        rule(Statement::vouches(file(), said, recently()))
    };
    assert_eq!(judge(&["looked-at"], None), None);
    assert_eq!(judge(&["a", "b-2"], Some(16 << 10)), None);
    for (criteria, notes) in [
        (&[][..], None),
        (&["Looked at"], None),
        (&["a", ""], None),
        (&["a"], Some(0)),
        (&["a"], Some((16 << 10) + 1)),
    ] {
        assert_eq!(
            judge(criteria, notes),
            Some(Rule::Statement),
            "{criteria:?}"
        );
    }
}

#[test]
fn a_denial_has_a_reason_and_an_end() {
    let judge = |files: usize, versions: usize, reason: &str| {
        let versions = (0..versions).map(|it| format!("1.{it}").parse().unwrap());
        let said = Denial {
            project: "demo".parse().unwrap(),
            versions: versions.collect(),
            reason: reason.to_owned(),
        };
        let files = (0..files).map(|it| named("a.whl", sha256(&it.to_ne_bytes())));
        rule(Statement::denies(files.collect(), said, recently()))
    };
    for (files, versions) in [(1, 0), (0, 1), (1000, 1000)] {
        assert_eq!(judge(files, versions, "because"), None);
        assert_eq!(judge(files, versions, ""), Some(Rule::Statement));
        let long = "a".repeat(1001);
        assert_eq!(judge(files, versions, &long), Some(Rule::Statement));
        assert_eq!(judge(files, versions, &long[1..]), None);
    }
    assert_eq!(judge(0, 0, "because"), Some(Rule::Subject));
    assert_eq!(judge(1001, 0, "because"), Some(Rule::Subject));
    assert_eq!(judge(0, 1001, "because"), Some(Rule::Statement));
}

#[test]
fn witnesses_say_what_they_saw() {
    let observed = |index: &str, first_seen: &str| {
        let said = Observation {
            index: index.to_owned(),
            first_seen: at(first_seen),
        };
        rule(Statement::observes(file(), said, recently()))
    };
    let index = "https://index.example/";
    assert_eq!(observed(index, "2026-11-19T00:00:00Z"), None);
    assert_eq!(observed(index, "2026-11-19T00:00:01Z"), Some(Rule::Time));
    assert_eq!(observed("", "2026-11-18T00:00:00Z"), Some(Rule::Statement));
    let rebuilt = |source: &str, builder: Option<&str>| {
        let said = Rebuild {
            source: source.to_owned(),
            builder: builder.map(str::to_owned),
        };
        rule(Statement::rebuilt(file(), said, recently()))
    };
    assert_eq!(rebuilt("git+https://code.example/demo", None), None);
    assert_eq!(rebuilt("a", Some("b")), None);
    assert_eq!(rebuilt("", Some("b")), Some(Rule::Statement));
    assert_eq!(rebuilt("a", Some("")), Some(Rule::Statement));
}

#[test]
fn a_certification_is_for_some_projects() {
    let judge = |patterns: &[&str]| {
        let said = Certification {
            key: person("newcomer").raw(),
            projects: only(patterns).unwrap(),
        };
        rule(Statement::certifies(said, recently()))
    };
    assert_eq!(judge(&["demo", "acme-*", "*"]), None);
    assert_eq!(judge(&[]), Some(Rule::Statement));
}

#[test]
fn nothing_ends_before_it_begins() {
    let judge = |issued: &str, expires: &str| {
        let times = Times {
            issued: at(issued),
            expires: Some(at(expires)),
        };
        rule(Statement::publishes(file(), release("1.0"), times))
    };
    let day = "2026-11-19T00:00:00Z";
    assert_eq!(judge(day, "2026-11-19T00:00:00.5Z"), None);
    assert_eq!(judge(day, day), Some(Rule::Time));
    assert_eq!(judge(day, "2026-11-18T23:59:59Z"), Some(Rule::Time));
}

#[test]
fn a_key_is_the_subject_of_its_certification() {
    let key = person("newcomer").raw();
    let subject = Subject::of_key(&key);
    assert_eq!(
        (subject.name.as_str(), subject.sha256),
        ("key", sha256(&key.spki()))
    );
}
