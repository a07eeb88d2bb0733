//! An attacker looks for another way in.

use assay_testkit::server::{Behaviour, IndexServer};
use serde_json::json;

use super::{OWNER, World, owner, stranger};
use crate::machine::{files_with, simple, upload};

/// Version 1.0 is known; 2.0 is by somebody else.
fn known() -> World {
    let world = World::new().release("1.0", Some(&owner()));
    world.install("demo").ok();
    world.release("2.0", Some(&stranger()))
}

#[test]
fn options_do_not_lead_round_a_pin() {
    let world = known();
    for args in [
        "demo==2.0",
        "-U --no-deps DeMo",
        "-U demo[extra]",
        "-U demo --pre",
        "-U demo --ignore-installed",
        "-U demo --isolated",
        "-U demo --min-age 0",
        "-U demo --no-cache-dir",
        "-U demo --venv other",
    ] {
        world.refuses(args, &["another publisher", OWNER]);
    }
    world.install("demo==1.0 --no-deps --force-reinstall").ok();
}

#[test]
fn a_digest_that_the_user_gave_does_not_mend_a_broken_pin() {
    let world = known();
    let wheel = |version: &str| simple("demo", version, &[]).sha256;
    let line = |version: &str| format!("demo=={version} --hash=sha256:{}\n", wheel(version));
    world.machine.write("requirements.txt", line("2.0"));
    let args = "--require-hashes -r requirements.txt";
    let refused = world.refuses(args, &["another publisher", OWNER]);
    world.machine.write("old.txt", line("1.0"));
    world.install("--require-hashes -r old.txt").ok();
    world.paste(&refused).ok();
    world.install(args).ok();
}

#[test]
fn a_dependency_is_held_to_its_pin_and_nothing_of_the_rest_is_installed() {
    let app = upload(&simple("app", "1.0", &["lib"]));
    let lib = upload(&simple("lib", "1.0", &["demo>=2"]));
    let world = known().with(app).with(lib);
    world.refuses("app", &["demo-2.0", "another publisher"]);
    world.install("app demo<2 --no-deps").ok();
}

#[test]
fn a_dependency_that_names_a_file_does_not_lead_round_a_pin() {
    let world = known();
    let sha256 = simple("demo", "2.0", &[]).sha256;
    let url = world.serve().url("/files/demo-2.0-py3-none-any.whl");
    let bare = upload(&simple("bare", "1.0", &[&format!("demo @ {url}")]));
    let hashed = format!("demo @ {url}#sha256={sha256}");
    let hashed = upload(&simple("hashed", "1.0", &[&hashed]));
    let honest = upload(&simple("honest", "1.0", &["demo"]));
    let world = world.with(bare).with(hashed).with(honest);
    for app in ["bare", "hashed"] {
        let before = world.machine.snapshot();
        let outcome = world.install(app);
        assert!(
            outcome
                .err
                .contains("which no package from an index may do"),
            "{}",
            outcome.err
        );
        assert_ne!(outcome.code, 0, "{}", outcome.err);
        world.machine.assert_unchanged(&before);
    }
    world.install("honest").ok();
    assert_eq!(world.installed().as_deref(), Some("1.0"));
}

#[test]
fn a_folder_of_downloads_has_what_was_judged_when_it_was_downloaded() {
    let world = known();
    let server = world.serve();
    let url = server.index_url();
    let download = |what: &str| {
        let args = ["download", "-i", &url, "-d", "wheels", what];
        world.machine.assay(&args)
    };
    download("demo==2.0").fails(4, &["another publisher", OWNER]);
    assert!(files_with(&world.machine.path("wheels"), "demo").is_empty());
    download("demo==1.0").ok();
    let from_folder = "install --venv new --no-index -f wheels demo";
    let args: Vec<_> = from_folder.split(' ').collect();
    world.machine.assay(&args).ok();
}

#[test]
fn one_index_written_in_several_ways_is_one() {
    let world = known();
    let server = world.serve();
    let url = server.index_url();
    let port = world.address.local_addr().unwrap().port();
    for same in [
        url.trim_end_matches('/').to_owned(),
        url.replace("://", "://user@"),
        url.replace("http", "HTTP"),
        format!("http://127.0.0.1:{port}/x/../simple/"),
        format!("http://127.1:{port}/simple/"),
    ] {
        let args = ["install", "--venv", "env", "-U", "-i", &same, "demo"];
        let outcome = world.machine.assay(&args).fails(4, &["known since"]);
        assert!(outcome.err.contains(OWNER), "{same}");
    }
}

/// An attacker's index, with one more release of `demo`.
fn theirs(world: &World) -> IndexServer {
    let time = "2026-05-02T03:04:05Z";
    let wheel = upload(&simple("demo", "9.0", &[])).upload_time(time);
    let by = stranger();
    let wheel = wheel.attested(&world.sigstore, &by, time);
    IndexServer::builder().upload(wheel).start()
}

