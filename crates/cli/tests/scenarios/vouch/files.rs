//! What is vouched for, and what is not.

use assay_testkit::{server::IndexServer, wheel::WheelBuilder};
use serde_json::Value;

use super::{RULE, Reviewer, TEAM, app};
use crate::machine::upload;

fn reviewer() -> Reviewer {
    Reviewer::new(&[app("1.0"), app("1.1")]).with_policy(&format!("{TEAM}{RULE}"))
}

/// The files of everything that was said.
fn files(said: &Value) -> Vec<&str> {
    let statements = said["statements"].as_array().unwrap().iter();
    let files = statements.flat_map(|it| it["files"].as_array().unwrap());
    files.map(|it| it["name"].as_str().unwrap()).collect()
}

#[test]
fn a_file_that_lacks_nothing_but_the_vouch_is_vouched_for() {
    let team = reviewer();
    let shown = team.vouch(&["app==1.0", "--notes", "read all of it"]).ok();
    for word in [
        "vouches app 1.0",
        "app-1.0-py3-none-any.whl",
        "none attested",
        "looked-at",
        "read all of it",
        "1 statement signed by alice (SHA256:",
    ] {
        assert!(shown.out.contains(word), "{word}\n{}", shown.out);
    }
    let said = team.said();
    let one = &said["statements"][0];
    assert_eq!(one["signers"][0], "alice");
    assert_eq!(one["versions"][0], "1.0");
    assert_eq!(one["files"][0]["sha256"], app("1.0").sha256);
    // Nothing else is let pass.
    let hash = "[[policy.rule]]\nprojects = ['app']\nevidence = { all = ['vouch:team', 'hash'] }\n";
    team.policy(&format!("{TEAM}{hash}"));
    team.vouch(&["app==1.1"]).fails(4, &["hash"]);
    let denied = "[[policy.rule]]\nprojects = ['app']\ndeny = 'sold'\n";
    team.policy(&format!("{TEAM}{denied}"));
    team.vouch(&["app==1.1"]).fails(4, &["sold"]);
    assert_eq!(files(&team.said()).len(), 1);
}

#[test]
fn a_file_at_hand_is_vouched_for_as_it_is() {
    let team = reviewer();
    let wheel = app("1.0");
    team.machine.write(&wheel.file_name, &wheel.bytes);
    let sdist = "app-1.0.tar.gz";
    team.machine.write(sdist, "nobody opens it");
    let path = format!("./{}", wheel.file_name);
    team.vouch(&[&path, &format!("./{sdist}")]).ok();
    assert_eq!(files(&team.said()).len(), 2);
    team.install(&["app==1.0"]).ok();
    team.vouch(&["./app.zip"])
        .fails(2, &["neither a wheel nor an sdist"]);
    team.vouch(&["app"]).fails(2, &["which version of app?"]);
    team.vouch(&["app>=1"])
        .fails(2, &["neither a file nor NAME==VERSION"]);
    team.vouch(&["app==9"]).fails(1, &["app"]);
}

#[test]
fn all_files_of_a_version_are_those_of_other_systems_too() {
    let team = reviewer();
    let other = WheelBuilder::new("app", "1.0")
        .tag("cp39-cp39-win_amd64")
        .build();
    let server = IndexServer::builder()
        .upload(upload(&app("1.0")))
        .upload(upload(&other))
        .wheel("app-1.0.tar.gz", "nobody opens it")
        .upload(upload(&app("1.1")))
        .start();
    let team = Reviewer { server, ..team };
    team.vouch(&["app==1.0"]).ok();
    assert_eq!(files(&team.said()), ["app-1.0-py3-none-any.whl"]);
    team.vouch(&["app==1.0", "--all-files"]).ok();
    let said = team.said();
    let mut files = files(&said);
    files.sort_unstable();
    let all = [
        &other.file_name,
        "app-1.0-py3-none-any.whl",
        "app-1.0.tar.gz",
    ];
    assert_eq!(files, all);
    team.vouch(&["app==9", "--all-files"])
        .fails(1, &["no index has a file of app 9"]);
}

