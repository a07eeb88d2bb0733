//! `assay diff` names the publishers of both sides, and believes no one whom an install would not.

use assay_testkit::publisher::Publisher;

use super::{OWNER, World, owner, stranger};
use crate::machine::Outcome;

fn diff(world: &World, args: &[&str]) -> Outcome {
    let server = world.serve();
    let url = server.index_url();
    let own = ["diff", "-i", &url, "demo", "1.0", "2.0"];
    let outcome = world.machine.assay(&[&own[..], args].concat());
    assert!(world.known().is_empty());
    outcome
}

#[test]
fn who_published_either_version_is_told_and_nothing_is_learned() {
    let release = |publisher: &Publisher| {
        let world = World::new().release("1.0", Some(&owner()));
        world.release("2.0", Some(publisher))
    };
    let same = release(&owner());
    let report = diff(&same, &["--json"]).ok().json();
    for side in ["from", "to"] {
        assert_eq!(report[side]["attestations"][0]["identity"], OWNER, "{side}");
    }
    let told = diff(&same, &[]).ok().out;
    let named = told
        .lines()
        .filter(|it| it.contains("publisher:  publish by GitHub: acme/demo"));
    assert_eq!(named.count(), 2, "{told}");
    diff(&release(&stranger()), &[]).fails(4, &["evil/demo"]);
}
