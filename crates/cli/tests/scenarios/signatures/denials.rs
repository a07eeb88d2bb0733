//! Denials that were seen: nobody who serves files or statements takes one back.

use assay_testkit::voice::{ISSUED, Voice};
use serde_json::{Value, json};

use super::{BY_ALICE, Listener, assay, demo, denials, serve, sets::team};

const REASON: &str = "my machine was broken into";

#[test]
fn a_key_s_denial_beside_a_file_counts_although_it_is_withheld() {
    let it = Listener::new(BY_ALICE);
    let (wheel, other) = (demo("1.0"), demo("2.0"));
    let beside = |denied: &str| {
        let said = it.alice.publishes(&wheel) + denied;
        serve(&[&wheel], &[(&assay(&wheel), said)])
    };
    let honest = beside("");
    it.install(&honest, &[]).ok();
    it.install(&beside(&it.mallory.denies(&wheel, REASON)), &[])
        .ok();
    it.install(&beside(&it.alice.denies(&other, REASON)), &[])
        .ok();
    it.install(&honest, &[]).ok();
    let shown = it.install(&beside(&it.alice.denies(&wheel, REASON)), &[]);
    assert!(!shown.err.contains("remove its line"), "{shown:?}");
    shown.fails(4, &[REASON]);
    it.install(&honest, &[])
        .fails(4, &[REASON, "remove its line there"]);
    std::fs::remove_file(it.machine.path(&denials(&it.alice))).unwrap();
    it.install(&honest, &[]).ok();
}

/// That a key may publish `demo`.
fn certifies(root: &Voice, key: &Voice) -> String {
    let digest = key.spki_sha256();
    let said = json!({"key": key.spki(), "projects": ["demo"], "issued": ISSUED});
    root.says("certifies", &[("key", &digest)], said)
}

#[test]
fn a_certified_key_s_denial_counts_although_it_is_withheld() {
    let rule = "[statements.team]\nat = \"team\"\nkeys = [\"alice\"]\n[[policy.rule]]\n\
                projects = [\"demo\"]\nevidence = \"certified:team\"\n";
    let it = Listener::new(rule);
    let bob = Voice::new(7);
    let set = |text: &str| {
        it.machine
            .write("../home/.config/assay/team/keys.assay", text);
    };
    set(&certifies(&it.alice, &bob));
    let wheel = demo("1.0");
    let beside = |denied: &str| {
        let said = bob.publishes(&wheel) + denied;
        serve(&[&wheel], &[(&assay(&wheel), said)])
    };
    let honest = beside("");
    it.install(&beside(&it.mallory.denies(&wheel, REASON)), &[])
        .ok();
    it.install(&honest, &[]).ok();
    it.install(&beside(&bob.denies(&wheel, REASON)), &[])
        .fails(4, &[REASON]);
    it.install(&honest, &[]).fails(4, &[REASON]);
    std::fs::remove_file(it.machine.path(&denials(&bob))).unwrap();
    it.install(&honest, &[]).ok();
    // In the set, too.
    set(&(certifies(&it.alice, &bob) + &bob.denies(&wheel, REASON)));
    it.install(&honest, &[]).fails(4, &[REASON]);
    set(&certifies(&it.alice, &bob));
    it.install(&honest, &[]).fails(4, &[REASON]);
}

/// The same line with one more signature.
fn with(line: &str, key_id: &str) -> String {
    let mut envelope: Value = serde_json::from_str(line).unwrap();
    let other = json!({"keyid": key_id, "sig": "AAAA"});
    envelope["signatures"].as_array_mut().unwrap().push(other);
    format!("{envelope}\n")
}

#[test]
fn what_is_kept_of_a_denial_is_its_signer_s_alone() {
    let it = Listener::new(&team("team"));
    let wheel = demo("1.0");
    let server = serve(&[&wheel], &[]);
    let set = |text: &str| {
        it.machine
            .write("../home/.config/assay/team/demo.assay", text);
    };
    let (bob, vouched) = (Voice::new(7), it.alice.vouches(&wheel));
    let denial = it.alice.denies(&demo("9.0"), REASON);
    let in_bobs_name = format!("sha256:{}", bob.spki_sha256());
    let forms: String = ["1", "2", &in_bobs_name]
        .iter()
        .map(|id| with(&denial, id))
        .collect();
    set(&(vouched.clone() + &forms));
    it.install(&server, &[]).ok();
    let kept = std::fs::read_to_string(it.machine.path(&denials(&it.alice))).unwrap();
    let value = |line: &str| serde_json::from_str::<Value>(line).unwrap();
    assert_eq!(value(&kept), value(&denial));
    // Whoever listens to bob under the same name is not led astray.
    let public = bob.public();
    it.policy(&format!(
        "[keys.bob]\ned25519 = \"{public}\"\n{}",
        team("team").replace("alice", "bob")
    ));
    set(&bob.vouches(&wheel));
    it.install(&server, &[]).ok();
    // A source that gets another name has denied what it denied.
    it.policy(&team("team"));
    set(&(vouched.clone() + &it.alice.denies(&wheel, REASON)));
    it.install(&server, &[]).fails(4, &[REASON]);
    set(&vouched);
    it.policy(
        &team("team")
            .replace("statements.team", "statements.other")
            .replace("vouch:team", "vouch:other"),
    );
    it.install(&server, &[]).fails(4, &[REASON]);
}
