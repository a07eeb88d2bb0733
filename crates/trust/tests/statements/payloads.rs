//! What somebody signed and nobody can make sense of: refused where they have a say, nothing else.

use assay_trust::{
    signature::Rule,
    statement::{Certification, Statement},
};
use serde_json::{Value, json};

use crate::world::{World, only, person, published, recently, vouched, world};

/// A set of the team with a statement that was changed before it was signed.
fn changed(statement: &Statement, who: &str, change: impl FnOnce(&mut Value)) -> World {
    let mut value: Value = serde_json::from_slice(&statement.payload()).unwrap();
    change(&mut value);
    world().set("team", [person(who).sign_payload(value.to_string())])
}

#[test]
fn a_statement_of_a_source_has_its_form_and_no_other() {
    let judge = |change: fn(&mut Value)| changed(&vouched(), "alice", change).words();
    assert_eq!(judge(|_| ()).unwrap(), ["vouch:team"]);
    for change in [
        (|it| it["more"] = 1.into()) as fn(&mut Value),
        |it| it["predicate"]["more"] = 1.into(),
        |it| it["predicate"]["from"] = json!({ "version": "0.9" }),
        |it| it["predicate"]["criteria"] = "looked-at".into(),
        |it| it["predicate"]["criteria"] = json!([]),
        |it| it["predicate"]["project"] = "".into(),
        |it| it["predicate"]["version"] = "one".into(),
        |it| it["predicate"]["version"] = 1.0.into(),
        |it| it["predicate"]["issued"] = "2026-11-19".into(),
        |it| it["predicate"]["issued"] = "2026-11-19T01:00:00+01:00".into(),
        |it| it["predicate"]["expires"] = Value::Null,
        |it| drop(it["predicate"].as_object_mut().unwrap().remove("issued")),
        |it| it["predicate"] = Value::Null,
        |it| it["_type"] = "https://in-toto.io/Statement/v0.1".into(),
        |it| it["subject"][0]["digest"]["md5"] = "a".into(),
        |it| it["subject"][0]["digest"]["sha256"] = "AB".repeat(32).into(),
        |it| it["subject"][0]["uri"] = "https://a.example".into(),
        |it| drop(it.as_object_mut().unwrap().remove("predicateType")),
        |it| *it = json!([1]),
        |it| it["subject"][0]["digest"] = json!([it["subject"][0]["digest"]["sha256"]]),
        |it| it["subject"][0] = json!([it["subject"][0]["name"], it["subject"][0]["digest"]]),
        |it| it["predicate"]["from"] = json!(["0.9", "ab".repeat(32)]),
    ] {
        assert_eq!(judge(change), Err(Rule::Statement));
    }
    for change in [(|it| it["subject"] = json!([])) as fn(&mut Value), |it| {
        let one = it["subject"][0].clone();
        it["subject"] = json!([one, one]);
    }] {
        assert_eq!(judge(change), Err(Rule::Subject));
    }
}

#[test]
fn members_that_occur_twice_are_refused() {
    let judge = |from: &str, to: &str| {
        let payload = String::from_utf8(vouched().payload()).unwrap();
        let line = person("alice").sign_payload(payload.replacen(from, to, 1));
        world().set("team", [line]).words()
    };
    assert_eq!(judge("", "").unwrap(), ["vouch:team"]);
    for (from, to) in [
        (r#""version":"1.0""#, r#""version":"1.0","version":"1.0""#),
        (r#""name":"#, r#""name":"other.whl","name":"#),
        (
            r#""issued":"#,
            r#""issued":"2026-11-19T00:00:00Z","issued":"#,
        ),
    ] {
        assert_eq!(judge(from, to), Err(Rule::Statement), "{to}");
    }
}

#[test]
fn nonsense_is_held_against_whoever_signed_it() {
    for payload in ["", "{", "{}", "\"a\"", "\u{0}"] {
        let judge = |who: &str| {
            let line = person(who).sign_payload(payload);
            let set = world().set("team", [line.clone(), person("bob").sign(&vouched())]);
            (set.words(), world().beside([line]).words())
        };
        assert_eq!(judge("alice"), (Err(Rule::Statement), Err(Rule::Statement)));
        let (set, beside) = judge("mallory");
        assert_eq!(set.unwrap(), ["vouch:team"]);
        assert_eq!(beside.unwrap(), [""; 0]);
    }
    let said = changed(&vouched(), "alice", |it| *it = json!({})).hear();
    let said = said.unwrap_err();
    assert_eq!(said.document, "the set");
    assert_eq!(
        said.rejection.fact,
        "line 1 is no statement: it has no predicateType (key:alice signed it)"
    );
}

#[test]
fn a_later_kind_of_statement_stops_where_it_concerns_the_file() {
    let judge = |who: &str, kind: &str, project: &str, hex: char| {
        let words = changed(&vouched(), who, |it| {
            it["predicateType"] = kind.into();
            it["predicate"] = json!({ "project": project, "whatever": [1] });
            if hex != ' ' {
                it["subject"][0]["digest"]["sha256"] = hex.to_string().repeat(64).into();
            }
        });
        words.words()
    };
    let later = "urn:assay:denies:v2";
    assert_eq!(judge("alice", later, "demo", 'a'), Err(Rule::Statement));
    assert_eq!(judge("alice", later, "other", ' '), Err(Rule::Statement));
    assert_eq!(judge("alice", later, "other", 'a').unwrap(), [""; 0]);
    assert_eq!(judge("mallory", later, "demo", ' ').unwrap(), [""; 0]);
    let foreign = "https://example.com/predicate/v1";
    assert_eq!(judge("alice", foreign, "demo", ' ').unwrap(), [""; 0]);
}

#[test]
fn a_publication_or_a_certification_is_read_as_strictly() {
    let judge = |change: fn(&mut Value)| {
        let mut value: Value = serde_json::from_slice(&published().payload()).unwrap();
        change(&mut value);
        let line = person("release").sign_payload(value.to_string());
        world().beside([line]).words()
    };
    assert_eq!(judge(|_| ()).unwrap(), ["key:release"]);
    assert_eq!(
        judge(|it| it["predicate"]["more"] = 1.into()),
        Err(Rule::Statement)
    );

    let said = Certification {
        key: person("newcomer").raw(),
        projects: only(&["demo"]).unwrap(),
    };
    let certified = Statement::certifies(said, recently()).unwrap();
    let judge = |change: fn(&mut Value)| {
        let newcomer = person("newcomer").sign(&published());
        changed(&certified, "alice", change)
            .beside([newcomer])
            .words()
    };
    assert_eq!(judge(|_| ()).unwrap(), ["certified:team"]);
    for change in [
        (|it| it["predicate"]["key"] = "".into()) as fn(&mut Value),
        |it| it["predicate"]["projects"] = json!(["de*mo"]),
        |it| it["predicate"]["projects"] = json!([]),
    ] {
        assert_eq!(judge(change), Err(Rule::Statement));
    }
    let other_key = |it: &mut Value| {
        it["subject"][0]["digest"]["sha256"] = "ab".repeat(32).into();
    };
    assert_eq!(judge(other_key), Err(Rule::Subject));
}
