//! What is accepted to a last day, and no longer.

use std::fs;

use serde_json::{Value, json};

use super::{DEMO, INDEX, MOVED, accept, known, list, state};
use crate::machine::{Machine, Outcome};

const LAST_DAY: &str = "2199-01-01";

fn until(machine: &Machine, identity: &str, day: &str) -> Outcome {
    let named = ["--identity", identity, "--index", INDEX, "--until", day];
    accept(machine, "demo", &named)
}

/// As if an earlier run had seen this time.
fn clock(machine: &Machine, latest: &str) {
    let text = json!({ "latest": latest }).to_string();
    fs::write(state(machine).join("clock.json"), text).unwrap();
}

fn limit(day: &str, is_over: bool) -> Value {
    json!({ "last-day": day, "is-over": is_over })
}

#[test]
fn what_is_accepted_to_a_day_is_listed_with_it_and_then_as_over() {
    let machine = Machine::new();
    known(&machine, "demo", DEMO, INDEX);
    let said = until(&machine, MOVED, LAST_DAY).ok().out;
    assert!(said.contains(&format!("accepted: {MOVED} until {LAST_DAY}\n")));
    until(&machine, "none", LAST_DAY).ok();
    let limits = |is_over| {
        let row = &list(&machine, &[])[0];
        assert_eq!(row["identities"], json!([DEMO, MOVED]));
        let both = json!({ MOVED: limit(LAST_DAY, is_over), "none": limit(LAST_DAY, is_over) });
        assert_eq!(row["until"], both);
    };
    clock(&machine, "2199-01-01T23:59:59Z");
    limits(false);
    let said = machine.assay(&["trust", "list"]).ok().out;
    assert!(
        said.contains(&format!("{MOVED} until {LAST_DAY}\n")),
        "{said}"
    );
    assert!(
        said.contains(&format!("are accepted until {LAST_DAY}\n")),
        "{said}"
    );
    clock(&machine, "2199-01-02T00:00:00Z");
    limits(true);
    let said = machine.assay(&["trust", "list"]).ok().out;
    let over = format!("until {LAST_DAY}, which is over\n");
    assert_eq!(said.matches(&over).count(), 2, "{said}");
    assert!(said.contains(&format!("{DEMO}\n")), "{said}");
}

#[test]
fn a_last_day_is_a_date_that_is_not_over() {
    let machine = Machine::new();
    for day in [
        "",
        "tomorrow",
        "2199-1-1",
        "2199-01-01T00:00:00Z",
        "2199-02-29",
    ] {
        until(&machine, DEMO, day).fails(2, &["--until", "a date such as 2026-12-31"]);
    }
    until(&machine, DEMO, "2020-01-01").fails(2, &["--until 2020-01-01", "is over"]);
    assert!(!state(&machine).join("publishers.json").exists());
    until(&machine, DEMO, LAST_DAY).ok();
    // By the later of the clock and of what an earlier run saw.
    clock(&machine, "2199-01-02T00:00:00Z");
    until(&machine, DEMO, LAST_DAY).fails(2, &["is over", "2199-01-02T00:00:00Z"]);
    until(&machine, DEMO, "2199-01-02").ok();
}

#[test]
fn accepting_again_prolongs_and_never_shortens() {
    let machine = Machine::new();
    let day = || list(&machine, &["demo"])[0]["until"][DEMO]["last-day"].clone();
    until(&machine, DEMO, LAST_DAY).ok();
    let outcome = until(&machine, DEMO, "2198-01-01").ok();
    assert_eq!(day(), LAST_DAY);
    assert!(outcome.out.contains("unchanged"), "{}", outcome.out);
    let way = format!("assay trust remove demo --identity {DEMO}");
    assert!(outcome.err.contains(&way), "{}", outcome.err);
    let outcome = until(&machine, DEMO, LAST_DAY).ok();
    assert!(!outcome.err.contains("for longer"), "{}", outcome.err);
    until(&machine, DEMO, "2199-01-02").ok();
    assert_eq!(day(), "2199-01-02");
    known(&machine, "demo", DEMO, INDEX);
    assert_eq!(day(), Value::Null);
    let outcome = until(&machine, DEMO, LAST_DAY).ok();
    assert!(outcome.err.contains("for longer"), "{}", outcome.err);
    assert_eq!(day(), Value::Null);
    let remove = machine.assay(&["trust", "remove", "demo", "--identity", DEMO]);
    remove.ok();
    until(&machine, DEMO, LAST_DAY).ok();
    assert_eq!(day(), LAST_DAY);
}

#[test]
fn a_list_with_a_last_day_is_imported_with_it() {
    let machine = Machine::new();
    let list_of =
        |until: &str| format!("[publishers]\ndemo = {{ any = ['{DEMO}'], until = {until} }}\n");
    let import = |text: &str| {
        machine.write("theirs.toml", text);
        machine.assay(&["trust", "import", "theirs.toml", "--index", INDEX])
    };
    import(&list_of("2020-01-01")).fails(2, &["theirs.toml:2:", "held until 2020-01-01"]);
    import(&list_of(LAST_DAY)).ok();
    let row = &list(&machine, &[])[0];
    assert_eq!(row["until"][DEMO], limit(LAST_DAY, false));
}

#[test]
fn a_table_leaves_out_what_ends() {
    let machine = Machine::new();
    known(&machine, "demo", DEMO, INDEX);
    until(&machine, MOVED, LAST_DAY).ok();
    until(&machine, "none", LAST_DAY).ok();
    let table = machine.assay(&["trust", "export", "--index", INDEX]);
    assert_eq!(
        table.ok().out,
        format!(
            "[publishers]\n\
             demo = [\"{DEMO}\"]\n\
             # demo: left out: {MOVED}, accepted until {LAST_DAY}\n\
             # demo: left out: none, accepted until {LAST_DAY}\n"
        )
    );
}
