//! What is not to be installed.

use super::{Reviewer, TEAM, app};
use crate::machine::{Machine, index, simple};

/// Denies with a reason.
fn deny(team: &Reviewer, words: &[&str]) -> crate::machine::Outcome {
    let reason = ["--reason", "it mines coins"];
    team.vouch(&[&["deny"], words, &reason].concat())
}

fn team() -> Reviewer {
    let wheels = [
        app("1.0"),
        app("1.1"),
        app("2.0"),
        simple("lib", "1.0", &[]),
    ];
    let team = Reviewer::new(&wheels).with_policy(TEAM);
    std::fs::create_dir(team.machine.path("vouches")).unwrap();
    team
}

#[test]
fn a_denial_stops_by_version_by_digest_and_for_nobody_else() {
    let team = team();
    team.install(&["--dry-run", "app==1.1"]).ok();
    deny(&team, &["app==1.1"]).ok();
    team.install(&["app==1.1"])
        .fails(4, &["it mines coins", "key:alice says"]);
    team.install(&["app==1.0", "lib"]).ok();
    // The same bytes from elsewhere.
    let wheel = app("1.1");
    team.machine.write(&wheel.file_name, &wheel.bytes);
    let path = format!("./{}", wheel.file_name);
    team.install(&[&path]).fails(4, &["it mines coins"]);
    // Other bytes of that version, too.
    let other = index(&[simple("app", "1.1", &[])]);
    let args = [
        "install",
        "--venv",
        "env",
        "app==1.1",
        "--index-url",
        &other.index_url(),
    ];
    team.machine.assay(&args).fails(4, &["it mines coins"]);
}

#[test]
fn a_file_is_denied_by_its_bytes_alone() {
    let team = team();
    let wheel = app("1.1");
    team.machine.write(&wheel.file_name, &wheel.bytes);
    deny(&team, &[&format!("./{}", wheel.file_name)]).ok();
    team.install(&["app==1.1"]).fails(4, &["it mines coins"]);
    let other = index(&[simple("app", "1.1", &[])]);
    let args = [
        "install",
        "--venv",
        "env",
        "app==1.1",
        "--index-url",
        &other.index_url(),
    ];
    team.machine.assay(&args).ok();
}

#[test]
fn a_project_is_denied_with_the_versions_that_there_are() {
    let team = team();
    let said = deny(&team, &["app"]).ok();
    assert!(
        said.err.contains("come later are not denied"),
        "{}",
        said.err
    );
    let versions = &team.said()["statements"][0]["versions"];
    assert_eq!(versions.as_array().unwrap().len(), 3);
    for version in ["app==1.0", "app==2.0"] {
        team.install(&[version]).fails(4, &["it mines coins"]);
    }
    deny(&team, &["missing"]).fails(1, &["no version of missing is known"]);
}

#[test]
fn what_the_index_has_withdrawn_is_denied_by_its_version() {
    let team = team();
    let said = deny(&team, &["gone==1.0"]).ok();
    assert!(said.err.contains("no index has gone"), "{}", said.err);
    let one = &team.said()["statements"][0];
    assert_eq!(
        (
            one["versions"][0].as_str(),
            one["files"].as_array().unwrap().len()
        ),
        (Some("1.0"), 0)
    );
    let back = index(&[simple("gone", "1.0", &[])]);
    let args = [
        "install",
        "--venv",
        "env",
        "gone",
        "--index-url",
        &back.index_url(),
    ];
    team.machine.assay(&args).fails(4, &["it mines coins"]);
}

#[test]
fn nobody_vouches_for_what_is_denied_before_that_is_taken_back() {
    let team = team();
    deny(&team, &["app==1.1"]).ok();
    team.vouch(&["app==1.1"])
        .fails(4, &["it mines coins", "denial"]);
    team.vouch(&["app==1.0"]).ok();
    // Whoever has a set of their own and no policy is told by the set itself.
    let own = Machine::new();
    own.assay(&["key", "generate", "alice", "--no-passphrase"])
        .ok();
    let wheel = app("1.0");
    own.write(&wheel.file_name, &wheel.bytes);
    let file = format!("./{}", wheel.file_name);
    let end = ["--set", "s", "--with", "alice"];
    own.assay(&[&["vouch", "deny", &file, "--reason", "no"][..], &end].concat())
        .ok();
    own.assay(&[&["vouch", &file][..], &end].concat())
        .fails(4, &["is denied: no", "s/app.assay:1"]);
    let without = [&["vouch", "deny", &file][..], &end].concat();
    own.assay(&without).fails(2, &["--reason"]);
}
