//! When a statement counts.

use assay_trust::{
    signature::Rule,
    statement::{Statement, Times},
};

use crate::world::{file, person, release, since, until, world};

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
