use std::{fmt::Write as _, process::Command};

use assay_testkit::peers;
use proptest::{prelude::*, strategy::ValueTree as _};

use super::*;

/// Section, name and value.
type Item = (String, String, String);

/// What a text says, or the line and column of its fault.
fn items(text: &str) -> Result<Vec<Item>, (usize, usize)> {
    let document = Document::parse(text).map_err(|it| (it.line, it.column))?;
    let items = document.items();
    let mut items: Vec<_> = items
        .map(|(section, it)| (section.to_owned(), it.key.clone(), it.value.clone()))
        .collect();
    items.sort();
    Ok(items)
}

fn one(text: &str) -> String {
    let items = items(text).unwrap();
    assert_eq!(items.len(), 1, "{items:?}");
    items[0].2.clone()
}

#[test]
fn values_go_on_in_lines_that_are_indented_further() {
    assert_eq!(
        one("[global]\nfind-links =\n  a\n\n  # not this\n  b\n\n"),
        "\na\n\nb"
    );
    assert_eq!(one("[global]\nx = 1 # part of it\n"), "1 # part of it");
    assert_eq!(
        one("[global]\r\nindex_URL: https://x:y@example.com\r\n"),
        "https://x:y@example.com"
    );
    assert_eq!(one("  [global]\n    --x = 1\n   "), "1");
    let two = items("[a]\nx = 1\ny = 2\n").unwrap();
    assert_eq!(two.len(), 2);
}

#[test]
fn names_are_pips() {
    for name in ["index_url", "Index-URL", "--index-url"] {
        assert_eq!(items(&format!("[g]\n{name}=1")).unwrap()[0].1, "index-url");
    }
    assert_eq!(items("[Global]\nx=1").unwrap()[0].0, "Global");
}

#[test]
fn what_python_does_not_read_is_an_error_with_its_place() {
    for (text, place) in [
        ("x = 1\n", (1, 1)),
        ("[g]\nx = 1\nX = 2\n", (3, 1)),
        ("[g]\n[h]\n[g]\n", (3, 1)),
        ("[g]\n  word\n", (2, 3)),
        ("[g]\n= 1\n", (2, 1)),
        ("\u{feff}[g]\n", (1, 1)),
    ] {
        assert_eq!(items(text), Err(place), "{text:?}");
    }
    assert!(items("[g]\nx = 1\n[h]\nx = 2\n").is_ok());
}

#[test]
fn changes_leave_the_rest_alone() {
    let text = "# mine\n[global]\nIndex_URL = a\n    b\n# why\ntimeout = 5\n\n[install]\n  x : 1";
    let set = |key: &str, value: &str| {
        let document = Document::parse(text).unwrap();
        let (section, key) = key.split_once('.').unwrap();
        document.set(section, key, value).map(|it| it.text())
    };
    assert_eq!(
        set("global.index-url", "c").unwrap(),
        "# mine\n[global]\nIndex_URL = c\n# why\ntimeout = 5\n\n[install]\n  x : 1"
    );
    assert_eq!(
        set("global.cert", "c").unwrap(),
        "# mine\n[global]\nIndex_URL = a\n    b\n# why\ntimeout = 5\ncert = c\n\n[install]\n  x : 1"
    );
    assert_eq!(set("install.y", "2").unwrap(), format!("{text}\n  y = 2\n"));
    assert_eq!(
        set("list.y", "2").unwrap(),
        format!("{text}\n[list]\ny = 2\n")
    );
    assert_eq!(set("global.x", "a\nb"), Err(EditError::LineBreak));
    assert_eq!(set("global.a=b", "c"), Err(EditError::Ambiguous));
    assert_eq!(set("a]\n[b.x", "c"), Err(EditError::Ambiguous));

    let document = Document::parse(text).unwrap();
    let without = document.unset("install", "x").unwrap();
    assert_eq!(without.text(), text.split("[install]").next().unwrap());
    assert_eq!(document.unset("install", "y"), Err(EditError::Ambiguous));
}

/// Reads each file that it is given and prints what is in it, or `error`.
const PYTHON: &str = r#"
import configparser, json, sys

class Parser(configparser.RawConfigParser):
    def optionxform(self, name):
        name = name.lower().replace("_", "-")
        return name.removeprefix("--")

for path in sys.argv[1:]:
    parser = Parser()
    try:
        parser.read(path, encoding="utf-8")
        print(json.dumps(sorted([s, k, v] for s in parser.sections() for k, v in parser.items(s))))
    except configparser.Error:
        print("error")
"#;

/// Lines that mean something, in any order, and a few characters that may.
fn texts() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        4 => "[ \t]{0,3}[abA_-]{1,3} ?[=:] ?[ab=:#\\[\\]]{0,4}",
        2 => "\\[(a|b|DEFAULT|a\\]b)\\][ x]?",
        1 => "[ \t]{0,4}[ab\\[\\]=:#;]{0,5}",
        1 => "[ \t]{0,2}[#;].{0,3}",
        1 => Just(String::new()),
        1 => "[ \u{1c}\u{85}\u{a0}\u{2003}a=\\[\\]]{0,5}",
    ];
    let breaks = prop_oneof![8 => Just("\n"), 1 => Just("\r\n"), 1 => Just("\r")];
    prop::collection::vec((line, breaks), 0..9).prop_map(|lines| {
        let mut text = String::from("[a]\n");
        for (line, end) in lines {
            let _ = write!(text, "{line}{end}");
        }
        text
    })
}

#[test]
fn a_text_means_what_it_means_to_python() {
    let Some(python) = peers::python() else {
        return;
    };
    // One process for all of them: the texts are drawn first.
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = texts();
    let folder = tempfile::tempdir().unwrap();
    let texts: Vec<String> = (0..1500)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .collect();
    let mut command = Command::new(python);
    command.args(["-I", "-c", PYTHON]);
    for (at, text) in texts.iter().enumerate() {
        let path = folder.path().join(at.to_string());
        std::fs::write(&path, text).unwrap();
        command.arg(path);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let said: Vec<_> = said.lines().collect();
    assert_eq!(
        said.len(),
        texts.len(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut read = 0;
    for (text, said) in texts.iter().zip(said) {
        let ours = items(text).map_or("error".to_owned(), |it| {
            read += 1;
            serde_json::to_string(&it).unwrap()
        });
        let ours: serde_json::Value = serde_json::from_str(&ours).unwrap_or_default();
        let theirs: serde_json::Value = serde_json::from_str(said).unwrap_or_default();
        assert_eq!(ours, theirs, "{text:?}");
    }
    assert!(read > 200, "only {read} texts could be read");
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(text in texts(), key in "[a-c]{1,2}", value in "[ a=:#\\[\\]]{0,6}") {
        if let Ok(document) = Document::parse(&text) {
            prop_assert_eq!(document.text(), text);
            if let Ok(edited) = document.set("a", &key, &value) {
                prop_assert_eq!(&edited.get("a", &key).unwrap().value, value.trim());
                let without = edited.unset("a", &key).unwrap();
                prop_assert!(without.get("a", &key).is_none());
            }
        }
    }
}
