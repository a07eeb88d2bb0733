//! What the target has already.

use assay_resolve::Upgrade;

use crate::world::{World, ask_with_installed, check};

const WORLD: &str = "
    a 1.0
      - b>=1
    a 2.0
      - b>=1
    b 1.0
    b 2.0
";

#[test]
fn an_installed_version_stays_where_it_satisfies() {
    check(
        WORLD,
        &ask_with_installed(&["a"], &["a 1.0", "b 1.0"]),
        "b 1.0, a 1.0",
    );
    check(
        WORLD,
        &ask_with_installed(&["a>1"], &["a 1.0", "b 1.0"]),
        "b 1.0, a 2.0",
    );
    check(
        WORLD,
        &ask_with_installed(&["a", "b>1"], &["a 1.0", "b 1.0"]),
        "b 2.0, a 1.0",
    );
}

#[test]
fn an_installed_version_that_stays_asks_no_page() {
    let world = World::new(WORLD);
    let request = ask_with_installed(&["a"], &["a 1.0", "b 1.0"]);
    let resolution = world.resolve(&request).unwrap();
    assert!(resolution.pins.iter().all(|it| it.candidate.installed));
    assert_eq!(
        world.log.borrow().join(", "),
        "metadata a 1.0, metadata b 1.0"
    );
}

#[test]
fn upgrades_go_as_far_as_asked() {
    let installed = ["a 1.0", "b 1.0"];
    let upgraded = |upgrade: Upgrade| {
        let mut request = ask_with_installed(&["a"], &installed);
        request.upgrade = upgrade;
        World::new(WORLD).solve(&request).unwrap().join(", ")
    };
    assert_eq!(upgraded(Upgrade::OnlyIfNeeded), "b 1.0, a 2.0");
    assert_eq!(upgraded(Upgrade::Eager), "b 2.0, a 2.0");
}

#[test]
fn an_installed_version_that_is_the_newest_is_not_replaced() {
    let mut request = ask_with_installed(&["b"], &["b 2.0"]);
    request.upgrade = Upgrade::Eager;
    let pins = World::new(WORLD).resolve(&request).unwrap().pins;
    assert!(pins[0].candidate.installed);
    // Nor is one that is newer than anything on the index, pre-release or not.
    let mut request = ask_with_installed(&["b"], &["b 3.0a1"]);
    request.upgrade = Upgrade::Eager;
    check(&format!("{WORLD}\nb 3.0a1"), &request, "b 3.0a1");
}
