//! `assay trust`: what is known of publishers, listed, changed, carried to another machine.

mod limits;
mod state;

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::machine::{Machine, Outcome};

const DEMO: &str = "github:acme/demo:release.yml:repository-id=11:owner-id=22";
const MOVED: &str = "github:acme/new-demo:release.yml:repository-id=12:owner-id=22";
const INDEX: &str = "https://index.example/simple/";
const OTHER: &str = "https://other.example/simple/";

fn accept(machine: &Machine, name: &str, more: &[&str]) -> Outcome {
    let args = [&["trust", "accept", name], more].concat();
    machine.assay(&args)
}

/// Accepts a publisher of a project from an index.
fn known(machine: &Machine, name: &str, identity: &str, index: &str) {
    let named = ["--identity", identity, "--index", index];
    accept(machine, name, &named).ok();
}

fn list(machine: &Machine, names: &[&str]) -> Value {
    let args = [&["trust", "list", "--json"], names].concat();
    machine.assay(&args).ok().json()
}

fn state(machine: &Machine) -> PathBuf {
    machine.path("../home/.local/state/assay")
}

#[test]
fn what_was_accepted_is_carried_to_another_machine_and_forgotten() {
    let (one, two) = (Machine::new(), Machine::new());
    known(&one, "Demo_App", DEMO, INDEX);
    known(&one, "demo-app", MOVED, INDEX);
    known(
        &one,
        "lib",
        "gitlab:group/sub/lib:ci/r.yml:repository-id=7",
        INDEX,
    );
    let here = ["--index", INDEX];
    let table = one
        .assay(&[&["trust", "export"][..], &here].concat())
        .ok()
        .out;
    assert_eq!(
        table,
        format!(
            "[publishers]\n\
             demo-app = [\"{DEMO}\", \"{MOVED}\"]\n\
             lib = [\"gitlab:group/sub/lib:ci/r.yml:repository-id=7\"]\n"
        )
    );
    two.write("theirs.toml", &table);
    let import = [&["trust", "import", "theirs.toml"][..], &here].concat();
    let said = two.assay(&import).ok().out;
    assert_eq!(said.matches("accepted: ").count(), 3, "{said}");
    let said = two.assay(&import).ok().out;
    assert_eq!(said.matches("unchanged: ").count(), 3, "{said}");
    assert!(!said.contains("accepted"), "{said}");
    let again = two.assay(&[&["trust", "export"][..], &here].concat());
    assert_eq!(again.ok().out, table);
    let one_alone = [&["trust", "export", "LIB"][..], &here].concat();
    assert!(!one.assay(&one_alone).ok().out.contains("demo-app"));

    let remove = two
        .assay(&["trust", "remove", "demo_app", "--identity", DEMO])
        .ok();
    assert!(
        remove.out.contains(&format!("forgotten: {DEMO}")),
        "{}",
        remove.out
    );
    assert_eq!(list(&two, &["demo-app"])[0]["identities"], json!([MOVED]));
    let remove = two.assay(&["trust", "remove", "demo-app"]).ok();
    assert!(remove.err.contains("at first sight"), "{}", remove.err);
    let gone = two.assay(&["trust", "list", "demo-app"]);
    gone.fails(1, &["nothing is known of the publishers of demo-app"]);
    let gone = two.assay(&["trust", "remove", "demo-app"]);
    gone.fails(1, &["nothing is known of demo-app"]);
    assert_eq!(list(&two, &[]).as_array().unwrap().len(), 1);
}

#[test]
fn several_projects_are_named_alike_by_all_commands_and_changed_together() {
    let machine = Machine::new();
    let run = |command: &str, names: &[&str], more: &[&str]| {
        let args = [&["trust", command], names, more].concat();
        machine.assay(&args)
    };
    let more = ["--identity", DEMO, "--index", INDEX];
    let changes = run(
        "accept",
        &["a,B", "c", "C"],
        &[&more[..], &["--json"]].concat(),
    );
    assert_eq!(changes.ok().json().as_array().unwrap().len(), 3);
    assert_eq!(list(&machine, &["a,b", "c"]).as_array().unwrap().len(), 3);
    let table = run("export", &["a,b", "c"], &more[2..]).ok().out;
    assert_eq!(table.matches(DEMO).count(), 3, "{table}");
    // One that is not known, or no name, leaves all as they were.
    run("remove", &["a,other"], &[]).fails(1, &["nothing is known of other"]);
    run("remove", &["a,"], &[]).fails(2, &["no project's name"]);
    run("accept", &["d,"], &more).fails(2, &["no project's name"]);
    assert_eq!(list(&machine, &[]).as_array().unwrap().len(), 3);
    run("remove", &["a,b"], &[]).ok();
    assert_eq!(list(&machine, &[])[0]["project"], "c");
}

