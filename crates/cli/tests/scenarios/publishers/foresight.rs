//! Runs that install nothing say what an install would do, and files from elsewhere are said to be so.

use super::{OWNER, World, owner, stranger};
use crate::machine::{index, simple, upload};

#[test]
fn a_dry_run_refuses_what_an_install_would() {
    let world = World::new().release("1.0", Some(&owner()));
    world.install("demo").ok();
    let world = world.release("2.0", Some(&owner()));
    let server = world.serve();
    let done = world.install_from(&server, "--dry-run -U demo").ok();
    assert!(done.out.contains("demo-2.0"), "{done:?}");
    let asked = server.requests();
    assert!(
        asked
            .iter()
            .all(|it| !it.path.ends_with("2.0-py3-none-any.whl")
                || it.path.starts_with("/provenance"))
    );
    drop(server);
    let world = world.release("3.0", Some(&stranger()));
    world.refuses("--dry-run -U demo", &["another publisher", OWNER]);
    world.refuses("-U demo", &["another publisher", OWNER]);
}

#[test]
fn a_dry_run_takes_the_version_that_an_install_takes() {
    let young = |days: i64| {
        let time = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * days);
        format!("{time:.0}")
    };
    let world = World::new()
        .release_at("2.0", &young(4), Some(&stranger()))
        .release_at("1.0", &young(2), Some(&owner()));
    world.own("[policy]\nevidence = 'publisher:github:acme/demo'");
    for args in ["--dry-run demo", "demo"] {
        let done = world.install(args).ok();
        assert!(done.out.contains("demo-1.0"), "{done:?}");
        assert!(
            done.err.contains("demo-2.0-py3-none-any.whl was left out"),
            "{done:?}"
        );
    }
}

#[test]
fn what_comes_from_elsewhere_than_where_publishers_are_known_is_said() {
    let world = World::new().release("1.0", Some(&owner()));
    world.install("demo").ok();
    let other = index(&[simple("demo", "9.0", &[])]);
    let url = other.index_url();
    let page = url.replace("/simple/", "/simple/demo/");
    for option in ["--extra-index-url ", "--find-links "] {
        let from = if option.starts_with("--extra") {
            &url
        } else {
            &page
        };
        let done = world.install(&format!("-U demo {option}{from}")).ok();
        let says = "nothing is known of who publishes demo";
        assert!(
            done.err.contains(says) && done.err.contains(OWNER),
            "{done:?}"
        );
        world.install("--force-reinstall demo==1.0").ok();
    }
    // A mirror on which the known publisher signed it.
    let wheel = upload(&simple("demo", "9.0", &[]));
    let wheel = wheel.attested(&world.sigstore, &owner(), "2026-03-02T03:04:05Z");
    let mirror = assay_testkit::server::IndexServer::builder()
        .upload(wheel)
        .start();
    let done = world
        .install(&format!("-U demo --extra-index-url {}", mirror.index_url()))
        .ok();
    assert!(!done.err.contains("nothing is known"), "{done:?}");
    assert_eq!(world.installed().as_deref(), Some("9.0"));
}
