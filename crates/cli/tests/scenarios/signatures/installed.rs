//! What is installed already, and denied since.

use assay_testkit::wheel::BuiltWheel;
use serde_json::{Value, json};

use super::{Listener, demo, serve};
use crate::machine::{Outcome, builder, index, simple};

const SET: &str = "../home/.config/assay/team/demo.assay";
const SERVED: &str = "/team/set.assay";
const VERIFY: [&str; 3] = ["verify", "--venv", "env"];
const REASON: &str = "it mines coins";

/// Listens to the team, which nobody has to be vouched for by.
fn team(at: &str) -> String {
    format!("[statements.team]\nat = \"{at}\"\nkeys = [\"alice\"]\n")
}

/// demo 1.0 is installed, and nobody says anything of it.
fn installed() -> (Listener, BuiltWheel) {
    let it = Listener::new(&team("team"));
    let wheel = demo("1.0");
    it.machine.write(SET, "");
    it.install(&serve(&[&wheel], &[]), &[]).ok();
    (it, wheel)
}

fn by_version(it: &Listener, version: &str) -> String {
    let issued = "2026-01-01T00:00:00Z";
    let said =
        json!({"project": "demo", "versions": [version], "reason": REASON, "issued": issued});
    it.alice.says("denies", &[], said)
}

fn verify(it: &Listener) -> Outcome {
    it.machine.assay(&[&VERIFY[..], &["--json"]].concat())
}

fn denied(report: &Value) -> Vec<&Value> {
    report["denied"].as_array().unwrap().iter().collect()
}

fn explained(it: &Listener) -> Value {
    let told = it
        .machine
        .assay(&["explain", "--json", "--venv", "env", "demo"]);
    told.ok().json()[0]["today"].clone()
}

/// Installs again what is installed; there is nobody to ask.
fn again(it: &Listener, more: &[&str]) -> Outcome {
    let nobody = [
        "install",
        "--venv",
        "env",
        "--index-url",
        "http://127.0.0.1:1/",
    ];
    it.machine.assay(&[&nobody[..], more].concat())
}

#[test]
fn an_environment_with_something_that_is_denied_is_not_as_it_should_be() {
    let (it, wheel) = installed();
    let report = verify(&it).ok().json();
    assert_eq!(denied(&report), Vec::<&Value>::new());
    assert_eq!(report["outcome"], "accounted-for");

    it.machine.write(SET, it.alice.denies(&wheel, REASON));
    let before = it.machine.snapshot();
    let found = verify(&it);
    assert_eq!(found.code, 4, "{found:?}");
    let report = found.json();
    let [one] = denied(&report)[..] else {
        panic!("{report}");
    };
    assert_eq!(
        (&one["name"], &one["version"]),
        (&json!("demo"), &json!("1.0"))
    );
    assert_eq!(
        (&one["by"], &one["reason"]),
        (&json!("key:alice"), &json!(REASON))
    );
    assert_eq!(report["outcome"], "denied");
    let told = it.machine.assay(&VERIFY);
    assert_eq!(told.code, 4);
    let first = told.out.lines().take(2).collect::<Vec<_>>().join("\n");
    assert!(
        first.contains("Denied by") && first.contains("demo 1.0: it mines coins"),
        "{told:?}"
    );
    it.machine.assert_unchanged(&before);

    // By somebody to whom nobody listens, and of other bytes, it is nothing.
    let others = it.alice.denies(&demo("1.0.1"), REASON);
    it.machine
        .write(SET, it.mallory.denies(&wheel, REASON) + &others);
    verify(&it).ok();
}

#[test]
fn what_others_installed_is_told_by_its_version() {
    let (it, wheel) = installed();
    let info = it.machine.site().join("demo-1.0.dist-info");
    std::fs::remove_file(info.join("assay.json")).unwrap();
    std::fs::remove_dir_all(it.machine.path("../home/.local/state/assay/receipts")).unwrap();
    let deny = |text: String| {
        it.machine.write(SET, text);
        denied(&verify(&it).json()).len()
    };
    assert_eq!(
        deny(it.alice.denies(&wheel, REASON)),
        0,
        "nobody knows its bytes"
    );
    assert_eq!(deny(by_version(&it, "1.1")), 0);
    assert!(explained(&it).is_null());
    assert_eq!(deny(by_version(&it, "1.0")), 1);
    assert_eq!(explained(&it)["accepted"], false);
}

#[test]
fn the_copy_of_a_served_set_and_denials_that_were_seen_are_heard() {
    let it = Listener::new("");
    let wheels = [demo("1.0"), simple("app", "1.0", &[])];
    let served = |text: &str| {
        let all = builder(&wheels);
        let server = all.page(SERVED, "application/octet-stream", text).start();
        it.policy(&team(&server.url(SERVED)));
        server
    };
    let count = || {
        let found = verify(&it);
        (found.code, denied(&found.json()).len())
    };
    it.install(&index(&wheels), &[]).ok();
    let server = served(&by_version(&it, "1.0"));
    let unheard = verify(&it).ok();
    let words = "the statements of team cannot be had: nobody is asked now";
    assert!(unheard.err.contains(words), "{unheard:?}");
    let why = &unheard.json()["unheard"][0];
    assert!(why.as_str().unwrap().contains(words));

    it.install(&server, &[]).fails(4, &[REASON]);
    let asked = server.requests().len();
    assert_eq!(count(), (4, 1), "by the copy");
    assert_eq!(server.requests().len(), asked, "nobody is asked");

    let silent = served("");
    it.machine.install(&silent, &["app"]).ok();
    assert_eq!(count(), (4, 1), "by what was seen");
    let copies = "../home/.local/state/assay/statements";
    std::fs::remove_dir_all(it.machine.path(copies)).unwrap();
    assert_eq!(count(), (4, 1));
    let seen = "../home/.local/state/assay/denials";
    std::fs::remove_dir_all(it.machine.path(seen)).unwrap();
    assert_eq!(count(), (0, 0), "nobody knows any more");
}

