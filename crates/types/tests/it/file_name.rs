use std::str::FromStr as _;

use assay_types::{FileName, ProjectName, SdistName, WheelName};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{generate, peer};

fn project(name: &str) -> ProjectName {
    ProjectName::from_str(name).unwrap()
}

#[test]
fn a_wheels_name_is_taken_apart() {
    let wheel = WheelName::parse("Foo_Bar.baz-1.0+x.1-2b-py2.PY3-none-any.whl").unwrap();
    assert_eq!(wheel.project(), &project("foo-bar-baz"));
    assert_eq!(wheel.version().to_string(), "1.0+x.1");
    assert_eq!(wheel.build(), Some(&(2, "b".to_owned())));
    assert_eq!(
        wheel.tags().collect::<Vec<_>>(),
        ["py2-none-any", "py3-none-any"]
    );
    assert_eq!(
        wheel.as_str(),
        "Foo_Bar.baz-1.0+x.1-2b-py2.PY3-none-any.whl"
    );
}

#[test]
fn each_rule_of_a_wheels_name_has_its_neighbour() {
    for (refused, accepted) in [
        ("foo-1.0-py3-none-any.WHL", "foo-1.0-py3-none-any.whl"),
        ("foo-1.0-py3-none.whl", "foo-1.0-py3-none-any.whl"),
        (
            "foo-bar-1.0-1-py3-none-any.whl",
            "foo_bar-1.0-1-py3-none-any.whl",
        ),
        (
            "foo__bar-1.0-py3-none-any.whl",
            "foo_bar-1.0-py3-none-any.whl",
        ),
        ("foo-1.0-b1-py3-none-any.whl", "foo-1.0-1b-py3-none-any.whl"),
        ("foo-one-py3-none-any.whl", "foo-1-py3-none-any.whl"),
        ("foo-1.0-py3.-none-any.whl", "foo-1.0-py3.py2-none-any.whl"),
        ("foo-1.0-py3--any.whl", "foo-1.0-py3-none-any.whl"),
        ("../foo-1.0-py3-none-any.whl", "foo-1.0-py3-none-any.whl"),
        ("foo-1.0-py3-none-any\n.whl", "foo-1.0-py3-none-any.whl"),
        ("foo-1.0-py3-none-a ny.whl", "foo-1.0-py3-none-any.whl"),
        ("_foo-1.0-py3-none-any.whl", "f_oo-1.0-py3-none-any.whl"),
        ("-1.0-py3-none-any.whl", "f-1.0-py3-none-any.whl"),
    ] {
        assert!(WheelName::parse(refused).is_err(), "{refused:?}");
        assert!(WheelName::parse(accepted).is_ok(), "{accepted:?}");
    }
}

#[test]
fn a_file_name_fits_a_file_system() {
    let wheel = |length: usize| format!("{}-1.0-py3-none-any.whl", "f".repeat(length - 21));
    let sdist = |length: usize| format!("foo-1.0+{}.tar.gz", "x".repeat(length - 15));
    assert_eq!(wheel(255).len(), 255);
    assert_eq!(sdist(255).len(), 255);
    assert!(WheelName::parse(&wheel(255)).is_ok());
    assert!(WheelName::parse(&wheel(256)).is_err());
    assert!(SdistName::parse(&sdist(255), &project("foo")).is_ok());
    assert!(SdistName::parse(&sdist(256), &project("foo")).is_err());
}

#[test]
fn an_sdist_that_nobody_named_is_what_stands_before_the_last_dash() {
    for (name, parts) in [
        ("foo_bar-1.0.tar.gz", Some(("foo-bar", "1.0"))),
        ("foo-bar-1.0.zip", Some(("foo-bar", "1.0"))),
        ("foo.tar.gz", None),
        ("foo-one.tar.gz", None),
        ("foo-1.0.tar.bz2", None),
        ("-1.0.tar.gz", None),
        ("../foo-1.0.tar.gz", None),
    ] {
        let guessed = SdistName::guess(name).ok();
        let guessed = guessed.map(|it| (it.project().to_string(), it.version().to_string()));
        let parts = parts.map(|(project, version)| (project.to_owned(), version.to_owned()));
        assert_eq!(guessed, parts, "{name}");
    }
}

#[test]
fn compressed_tags_stand_for_a_thousand_triples_at_most() {
    let name = |platforms: usize| {
        let set = |count: usize| vec!["a"; count].join(".");
        let platforms = set(platforms);
        format!("foo-1.0-{}-{}-{platforms}.whl", set(10), set(10))
    };
    assert_eq!(WheelName::parse(&name(10)).unwrap().tags().count(), 1000);
    assert!(WheelName::parse(&name(11)).is_err());
}

