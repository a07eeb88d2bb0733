//! `assay sandbox check`: what is told of this machine.

use std::fs;

use crate::machine::Machine;

/// The words of the tiers, the best first.
const TIERS: [&str; 3] = ["namespaces", "bubblewrap", "restricted"];

#[test]
fn every_tier_is_tried_and_told_in_words_and_as_json() {
    let machine = Machine::new();
    let told = machine.assay(&["sandbox", "check", "--json"]);
    let json = told.json();
    let tiers = json["tiers"].as_array().unwrap();
    let words: Vec<_> = tiers
        .iter()
        .map(|it| it["tier"].as_str().unwrap())
        .collect();
    assert_eq!(words, TIERS);
    for tier in tiers {
        assert_eq!(tier["works"] == true, tier["why-not"].is_null(), "{tier}");
        assert!(tier["layers"].as_str().unwrap().contains("Landlock"));
    }
    let unasked = tiers.iter().filter(|it| it["tier"] != "restricted");
    let best = unasked
        .filter(|it| it["works"] == true)
        .map(|it| &it["tier"]);
    let best = best.clone().next().cloned().unwrap_or_default();
    assert_eq!(json["best"], best);
    assert_eq!(told.code, i32::from(best.is_null()));
    let text = machine.assay(&["sandbox", "check"]);
    assert_eq!(text.code, told.code);
    for (line, tier) in text.out.lines().zip(tiers) {
        let works = if tier["works"] == true {
            "works"
        } else {
            "does not work"
        };
        let start = format!("{}: {works}", tier["tier"].as_str().unwrap());
        assert!(line.starts_with(&start), "{line}");
    }
}

#[test]
fn what_was_found_is_remembered_for_this_machine_and_user() {
    let machine = Machine::new();
    let told = machine.assay(&["sandbox", "check", "--json"]).json();
    let file = machine.home().join(".local/state/assay/sandbox.json");
    let remembered =
        || -> serde_json::Value { serde_json::from_slice(&fs::read(&file).unwrap()).unwrap() };
    let works = told["tiers"].as_array().unwrap().iter();
    let works: Vec<_> = works
        .filter(|it| it["works"] == true)
        .map(|it| it["tier"].clone())
        .collect();
    assert_eq!(remembered()["holds"], serde_json::Value::from(works));
    let circumstances = remembered()["circumstances"].to_string();
    for fact in [
        "user ",
        "boot_id",
        "max_user_namespaces",
        concat!("assay ", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(circumstances.contains(fact), "{circumstances}");
    }
    // A check always tries anew: what was written by somebody else is not repeated.
    fs::write(&file, "{}").unwrap();
    assert_eq!(machine.assay(&["sandbox", "check", "--json"]).json(), told);
    assert_eq!(remembered()["circumstances"].to_string(), circumstances);
}

#[test]
fn where_no_program_can_be_run_no_tier_works() {
    // Whoever may have no more than one process cannot start a helper.
    let machine = Machine::new();
    let under = machine
        .command_under(
            "/bin/sh".as_ref(),
            &["-c", "ulimit -v 3000000; ulimit -n 5; exec \"$@\"", "sh"],
        )
        .args(["sandbox", "check"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&under.stdout).into_owned();
    assert_eq!(
        under.status.code(),
        Some(1),
        "{said}{}",
        String::from_utf8_lossy(&under.stderr)
    );
    assert!(said.contains("namespaces: does not work: "), "{said}");
    assert!(
        said.contains("source distributions are not built on this machine"),
        "{said}"
    );
}