#[test]
fn files_without_provenance_are_accepted_by_a_word_of_their_own() {
    let machine = Machine::new();
    known(&machine, "demo", "none", INDEX);
    let row = &list(&machine, &["demo"])[0];
    assert_eq!(
        (&row["unattested"], &row["identities"]),
        (&json!(true), &json!([]))
    );
    let said = machine.assay(&["trust", "list"]).ok().out;
    assert!(
        said.contains("files without provenance are accepted"),
        "{said}"
    );

    // Such a table has no word for it.
    let export = ["trust", "export", "--index", INDEX];
    let table = machine.assay(&export).ok().out;
    let comment = "# demo: left out: that files without provenance are accepted";
    assert!(table.starts_with("[publishers]\n# demo"), "{table}");
    assert!(table.contains(comment), "{table}");
    known(&machine, "demo", DEMO, INDEX);
    let table = machine.assay(&export).ok().out;
    assert!(table.contains(DEMO) && table.contains(comment), "{table}");

    let forget = ["trust", "remove", "demo", "--identity", "none"];
    machine.assay(&forget).ok();
    assert_eq!(list(&machine, &[])[0]["unattested"], json!(false));
    machine
        .assay(&forget)
        .fails(1, &["none is not accepted of demo"]);
}

#[test]
fn what_is_typed_is_read_strictly_and_shown_escaped() {
    let machine = Machine::new();
    let named = |name: &str, identity: &str| {
        accept(&machine, name, &["--identity", identity, "--index", INDEX])
    };
    for identity in [
        "",
        "None",
        "github:acme",
        "github:a/b:x:y",
        "acme/demo",
        "a\x1b[2J",
    ] {
        let outcome = named("demo", identity).fails(2, &["--identity", "repository-id=N", "none"]);
        assert!(!outcome.err.contains('\x1b'));
    }
    named("-demo-", DEMO).fails(2, &[]);
    named("de\x1bmo", DEMO).fails(2, &["no project's name"]);
    accept(&machine, "demo", &[]).fails(2, &["--identity"]);
    for (index, code) in [("nonsense", 2), ("ftp://index.example/", 4)] {
        accept(&machine, "demo", &["--identity", DEMO, "--index", index]).fails(code, &[]);
    }
    assert!(!state(&machine).join("publishers.json").exists());

    // Two at once; a secret in the URL is no part of the index.
    let url = "https://user:secret@index.example/simple";
    let two = ["--identity", DEMO, "--identity", MOVED, "--index", url];
    let outcome = accept(&machine, "demo", &two).ok();
    assert!(!outcome.out.contains("secret"), "{}", outcome.out);
    let row = &list(&machine, &[])[0];
    assert_eq!(row["index"], INDEX);
    assert_eq!(row["identities"].as_array().unwrap().len(), 2);
    let outcome = named("demo", "github:acme/demo").ok();
    assert!(
        outcome.err.contains("names no repository-id"),
        "{}",
        outcome.err
    );
    assert!(
        !named("demo", "google:who@example.com")
            .ok()
            .err
            .contains("note")
    );
}

