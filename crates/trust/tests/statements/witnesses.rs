//! Notaries and rebuilders: what they saw, and what came out.

use assay_trust::statement::{Observation, Rebuild, Statement, Subject};

use crate::world::{at, file, named, person, recently, world};

fn observed(subject: Subject) -> Statement {
    let said = Observation {
        index: "https://index.example/simple/".to_owned(),
        first_seen: at("2026-11-18T00:00:00Z"),
    };
    Statement::observes(subject, said, recently()).unwrap()
}

fn rebuilt(subject: Subject) -> Statement {
    let said = Rebuild {
        source: "git+https://code.example/demo@v1.0".to_owned(),
        builder: None,
    };
    Statement::rebuilt(subject, said, recently()).unwrap()
}

#[test]
fn a_witness_speaks_of_these_bytes_under_this_name() {
    for (word, statement) in [
        ("notary:team", observed as fn(Subject) -> Statement),
        ("rebuilt:team", rebuilt),
    ] {
        let judge =
            |who: &str, subject| world().set("team", [person(who).sign(&statement(subject))]);
        assert_eq!(judge("alice", file()).words().unwrap(), [word]);
        assert!(judge("carol", file()).words().unwrap().is_empty());
        let bytes = assay_trust::sha256(b"other bytes");
        assert_eq!(judge("alice", named(&file().name, bytes)).silence(), "");
        let said = judge("alice", named("demo-0.9.whl", file().sha256)).silence();
        assert!(said.contains("but as demo-0.9.whl"), "{said}");
    }
}

#[test]
fn two_witnesses_of_one_source_are_both_reported() {
    let lines = ["alice", "bob"].map(|it| person(it).sign(&observed(file())));
    let heard = world().set("team", lines).hear().unwrap();
    let said = |it: usize| heard.testimonies[it].said();
    assert_eq!(
        said(0),
        "key:alice saw https://index.example/simple/ offer it since 2026-11-18T00:00:00Z (notary:team)"
    );
    assert!(said(1).starts_with("key:bob"));
}
