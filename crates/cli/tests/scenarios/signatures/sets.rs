//! Sets of statements.

use assay_testkit::voice::{Voice, about, release};

use super::{Listener, demo, serve};

/// Listens to the set of the team, which alice signs.
pub fn team(at: &str) -> String {
    format!(
        "[statements.team]\nat = \"{at}\"\nkeys = [\"alice\"]\n[[policy.rule]]\nprojects = [\"demo\"]\n\
         evidence = \"vouch:team\"\n"
    )
}

/// The folder, beside the policy file.
fn write_set(it: &Listener, name: &str, text: &str) {
    let path = format!("../home/.config/assay/team/{name}");
    it.machine.write(&path, text);
}

#[test]
fn a_file_that_somebody_of_the_team_vouched_for_passes() {
    let it = Listener::new(&team("team"));
    let wheel = demo("1.0");
    let server = serve(&[&wheel], &[]);
    let gone = it.install(&server, &[]);
    gone.fails(
        1,
        &[
            "the statements of team cannot be had",
            "nothing that they may deny is installed",
            "kept at ",
            "/.config/assay/team",
            "needed for demo",
            "hint: if they are about some projects only",
        ],
    );
    write_set(&it, "other.assay", "");
    let words = ["missing: vouch:team", "signed by alice, from team"];
    it.install(&server, &[]).fails(4, &words);
    write_set(&it, "demo.assay", &it.mallory.vouches(&wheel));
    it.install(&server, &[]).fails(4, &words);
    write_set(&it, "demo.assay", &it.alice.vouches(&wheel));
    it.install(&server, &[]).ok();
    assert_eq!(it.explained("vouch:team"), "vouch");
}

#[test]
fn a_vouch_ends_on_its_day() {
    let it = Listener::new(&team("team"));
    let wheel = demo("1.0");
    let server = serve(&[&wheel], &[]);
    let vouch = |expires: &str| {
        let mut predicate = release(&wheel);
        predicate["criteria"] = serde_json::json!(["looked-at"]);
        predicate["expires"] = expires.into();
        it.alice.says("vouches", &[about(&wheel)], predicate)
    };
    write_set(&it, "demo.assay", &vouch("2999-01-01T00:00:00Z"));
    it.install(&server, &[]).ok();
    write_set(&it, "demo.assay", &vouch("2026-02-01T00:00:00Z"));
    it.install(&server, &[]).fails(4, &["missing: vouch:team"]);
}

#[test]
fn a_denial_stops_although_everything_else_is_there() {
    let it = Listener::new(&team("team"));
    let (new, old) = (demo("2.0"), demo("1.0"));
    let server = serve(&[&new, &old], &[]);
    let vouched = it.alice.vouches(&new) + &it.alice.vouches(&old);
    write_set(&it, "demo.assay", &vouched);
    it.install(&server, &[]).ok();
    let denied = vouched + &it.alice.denies(&new, "it mines coins");
    write_set(&it, "demo.assay", &denied);
    let words = ["demo-2.0", "key:alice", "it mines coins"];
    it.install(&server, &[]).fails(4, &words);
    it.install(&server, &["--dry-run"]).fails(4, &words);
    it.install(&server, &["demo==1.0"]).ok();
    // By somebody to whom nobody listens it is nothing.
    let other = Listener::new(&team("team"));
    let said = other.alice.vouches(&new) + &other.mallory.denies(&new, "it mines coins");
    write_set(&other, "demo.assay", &said);
    other.install(&server, &[]).ok();
}

#[test]
fn every_source_is_heard_because_any_may_deny() {
    let sources = team("team") + "[statements.others]\nat = \"others\"\nkeys = [\"alice\"]\n";
    let it = Listener::new(&sources);
    let wheel = demo("1.0");
    let server = serve(&[&wheel], &[]);
    write_set(&it, "demo.assay", &it.alice.vouches(&wheel));
    let path = "../home/.config/assay/others/demo.assay";
    it.machine.write(path, "");
    it.install(&server, &[]).ok();
    it.machine
        .write(path, it.alice.denies(&wheel, "it phones home"));
    it.install(&server, &[])
        .fails(4, &["key:alice", "others/demo.assay", "it phones home"]);
}

