//! A machine that has seen nothing yet, as in CI: the index's own past is what there is to compare.

use assay_testkit::server::Behaviour;

use super::{OWNER, STRANGER, World, hours_ago, owner, stranger};
use crate::machine::{simple, upload};

const DAY: i64 = 24;

#[test]
fn who_is_first_is_remembered() {
    let world = World::new().release("1.0", Some(&owner()));
    world.install("demo").ok();
    assert_eq!(world.known(), [OWNER]);
}

#[test]
fn a_project_that_never_was_attested_is_not_held_up() {
    let world = World::new().release("1.0", None).release("2.0", None);
    let outcome = world.install("demo").ok();
    assert!(!outcome.err.contains("attest"), "{}", outcome.err);
    assert!(world.known().is_empty());
    // Its first attestation is no change of publisher.
    let world = world.release("3.0", Some(&owner()));
    world.install("-U demo").ok();
    assert_eq!(world.known(), [OWNER]);
    world.elsewhere().install("demo==1.0").ok();
}

#[test]
fn a_machine_with_an_empty_home_is_told_what_a_pin_would_tell() {
    let world = World::new()
        .release("1.0", Some(&owner()))
        .release("2.0", Some(&stranger()));
    world.refuses("demo", &[OWNER, STRANGER, "demo-1.0"]);
    let world = world.elsewhere();
    world.refuses("demo", &[OWNER, STRANGER, "demo-1.0"]);
    world.install("demo==1.0").ok();
}

#[test]
fn only_what_is_older_than_a_week_is_compared_with() {
    let after = |hours| {
        let world = World::new().release_at("1.0", &hours_ago(hours), Some(&owner()));
        world.release_at("2.0", &hours_ago(1), Some(&stranger()))
    };
    after(8 * DAY).refuses("demo", &["another publisher", "demo-1.0"]);
    let young = after(6 * DAY);
    young.install("demo").ok();
    assert_eq!(young.known(), [STRANGER]);
}

#[test]
fn a_clock_that_is_ahead_makes_no_upload_older() {
    // The index lives three days after the stranger's first upload: for it, we are years ahead.
    let world = World::new()
        .release_at("1.0", "2026-01-02T00:00:00Z", Some(&owner()))
        .release_at("2.0", "2026-01-12T00:00:00Z", Some(&stranger()))
        .release_at("3.0", "2026-01-14T00:00:00Z", Some(&stranger()));
    let date = || Behaviour::Header("Date".into(), "Thu, 15 Jan 2026 00:00:00 GMT".into());
    let server = world.serve_as(|it| it.behave("/simple/demo/", date()));
    let refused = world.install_from(&server, "demo");
    refused.fails(4, &["demo-3.0", "demo-1.0", OWNER, STRANGER]);
    assert!(world.known().is_empty());
    world.install_from(&server, "demo==1.0").ok();
}

#[test]
fn a_loss_counts_however_young_what_was_attested_is() {
    let world = World::new().release_at("1.0", &hours_ago(2), Some(&owner()));
    let world = world.release_at("2.0", &hours_ago(1), None);
    world.refuses("demo", &["nobody attested it", "demo-1.0"]);
    world.install("demo==1.0").ok();
}

#[test]
fn uploads_of_the_last_week_do_not_speak_for_each_other() {
    let world = World::new()
        .release("1.0", Some(&owner()))
        .release_at("2.0", &hours_ago(2 * DAY), Some(&stranger()))
        .release_at("3.0", &hours_ago(1), Some(&stranger()));
    world.refuses("demo", &["demo-3.0", "demo-1.0", OWNER, STRANGER]);
    world.refuses("demo==2.0", &["demo-2.0", "demo-1.0"]);
}

#[test]
fn the_newest_settled_release_counts() {
    let world = World::new()
        .release("1.0", Some(&stranger()))
        .release("2.0", Some(&owner()))
        .release("3.0", Some(&owner()));
    world.install("demo").ok();
    world
        .elsewhere()
        .refuses("demo==2.0", &["demo-2.0", "demo-1.0"]);
}

#[test]
fn what_nobody_is_offered_speaks_for_nobody_in_a_weeks_time() {
    for (version, yanked) in [("0.1", true), ("2.0.dev1", false)] {
        let world = World::new().release("1.0", Some(&owner()));
        let time = "2026-02-02T03:04:05Z";
        let unseen = upload(&simple("demo", version, &[])).upload_time(time);
        let unseen = unseen.attested(&world.sigstore, &stranger(), time);
        let unseen = match yanked {
            true => unseen.yanked("a mistake"),
            false => unseen,
        };
        let world = world.with(unseen);
        let world = world.release_at("3.0", &hours_ago(1), Some(&stranger()));
        world.refuses("demo", &["demo-3.0", "demo-1.0", OWNER, STRANGER]);
    }
    // Where there is nothing else it does speak.
    let world = World::new()
        .release("1.0a1", Some(&owner()))
        .release("1.0a2", Some(&stranger()));
    world.refuses("--pre demo", &["demo-1.0a2", "demo-1.0a1", OWNER]);
    world.install("demo==1.0a1").ok();
}

#[test]
fn what_came_later_says_nothing_of_what_was_there() {
    let world = World::new()
        .release("1.0", Some(&owner()))
        .release("2.0", Some(&stranger()));
    world.install("demo==1.0").ok();
    assert_eq!(world.known(), [OWNER]);
}

#[test]
fn a_wheel_that_joins_the_first_release_late_is_compared_with_it() {
    let source = |world: &World, time: &str| {
        let sdist = assay_testkit::server::Upload::new("demo-1.0.tar.gz", b"source".to_vec());
        sdist
            .upload_time(time)
            .attested(&world.sigstore, &owner(), time)
    };
    for (publisher, hours, passes) in [
        (owner(), 8 * DAY, true),
        (stranger(), 8 * DAY, false),
        // Both in one week: nobody had the time to notice.
        (stranger(), 2 * DAY, true),
    ] {
        let world = World::new();
        let sdist = source(&world, &hours_ago(hours));
        let world = world.with(sdist);
        let world = world.release_at("1.0", &hours_ago(1), Some(&publisher));
        match passes {
            true => drop(world.install("demo").ok()),
            false => drop(world.refuses("demo", &["another publisher", "demo-1.0.tar.gz"])),
        }
    }
}
