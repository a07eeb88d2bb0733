//! What is kept: wheels in the cache, by pip's patterns, and the log.

use serde_json::json;

use crate::machine::{Machine, index, simple};

#[test]
fn wheels_are_listed_and_removed_by_patterns() {
    let server = index(&[
        simple("app", "1.0", &["app-more"]),
        simple("app", "2.0", &["app-more"]),
        simple("app-more", "1.0", &[]),
    ]);
    let machine = Machine::new();
    machine.install(&server, &["app==1.0"]).ok();
    machine.install(&server, &["app==2.0"]).ok();
    let names = |args: &[&str]| -> Vec<String> {
        let rows = machine
            .assay(&[&["cache", "list", "--json"], args].concat())
            .ok()
            .json();
        let rows = rows.as_array().unwrap().iter();
        rows.map(|it| it["file"].as_str().unwrap().to_owned())
            .collect()
    };
    let (one, two) = ("app-1.0-py3-none-any.whl", "app-2.0-py3-none-any.whl");
    let more = "app_more-1.0-py3-none-any.whl";
    assert_eq!(names(&[]), [one, two, more]);
    assert_eq!(names(&["app"]), [one, two]);
    assert_eq!(names(&["app-[!1]*"]), [two]);
    let human = machine.assay(&["cache", "list", "app_more"]).ok().out;
    assert!(
        human.starts_with("Cache contents:\n\n - app_more-1.0-py3-none-any.whl ("),
        "{human}"
    );
    let paths = machine
        .assay(&["cache", "list", "--format", "abspath"])
        .ok()
        .out;
    assert!(
        paths
            .lines()
            .all(|it| std::path::Path::new(it).join("manifest").exists())
    );

    let removed = machine.assay(&["cache", "remove", "app-1.0"]).ok();
    assert!(
        removed.out.starts_with("Files removed: 1 ("),
        "{}",
        removed.out
    );
    assert_eq!(names(&[]), [two, more]);
    assert!(!std::path::Path::new(paths.lines().next().unwrap()).exists());
    let none = machine.assay(&["cache", "remove", "app-1.0"]).ok();
    assert!(
        none.err
            .contains("No matching packages for pattern \"app-1.0\""),
        "{}",
        none.err
    );
    let verified = machine.assay(&["cache", "verify", "--json"]).ok().json();
    assert_eq!(
        verified,
        json!({ "intact": 2, "damaged": [], "unknown": 0 })
    );
    // What was removed is fetched again, and what was not comes from the cache.
    server.clear_requests();
    machine.install(&server, &["app==1.0"]).ok();
    let fetched = server.requests();
    let wheels = fetched
        .iter()
        .filter(|it| it.path.ends_with(".whl"))
        .count();
    assert_eq!(wheels, 1);
    machine.assay(&["cache", "remove", "*"]).ok();
    assert!(names(&[]).is_empty());
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
