//! Generators of versions and specifiers from a small alphabet, so that they often meet.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

/// Without files of past failures beside the tests.
pub fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// `count` values, the same in every run.
pub fn sample<S: Strategy>(strategy: S, count: usize) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..count)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .collect()
}

fn one_of(choices: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(choices)
}

/// A version without local part, in normal form.
pub fn public_version() -> impl Strategy<Value = String> {
    (
        one_of(&["", "", "", "1!"]),
        one_of(&["0", "1", "1.0", "1.1", "1.0.0", "1.0.1", "1.10", "2", "2.0"]),
        one_of(&["", "", "", "a0", "a1", "b1", "rc1"]),
        one_of(&["", "", "", ".post0", ".post1"]),
        one_of(&["", "", "", ".dev0", ".dev1"]),
    )
        .prop_map(|(epoch, release, pre, post, dev)| format!("{epoch}{release}{pre}{post}{dev}"))
}

/// A version, with a local part now and then.
pub fn version() -> impl Strategy<Value = String> {
    (public_version(), one_of(&["", "", "", "+x", "+1", "+x.1"]))
        .prop_map(|(public, local)| format!("{public}{local}"))
}

/// One specifier that `packaging` accepts.
pub fn specifier() -> impl Strategy<Value = String> {
    let release = one_of(&["0", "1", "1.0", "1.1", "1.0.0", "1!1.0", "2"]);
    prop_oneof![
        4 => (one_of(&[">=", "<=", ">", "<"]), public_version())
            .prop_map(|(operator, version)| format!("{operator}{version}")),
        2 => (one_of(&["==", "!="]), version())
            .prop_map(|(operator, version)| format!("{operator}{version}")),
        1 => (one_of(&["==", "!="]), release)
            .prop_map(|(operator, release)| format!("{operator}{release}.*")),
        1 => (one_of(&["1.0", "1.1", "1.0.1", "1!1.0"]), one_of(&["", "", "a1", ".post1", ".dev1"]))
            .prop_map(|(release, suffix)| format!("~={release}{suffix}")),
    ]
}
