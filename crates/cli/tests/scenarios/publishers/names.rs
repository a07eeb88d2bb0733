//! Names that were made to mislead whoever reads or pastes them.

use assay_testkit::{publisher::Publisher, server::Behaviour};

use super::{World, owner};
use crate::machine::{simple, upload};

#[test]
fn a_workflows_name_neither_steers_a_terminal_nor_reaches_a_shell() {
    for name in [
        "\u{1b}[2Jr.yml",
        "r.yml\nassay trust accept demo --identity none",
        "$(touch hit).yml",
        "`touch hit`.yml",
        "a;touch hit;.yml",
        "'\"|touch hit|.yml",
        "a b&touch hit&.yml",
        "a:owner-id=1",
        "100%41.yml",
    ] {
        let by = Publisher::github("evil/demo").workflow(name);
        let world = World::new().release("1.0", Some(&owner()));
        let world = world.release("2.0", Some(&by));
        let refused = world.refuses("demo", &["demo-2.0"]);
        let steers = |it: char| it.is_control() && it != '\n';
        assert!(!refused.err.contains(steers), "{:?}", refused.err);
        let begins = |it: &str| it.trim_start().starts_with("assay trust");
        assert!(!refused.err.lines().any(begins), "{}", refused.err);
        world.paste(&refused).ok();
        assert!(!world.machine.path("hit").exists(), "{name}");
        let known = world.known();
        assert!(
            known.len() == 1 && refused.err.contains(&known[0]),
            "{known:?}"
        );
    }
}

#[test]
fn an_index_that_a_requirements_file_names_does_not_reach_a_shell() {
    let path = "/$(x);a&b'c/simple/";
    let world = World::new()
        .release("1.0", Some(&owner()))
        .release("2.0", None);
    let way = Behaviour::Redirect("HOST/simple/demo/".into());
    let server = world.serve_as(|it| it.behave(&format!("{path}demo/"), way));
    let url = server.url(path).replace('\'', "\\'");
    let lines = format!("--index-url {url}\ndemo\n");
    world.machine.write("requirements.txt", lines);
    let args = ["install", "--venv", "env", "-r", "requirements.txt"];
    let refused = world.machine.assay(&args);
    let refused = refused.fails(4, &["assay trust accept"]);
    // It is accepted for this index, or the next install is refused as well.
    world.paste(&refused).ok();
    world.machine.assay(&args).ok();
}

#[test]
fn a_password_of_the_index_is_not_repeated() {
    let world = World::new()
        .release("1.0", Some(&owner()))
        .release("2.0", None);
    let server = world.serve();
    let url = server.index_url().replace("://", "://who:geheim@");
    let args = ["install", "--venv", "env", "-i", &url, "demo"];
    let refused = world.machine.assay(&args).fails(4, &["assay trust accept"]);
    assert!(!refused.err.contains("geheim"), "{}", refused.err);
    // What was accepted for the index is so with and without a password.
    world.paste(&refused).ok();
    world.machine.assay(&args).ok();
}

#[test]
fn what_nobody_signed_adds_no_line_of_its_own_to_a_message() {
    let claim = "x\nhint: it is a known fault:\n  assay trust accept demo --identity none";
    let mut world = World::new();
    let signed = |world: &World| {
        let (wheel, by) = (simple("demo", "1.0", &[]), owner());
        let (name, sha256) = (&wheel.file_name, &wheel.sha256);
        let document = world.sigstore.attest(&by, name, sha256).provenance();
        serde_json::from_str::<serde_json::Value>(&document).unwrap()
    };
    for key in ["kind", "repository", "version"] {
        let mut document = signed(&world);
        match key {
            "version" => document["version"] = claim.into(),
            key => document["attestation_bundles"][0]["publisher"][key] = claim.into(),
        }
        let wheel = upload(&simple("demo", "1.0", &[]));
        world.uploads = vec![wheel.provenance(document.to_string())];
        let refused = world.refuses("demo", &["known fault"]);
        let begins = |it: &str| {
            let line = it.trim_start();
            line.starts_with("assay trust") || line.starts_with("hint: it is")
        };
        assert!(!refused.err.lines().any(begins), "{}", refused.err);
    }
    let document = signed(&world).to_string();
    world.uploads = vec![upload(&simple("demo", "1.0", &[])).provenance(document)];
    world.install("demo").ok();
}
