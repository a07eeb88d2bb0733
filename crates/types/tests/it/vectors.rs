//! What packaging's own tests ask, asked again: `suites/packaging/questions` writes the questions,
//! `ASSAY_PACKAGING_VECTORS` names the file, and packaging answers them beside us.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use assay_testkit::peers;
use assay_types::{ExtraName, MarkerEnvironment, Requirement, Version, range};
use serde_json::{Value, json};

use crate::{file_name, peer, requirement, tags};

#[test]
fn packaging_answers_its_own_tests_as_we_do() {
    let Some((questions, answers)) = asked() else {
        return;
    };
    let mut same = BTreeMap::<&str, usize>::new();
    let mut different = BTreeMap::<&str, usize>::new();
    for (question, expected) in questions.iter().zip(&answers) {
        let kind = question[0].as_str().unwrap();
        let (found, expected) = answer(kind, question, expected);
        if found == expected {
            *same.entry(kind).or_default() += 1;
            continue;
        }
        let words = format!("{question}: packaging says {expected}, we say {found}");
        assert!(found.is_null() || is_weighed(kind, question), "{words}");
        let reason = reason(kind, question).expect(&words);
        *different.entry(reason).or_default() += 1;
    }
    println!("same: {same:?}\ndifferent: {different:#?}");
    assert!(same.values().sum::<usize>() > 5000, "the file is too short");
}

#[test]
fn packaging_sorts_the_versions_of_its_tests_as_we_do() {
    let Some((_, answers)) = asked() else { return };
    let texts = answers.iter().filter_map(Value::as_str);
    let mut versions: Vec<_> = texts.map(|it| Version::from_str(it).unwrap()).collect();
    versions.sort();
    let pairs: Vec<_> = versions.iter().zip(versions.iter().skip(1)).collect();
    let questions = pairs.iter();
    let questions = questions.map(|(a, b)| json!(["order", a.to_string(), b.to_string()]));
    let answers = peer::ask(&questions.collect::<Vec<_>>()).unwrap();
    for ((left, right), expected) in pairs.iter().zip(answers) {
        let order = left.cmp(right) as i64;
        assert_eq!(Some(order), expected.as_i64(), "{left} {right}");
    }
}

/// The questions of the file and what packaging says.
fn asked() -> Option<(Vec<Value>, Vec<Value>)> {
    let path = peers::collection("ASSAY_PACKAGING_VECTORS")?;
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().map(serde_json::from_str);
    let questions: Vec<Value> = lines.collect::<Result<_, _>>().unwrap();
    let answers = peer::ask(&questions)?;
    Some((questions, answers))
}

/// Our answer and packaging's, in a form that both have.
fn answer(kind: &str, question: &Value, expected: &Value) -> (Value, Value) {
    let text = question[1].as_str().unwrap_or_default();
    let found = match kind {
        "version" => Version::from_str(text).map_or(Value::Null, |it| json!(it.to_string())),
        "requirement" => return (requirement::answer(text), requirement::simplified(expected)),
        "wheel" => file_name::answer(text),
        "contains" => contains(text, question[2].as_array().unwrap()),
        "marker" => marker(text, &question[2]),
        "other_tags" => {
            let version = question[3].as_str().unwrap();
            tags::compare_mac(version, expected.as_array().unwrap());
            return (Value::Null, Value::Null);
        }
        _ => panic!("nobody answers {question}"),
    };
    (found, expected.clone())
}

fn contains(text: &str, versions: &[Value]) -> Value {
    let Ok(specifiers) = range::parse(text) else {
        return Value::Null;
    };
    let range = range::of(&specifiers);
    let versions = versions.iter().map(|it| it.as_str().unwrap());
    versions
        .map(|it| Version::from_str(it).is_ok_and(|it| range.contains(&it)))
        .collect()
}

fn marker(text: &str, environment: &Value) -> Value {
    let Ok(requirement) = Requirement::parse(&format!("a ; {text}")) else {
        return Value::Null;
    };
    let Ok(facts) = serde_json::from_value::<MarkerEnvironment>(environment.clone()) else {
        return Value::Null;
    };
    let extra = ExtraName::from_str(environment["extra"].as_str().unwrap()).ok();
    json!(requirement.applies(&facts, extra.as_slice()))
}

/// Differences that are no refusal: `===`, and facts that contradict each other.
fn is_weighed(kind: &str, question: &Value) -> bool {
    kind == "contains" || kind == "marker" && is_of_no_python(&question[2])
}

/// Why our answer may be another. Nearly all are refusals of what has no meaning.
fn reason(kind: &str, question: &Value) -> Option<&'static str> {
    let text = question[1].as_str()?;
    match kind {
        "wheel" if !text.is_ascii() => Some("names are ASCII (PEP 508)"),
        "contains" if text.contains("===") => Some(ARBITRARY),
        "marker" if is_of_no_python(&question[2]) => Some("no Python has such facts"),
        "marker" => meaningless(text),
        "requirement" => {
            let (rest, marker) = text.split_once(';').unwrap_or((text, ""));
            if rest.contains("===") {
                Some(ARBITRARY)
            } else if rest.contains('@') {
                Some("a URL must be one, with a fragment that has a meaning")
            } else {
                meaningless(marker)
            }
        }
        _ => None,
    }
}

const ARBITRARY: &str = "=== takes versions only, and compares them as such";

/// packaging's tests invent versions, one at a time.
fn is_of_no_python(facts: &Value) -> bool {
    let full = facts["python_full_version"].as_str().unwrap();
    let short = facts["python_version"].as_str().unwrap();
    Version::from_str(full).is_err() || !full.starts_with(&format!("{short}."))
}

/// Why a marker is refused here, which packaging evaluates to something.
fn meaningless(marker: &str) -> Option<&'static str> {
    let Some(quote) = marker.chars().find(|it| ['\'', '"'].contains(it)) else {
        return (marker.split_whitespace().count() == 3).then_some("a comparison without a text");
    };
    let parts: Vec<_> = marker.split(quote).collect();
    let texts: Vec<_> = parts.iter().skip(1).step_by(2).collect();
    let words: Vec<_> = parts
        .iter()
        .step_by(2)
        .flat_map(|it| it.split_whitespace())
        .collect();
    let has = |wanted: &[&str]| words.iter().any(|it| wanted.contains(it));
    let is_version = |it: &&&str| Version::from_str(it.trim_end_matches(".*")).is_ok();
    let is_prerelease = |it: &&&str| Version::from_str(it).is_ok_and(|it| it.any_prerelease());
    if has(&["extras", "dependency_groups"]) {
        Some("a marker of lock files")
    } else if texts.iter().any(|it| it.contains(['\'', '"'])) {
        Some("a text that holds a quote")
    } else if texts.len() == 2 && words.len() == 1 {
        Some("a comparison without a variable")
    } else if has(&["extra"]) {
        (!has(&["==", "!="])).then_some("extra is equal to a text or not")
    } else if has(&[
        "python_version",
        "python_full_version",
        "implementation_version",
    ]) {
        if ["in", "not", "~="].contains(&words[0]) {
            Some("a part of a version, or a version as a range")
        } else if has(&["~="]) && texts.iter().any(is_prerelease) {
            Some("~= with a pre-release")
        } else {
            (!texts.iter().all(is_version)).then_some("a version is compared with none")
        }
    } else {
        has(&["~=", "==="]).then_some("~= and === compare versions")
    }
}
