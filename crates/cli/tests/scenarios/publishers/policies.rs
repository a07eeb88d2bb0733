//! Who may publish, as policy files say it; and files that would rather have it otherwise.

use assay_testkit::publisher::{Publisher, TestSigstore};

use super::{OWNER, World, owner, stranger};
use crate::machine::{simple, upload};

fn attested() -> World {
    World::new().release("1.0", Some(&owner()))
}

fn rule(evidence: &str) -> String {
    format!("[[policy.rule]]\nprojects = ['demo']\nevidence = {evidence}\n")
}

#[test]
fn words_are_met_by_whoever_they_name_and_by_nobody_else() {
    let (world, again) = (attested(), "--force-reinstall demo");
    for (evidence, passes) in [
        ("'publisher'", true),
        ("'publisher:github:acme/demo'", true),
        ("'publisher:github:ACME/demo'", true),
        ("'publisher:github:acme/demo:release.yml'", true),
        ("'publisher:github:acme/demo:repository-id=11'", true),
        (
            "{ any = ['publisher:github:evil/demo', 'publisher:github:acme/demo'] }",
            true,
        ),
        ("{ all = ['publisher', 'index'] }", true),
        (
            "{ at-least = 2, of = ['publisher', 'index', 'hash'] }",
            true,
        ),
        ("'publisher:github:evil/demo'", false),
        ("'publisher:github:acme/demo:other.yml'", false),
        ("'publisher:github:acme/demo:owner-id=23'", false),
        ("'publisher:gitlab:acme/demo'", false),
        ("{ all = ['publisher', 'hash'] }", false),
        (
            "{ at-least = 2, of = ['publisher', 'local', 'hash'] }",
            false,
        ),
    ] {
        world.own(&rule(evidence));
        match passes {
            true => drop(world.install(again).ok()),
            false => drop(world.refuses(again, &["demo-1.0", "policy.toml:3:12"])),
        }
    }
}

#[test]
fn an_unattested_file_meets_no_publisher() {
    let world = World::new().release("1.0", None);
    for evidence in ["'publisher'", "{ all = ['index', 'publisher'] }"] {
        world.own(&rule(evidence));
        world.refuses("demo", &["publisher", "policy.toml:3:12"]);
    }
    world.own(&rule("{ any = ['publisher', 'index'] }"));
    world.install("demo").ok();
}

#[test]
fn an_older_release_that_has_what_is_asked_for_is_taken_instead() {
    let world = World::new()
        .release("1.0", Some(&stranger()))
        .release("2.0", Some(&owner()));
    world.own(&rule("'publisher:github:evil/demo'"));
    // A change of publisher stops, whatever an older release has.
    world.refuses("demo", &["another publisher"]);
    let gap = World::new().release("2.0", None);
    let gap = gap.release("1.0", Some(&owner()));
    gap.own(&rule("'publisher'"));
    gap.install("demo").ok();
    assert_eq!(gap.installed().as_deref(), Some("1.0"));
}

#[test]
fn a_rule_that_warns_or_reports_installs_and_says_what_is_missing() {
    for (mode, is_said) in [("warn", true), ("report", false)] {
        let world = World::new().release("1.0", None);
        world.own(&format!("{}mode = '{mode}'\n", rule("'publisher'")));
        let outcome = world.install("--json demo").ok();
        assert_eq!(
            outcome.err.contains("publisher"),
            is_said,
            "{}",
            outcome.err
        );
        let missing = &outcome.json()["packages"][0]["evidence-missing"];
        assert!(missing.to_string().contains("publisher"), "{missing}");
        // A broken pin is no unmet wish.
        let world = World::new()
            .release("1.0", Some(&owner()))
            .release("2.0", Some(&stranger()));
        world.own(&format!("{}mode = '{mode}'\n", rule("'publisher'")));
        world.refuses("demo", &["another publisher"]);
    }
}

