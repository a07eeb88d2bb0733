//! Wheels in the store: what was verified stays so, for the same key.

use assay_testkit::server::IndexServer;

use super::{BY_ALICE, Listener, assay, demo, serve};

pub fn count(server: &IndexServer, ending: &str) -> usize {
    let asked = server.requests();
    asked.iter().filter(|it| it.path.ends_with(ending)).count()
}

#[test]
fn a_wheel_in_the_store_is_judged_again_by_what_is_said_of_it() {
    let it = Listener::new(BY_ALICE);
    let wheel = demo("1.0");
    let server = serve(&[&wheel], &[(&assay(&wheel), it.alice.publishes(&wheel))]);
    it.install(&server, &[]).ok();
    it.install(&server, &[]).ok();
    assert_eq!(count(&server, ".whl"), 1);
    // Another key under the same name knows nothing of it.
    let public = it.mallory.public();
    let path = "../home/.config/assay/policy.toml";
    let text = format!("[keys.alice]\ned25519 = \"{public}\"\n{BY_ALICE}");
    it.machine.write(path, text);
    it.install(&server, &[]).fails(4, &["missing: key:alice"]);
}

#[test]
fn what_lay_beside_it_will_do_where_nobody_can_be_asked() {
    let it = Listener::new(BY_ALICE);
    let wheel = demo("1.0");
    let server = serve(&[&wheel], &[(&assay(&wheel), it.alice.publishes(&wheel))]);
    let online = Listener::new(BY_ALICE);
    it.install(&server, &[]).ok();
    it.install(&server, &["--offline"]).ok();
    online
        .install(&server, &["--offline"])
        .fails(1, &["--offline"]);
    // It is judged as if it lay there.
    it.policy(&BY_ALICE.replace("alice", "bob").replace(
        "[[",
        "[keys.bob]\ned25519 = \"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\"\n[[",
    ));
    it.install(&server, &["--offline"])
        .fails(4, &["missing: key:bob"]);
}
