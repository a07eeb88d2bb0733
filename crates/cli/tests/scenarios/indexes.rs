//! Several indexes, and what a listing decides.

use assay_testkit::server::{Behaviour, IndexServer};

use crate::machine::{Machine, builder, index, simple, upload};

#[test]
fn the_first_index_that_has_the_name_wins_and_the_other_is_reported() {
    let private = index(&[simple("acme", "1.0", &["public"])]);
    let public = index(&[simple("acme", "9.9", &[]), simple("public", "1.0", &[])]);
    let machine = Machine::new();
    let outcome = machine
        .install(
            &public,
            &["--extra-index-url", &private.index_url(), "acme"],
        )
        .ok();
    assert_eq!(machine.frozen(), ["acme==1.0", "public==1.0"]);
    assert!(outcome.err.contains("has that name too"), "{}", outcome.err);
}

#[test]
fn an_index_that_fails_stops_and_never_sends_anybody_on() {
    let public = index(&[simple("acme", "9.9", &[])]);
    for status in [401, 403, 500] {
        let private = IndexServer::builder()
            .behave("/simple/acme/", Behaviour::Status(status))
            .start();
        let machine = Machine::new();
        let outcome = machine.install(
            &public,
            &[
                "--retries",
                "0",
                "--extra-index-url",
                &private.index_url(),
                "acme",
            ],
        );
        outcome.fails(1, &[&status.to_string()]);
    }
    let without = IndexServer::builder().start();
    let machine = Machine::new();
    machine
        .install(
            &public,
            &["--extra-index-url", &without.index_url(), "acme"],
        )
        .ok();
    assert_eq!(machine.frozen(), ["acme==9.9"]);
}

#[test]
fn a_page_in_the_place_of_a_private_one_sends_nobody_to_the_next_index() {
    let public = index(&[simple("acme", "9.9", &[])]);
    let page = |body: &str| {
        let builder = IndexServer::builder();
        builder.page("/simple/acme/", "text/html", body).start()
    };
    let login = IndexServer::builder()
        .behave("/simple/acme/", Behaviour::Redirect("HOST/login".into()))
        .page("/login", "text/html", "<a href='/reset'>Password?</a>")
        .start();
    let nameless = serde_json::json!({"meta": {"api-version": "1.0"}, "files": []});
    let json = IndexServer::builder()
        .page(
            "/simple/acme/",
            "application/vnd.pypi.simple.v1+json",
            nameless.to_string(),
        )
        .start();
    let marker = "<meta name='pypi:repository-version' content='1.0'>";
    for private in [
        login,
        page(""),
        page("<html>blocked</html>"),
        json,
        page(marker),
    ] {
        let machine = Machine::new();
        let url = private.index_url();
        let outcome = machine.install(&public, &["--extra-index-url", &url, "acme"]);
        outcome.fails(4, &[&url, "--index-url"]);
        // The last index may answer so.
        machine
            .install(
                &private,
                &["--extra-index-url", &public.index_url(), "acme"],
            )
            .ok();
        assert_eq!(machine.frozen(), ["acme==9.9"]);
        let machine = Machine::new();
        machine.install(&private, &["acme"]).fails(1, &["acme"]);
    }
}

#[test]
fn yanked_files_need_a_pin() {
    let server = builder(&[simple("app", "1.0", &[])])
        .upload(upload(&simple("app", "2.0", &[])).yanked("broken\u{1b}[2J"))
        .start();
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    assert_eq!(machine.frozen(), ["app==1.0"]);
    let outcome = machine.install(&server, &["app==2.0"]).ok();
    assert!(outcome.err.contains("broken\\u{1b}[2J"), "{}", outcome.err);
    assert_eq!(machine.frozen(), ["app==2.0"]);
}

#[test]
fn quarantined_projects_are_refused_and_other_statuses_are_told() {
    let status = |text: &str| {
        let value = serde_json::json!({ "status": text, "reason": "malware" });
        builder(&[simple("app", "1.0", &[])])
            .json_key("project-status", value)
            .start()
    };
    let machine = Machine::new();
    machine
        .install(&status("quarantined"), &["app"])
        .fails(4, &["quarantined", "malware"]);
    for (word, said) in [
        ("deprecated", "app is deprecated: malware"),
        (
            "sleeping\u{1b}[2J",
            "the status \"sleeping\\u{1b}[2J\", which assay does not know: malware",
        ),
    ] {
        let outcome = machine
            .install(&status(word), &["--force-reinstall", "app"])
            .ok();
        assert!(outcome.err.contains(said), "{}", outcome.err);
    }
}