#[test]
fn the_project_decides_where_an_sdists_version_begins() {
    for (name, known_as, version) in [
        ("foo-1.0.tar.gz", "foo", "1.0"),
        ("foo_bar-1.0.tar.gz", "foo-bar", "1.0"),
        ("foo-bar-1.0.zip", "foo-bar", "1.0"),
        ("Foo.Bar-1.0rc1.tar.gz", "foo-bar", "1.0rc1"),
        ("foo-1.0-1.tar.gz", "foo", "1.0.post1"),
        ("foo-2-1.0.tar.gz", "foo-2", "1.0"),
    ] {
        let sdist = SdistName::parse(name, &project(known_as)).unwrap();
        assert_eq!(sdist.version().to_string(), version, "{name}");
    }
}

#[test]
fn files_of_other_projects_and_kinds_are_refused_with_a_reason() {
    for (name, why) in [
        ("bar-1.0.tar.gz", "this project"),
        ("foo-bar-1.0.tar.gz", "this project"),
        ("foo-1.0.tar.bz2", "neither .tar.gz nor .zip"),
        ("foo-1.0-py3.8.egg", "egg"),
        ("foo-1.0.win32.exe", "Windows"),
        ("foo-1.0-1.noarch.rpm", "operating system"),
        ("foo-1.0.tar.gz.asc", "companion"),
        ("foo-1.0.txt", "neither a wheel nor an sdist"),
        ("bar-1.0-py3-none-any.whl", "another project"),
        ("a/foo-1.0.tar.gz", "separator"),
    ] {
        let error = FileName::parse(name, &project("foo")).unwrap_err();
        assert!(error.why.contains(why), "{error}");
    }
    assert!(
        FileName::parse("foo-1.0.tar.gz", &project("foo"))
            .unwrap()
            .wheel()
            .is_none()
    );
    assert!(
        FileName::parse("foo-1.0-py3-none-any.whl", &project("foo"))
            .unwrap()
            .wheel()
            .is_some()
    );
}

/// Names near the grammar, most of them just beside it.
fn near_miss() -> impl Strategy<Value = String> {
    let one_of = |choices: &'static [&'static str]| prop::sample::select(choices);
    (
        one_of(&["foo", "Foo_bar", "foo.bar", "foo__bar", "f-oo", "1"]),
        one_of(&[
            "-1.0",
            "-1.0_1",
            "-1!2.0",
            "-1.0+x",
            "-1.0.post1",
            "-one",
            "-",
            "",
        ]),
        one_of(&["", "", "", "-1", "-2b", "-b2", "-"]),
        one_of(&["-py3", "-py2.py3", "-cp312", "-", "-3", "-py3."]),
        one_of(&["-none", "-abi3", "-cp312.abi3", "-"]),
        one_of(&["-any", "-linux_x86_64", "-win32.win_amd64", "-", ""]),
        one_of(&[".whl", ".whl", ".whl", ".WHL", ".zip", ""]),
    )
        .prop_map(|(a, b, c, d, e, f, g)| [a, b, c, d, e, f, g].concat())
}

#[test]
fn packaging_takes_the_same_wheel_names_apart() {
    let names = generate::sample(near_miss(), 4000);
    let questions: Vec<_> = names.iter().map(|it| json!(["wheel", it])).collect();
    let Some(answers) = peer::ask(&questions) else {
        return;
    };
    for (name, expected) in names.iter().zip(answers) {
        assert_eq!(answer(name), expected, "{name}");
    }
}

/// What `peer.py` answers to "wheel".
pub fn answer(name: &str) -> Value {
    let Ok(wheel) = WheelName::parse(name) else {
        return Value::Null;
    };
    let mut tags: Vec<_> = wheel.tags().collect();
    tags.sort();
    tags.dedup();
    let build = wheel
        .build()
        .map_or(json!([]), |(number, rest)| json!([number, rest]));
    json!({
        "name": wheel.project().as_ref(),
        "version": wheel.version().to_string(),
        "build": build,
        "tags": tags,
    })
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn no_text_panics(text in ".{0,40}(\\.whl|\\.tar\\.gz)?") {
        if let Ok(name) = FileName::parse(&text, &project("foo")) {
            prop_assert_eq!(name.as_str(), text);
        }
    }
}