#[test]
fn publishers_that_the_user_names_hold_wherever_a_file_comes_from() {
    let world = World::new().release("1.0", Some(&owner()));
    world.own("[publishers]\ndemo = ['github:acme/demo']\n");
    let theirs = theirs(&world);
    let (index, page) = (theirs.index_url(), theirs.url("/simple/demo/"));
    let wheel = simple("demo", "9.0", &[]);
    let file = theirs.url(&format!(
        "/files/{}#sha256={}",
        wheel.file_name, wheel.sha256
    ));
    let path = world.machine.write(&wheel.file_name, &wheel.bytes);
    for args in [
        format!("--extra-index-url {index} demo"),
        format!("--find-links {page} demo"),
        file,
        path.display().to_string(),
    ] {
        world.refuses(&args, &["demo-9.0", "github:acme/demo, named at"]);
    }
    world.install("demo").ok();
}

#[test]
fn an_index_that_a_requirements_file_names_instead_is_not_followed_in_silence() {
    let world = World::new().release("1.0", Some(&owner()));
    let (server, theirs) = (world.serve(), theirs(&world));
    let url = server.index_url();
    let usual = [("PIP_INDEX_URL", url.as_str())];
    let install = |what: &[&str]| {
        let args = [&["install", "--venv", "env"], what].concat();
        world.machine.assay_with(&args, &usual)
    };
    install(&["demo"]).ok();
    let lines = format!("--index-url {}\ndemo\n", theirs.index_url());
    world.machine.write("requirements.txt", lines);
    let outcome = install(&["-U", "-r", "requirements.txt"]).ok();
    let said = "nothing is known of who publishes demo";
    for word in [said, OWNER, &theirs.index_url()] {
        assert!(outcome.err.contains(word), "{word}: {}", outcome.err);
    }
    // Whoever types it knows.
    let typed = ["-U", "--index-url", &theirs.index_url(), "demo"];
    let other = world.elsewhere();
    other
        .machine
        .assay_with(&["install", "--venv", "env", "demo"], &usual)
        .ok();
    let args = [&["install", "--venv", "env"], &typed[..]].concat();
    let outcome = other.machine.assay_with(&args, &usual).ok();
    assert!(!outcome.err.contains(said), "{}", outcome.err);
}

#[test]
fn a_further_index_that_tracks_the_known_one_does_not_hide_what_is_known() {
    for (publisher, passes) in [(owner(), true), (stranger(), false)] {
        let world = World::new().release("1.0", Some(&owner()));
        world.install("demo").ok();
        let world = world.release("2.0", Some(&publisher));
        let public = world.serve();
        let tracks = json!({ "api-version": "1.3", "tracks": [public.url("/simple/demo/")] });
        let further = IndexServer::builder()
            .upload(upload(&simple("demo", "0.5", &[])))
            .json_key("meta", tracks)
            .start();
        let args = format!("--extra-index-url {} -U demo", further.index_url());
        let outcome = world.install_from(&public, &args);
        match passes {
            true => drop(outcome.ok()),
            false => drop(outcome.fails(4, &["another publisher", "known since"])),
        }
    }
}

#[test]
fn an_upload_that_pretends_to_be_older_is_the_indexs_word_and_no_more() {
    let world = World::new().release_at("1.0", "2026-03-02T03:04:05Z", Some(&owner()));
    world.install("demo").ok();
    // An old file that somebody else signed is no older release: it names its publisher.
    let world = world.release_at("0.9", "2026-01-02T03:04:05Z", Some(&stranger()));
    world.refuses("demo==0.9", &["another publisher", OWNER]);
    // Nothing was unattested when the publisher was learned.
    let world = world.release_at("0.8", "2026-01-01T03:04:05Z", None);
    world.refuses("demo==0.8", &["nobody attested it", OWNER]);
}

/// An index can date an upload as it likes. What it had when the publisher was learned is known.
#[test]
fn a_release_that_is_dated_back_was_not_there_when_the_publisher_was_learned() {
    let world = World::new()
        .release_at("0.9", "2026-01-02T03:04:05Z", None)
        .release_at("1.0", "2026-03-02T03:04:05Z", Some(&owner()));
    world.install("demo").ok();
    let world = world.release_at("9.0", "2026-01-01T03:04:05Z", None);
    world.refuses("-U demo", &["demo-9.0", "nobody attested it", OWNER]);
    world.install("demo==0.9").ok();
    let world = world.release_at("0.8", "2026-01-01T03:04:05Z", None);
    world.install("demo==0.8").ok();
}

#[test]
fn what_is_installed_stays_whatever_becomes_of_its_page() {
    let world = known();
    let outcome = world.install("demo").ok();
    assert!(!outcome.err.contains("publisher"), "{}", outcome.err);
    assert_eq!(world.installed().as_deref(), Some("1.0"));
    let way = Behaviour::Status(500);
    let server = world.serve_as(|it| it.behave("/simple/demo/", way));
    world.install_from(&server, "demo").ok();
}
