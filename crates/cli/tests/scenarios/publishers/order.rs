//! What was there first: by upload time, as the index gives it, and by version where it gives none.

use assay_testkit::{publisher::Publisher, server::Upload};

use super::{OWNER, World, hours_ago, owner, stranger};
use crate::machine::{simple, upload};

const AT: &str = "2026-02-02T03:04:05Z";

/// Without an upload time.
fn timeless(world: &World, version: &str, publisher: Option<&Publisher>) -> Upload {
    let wheel = upload(&simple("demo", version, &[]));
    match publisher {
        Some(publisher) => wheel.attested(&world.sigstore, publisher, AT),
        None => wheel,
    }
}

#[test]
fn a_mirror_without_times_has_the_order_of_versions() {
    let world = World::new();
    let attested = timeless(&world, "2.0", Some(&owner()));
    let (older, newer) = (timeless(&world, "1.0", None), timeless(&world, "3.0", None));
    let world = world.with(older).with(attested).with(newer);
    world.refuses("demo", &["demo-3.0", "nobody attested it", "demo-2.0"]);
    world.install("demo==1.0").ok();
    let world = world.elsewhere();
    world.install("demo==2.0").ok();
    world.refuses("demo==3.0", &["nobody attested it", OWNER]);
    // Of what is known no version number is the beginning.
    world.refuses("demo==1.0", &["nobody attested it", OWNER]);
}

#[test]
fn a_lower_version_that_was_uploaded_later_came_later() {
    for publisher in [None, Some(stranger())] {
        let world = World::new()
            .release("2.0", Some(&owner()))
            .release("1.9", publisher.as_ref());
        world.refuses("demo<2", &["demo-1.9", "demo-2.0"]);
        world.install("demo").ok();
        world.refuses("demo==1.9", &["demo-1.9", OWNER]);
    }
}

#[test]
fn a_higher_version_that_was_uploaded_earlier_came_earlier() {
    let world = World::new()
        .release("2.0", None)
        .release("1.9", Some(&owner()));
    world.install("demo==1.9").ok();
    world.install("demo==2.0").ok();
    world.elsewhere().install("demo==2.0").ok();
}

#[test]
fn uploads_of_one_moment_do_not_excuse_each_other() {
    let world = World::new()
        .release_at("1.0", AT, Some(&owner()))
        .release_at("1.1", AT, None);
    world.refuses("demo", &["nobody attested it", "demo-1.0"]);
    world.install("demo==1.0").ok();
    world.refuses("demo==1.1", &["nobody attested it", OWNER]);
    let world = World::new()
        .release_at("1.0", AT, Some(&owner()))
        .release_at("1.1", AT, Some(&stranger()));
    world.refuses("demo", &["another publisher", "demo-1.0"]);
}

#[test]
fn files_of_one_release_without_times_do_not_excuse_each_other() {
    let world = World::new();
    let sdist = Upload::new("demo-1.0.tar.gz", b"source".to_vec());
    let sdist = sdist.attested(&world.sigstore, &owner(), AT);
    let wheel = timeless(&world, "1.0", None);
    let world = world.with(sdist).with(wheel);
    world.refuses("demo", &["nobody attested it", "demo-1.0.tar.gz"]);
    let honest = timeless(&world, "1.0", Some(&owner()));
    let world = World {
        uploads: vec![world.uploads[0].clone(), honest],
        ..world
    };
    world.install("demo").ok();
}

#[test]
fn a_time_that_is_missing_or_to_come_is_no_excuse() {
    for (time, first) in [(None, true), (Some(hours_ago(-24)), true), (None, false)] {
        let world = World::new().release("1.0", Some(&owner()));
        if !first {
            world.install("demo").ok();
        }
        let bare = upload(&simple("demo", "2.0", &[]));
        let bare = match &time {
            Some(time) => bare.upload_time(time),
            None => bare,
        };
        let world = world.with(bare);
        world.refuses("-U demo", &["nobody attested it", "demo-2.0"]);
    }
}

#[test]
fn a_lower_version_without_a_time_is_no_beginning_of_what_is_known() {
    let world = World::new().release("1.0", Some(&owner()));
    world.install("demo").ok();
    let world = world.with(upload(&simple("demo", "0.9", &[])));
    world.refuses("demo==0.9", &["nobody attested it", OWNER]);
    world.install("demo==1.0").ok();
}
