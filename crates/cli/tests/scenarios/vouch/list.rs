//! What a set says, and what is wrong with it.

use assay_testkit::voice::{self, Voice};
use serde_json::json;

use super::{Reviewer, TEAM, app};
use crate::machine::simple;

fn team() -> Reviewer {
    let wheels = [app("1.0"), app("1.1"), simple("lib", "1.0", &[])];
    Reviewer::new(&wheels).with_policy(TEAM)
}

#[test]
fn who_said_what_and_when_is_told() {
    let team = team();
    team.vouch(&["app==1.0", "lib==1.0", "--notes", "all of it"])
        .ok();
    team.vouch(&["app==1.1", "--from", "1.0", "--expires", "2999-12-31"])
        .ok();
    let deny = ["vouch", "deny", "lib==0.9", "--reason", "mines coins"];
    team.assay(&[&deny[..], &["--set", "vouches", "--with", "bob"]].concat())
        .ok();
    let list = |more: &[&str]| {
        let args = [&["vouch", "list", "--set", "vouches"][..], more].concat();
        team.assay(&args).ok().out
    };
    let lines: Vec<_> = list(&[]).lines().map(str::to_owned).collect();
    let projects: Vec<_> = lines.iter().skip(1).map(|it| &it[..12]).collect();
    assert!(projects.is_sorted(), "{lines:#?}");
    let told = |words: &[&str]| {
        let has = |line: &&String| words.iter().all(|it| line.contains(it));
        assert_eq!(lines.iter().filter(has).count(), 1, "{words:?}\n{lines:#?}");
    };
    told(&[
        "app ",
        " 1.0 ",
        "vouches",
        "looked-at",
        "alice",
        "all of it",
    ]);
    told(&["app ", "1.0 -> 1.1", "alice", "until 3000-01-01"]);
    told(&["lib ", "0.9", "denies", "bob", "mines coins"]);
    assert!(!list(&["lib"]).contains("app"));
    let check = team.assay(&["vouch", "check", "--set", "vouches"]).ok();
    assert!(
        check.out.contains("4 statements hold; nothing is wrong"),
        "{}",
        check.out
    );
}

#[test]
fn what_expired_is_told_and_is_no_base_any_more() {
    let (carol, wheel) = (Voice::new(7), app("1.0"));
    let mut vouch = voice::release(&wheel);
    vouch["criteria"] = json!(["looked-at"]);
    vouch["issued"] = "2020-01-01T00:00:00Z".into();
    let team = team();
    let key = format!("[keys.carol]\ned25519 = '{}'\n", carol.public());
    team.policy(&format!("{key}{TEAM}"));
    let mut write = |expires: &str| {
        vouch["expires"] = expires.into();
        let line = carol.says("vouches", &[voice::about(&wheel)], vouch.clone());
        team.machine.write("vouches/app.assay", line);
    };
    write("2020-02-01T00:00:00Z");
    let list = team.assay(&["vouch", "list", "--set", "vouches"]).ok();
    assert!(
        list.out.contains("carol  expired 2020-02-01"),
        "{}",
        list.out
    );
    let delta = ["app==1.1", "--from", "1.0"];
    team.vouch(&delta).fails(2, &["nobody vouches"]);
    write("2999-02-01T00:00:00Z");
    team.vouch(&delta).ok();
}

#[test]
fn keys_can_be_named_without_a_policy() {
    let team = team();
    team.vouch(&["app==1.0"]).ok();
    let state = team.machine.path("../home/.local/state/assay/keys");
    team.machine.write("../home/.config/assay/policy.toml", "");
    let check = |key: &str| {
        let key = state.join(key);
        let key = key.to_str().unwrap();
        team.assay(&["vouch", "check", "--set", "vouches", "--key", key])
    };
    check("alice.pub").ok();
    let others = check("bob.pub");
    assert_eq!(others.code, 4);
    assert!(others.out.contains("vouches/app.assay:1"), "{}", others.out);
    assert!(others.out.contains("none of the keys"), "{}", others.out);
    team.assay(&["vouch", "check", "--set", "vouches"])
        .fails(2, &["no key is known"]);
    team.assay(&["vouch", "check", "--set", "nowhere"])
        .fails(2, &["nowhere is no folder"]);
}

#[test]
fn a_line_that_is_none_is_told_with_its_place_and_stops_whoever_writes() {
    let team = team();
    team.vouch(&["app==1.0"]).ok();
    let good = std::fs::read_to_string(team.machine.path("vouches/app.assay")).unwrap();
    let forged = good.replacen("\"payload\":\"e", "\"payload\":\"f", 1);
    assert_ne!(forged, good);
    for (line, word) in [
        ("nonsense\n", "vouches/app.assay:2"),
        ("\n", "vouches/app.assay:2 is empty"),
        (&*forged, "vouches/app.assay:2"),
    ] {
        team.machine
            .write("vouches/app.assay", format!("{good}{line}"));
        let check = team.assay(&["vouch", "check", "--set", "vouches"]);
        assert_eq!(check.code, 4, "{line}");
        let plain = check.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(plain.contains(word), "{word}\n{}", check.out);
        let before = team.machine.snapshot();
        if line != forged {
            team.vouch(&["app==1.1"]).fails(4, &[word]);
            team.machine.assert_unchanged(&before);
        }
    }
}

#[test]
fn a_difference_from_nothing_is_wrong() {
    let team = team();
    team.vouch(&["app==1.0"]).ok();
    let first = std::fs::read_to_string(team.machine.path("vouches/app.assay")).unwrap();
    team.vouch(&["app==1.1", "--from", "1.0"]).ok();
    let both = std::fs::read_to_string(team.machine.path("vouches/app.assay")).unwrap();
    let check = || team.assay(&["vouch", "check", "--set", "vouches"]);
    check().ok();
    team.machine
        .write("vouches/app.assay", both.replace(&first, ""));
    let wrong = check();
    assert_eq!(wrong.code, 4);
    assert!(
        wrong.out.contains("what changed since app 1.0"),
        "{}",
        wrong.out
    );
}

#[test]
fn which_key_is_certified_is_told_and_for_what() {
    let (carol, root) = (Voice::new(7), Voice::new(8));
    let team = team();
    team.policy(&format!(
        "[keys.root]\ned25519 = '{}'\n{TEAM}",
        root.public()
    ));
    let digest = carol.spki_sha256();
    // The SubjectPublicKeyInfo of Ed25519 begins with twelve bytes that are the same for every key.
    let key = format!("MCowBQYDK2VwAyEA{}", carol.public());
    let said = json!({"key": key, "projects": ["app", "lib-*"], "issued": voice::ISSUED});
    let line = root.says("certifies", &[("key", &digest)], said);
    team.machine.write("vouches/_keys.assay", line);
    let list = |more: &[&str]| {
        let args = [&["vouch", "list", "--set", "vouches"][..], more].concat();
        team.assay(&args).ok()
    };
    let fingerprint = carol.fingerprint();
    for named in [&[][..], &["app"], &["lib-two"]] {
        let out = list(named).out;
        let told = |it: &str| {
            ["app, lib-*", "certifies", "root", &fingerprint].map(|word| it.contains(word))
        };
        assert!(out.lines().any(|it| told(it) == [true; 4]), "{out}");
    }
    assert!(!list(&["other"]).out.contains("certifies"));
    let row = &list(&["--json"]).json()["statements"][0];
    assert_eq!(row["key"], fingerprint);
    assert_eq!(row["projects"], json!(["app", "lib-*"]));
}