#[test]
fn publishers_of_the_users_own_file_lead() {
    let world = World::new()
        .release("1.0", Some(&owner()))
        .release("2.0", Some(&stranger()));
    world.own("[publishers]\ndemo = ['github:acme/demo', 'github:evil/demo']\n");
    world.install("demo").ok();
    assert!(world.known().is_empty(), "what a file says is not learned");
    world.own("[publishers]\ndemo = ['github:acme/demo:owner-id=22']\n");
    world.refuses(
        "--force-reinstall demo",
        &[
            "another publisher",
            "policy.toml:2:",
            "github:acme/demo:owner-id=22",
        ],
    );
    world.install("demo==1.0").ok();
    let world = world.release("3.0", None);
    world.refuses("-U demo", &["nobody attested it, and a policy file names"]);
}

#[test]
fn publishers_of_a_projects_file_come_on_top() {
    let world = attested();
    world
        .machine
        .write("assay.toml", "[publishers]\ndemo = ['github:acme/other']\n");
    world.refuses("demo", &["assay.toml:2:", "github:acme/other"]);
    world
        .machine
        .write("assay.toml", "[publishers]\ndemo = ['github:acme/demo']\n");
    world.install("demo").ok();
    assert_eq!(world.known(), [OWNER]);
}

#[test]
fn a_malicious_projects_file_loosens_nothing() {
    let world = attested();
    world.install("demo").ok();
    let world = world.release("2.0", Some(&stranger()));
    for text in [
        "[publishers]\ndemo = ['github:evil/demo']\n",
        "[policy]\nevidence = { any = ['publisher:github:evil/demo', 'index'] }\n",
        "[[policy.rule]]\nprojects = ['*']\nevidence = 'publisher'\nmode = 'report'\n",
    ] {
        world.machine.write("assay.toml", text);
        world.refuses("-U demo", &["another publisher", OWNER]);
    }
    std::fs::remove_file(world.machine.path("assay.toml")).unwrap();
    let refused = world.refuses("-U demo", &["another publisher"]);
    world.paste(&refused).ok();
    world.install("-U demo").ok();
}

#[test]
fn a_malicious_projects_file_brings_no_keys_of_its_own() {
    let world = World::new();
    let theirs = TestSigstore::new();
    let forged = upload(&simple("demo", "1.0", &[]));
    let forged = forged.attested(&theirs, &owner(), "2026-01-02T03:04:05Z");
    let world = world.with(forged);
    let keys = world.machine.write("root.json", theirs.trusted_root_json());
    let url = world.serve().index_url();
    for text in [
        "[sigstore]\ntrusted-root = 'root.json'\n".to_owned(),
        format!("[indexes.demo]\nurl = '{url}'\ntrusted-root = 'root.json'\n"),
    ] {
        world.machine.write("assay.toml", text);
        let outcome = world.install("demo");
        assert_ne!(outcome.code, 0);
        assert!(outcome.err.contains("trusted-root"), "{}", outcome.err);
        assert!(!world.machine.venv().exists());
    }
    std::fs::remove_file(world.machine.path("assay.toml")).unwrap();
    world.refuses("demo", &["demo-1.0"]);
    // The user's own file may name them.
    let text = format!("[sigstore]\ntrusted-root = '{}'\n", keys.display());
    world
        .machine
        .write("../home/.config/assay/policy.toml", text);
    world.install("demo").ok();
}

#[test]
fn the_keys_of_a_private_sigstore_count_for_its_index_alone() {
    let private = TestSigstore::new();
    let by = Publisher::gitlab("team/tools/demo");
    let wheel = upload(&simple("demo", "1.0", &[]));
    let attested = wheel.attested(&private, &by, "2026-01-02T03:04:05Z");
    let (world, other) = (World::new(), World::new());
    let (world, other) = (world.with(attested.clone()), other.with(attested));
    let keys = world
        .machine
        .write("../home/acme.json", private.trusted_root_json());
    let url = world.serve().index_url();
    world.own(&format!(
        "[indexes.acme]\nurl = '{url}'\ntrusted-root = '{}'\n",
        keys.display()
    ));
    world.install("demo").ok();
    let elsewhere = other.serve();
    let args = "--venv second demo";
    let outcome = world.install_from(&elsewhere, args);
    outcome.fails(4, &["demo-1.0"]);
    assert_eq!(world.known().len(), 1);
    // Nor does the public one speak for the index.
    let public = upload(&simple("demo", "2.0", &[]));
    let public = public.attested(&world.sigstore, &by, "2026-02-02T03:04:05Z");
    world.with(public).refuses("-U demo", &["demo-2.0"]);
}