#[test]
fn a_set_that_is_damaged_may_hide_a_denial() {
    let (it, wheel) = installed();
    let denial = it.alice.denies(&wheel, REASON);
    it.machine.write(SET, &denial[..denial.len() / 2]);
    let found = verify(&it);
    assert_eq!(found.code, 4);
    let told = again(&it, &["demo"]).ok();
    for said in [&found, &told] {
        let words = "the statements of team cannot be had";
        assert!(said.err.contains(words), "{said:?}");
    }
    it.machine.write(SET, "");
    verify(&it).ok();
}

#[test]
fn what_is_satisfied_already_is_told_to_be_denied() {
    let (it, wheel) = installed();
    let quiet = again(&it, &["demo"]).ok();
    assert_eq!(quiet.err, "");
    it.machine.write(SET, it.alice.denies(&wheel, REASON));
    let words = "demo 1.0, which is installed, is denied by key:alice: it mines coins; choose another \
                 version";
    for more in [
        &["demo"][..],
        &["demo", "--no-deps"],
        &["demo", "--dry-run"],
    ] {
        let told = again(&it, more).ok();
        assert!(told.out.contains("already satisfied"), "{told:?}");
        assert!(told.err.contains(words), "{told:?}");
    }
    it.machine.write(SET, by_version(&it, "2.0"));
    assert_eq!(again(&it, &["demo"]).ok().err, "");
}

#[test]
fn what_stays_beside_what_is_new_is_told_to_be_denied() {
    let (it, wheel) = installed();
    let app = simple("app", "1.0", &["demo"]);
    it.machine.write(SET, it.alice.denies(&wheel, REASON));
    let told = it.machine.install(&index(&[app, wheel]), &["app"]).ok();
    assert!(
        told.err.contains("demo 1.0, which is installed, is denied"),
        "{told:?}"
    );
    // What depends on it is satisfied by now.
    let told = again(&it, &["app"]).ok();
    assert!(
        told.err.contains("demo 1.0, which is installed, is denied"),
        "{told:?}"
    );
    assert_eq!(again(&it, &["app", "--no-deps"]).ok().err, "");
}

#[test]
fn explain_says_who_denies_it_today_and_who_vouches() {
    let (it, wheel) = installed();
    assert_eq!(explained(&it)["accepted"], true);
    it.machine.write(SET, it.alice.denies(&wheel, REASON));
    let today = explained(&it);
    assert_eq!(
        today["refusing"],
        json!(["key:alice denies it: it mines coins"])
    );
    let rule = "[[policy.rule]]\nprojects = [\"demo\"]\nevidence = \"vouch:team\"\n";
    it.policy(&(team("team") + rule));
    it.machine.write(SET, "");
    assert_eq!(explained(&it)["accepted"], false);
    it.machine.write(SET, it.mallory.vouches(&wheel));
    assert_eq!(explained(&it)["accepted"], false);
    it.machine.write(SET, it.alice.vouches(&wheel));
    assert_eq!(explained(&it)["accepted"], true);
}

#[test]
fn an_old_copy_denies_and_speaks_for_nothing() {
    let it = Listener::new("");
    let wheel = demo("1.0");
    let all = builder(std::slice::from_ref(&wheel));
    let vouched = it.alice.vouches(&wheel) + &by_version(&it, "2.0");
    let page = all.page(SERVED, "application/octet-stream", vouched);
    let server = page.start();
    let policy = team(&server.url(SERVED));
    it.policy(&policy);
    it.machine.install(&server, &["demo"]).ok();
    let rule = "[[policy.rule]]\nprojects = [\"demo\"]\nevidence = \"notary:team\"\n";
    it.policy(&(policy.clone() + rule));
    assert_eq!(
        explained(&it)["accepted"],
        false,
        "nobody saw it on an index"
    );
    it.policy(&(policy + &rule.replace("notary", "vouch")));
    assert_eq!(explained(&it)["accepted"], true);
    // The receipt has the vouch; without it the copy alone speaks.
    let path = it.machine.site().join("demo-1.0.dist-info/assay.json");
    let receipt = std::fs::read_to_string(&path).unwrap();
    let mut receipt: Value = serde_json::from_str(&receipt).unwrap();
    receipt["words"] = json!(["index"]);
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, receipt.to_string()).unwrap();
    std::fs::remove_dir_all(it.machine.path("../home/.local/state/assay/receipts")).unwrap();
    assert_eq!(explained(&it)["accepted"], true);

    let notes = "../home/.local/state/assay/statements/team.json";
    let text = std::fs::read_to_string(it.machine.path(notes)).unwrap();
    let mut value: Value = serde_json::from_str(&text).unwrap();
    let old = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * 8);
    value["seen"] = old.to_string().into();
    it.machine.write(notes, value.to_string());
    assert_eq!(explained(&it)["accepted"], false);
    // The receipt is not as RECORD has it.
    let words = "what was denied since is not known";
    verify(&it).fails(1, &[words]);
}
