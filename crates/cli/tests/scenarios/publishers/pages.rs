//! Pages that announce otherwise: HTML, indexes older than PEP 740, several files of one release.

use assay_testkit::server::{IndexServer, Upload};
use serde_json::json;

use super::{OWNER, World, owner, stranger};
use crate::machine::{simple, upload};

const INTEGRITY: &str = "/integrity/demo/";

/// Served by an index that does not know PEP 740.
fn old_proxy(world: &World) -> IndexServer {
    world.serve_as(|it| it.json_key("meta", json!({ "api-version": "1.1" })))
}

/// Releases whose provenance nobody announces, and a last one that has none.
fn silent(attested: &[&str], bare: Option<&str>) -> World {
    let mut world = World::new();
    for version in attested {
        let time = "2026-01-02T03:04:05Z";
        let wheel = upload(&simple("demo", version, &[])).upload_time(time);
        let wheel = wheel
            .attested(&world.sigstore, &owner(), time)
            .unannounced();
        world = world.with(wheel);
    }
    match bare {
        Some(version) => world.release(version, None),
        None => world,
    }
}

fn asked(server: &IndexServer) -> bool {
    let requests = server.requests();
    requests.iter().any(|it| it.path.starts_with(INTEGRITY))
}

#[test]
fn html_pages_announce_as_well() {
    let world = World::new()
        .release("1.0", Some(&owner()))
        .release("2.0", Some(&stranger()));
    let server = world.serve_as(|it| it.html_only());
    world.install_from(&server, "demo==1.0").ok();
    assert_eq!(world.known(), [OWNER]);
    let refused = world.install_from(&server, "-U demo");
    refused.fails(4, &["another publisher", OWNER]);
    drop(server);
    // Without times the order is that of versions.
    let world = world.elsewhere();
    let server = world.serve_as(|it| it.html_only());
    world
        .install_from(&server, "demo")
        .fails(4, &["another publisher", "demo-1.0"]);
    world.install_from(&server, "demo==1.0").ok();
}

#[test]
fn an_index_that_cannot_announce_is_not_asked_without_need() {
    let world = silent(&["1.0"], None);
    let server = old_proxy(&world);
    world.install_from(&server, "demo").ok();
    assert!(!asked(&server));
    assert!(world.known().is_empty());
}

#[test]
fn an_index_that_cannot_announce_is_asked_where_a_rule_requires_a_publisher() {
    let world = silent(&["1.0"], Some("2.0"));
    world.own("[policy]\nevidence = 'publisher:github:acme/demo'");
    let server = old_proxy(&world);
    world.install_from(&server, "demo==1.0").ok();
    assert!(asked(&server));
    assert_eq!(world.known(), [OWNER]);
    let refused = world.install_from(&server, "demo==2.0");
    refused.fails(4, &["demo-2.0"]);
    assert_eq!(world.installed().as_deref(), Some("1.0"));
}

#[test]
fn what_was_known_is_asked_for_behind_a_proxy_that_lost_the_announcements() {
    let world = World::new().release("1.0", Some(&owner()));
    world.install("demo").ok();
    let world = World {
        uploads: Vec::new(),
        ..world
    };
    let time = "2026-02-02T03:04:05Z";
    let honest = upload(&simple("demo", "2.0", &[])).upload_time(time);
    let honest = honest
        .attested(&world.sigstore, &owner(), time)
        .unannounced();
    let world = world
        .with(honest)
        .release_at("3.0", "2026-03-02T03:04:05Z", None);
    let server = old_proxy(&world);
    world.install_from(&server, "demo==2.0").ok();
    assert!(asked(&server));
    world
        .install_from(&server, "demo==3.0")
        .fails(4, &["nobody attested it", OWNER]);
}

#[test]
fn a_page_that_could_announce_and_does_not_is_believed_and_compared() {
    let world = World::new().release("1.0", Some(&owner()));
    world.install("demo").ok();
    let mut stripped = world.uploads[0].clone().unannounced();
    stripped = stripped.upload_time("2026-01-02T03:04:05Z");
    let world = World {
        uploads: vec![stripped],
        ..world
    };
    // These very bytes were verified on this machine.
    world.install("--force-reinstall demo").ok();
    let bare = world.release("2.0", None);
    bare.refuses("-U demo", &["nobody attested it", OWNER]);
}

#[test]
fn a_wheel_that_nobody_attested_does_not_join_an_attested_release() {
    let time = "2026-01-02T03:04:05Z";
    let sdist = Upload::new("demo-1.0.tar.gz", b"source".to_vec()).upload_time(time);
    let world = World::new();
    let sdist = sdist.attested(&world.sigstore, &owner(), time);
    let world = world.with(sdist);
    let later = world.release_at("1.0", "2026-01-02T03:05:00Z", None);
    later.refuses("demo", &["nobody attested it", "demo-1.0.tar.gz"]);
    let honest = World {
        uploads: later.uploads[..1].to_vec(),
        ..later
    };
    let honest = honest.release_at("1.0", "2026-01-02T03:05:00Z", Some(&owner()));
    honest.install("demo").ok();
}
