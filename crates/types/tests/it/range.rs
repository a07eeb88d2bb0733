use std::str::FromStr as _;

use assay_types::{Version, VersionSpecifiers, range};
use proptest::prelude::*;
use serde_json::json;

use crate::{generate, peer};

fn specifiers(text: &str) -> VersionSpecifiers {
    range::parse(text).unwrap()
}

fn admits(text: &str, version: &str) -> bool {
    range::of(&specifiers(text)).contains(&Version::from_str(version).unwrap())
}

#[track_caller]
fn check(specifier: &str, admitted: &[&str], refused: &[&str]) {
    for version in admitted {
        assert!(admits(specifier, version), "{specifier} admits {version}");
    }
    for version in refused {
        assert!(!admits(specifier, version), "{specifier} refuses {version}");
    }
}

#[test]
fn equality_takes_local_versions_in() {
    check(
        "==1.0",
        &["1", "1.0.0", "1.0+x"],
        &["1.0.post0", "1.0.post0.dev0", "1.0a1", "1.0.1"],
    );
    check("==1.0+x", &["1.0+x"], &["1.0", "1.0+y"]);
    check("!=1.0", &["1.0.post0", "1.0rc1"], &["1.0", "1.0+x"]);
    check("==1.0.dev1", &["1.0.dev1+x"], &["1.0.dev2", "1.0.dev0"]);
    check(
        "==1.0.post1",
        &["1.0.post1+x"],
        &["1.0.post2", "1.0.post2.dev0"],
    );
    check("===1.0", &["1.0"], &["1.0+x", "1.1"]);
}

#[test]
fn exclusive_comparisons_leave_the_family_out() {
    check(
        ">1.0",
        &["1.0.1", "1.0.0.1.dev0", "1.1.dev0"],
        &["1.0", "1.0+x", "1.0.post1"],
    );
    check(
        ">1.0.post1",
        &["1.0.post2", "1.0.post2.dev0"],
        &["1.0.post1", "1.0.post1+x"],
    );
    check(
        ">1.0a1",
        &["1.0a2.dev0", "1.0"],
        &["1.0a1", "1.0a1.post1", "1.0a1+x"],
    );
    check(
        ">1.0.dev1",
        &["1.0.dev2", "1.0a1"],
        &["1.0.dev1", "1.0.dev1+x"],
    );
    check(
        "<1.0",
        &["0.9", "0.9.post1"],
        &["1.0", "1.0rc1", "1.0.dev0"],
    );
    check("<1.0rc1", &["1.0b1", "1.0rc1.dev0"], &["1.0rc1", "1.0"]);
    check(
        "<1.0.post1",
        &["1.0", "1.0.post0", "1.0+x"],
        &["1.0.post1.dev0", "1.0.post1"],
    );
    check("<=1.0", &["1.0+x", "1.0"], &["1.0.post0.dev0", "1.0.1"]);
}

#[test]
fn prefixes_compare_by_segment() {
    check(
        "==1.1.*",
        &["1.1", "1.1.dev0", "1.1.9+x"],
        &["1.10", "1.2.dev0", "1.0"],
    );
    check("~=1.1", &["1.1", "1.9"], &["1.1rc1", "2.0.dev0", "2.0"]);
    check("~=1.1.0", &["1.1.5"], &["1.2.dev0", "1.2"]);
    check("==1!1.*", &["1!1.5"], &["1.5", "1!2"]);
}

#[test]
fn a_list_is_parsed_as_packaging_does() {
    assert_eq!(specifiers(">=3.6,").len(), 1);
    assert_eq!(specifiers("").len(), 0);
    for refused in [
        ">=3.6.*",
        ">=1.0+x",
        "~=1",
        "3.6",
        ">=a",
        "=>1",
        "==1.0a1.*",
        "==1.0.dev1.*",
    ] {
        assert!(range::parse(refused).is_err(), "{refused}");
    }
}

#[test]
fn numbers_near_the_edge_are_refused_before_they_overflow() {
    let longest = "9".repeat(18);
    check(
        &format!("=={longest}.*"),
        &[&format!("{longest}.1")],
        &["1"],
    );
    assert!(range::parse(&format!("==1{longest}.*")).is_err());
    for operator in ["==", "!=", ">", "<=", "~=1."] {
        range::of(&VersionSpecifiers::from_str(&format!("{operator}{}", u64::MAX)).unwrap());
    }
}

#[test]
fn pre_releases_are_admitted_where_they_are_named() {
    assert!(range::mentions_prerelease(&specifiers(">=1.0a1")));
    assert!(range::mentions_prerelease(&specifiers("<2,>=1.0.dev3")));
    assert!(!range::mentions_prerelease(&specifiers(
        ">=1.0.post1,!=1.2rc1"
    )));
}

#[test]
fn packaging_decides_the_same() {
    let versions = generate::sample(generate::version(), 40);
    let sets = generate::sample(prop::collection::vec(generate::specifier(), 1..3), 400);
    let sets: Vec<String> = sets.iter().map(|it| it.join(",")).collect();
    let questions: Vec<_> = sets
        .iter()
        .map(|it| json!(["contains", it, versions]))
        .collect();
    let Some(answers) = peer::ask(&questions) else {
        return;
    };
    for (set, answer) in sets.iter().zip(answers) {
        let Some(answer) = answer.as_array() else {
            assert!(range::parse(set).is_err(), "packaging refuses {set}");
            continue;
        };
        for (version, expected) in versions.iter().zip(answer) {
            assert_eq!(
                admits(set, version),
                expected.as_bool().unwrap(),
                "{set} {version}"
            );
        }
    }
}

#[test]
fn packaging_orders_and_prints_versions_the_same() {
    let versions = generate::sample(generate::version(), 300);
    let pairs: Vec<_> = versions.iter().zip(versions.iter().skip(1)).collect();
    let questions: Vec<_> = pairs
        .iter()
        .map(|(left, right)| json!(["order", left, right]))
        .chain(versions.iter().map(|it| json!(["version", it])))
        .collect();
    let Some(answers) = peer::ask(&questions) else {
        return;
    };
    let parse = |it: &str| Version::from_str(it).unwrap();
    let (orders, texts) = answers.split_at(pairs.len());
    for ((left, right), expected) in pairs.iter().zip(orders) {
        let order = parse(left).cmp(&parse(right)) as i64;
        assert_eq!(Some(order), expected.as_i64(), "{left} {right}");
    }
    for (version, expected) in versions.iter().zip(texts) {
        assert_eq!(Some(parse(version).to_string().as_str()), expected.as_str());
    }
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn a_conjunction_is_an_intersection(
        left in generate::specifier(),
        right in generate::specifier(),
        version in generate::version(),
    ) {
        let both = admits(&format!("{left},{right}"), &version);
        prop_assert_eq!(both, admits(&left, &version) && admits(&right, &version));
    }
}
