//! Names that were made to mislead whoever reads or pastes them.

use assay_testkit::{publisher::Publisher, server::Behaviour};

use super::{World, owner};

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
