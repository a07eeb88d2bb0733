//! Whose new release comes from somebody else than the old ones: pinned, and at first sight.

use assay_testkit::publisher::Publisher;

use super::{OWNER, STRANGER, World, owner, stranger};

/// Two releases by the owner and a third one, to a user who installed the second before and to one
/// who sees all for the first time.
fn users(third: Option<&Publisher>) -> [World; 2] {
    let third = |world: World| world.release("3.0", third);
    let world = || {
        let world = World::new().release("0.5", None);
        let world = world.release("1.0", Some(&owner()));
        world.release("2.0", Some(&owner()))
    };
    let pinned = world();
    pinned.install("demo").ok();
    assert_eq!(pinned.known(), [OWNER]);
    [third(pinned), third(world())]
}

#[test]
fn a_release_that_nobody_attested_after_some_that_were() {
    for world in users(None) {
        let refused = world.refuses(
            "-U demo",
            &[
                "demo-3.0",
                "nobody attested it, although files before it were attested",
                "assay trust accept demo --identity none",
            ],
        );
        // What is older than attestations passes without.
        world.install("demo==0.5").ok();
        world.install("demo==2.0").ok();
        world.paste(&refused).ok();
        world.install("demo==3.0").ok();
        assert_eq!(world.installed().as_deref(), Some("3.0"));
    }
}

#[test]
fn the_old_publisher_is_named_beside_the_missing_one() {
    let [pinned, first] = users(None);
    pinned.refuses("-U demo", &[OWNER, "known since", "demo-2.0", "2026-03-02"]);
    first.refuses("-U demo", &[OWNER, "demo-2.0", "2026-03-02"]);
}

#[test]
fn a_release_from_another_repository() {
    for world in users(Some(&stranger())) {
        let accept = format!("assay trust accept demo --identity {STRANGER}");
        let refused = world.refuses(
            "-U demo",
            &[
                "another publisher signed it than the known one",
                OWNER,
                "https://github.com/evil/demo",
                "2026-04-02",
                &accept,
            ],
        );
        world.paste(&refused).ok();
        world.install("-U demo").ok();
        assert_eq!(world.installed().as_deref(), Some("3.0"));
    }
}

#[test]
fn both_publishers_pass_once_the_second_is_accepted() {
    let [world, _] = users(Some(&stranger()));
    let refused = world.refuses("-U demo", &[]);
    world.paste(&refused).ok();
    assert_eq!(world.known(), [OWNER, STRANGER]);
    let world = world.release("4.0", Some(&owner()));
    world.install("demo==3.0").ok();
    world.install("demo==4.0").ok();
    assert_eq!(world.known(), [OWNER, STRANGER]);
    world
        .release("5.0", None)
        .refuses("-U demo", &[OWNER, STRANGER]);
}

#[test]
fn a_repository_that_belongs_to_somebody_else_now() {
    for name in ["buyer/demo", "acme/demo"] {
        let buyer = Publisher::github(name).repository_id("11").owner_id("33");
        for world in users(Some(&buyer)) {
            let refused = world.refuses(
                "-U demo",
                &[
                    "belongs to somebody else now",
                    "acme/demo:release.yml:repository-id=11:owner-id=22",
                    &format!("{name}:release.yml:repository-id=11:owner-id=33"),
                ],
            );
            world.paste(&refused).ok();
            world.install("-U demo").ok();
        }
    }
}

#[test]
fn a_known_name_that_is_another_repository_now() {
    let taken = Publisher::github("acme/demo")
        .repository_id("44")
        .owner_id("55");
    for world in users(Some(&taken)) {
        let refused = world.refuses(
            "-U demo",
            &[
                "which has the name that the known one had",
                OWNER,
                "owner-id=55",
            ],
        );
        world.paste(&refused).ok();
        world.install("-U demo").ok();
    }
}

#[test]
fn a_renamed_repository_is_followed() {
    let renamed = Publisher::github("acme/better-demo")
        .repository_id("11")
        .owner_id("22");
    for world in users(Some(&renamed)) {
        let first = world.install("-U demo").ok();
        let said = "its publisher's repository has a new name";
        assert!(first.err.contains(said), "{}", first.err);
        let name = "github:acme/better-demo:release.yml:repository-id=11:owner-id=22";
        assert_eq!(world.known(), [name]);
        let next = world.release("4.0", Some(&renamed));
        let quiet = next.install("-U demo").ok();
        assert!(!quiet.err.contains(said), "{}", quiet.err);
        // Somebody else may have the old name now.
        let taken = Publisher::github("acme/demo").repository_id("44");
        next.release("5.0", Some(&taken))
            .refuses("-U demo", &[name]);
    }
}

#[test]
fn another_workflow_is_told_once_and_refused_where_a_publisher_is_required() {
    let other = owner().workflow("other.yml");
    for world in users(Some(&other)) {
        world.own("[policy]\nevidence = 'publisher'\n");
        let said = "another workflow of the known repository published it";
        let accept = OWNER.replace("release.yml", "other.yml");
        world.refuses("demo==3.0", &[said, OWNER, &accept]);
        world.own("[policy]\nevidence = { any = ['publisher', 'index'] }\n[[policy.rule]]\nprojects = ['demo']\nmode = 'warn'\nevidence = 'publisher'\n");
        world.refuses("demo==3.0", &[said]);
        world.own("[[policy.rule]]\nprojects = ['demo']\nmode = 'warn'\nevidence = 'publisher'\n");
        let first = world.install("demo==3.0").ok();
        assert!(first.err.contains(said), "{}", first.err);
        let again = world.install("--force-reinstall demo==3.0").ok();
        assert!(world.known().contains(&accept));
        assert!(!again.err.contains(said), "{}", again.err);
        world.own("[policy]\nevidence = 'publisher'\n");
        world.install("--force-reinstall demo==3.0").ok();
    }
}

#[test]
fn names_of_repositories_do_not_differ_by_case() {
    let shouted = Publisher::github("ACME/Demo")
        .repository_id("11")
        .owner_id("22");
    for world in users(Some(&shouted)) {
        let outcome = world.install("-U demo").ok();
        assert!(!outcome.err.contains("new name"), "{}", outcome.err);
    }
}