#[test]
fn the_index_is_the_one_that_an_install_would_ask() {
    let machine = Machine::new();
    let accepted = |variables: &[(&str, &str)]| {
        let args = ["trust", "accept", "demo", "--identity", DEMO, "--json"];
        machine.assay_with(&args, variables)
    };
    let set = [("PIP_INDEX_URL", INDEX)];
    assert_eq!(accepted(&set).ok().json()[0]["index"], INDEX);
    let more = [set[0], ("PIP_EXTRA_INDEX_URL", OTHER)];
    let outcome = accepted(&more).ok();
    assert_eq!(outcome.json()[0]["index"], INDEX);
    assert!(
        outcome.err.contains("--index names one of them"),
        "{}",
        outcome.err
    );
    accepted(&[("PIP_NO_INDEX", "1")]).fails(2, &["no index is asked here", "--index"]);

    let rule = format!(
        "[indexes.other]\nurl = '{OTHER}'\n[[policy.rule]]\nprojects = ['demo']\nindex = 'other'\n"
    );
    machine.write("../home/.config/assay/policy.toml", rule);
    let outcome = accepted(&more).ok();
    assert_eq!(outcome.json()[0]["index"], OTHER);
    assert!(!outcome.err.contains("--index"), "{}", outcome.err);

    let indexes = |value: Value| {
        let rows = value.as_array().unwrap().iter();
        rows.map(|it| it["index"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(indexes(list(&machine, &[])).len(), 2);
    let remove = ["trust", "remove", "demo"];
    let words = ["several indexes", INDEX, OTHER];
    machine.assay(&remove).fails(2, &words);
    machine
        .assay(&[&remove[..], &["--index", INDEX]].concat())
        .ok();
    assert_eq!(indexes(list(&machine, &[])), [json!(OTHER).to_string()]);
}

#[test]
fn a_table_has_one_index_and_says_what_it_leaves_out() {
    let machine = Machine::new();
    known(&machine, "both", DEMO, INDEX);
    known(&machine, "both", MOVED, OTHER);
    known(&machine, "elsewhere", MOVED, OTHER);
    let export = |variables: &[(&str, &str)]| {
        let outcome = machine.assay_with(&["trust", "export"], variables);
        outcome.ok().out
    };
    assert_eq!(
        export(&[("PIP_INDEX_URL", INDEX)]),
        format!(
            "[publishers]\n\
             both = [\"{DEMO}\"]\n\
             # both: left out: what is known of {OTHER}\n\
             # elsewhere: left out: what is known of {OTHER}\n"
        )
    );
    // Extra indexes are asked first.
    let both = [("PIP_INDEX_URL", INDEX), ("PIP_EXTRA_INDEX_URL", OTHER)];
    assert_eq!(
        export(&both),
        format!(
            "[publishers]\n\
             both = [\"{MOVED}\"]\n\
             elsewhere = [\"{MOVED}\"]\n\
             # both: left out: what is known of {INDEX}\n"
        )
    );
    let json = machine
        .assay_with(&["trust", "export", "--json"], &both)
        .ok()
        .json();
    assert_eq!(json["publishers"][1]["project"], "elsewhere");
    assert_eq!(json["left-out"].as_array().unwrap().len(), 1);
    let unknown = machine.assay(&["trust", "export", "other"]);
    unknown.fails(1, &["nothing is known of other"]);
}

#[test]
fn a_file_is_imported_whole_or_not_at_all() {
    let machine = Machine::new();
    let import = |text: &str| {
        machine.write("theirs.toml", text);
        machine.assay(&["trust", "import", "theirs.toml", "--index", INDEX])
    };
    let good = format!("[publishers]\ndemo = ['{DEMO}']\n");
    for (bad, place) in [
        (format!("{good}lib = ['github:acme']\n"), "theirs.toml:3:8"),
        (format!("{good}lib = []\n"), "theirs.toml:3:7"),
        (format!("{good}Demo = ['{DEMO}']\n"), "theirs.toml:3:1"),
        (format!("{good}[other]\n"), "theirs.toml:3:2"),
        (format!("{good}demo"), "theirs.toml:3:5"),
    ] {
        import(&bad).fails(2, &[place]);
    }
    import("").fails(2, &["names no publishers", "trust export"]);
    machine
        .assay(&["trust", "import", "nothing.toml"])
        .fails(2, &["nothing.toml is not there"]);
    assert!(!state(&machine).join("publishers.json").exists());
    let rule = "[[policy.rule]]\nprojects = ['lib']\nevidence = 'publisher'\n";
    import(&format!("{good}{rule}")).ok();
    assert_eq!(list(&machine, &[])[0]["identities"], json!([DEMO]));
}

#[test]
fn what_policy_files_name_is_listed_apart_and_told_where_it_matters() {
    let machine = Machine::new();
    known(&machine, "demo", MOVED, INDEX);
    let table = format!("[publishers]\ndemo = ['{DEMO}']\n");
    machine.write("assay.toml", &table);
    let accept_it = || accept(&machine, "demo", &["--identity", MOVED, "--index", INDEX]).ok();
    assert!(
        accept_it().err.contains("assay.toml:2:8 names"),
        "it holds besides"
    );
    machine.write("../home/.config/assay/policy.toml", &table);
    assert!(
        accept_it()
            .err
            .contains("goes before what is accepted here")
    );

    let rows = list(&machine, &["demo"]);
    let rows: Vec<_> = rows.as_array().unwrap().iter().collect();
    let leads: Vec<_> = rows.iter().map(|it| it["leads"].as_bool()).collect();
    assert_eq!(leads, [Some(true), None, Some(false)]);
    assert_eq!(rows[1]["index"], INDEX);
    assert_eq!(rows[2]["stated-in"], "assay.toml:2:8");
    let said = machine.assay(&["trust", "list"]).ok().out;
    for words in [
        "as assay.toml:2:8 (project) says",
        "in place of",
        "besides",
        INDEX,
    ] {
        assert!(said.contains(words), "{said}");
    }
}
