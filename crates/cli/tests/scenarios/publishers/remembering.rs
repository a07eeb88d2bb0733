//! What is remembered, when, and what it saves.

use assay_testkit::server::IndexServer;

use super::{OWNER, STATE, World, owner, stranger};
use crate::machine::{simple, upload};

fn world() -> World {
    World::new().release("1.0", Some(&owner()))
}

/// How often provenance was asked for.
fn asked(server: &IndexServer) -> usize {
    let requests = server.requests();
    let of_provenance = requests
        .iter()
        .filter(|it| it.path.starts_with("/provenance/") || it.path.starts_with("/integrity/"));
    of_provenance.count()
}

#[test]
fn nothing_is_learned_from_what_is_not_installed() {
    let world = world();
    world.install("--dry-run demo").ok();
    assert!(world.known().is_empty());
    let url = world.serve().index_url();
    let server = world.serve();
    assert_eq!(server.index_url(), url);
    let args = ["download", "-i", &url, "-d", "wheels", "demo"];
    world.machine.assay(&args).ok();
    assert!(world.known().is_empty());
    drop(server);
    world.install("demo").ok();
    assert_eq!(world.known(), [OWNER]);
}

#[test]
fn nothing_is_learned_from_an_install_that_fails() {
    let startup = assay_testkit::wheel::WheelBuilder::new("later", "1.0")
        .file("later.pth", b"import os\n")
        .build();
    let world = world().with(upload(&startup));
    world.refuses("demo later", &["start-up code"]);
    assert!(world.known().is_empty());
    world.install("--allow-startup later demo later").ok();
    assert_eq!(world.known(), [OWNER]);
}

#[test]
fn nothing_is_learned_from_a_candidate_that_loses() {
    let world = world();
    // 2.0 is tried first and needs what nobody has.
    let wheel = simple("demo", "2.0", &["no-such-project"]);
    let time = "2026-01-05T03:04:05Z";
    let loser = upload(&wheel).upload_time(time);
    let loser = loser.attested(&world.sigstore, &owner().workflow("loser.yml"), time);
    let world = world.with(loser);
    let outcome = world.install("demo").ok();
    assert_eq!(world.installed().as_deref(), Some("1.0"));
    assert_eq!(world.known(), [OWNER]);
    assert!(!outcome.err.contains("loser.yml"), "{}", outcome.err);
}

#[test]
fn the_second_install_asks_nobody_and_is_judged_all_the_same() {
    let world = world();
    let server = world.serve();
    world.install_from(&server, "demo").ok();
    assert_eq!(asked(&server), 1);
    server.clear_requests();
    world.install_from(&server, "--force-reinstall demo").ok();
    world.install_from(&server, "--venv other demo").ok();
    assert_eq!(asked(&server), 0);
    drop(server);
    world.own("[policy]\nevidence = 'publisher:github:acme/other'");
    world.refuses("--force-reinstall demo", &["publisher:github:acme/other"]);
    world.own("[policy]\nevidence = 'publisher:github:acme/demo'");
    world.install("--force-reinstall demo").ok();
}

#[test]
fn what_is_in_the_store_is_verified_again_where_the_state_is_gone() {
    let world = world();
    let server = world.serve();
    world.install_from(&server, "demo").ok();
    server.clear_requests();
    std::fs::remove_dir_all(world.machine.path(STATE)).unwrap();
    world.install_from(&server, "--force-reinstall demo").ok();
    assert_eq!(asked(&server), 1);
    assert_eq!(world.known(), [OWNER]);
}

#[test]
fn other_keys_verify_again() {
    let world = world();
    world.install("demo").ok();
    let other = assay_testkit::publisher::TestSigstore::new();
    world
        .machine
        .write("../home/root.json", other.trusted_root_json());
    world.refuses("--force-reinstall demo", &["demo-1.0"]);
    let keys = world.sigstore.trusted_root_json();
    world.machine.write("../home/root.json", keys);
    world.install("--force-reinstall demo").ok();
}

#[test]
fn what_is_forgotten_is_at_first_sight_again() {
    let world = world();
    world.install("demo").ok();
    let world = world.release("2.0", Some(&stranger()));
    world.refuses("-U demo", &["known since"]);
    let url = world.serve().index_url();
    let args = ["trust", "remove", "demo", "--index", &url];
    world.machine.assay(&args).ok();
    assert!(world.known().is_empty());
    let first = world.refuses("-U demo", &["demo-1.0"]);
    assert!(!first.err.contains("known since"), "{}", first.err);
}

#[test]
fn what_was_accepted_by_name_is_known_by_number_from_then_on() {
    let world = world();
    let url = world.serve().index_url();
    let accept = |who: &str| {
        let args = [
            "trust",
            "accept",
            "demo",
            "--identity",
            who,
            "--index",
            &url,
        ];
        world.machine.assay(&args).ok();
    };
    accept("github:acme/other");
    world.refuses("demo", &["another publisher", "github:acme/other"]);
    accept("github:acme/demo");
    world.install("demo").ok();
    assert!(world.known().contains(&OWNER.to_owned()));
    assert!(!world.known().contains(&"github:acme/demo".to_owned()));
}