#[test]
fn requires_python_and_pre_releases_are_passed_over() {
    let server = builder(&[simple("app", "1.0", &[]), simple("app", "3.0rc1", &[])])
        .upload(upload(&simple("app", "2.0", &[])).requires_python(">=99"))
        .start();
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    assert_eq!(machine.frozen(), ["app==1.0"]);
    machine.install(&server, &["-U", "--pre", "app"]).ok();
    assert_eq!(machine.frozen(), ["app==3.0rc1"]);
}

#[test]
fn a_cooldown_that_was_asked_for_leaves_fresh_files_out_and_needs_upload_times() {
    let now = jiff::Timestamp::now().to_string();
    let server = IndexServer::builder()
        .upload(upload(&simple("app", "1.0", &[])).upload_time("2020-01-01T00:00:00Z"))
        .upload(upload(&simple("app", "2.0", &[])).upload_time(&now))
        .upload(upload(&simple("timeless", "1.0", &[])))
        .start();
    let machine = Machine::new();
    machine
        .install(&server, &["--min-age", "3 days", "app"])
        .ok();
    assert_eq!(machine.frozen(), ["app==1.0"]);
    machine
        .install(&server, &["--min-age", "3 days", "app==2.0"])
        .fails(1, &["wait", "--min-age app=0"]);
    machine
        .install(&server, &["--min-age", "3 days", "timeless"])
        .fails(1, &["upload time"]);
    machine
        .install(
            &server,
            &["--min-age", "3 days", "--min-age", "timeless=0", "timeless"],
        )
        .ok();
    machine.install(&server, &["-U", "app"]).ok();
    assert_eq!(machine.frozen(), ["app==2.0", "timeless==1.0"]);
}

#[test]
fn find_links_adds_a_folder_and_no_index_asks_nobody() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    let newer = simple("app", "2.0", &[]);
    machine.write(&format!("house/{}", newer.file_name), &newer.bytes);
    machine.install(&server, &["-f", "house", "app"]).ok();
    assert_eq!(machine.frozen(), ["app==2.0"]);
    server.clear_requests();
    machine
        .assay(&[
            "install",
            "--venv",
            "other",
            "--no-index",
            "-f",
            "house",
            "app",
        ])
        .ok();
    machine
        .assay(&[
            "install",
            "--venv",
            "other",
            "--no-index",
            "-f",
            "house",
            "lib",
        ])
        .fails(1, &["lib"]);
    assert!(server.requests().is_empty());
}

#[test]
fn what_may_not_be_built_is_left_out_and_the_version_that_has_a_wheel_is_named() {
    let server = builder(&[simple("app", "1.0", &[])])
        .upload(assay_testkit::server::Upload::new(
            "app-2.0.tar.gz",
            b"source".to_vec(),
        ))
        .start();
    let machine = Machine::new();
    machine
        .install(&server, &["--only-binary", ":all:", "app>=2"])
        .fails(1, &["source distribution", "1.0"]);
    machine
        .install(&server, &["--only-binary", ":all:", "app"])
        .ok();
    assert_eq!(machine.frozen(), ["app==1.0"]);
}

#[test]
fn a_limit_for_an_index_needs_an_index_that_is_asked() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    let wrong = "https://mistyped.example/simple/=0";
    machine
        .install(&server, &["--min-age", wrong, "app"])
        .fails(2, &["mistyped.example"]);
    let right = format!("{}=0", server.index_url());
    machine.install(&server, &["--min-age", &right, "app"]).ok();
}

#[test]
fn a_page_on_this_machine_that_announces_sidecars_has_none() {
    let machine = Machine::new();
    let wheel = simple("app", "1.0", &[]);
    machine.write(&format!("house/{}", wheel.file_name), &wheel.bytes);
    let digest = "ab".repeat(32);
    let link = format!(
        "<a href='{0}' data-core-metadata='sha256={digest}'>{0}</a>",
        wheel.file_name
    );
    machine.write("house/links.html", link);
    let args = [
        "install",
        "--venv",
        "env",
        "--no-index",
        "-f",
        "house/links.html",
        "app",
    ];
    machine.assay(&args).ok();
    assert_eq!(machine.frozen(), ["app==1.0"]);
}
