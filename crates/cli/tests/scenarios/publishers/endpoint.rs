//! The index announces attestations and does not show them.

use assay_testkit::server::Behaviour;

use super::{OWNER, World, owner};
use crate::machine::Outcome;

const WHEEL: &str = "/provenance/demo-2.0-py3-none-any.whl";

/// Each way in which a document cannot be had.
fn ways() -> Vec<Behaviour> {
    vec![
        Behaviour::Status(503),
        Behaviour::Status(404),
        Behaviour::Status(403),
        Behaviour::Status(204),
        Behaviour::drop_after(20, usize::MAX),
        Behaviour::Stall,
        Behaviour::Redirect("HOST/nowhere".into()),
        Behaviour::Redirect("http://index.example/".into()),
    ]
}

/// Two releases by one publisher.
fn world() -> World {
    World::new()
        .release("1.0", Some(&owner()))
        .release("2.0", Some(&owner()))
}

fn install(world: &World, way: Behaviour, at: &str) -> Outcome {
    // A busy machine has time for everything else.
    let timeout = match way {
        Behaviour::Stall => "0.5",
        _ => "15",
    };
    let server = world.serve_as(|it| it.behave(at, way));
    let args = format!("-U --force-reinstall --retries 0 --timeout {timeout} demo");
    world.install_from(&server, &args)
}

#[test]
fn where_nothing_is_known_it_is_said_and_nothing_is_learned() {
    let world = world();
    for way in ways() {
        let outcome = install(&world, way, WHEEL).ok();
        let said = "who published it could not be found out";
        let is_one_line = !outcome.err.contains("\\u{a}");
        assert!(outcome.err.contains(said) && is_one_line, "{}", outcome.err);
        assert!(world.known().is_empty());
    }
    // As soon as it can be had it is judged, and learned.
    world.install("--force-reinstall demo").ok();
    assert_eq!(world.known(), [OWNER]);
}

#[test]
fn where_publishers_are_known_nothing_is_installed() {
    let world = world();
    world.install("demo==1.0").ok();
    for way in ways() {
        let before = (world.machine.snapshot(), world.known());
        let outcome = install(&world, way, WHEEL);
        assert_ne!(outcome.code, 0, "{}", outcome.err);
        assert!(outcome.err.contains("demo-2.0"), "{}", outcome.err);
        world.machine.assert_unchanged(&before.0);
        assert_eq!(world.known(), before.1);
    }
    world.install("-U demo").ok();
    assert_eq!(world.installed().as_deref(), Some("2.0"));
}

#[test]
fn where_a_rule_needs_a_publisher_nothing_is_installed() {
    for rule in [
        "[policy]\nevidence = 'publisher'",
        "[[policy.rule]]\nprojects = ['dem*']\nevidence = 'publisher:github:acme/demo'",
        "[policy]\nevidence = { any = ['publisher', 'index'] }",
        "[publishers]\ndemo = ['github:acme/demo']",
    ] {
        let world = world();
        world.own(rule);
        let before = world.machine.snapshot();
        let outcome = install(&world, Behaviour::Status(503), WHEEL);
        assert_ne!(outcome.code, 0, "{}", outcome.err);
        world.machine.assert_unchanged(&before);
        assert!(world.known().is_empty());
        world.install("demo").ok();
    }
    let world = world();
    world.own("[[policy.rule]]\nprojects = ['demo']\nevidence = 'publisher'\nmode = 'warn'");
    install(&world, Behaviour::Status(503), WHEEL).ok();
}

#[test]
fn a_past_that_cannot_be_looked_at_teaches_nothing() {
    let world = world();
    let at = "/provenance/demo-1.0-py3-none-any.whl";
    let outcome = install(&world, Behaviour::Status(503), at).ok();
    assert!(outcome.err.contains("demo-1.0"), "{}", outcome.err);
    assert!(world.known().is_empty());
    world.install("--force-reinstall demo").ok();
    assert_eq!(world.known(), [OWNER]);
}

#[test]
fn a_past_without_a_digest_teaches_nothing() {
    let digest = "ab".repeat(64);
    for hash in [None, Some(("sha512", digest.as_str()))] {
        let mut world = world();
        let first = world.uploads.remove(0).no_hash();
        let first = match hash {
            Some((algorithm, hex)) => first.hash(algorithm, hex),
            None => first,
        };
        let world = world.with(first);
        let outcome = world.install("demo==2.0").ok();
        let said = "the index lists no SHA-256 of demo-1.0";
        assert!(outcome.err.contains(said), "{}", outcome.err);
        assert!(world.known().is_empty());
    }
}

#[test]
fn of_a_loss_the_announcement_is_enough() {
    let world = World::new()
        .release("1.0", Some(&owner()))
        .release("2.0", None);
    let at = "/provenance/demo-1.0-py3-none-any.whl";
    let before = world.machine.snapshot();
    install(&world, Behaviour::Status(503), at).fails(4, &["nobody attested it", "demo-1.0"]);
    world.machine.assert_unchanged(&before);
}

#[test]
fn what_comes_and_is_no_provenance_is_refused_whatever_is_known() {
    let document = || {
        let world = World::new();
        let by = owner();
        let signed = world.sigstore.attest(&by, "x-1-py3-none-any.whl", "00");
        signed.provenance()
    };
    for body in [
        assay_testkit::publisher::truncated(&document()),
        assay_testkit::publisher::oversized(&document(), 64 << 20),
        document().replace("\"version\":1", "\"version\":2"),
        "null".to_owned(),
        String::new(),
    ] {
        let world = world();
        let before = world.machine.snapshot();
        let outcome = install(&world, Behaviour::Body(body.clone().into()), WHEEL);
        let head: String = body.chars().take(40).collect();
        assert_eq!(outcome.code, 4, "{head} {}", outcome.err);
        world.machine.assert_unchanged(&before);
        assert!(world.known().is_empty());
    }
}