#[test]
fn nothing_is_signed_twice_and_nothing_in_a_dry_run() {
    let team = reviewer();
    std::fs::create_dir(team.machine.path("vouches")).unwrap();
    let before = team.machine.snapshot();
    let dry = team.vouch(&["app==1.0", "--dry-run"]).ok();
    assert!(dry.out.contains("alice (SHA256:") && dry.out.contains("would sign 1 statement"));
    team.machine.assert_unchanged(&before);
    let report = team.vouch(&["app==1.0", "--json"]).ok().json();
    assert_eq!(report["written"][0], "vouches/app.assay");
    assert_eq!(report["signer"], "alice");
    assert_eq!(report["statements"][0]["criteria"][0], "looked-at");
    assert_eq!(report["statements"][0]["is-there"], false);
    let before = team.machine.snapshot();
    let again = team.vouch(&["app==1.0"]).ok();
    assert!(again.out.contains("says so already"), "{}", again.out);
    team.machine.assert_unchanged(&before);
    // Other words, and another hand, are something else.
    team.vouch(&["app==1.0", "--criteria", "looked-at,ran-tests"])
        .ok();
    let bob = ["vouch", "app==1.0", "--set", "vouches", "--with", "bob"];
    team.assay(&bob).ok();
    assert_eq!(files(&team.said()).len(), 3);
    let text = std::fs::read_to_string(team.machine.path("vouches/app.assay")).unwrap();
    assert!(text.lines().is_sorted() && text.ends_with("}\n"), "{text}");
}

#[test]
fn a_difference_is_vouched_for_where_somebody_looked_at_what_was_before() {
    let team = reviewer();
    team.vouch(&["app==1.1", "--from", "1.0"]).fails(
        2,
        &["nobody vouches in vouches for app-1.0-", "look at it first"],
    );
    team.vouch(&["app==1.0"]).ok();
    team.vouch(&["app==1.0", "--from", "1.0"])
        .fails(2, &["is that very file"]);
    team.vouch(&["app==1.0", "app==1.1", "--from", "1.0"])
        .fails(2, &["--from is about one file"]);
    let shown = team.vouch(&["app==1.1", "--from", "1.0"]).ok();
    assert!(
        shown.out.contains("vouches app 1.0 -> 1.1"),
        "{}",
        shown.out
    );
    assert!(
        shown.out.contains("assay diff app 1.0 1.1"),
        "{}",
        shown.out
    );
    // As a file, too.
    let wheel = app("1.0");
    team.machine.write(&wheel.file_name, &wheel.bytes);
    let path = format!("./{}", wheel.file_name);
    let again = team.vouch(&["app==1.1", "--from", &path]).ok();
    assert!(again.out.contains("says so already"), "{}", again.out);
}

#[test]
fn a_base_for_which_another_source_vouches_is_told_before_an_install_says_so() {
    let team = reviewer();
    let bob = ["vouch", "app==1.0", "--set", "vouches", "--with", "bob"];
    team.assay(&bob).ok();
    // This user's source listens to alice alone.
    team.policy(&format!("{}{RULE}", TEAM.replace(", 'bob'", "")));
    let said = team.vouch(&["app==1.1", "--from", "1.0"]).ok();
    let warning = "an install will not count this: alice speaks for vouch:team, which does not vouch \
                   for app-1.0-py3-none-any.whl";
    assert!(said.err.contains(warning), "{}", said.err);
    let words = ["does not lead to a file that vouch:team looked at"];
    team.install(&["app==1.1"]).fails(4, &words);
    team.policy(&format!("{TEAM}{RULE}"));
    let again = ["app==1.1", "--from", "1.0", "--notes", "again"];
    let said = team.vouch(&again).ok();
    assert!(!said.err.contains("will not count"), "{}", said.err);
    team.install(&["app==1.1"]).ok();
    // What is denied is no base at all.
    team.vouch(&["deny", "app==1.0", "--reason", "mines coins"])
        .ok();
    team.vouch(&again).fails(4, &["mines coins"]);
}

#[test]
fn what_is_no_word_of_a_reviewer_is_told_before_anything_is_signed() {
    let team = reviewer();
    for (args, code, word) in [
        (&["--criteria", "exempt"][..], 2, "nobody looked"),
        (&["--criteria", "Looked At"], 2, "Looked At"),
        (&["--notes", " "], 2, "an empty note"),
        (&["--expires", "2020-01-01"], 2, "that day is over"),
        (&["--expires", "tomorrow"], 2, "--expires tomorrow"),
    ] {
        let outcome = team.vouch(&[&["app==1.0"][..], args].concat());
        outcome.fails(code, &[word]);
        assert!(!team.machine.path("vouches/app.assay").exists(), "{args:?}");
    }
    let carol = ["vouch", "app==1.0", "--set", "vouches", "--with", "carol"];
    assert_ne!(team.assay(&carol).code, 0);
    assert!(!team.machine.path("vouches/app.assay").exists());
    team.vouch(&["app==1.0", "--expires", "2999-12-31"]).ok();
    assert_eq!(
        team.said()["statements"][0]["expires"],
        "3000-01-01T00:00:00Z"
    );
}