#[test]
fn a_denial_that_was_seen_counts_although_it_is_withheld() {
    let it = Listener::new(&team("team"));
    let wheel = demo("1.0");
    let server = serve(&[&wheel], &[]);
    let vouched = it.alice.vouches(&wheel);
    let denied = vouched.clone() + &it.alice.denies(&wheel, "it mines coins");
    write_set(&it, "demo.assay", &denied);
    it.install(&server, &[]).fails(4, &["it mines coins"]);
    write_set(&it, "demo.assay", &vouched);
    let words = [
        "it mines coins",
        "key:alice denied demo, and does not show that any more",
    ];
    it.install(&server, &[]).fails(4, &words[..1]);
    // Of another project of hers it is told once, and no evidence.
    let sources = team("team") + "[statements.again]\nat = \"team\"\nkeys = [\"alice\"]\n";
    it.policy(&sources);
    let other = crate::machine::simple("other", "1.0", &[]);
    let others = vouched.clone() + &it.alice.vouches(&other);
    write_set(&it, "demo.assay", &others);
    let path = it.machine.write(&other.file_name, &other.bytes);
    let told = it.machine.assay(&["verify", path.to_str().unwrap()]).ok();
    assert_eq!(told.err.matches(words[1]).count(), 1, "{told:?}");
    assert!(!told.out.contains("denied"), "{told:?}");
    write_set(&it, "demo.assay", &vouched);
    let kept = it.machine.path(&super::denials(&it.alice));
    assert!(kept.exists());
    // Whoever knows that it was taken back says so.
    std::fs::remove_file(kept).unwrap();
    it.install(&server, &[]).ok();
}

#[test]
fn a_damaged_set_is_refused() {
    let it = Listener::new(&team("team"));
    let wheel = demo("1.0");
    let server = serve(&[&wheel], &[]);
    let vouched = it.alice.vouches(&wheel);
    write_set(&it, "demo.assay", &vouched);
    it.install(&server, &[]).ok();
    write_set(&it, "demo.assay", &vouched[..vouched.len() / 2]);
    it.install(&server, &[])
        .fails(4, &["the statements of team", "demo.assay"]);
}

#[test]
fn a_denial_beside_a_file_is_remembered_as_its_sources() {
    let it = Listener::new(&team("team"));
    let wheel = demo("1.0");
    write_set(&it, "demo.assay", &it.alice.vouches(&wheel));
    let server = serve(&[&wheel], &[]);
    it.install(&server, &[]).ok();
    let denied = it.alice.denies(&wheel, "it mines coins");
    let denying = serve(&[&wheel], &[(&super::assay(&wheel), denied)]);
    it.install(&denying, &[]).fails(4, &["it mines coins"]);
    it.install(&server, &[]).fails(4, &["it mines coins"]);
}

#[test]
fn two_of_three_notaries_have_to_have_seen_it() {
    let names = ["one", "two", "three"];
    let voices = [11, 12, 13].map(Voice::new);
    let tables = names.iter().zip(&voices).map(|(name, voice)| {
        let key = voice.public();
        format!("[keys.{name}]\ned25519 = \"{key}\"\n[statements.{name}]\nat = \"{name}\"\nkeys = [\"{name}\"]\n")
    });
    let rule = "[[policy.rule]]\nprojects = [\"demo\"]\nevidence = { at-least = 2, of = \
                [\"notary:one\", \"notary:two\", \"notary:three\"] }\n";
    let it = Listener::new(&(tables.collect::<String>() + rule));
    let wheel = demo("1.0");
    let observed = |voice: &Voice| {
        let index = "https://index.example/simple/";
        let first = "2026-01-01T00:00:00Z";
        let seen = serde_json::json!({"index": index, "first-seen": first, "issued": first});
        voice.says("observes", &[about(&wheel)], seen)
    };
    let see = |at: usize, text: &str| {
        let path = format!("../home/.config/assay/{}/all.assay", names[at]);
        it.machine.write(&path, text);
    };
    let server = serve(&[&wheel], &[]);
    (0..3).for_each(|at| see(at, ""));
    see(0, &observed(&voices[0]));
    // The same one through another's set says nothing.
    see(1, &observed(&voices[0]));
    it.install(&server, &[]).fails(
        4,
        &["missing: at least 2 of (notary:one, notary:two, notary:three)"],
    );
    see(2, &observed(&voices[2]));
    it.install(&server, &[]).ok();
    assert_eq!(it.explained("notary:three"), "vouch");
}
