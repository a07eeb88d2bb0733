use assay_testkit::peers;
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use super::*;

const SCRIPT: &str = "#!/usr/bin/env python3\n# /// script\n# requires-python = \">=3.8\"\n#\n# dependencies = [\n#   \"app>1\", # why\n#   \"lib\",\n# ]\n# ///\nimport app\n";

#[test]
fn the_block_gives_dependencies_and_python() {
    let parsed = parse(SCRIPT, "run.py").unwrap();
    let (wanted, place) = parsed.requires_python.unwrap();
    assert_eq!(
        (wanted.to_string().as_str(), place.as_str()),
        (">=3.8", "run.py:3")
    );
    let expected = [("app>1", "run.py:6"), ("lib", "run.py:7")];
    assert_eq!(
        parsed.dependencies,
        expected.map(|(a, b)| (a.to_owned(), b.to_owned()))
    );
    let windows = SCRIPT.replace('\n', "\r\n");
    assert_eq!(
        parse(&windows, "run.py").unwrap().dependencies,
        parsed.dependencies
    );
    let empty = parse("# /// script\n#\n# ///", "run.py").unwrap();
    assert_eq!(empty, Script::default());
}

#[track_caller]
fn refused(script: &str, words: &str) {
    let failure = parse(script, "run.py").unwrap_err();
    assert_eq!(failure.exit_code(), 2);
    assert!(failure.to_string().contains(words), "{failure}");
}

#[test]
fn what_is_no_block_is_refused_with_its_place() {
    let block = |toml: &str| format!("\n# /// script\n# {toml}\n# ///\n");
    refused("import app\n", "run.py has no block");
    refused("# /// script\n# ///\n", "run.py has no block");
    refused("# /// pyproject\n# a = 1\n# ///\n", "run.py has no block");
    refused(&block("a = 1").repeat(2), "run.py:6: a second block");
    refused(&block("dependencies = ["), "run.py:3: no TOML");
    refused(
        &block("dependencies = 'app'"),
        "run.py:3: dependencies is a string and no list",
    );
    refused(
        &block("dependencies = [1]"),
        "run.py:3: a dependency that is no text",
    );
    refused(
        &block("requires-python = 3"),
        "run.py:3: requires-python is no text",
    );
    refused(
        &block("requires-python = 'new'"),
        "run.py:3: requires-python \"new\"",
    );
    refused(
        &block("a = 'b\u{2028}c'"),
        "run.py:3: a character that ends a line",
    );
    assert_eq!(
        parse(&block("a = 'b c'"), "run.py").unwrap(),
        Script::default()
    );
}

/// The specification's regular expression, in Python's own engine.
const REFERENCE: &str = r##"
import json, re, sys
REGEX = r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$"
print(json.dumps([[[m["type"], m["content"]] for m in re.finditer(REGEX, text)]
                  for text in json.load(sys.stdin)]))
"##;

#[test]
fn blocks_are_those_of_the_specification() {
    let Some(python) = peers::python() else {
        return;
    };
    let line = prop_oneof![
        4 => Just("# ///"), 3 => Just("# /// script"), 1 => Just("# /// a-1"), 3 => Just("# x"),
        2 => Just("#"), 1 => Just("#x"), 1 => Just(""), 1 => Just("# /// "), 1 => Just(" # ///"),
        1 => Just("# /// a b"), 1 => Just("# ///  "), 1 => Just("# "),
    ];
    let scripts = prop::collection::vec(prop::collection::vec(line, 0..12), 3000);
    let scripts = scripts
        .new_tree(&mut TestRunner::deterministic())
        .unwrap()
        .current();
    let scripts: Vec<_> = scripts.into_iter().map(|it| it.join("\n")).collect();
    let input = serde_json::to_vec(&scripts).unwrap();
    let expected: Vec<Vec<(String, String)>> = ask(&python, &input);
    for (script, expected) in scripts.iter().zip(&expected) {
        let found = blocks(script);
        let found = found.map(|it| (it.kind.to_owned(), it.lines.join("\n") + "\n"));
        assert_eq!(found.collect::<Vec<_>>(), *expected, "{script:?}");
    }
    assert!(expected.iter().filter(|it| !it.is_empty()).count() > 300);
}

fn ask<T: serde::de::DeserializeOwned>(python: &Path, input: &[u8]) -> T {
    use std::{io::Write as _, process::Stdio};
    let mut command = std::process::Command::new(python);
    command.args(["-I", "-c", REFERENCE]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap()
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "(# /// script\n)?([a-c='\"\\[\\] ]|\n# ?|\n# ///\n|\r){0,40}") {
        let _ = parse(&text, "run.py");
    }
}
