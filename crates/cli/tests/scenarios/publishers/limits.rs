//! A publisher that was accepted to a last day.

use std::fs;

use super::{OWNER, STATE, STRANGER, World, owner, stranger};

const LAST_DAY: &str = "2199-01-01";

/// As if an earlier run had seen this time.
fn clock(world: &World, latest: &str) {
    let text = serde_json::json!({ "latest": latest }).to_string();
    fs::write(world.machine.path(STATE).join("clock.json"), text).unwrap();
}

fn accept(world: &World, identity: &str) {
    let index = world.serve().url("/simple/");
    let words = ["trust", "accept", "demo", "--identity", identity];
    let more = ["--until", LAST_DAY, "--index", &index];
    world.machine.assay(&[&words[..], &more].concat()).ok();
}

#[test]
fn whoever_was_accepted_to_a_day_is_refused_on_the_next() {
    let world = World::new().release("1.0", Some(&owner()));
    world.install("demo").ok();
    let world = world.release("2.0", Some(&stranger()));
    world.refuses("-U demo", &["another publisher"]);
    accept(&world, STRANGER);
    // An install by it makes nothing of it that lasts.
    world.install("-U demo").ok();
    assert_eq!(world.known(), [OWNER, STRANGER]);
    let world = world.release("3.0", Some(&stranger()));
    clock(&world, "2199-01-01T23:59:59Z");
    world.install("demo==3.0").ok();
    clock(&world, "2199-01-02T00:00:00Z");
    let world = world.release("4.0", Some(&stranger()));
    let over = "its publisher was accepted until 2199-01-01, which is over";
    let refused = world.refuses("-U demo", &[over, STRANGER, OWNER]);
    let world = world.release("5.0", Some(&owner()));
    world.install("demo==5.0").ok();
    world.paste(&refused).ok();
    world.install("demo==4.0").ok();
}

#[test]
fn files_without_provenance_that_were_accepted_to_a_day() {
    let world = World::new().release("1.0", Some(&owner()));
    world.install("demo").ok();
    let world = world.release("2.0", None);
    accept(&world, "none");
    clock(&world, "2199-01-01T23:59:59Z");
    world.install("-U demo").ok();
    let world = world.release("3.0", None);
    clock(&world, "2199-01-02T00:00:00Z");
    world.refuses(
        "-U demo",
        &["nobody attested it, which was accepted until 2199-01-01"],
    );
}
