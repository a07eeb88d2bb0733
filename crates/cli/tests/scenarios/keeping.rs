//! What is kept: wheels in the cache, by pip's patterns, and the log.

use std::path::Path;

use assay_testkit::server::IndexServer;
use serde_json::json;

use crate::machine::{Machine, index, simple};

/// A cache that holds [`ONE`], [`TWO`] and [`MORE`].
fn filled(machine: &Machine) -> IndexServer {
    let server = index(&[
        simple("app", "1.0", &["app-more"]),
        simple("app", "2.0", &["app-more"]),
        simple("app-more", "1.0", &[]),
    ]);
    machine.install(&server, &["app==1.0"]).ok();
    machine.install(&server, &["app==2.0"]).ok();
    server
}

const ONE: &str = "app-1.0-py3-none-any.whl";
const TWO: &str = "app-2.0-py3-none-any.whl";
const MORE: &str = "app_more-1.0-py3-none-any.whl";

fn names(machine: &Machine, args: &[&str]) -> Vec<String> {
    let rows = machine.assay(&[&["cache", "list", "--json"], args].concat());
    let rows = rows.ok().json();
    let rows = rows.as_array().unwrap().iter();
    rows.map(|it| it["file"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn wheels_are_listed_by_patterns() {
    let machine = Machine::new();
    let _server = filled(&machine);
    assert_eq!(names(&machine, &[]), [ONE, TWO, MORE]);
    assert_eq!(names(&machine, &["app"]), [ONE, TWO]);
    assert_eq!(names(&machine, &["app-[!1]*"]), [TWO]);
    let human = machine.assay(&["cache", "list", "app_more"]).ok().out;
    let first = format!("Cache contents:\n\n - {MORE} (");
    assert!(human.starts_with(&first), "{human}");
    let paths = machine.assay(&["cache", "list", "--format", "abspath"]);
    let paths = paths.ok().out;
    let mut entries = paths.lines().map(Path::new);
    assert!(entries.all(|it| it.join("manifest").exists()), "{paths}");
}

#[test]
fn wheels_are_removed_by_patterns() {
    let machine = Machine::new();
    let server = filled(&machine);
    let paths = machine.assay(&["cache", "list", "--format", "abspath", "app-1*"]);
    let removed = machine.assay(&["cache", "remove", "app-1.0"]).ok().out;
    assert!(removed.starts_with("Files removed: 1 ("), "{removed}");
    assert_eq!(names(&machine, &[]), [TWO, MORE]);
    assert!(!Path::new(paths.out.trim()).exists());
    let none = machine.assay(&["cache", "remove", "app-1.0"]).ok().err;
    let words = "No matching packages for pattern \"app-1.0\"";
    assert!(none.contains(words), "{none}");
    let verified = machine.assay(&["cache", "verify", "--json"]).ok().json();
    let expected = json!({ "intact": 2, "damaged": [], "unknown": 0 });
    assert_eq!(verified, expected);
    // What was removed is fetched again, and what was not comes from the cache.
    server.clear_requests();
    machine.install(&server, &["app==1.0"]).ok();
    let fetched = server.requests();
    let wheels = fetched.iter().filter(|it| it.path.ends_with(".whl"));
    assert_eq!(wheels.count(), 1);
    machine.assay(&["cache", "remove", "*"]).ok();
    assert!(names(&machine, &[]).is_empty());
    assert_eq!(machine.assay(&["cache", "remove"]).code, 2);
}

#[test]
fn the_log_has_what_was_said_and_what_was_not_shown_without_secrets_and_colours() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine
        .install(&server, &["-q", "-q", "--log", "logs/a.log", "app"])
        .ok();
    let url = server.index_url().replace("://", "://user:secret@");
    machine
        .assay(&[
            "install",
            "--venv",
            "env",
            "--log",
            "logs/a.log",
            "-i",
            &url,
            "nobody",
        ])
        .fails(1, &["nobody"]);
    let log = std::fs::read_to_string(machine.path("logs/a.log")).unwrap();
    for words in ["Successfully installed app-1.0", "could not: "] {
        assert!(log.contains(words), "{words}: {log}");
    }
    assert!(!log.contains("secret") && !log.contains('\x1b'), "{log}");
    for line in log.lines() {
        let stamp: String = line.chars().take(24).collect();
        let shape = stamp.replace(|c: char| c.is_ascii_digit(), "0");
        assert_eq!(shape, "0000-00-00T00:00:00,000 ", "{line}");
    }
    machine
        .assay(&["list", "--venv", "env", "--log", "."])
        .fails(1, &["opening the log"]);
}
