//! When a statement counts.

use assay_trust::{
    Moment,
    signature::Rule,
    statement::{Certification, Denial, Statement, Times},
};

use crate::world::{NOW, at, file, only, person, published, release, since, until, world};

fn judge(times: Times) -> Result<Vec<String>, Rule> {
    let statement = Statement::publishes(file(), release("1.0"), times).unwrap();
    world().beside([person("release").sign(&statement)]).words()
}

#[test]
fn what_expired_does_not_count_and_that_is_said() {
    assert_eq!(
        judge(until("2026-11-20T12:00:01Z")).unwrap(),
        ["key:release"]
    );
    assert!(judge(until("2026-11-20T12:00:00Z")).unwrap().is_empty());
    let statement = Statement::publishes(file(), release("1.0"), until("2026-11-20T00:00:00Z"));
    let world = world().beside([person("release").sign(&statement.unwrap())]);
    assert_eq!(
        world.silence(),
        "a statement of key:release about it expired on 2026-11-20T00:00:00Z"
    );
}

#[test]
fn nobody_signs_tomorrow() {
    // A clock may be five minutes ahead.
    assert_eq!(
        judge(since("2026-11-20T12:05:00Z")).unwrap(),
        ["key:release"]
    );
    assert_eq!(judge(since("2026-11-20T12:05:01Z")), Err(Rule::Time));
    assert_eq!(judge(since("9999-01-01T00:00:00Z")), Err(Rule::Time));
    assert_eq!(
        judge(since("1970-01-01T00:00:00Z")).unwrap(),
        ["key:release"]
    );
}

#[test]
fn whoever_sets_a_clock_brings_nothing_back_and_lifts_nothing() {
    const END: &str = "2026-11-21T00:00:00Z";
    const LATER: &str = "2026-12-01T00:00:00Z";
    let denial = Denial {
        project: "demo".parse().unwrap(),
        versions: vec!["1.0".parse().unwrap()],
        reason: "mines coins".to_owned(),
    };
    let publishes = Statement::publishes(file(), release("1.0"), until(END)).unwrap();
    let denies = Statement::denies(vec![], denial, until(END)).unwrap();
    let certifies = Certification {
        key: person("newcomer").raw(),
        projects: only(&["demo"]).unwrap(),
    };
    let certifies = Statement::certifies(certifies, until(END)).unwrap();
    let heard = |now, floor| {
        let lines = [("release", &publishes), ("newcomer", &published())]
            .map(|(who, it)| person(who).sign(it));
        let mut world = world().beside(lines);
        let set = [("bob", &denies), ("alice", &certifies)].map(|(who, it)| person(who).sign(it));
        world = world.set("team", set);
        world.moment = Moment::new(at(now), Some(at(floor)));
        world.words().unwrap()
    };
    let words = |now, floor| heard(now, floor).join(" ");
    let both = words(NOW, NOW);
    assert!(
        both.contains("key:release") && both.contains("certified:team"),
        "{both}"
    );
    assert!(both.contains("mines coins"), "{both}");
    for (now, floor) in [(NOW, LATER), (LATER, NOW)] {
        let denied = heard(now, floor);
        assert!(
            denied.len() == 1 && denied[0].contains("mines coins"),
            "{denied:?}"
        );
    }
    assert!(heard(LATER, LATER).is_empty());
}
