//! Keys for which a source answers.

use assay_trust::{
    signature::Rule,
    statement::{Certification, Denial, Release, Statement, Times},
};

use crate::world::{
    World, compared, file, looked, named, only, person, published, recently, release, since, until,
    vouched, world,
};

fn certified(who: &str, projects: &[&str], times: Times) -> String {
    let said = Certification {
        key: person("newcomer").raw(),
        projects: only(projects).unwrap(),
    };
    person(who).sign(&Statement::certifies(said, times).unwrap())
}

/// The newcomer's file, and what the team says.
fn with(line: String) -> World {
    world()
        .beside([person("newcomer").sign(&published())])
        .set("team", [line])
}

#[test]
fn a_certified_key_publishes_for_its_projects() {
    let good = with(certified("alice", &["other", "demo"], recently()));
    assert_eq!(good.words().unwrap(), ["certified:team"]);
    let said = good.hear().unwrap();
    assert!(
        said.testimonies[0]
            .said()
            .contains("(key:alice certifies it)")
    );
    assert_eq!(said.trouble, [""; 0]);
    let prefix = with(certified("alice", &["de*"], recently()));
    assert_eq!(prefix.words().unwrap(), ["certified:team"]);
    for bad in [
        certified("alice", &["other"], recently()),
        certified("carol", &["demo"], recently()),
        certified("mallory", &["demo"], recently()),
        certified("newcomer", &["demo"], recently()),
    ] {
        assert!(with(bad).words().unwrap().is_empty());
    }
    assert!(
        world()
            .set("team", [certified("alice", &["*"], recently())])
            .words()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_certification_ends() {
    let good = with(certified("alice", &["demo"], until("2026-11-20T12:00:01Z")));
    assert_eq!(good.words().unwrap(), ["certified:team"]);
    let over = with(certified("alice", &["demo"], until("2026-11-20T12:00:00Z")));
    assert!(over.silence().contains("key:alice about it expired on"));
    let future = with(certified("alice", &["demo"], since("2026-11-21T00:00:00Z")));
    assert_eq!(future.words(), Err(Rule::Time));
}

#[test]
fn a_certified_key_does_no_more_than_publish_and_take_back() {
    let certified = certified("alice", &["demo"], recently());
    let newcomer = |statement: &Statement| person("newcomer").sign(statement);
    let judge = |line: String| world().set("team", [certified.clone(), line]).words();
    assert_eq!(judge(newcomer(&published())).unwrap(), ["certified:team"]);
    assert!(judge(newcomer(&vouched())).unwrap().is_empty());
    let denial = Denial {
        project: "demo".parse().unwrap(),
        versions: vec![],
        reason: "a mistake".to_owned(),
    };
    let denial = Statement::denies(vec![file()], denial, recently()).unwrap();
    assert_eq!(
        judge(newcomer(&denial)).unwrap(),
        ["no: a mistake (certified:team)"]
    );
    // Nor does it certify: the next one's key is nobody's.
    let said = Certification {
        key: person("next").raw(),
        projects: only(&["demo"]).unwrap(),
    };
    let next = Statement::certifies(said, recently()).unwrap();
    let lines = [certified.clone(), newcomer(&next)];
    let chain = world()
        .beside([person("next").sign(&published())])
        .set("team", lines);
    assert!(chain.words().unwrap().is_empty());
}

#[test]
fn what_a_certified_key_takes_back_is_no_base() {
    let old = assay_trust::sha256(b"an older wheel");
    let alice = |subject, said| {
        person("alice").sign(&Statement::vouches(subject, said, recently()).unwrap())
    };
    let judge = |who: &str| {
        let denial = Denial {
            project: "demo".parse().unwrap(),
            versions: vec!["0.9".parse().unwrap()],
            reason: "a mistake".to_owned(),
        };
        let denial = Statement::denies(vec![], denial, recently()).unwrap();
        let lines = [
            certified("alice", &["demo"], recently()),
            alice(named("demo-0.9-py3-none-any.whl", old), looked("0.9")),
            alice(file(), compared("1.0", "0.9", old)),
            person(who).sign(&denial),
        ];
        world().set("team", lines).words().unwrap()
    };
    assert_eq!(judge("mallory"), ["vouch:team"]);
    assert!(judge("newcomer").is_empty());
}

#[test]
fn one_key_is_asked_about_once_however_often_it_is_certified() {
    let certification = certified("alice", &["demo"], recently());
    let said = person("newcomer").sign(&published());
    let one = [certification.clone(), said.clone()];
    let many = std::iter::repeat_n(certification, 2_000).chain([said]);
    let once = world().set("team", one).words().unwrap();
    assert_eq!(world().set("team", many).words().unwrap(), once);
}

#[test]
fn a_certified_key_is_held_to_what_it_says() {
    let judge = |name: &str, said: Release| {
        let statement = Statement::publishes(named(name, file().sha256), said, recently());
        let line = person("newcomer").sign(&statement.unwrap());
        let set = [certified("alice", &["demo"], recently())];
        world().beside([line]).set("team", set).words()
    };
    assert!(judge(&file().name, release("1.0")).is_ok());
    assert_eq!(judge(&file().name, release("0.9")), Err(Rule::Subject));
    assert_eq!(judge("demo-0.9.whl", release("1.0")), Err(Rule::Subject));
}
