//! METADATA as JSON: pip is the peer.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use assay_testkit::peers;
use assay_types::metadata::{FieldValue, fields};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::{Map, Value};

fn json(bytes: &[u8]) -> Value {
    let fields = fields(bytes).unwrap().into_iter();
    let object: Map<_, _> = fields
        .map(|(name, value)| {
            let value = match value {
                FieldValue::One(text) => Value::from(text),
                FieldValue::Many(texts) => Value::from(texts),
            };
            (name, value)
        })
        .collect();
    Value::Object(object)
}

#[test]
fn fields_have_their_json_names_and_lists_where_they_may_repeat() {
    let text = "Metadata-Version: 2.1\nName: Foo.Bar\nversion: 1.0\nVersion: 2.0\n\
        Requires-Dist: a>1\nRequires-Dist: b\nProvides-Extra: X\nKeywords: one, two\n\
        License: first\n        second\n          third\nOther: x\n\nThe text.\n";
    let expected = serde_json::json!({
        "metadata_version": "2.1", "name": "Foo.Bar", "version": "1.0",
        "requires_dist": ["a>1", "b"], "provides_extra": ["X"], "keywords": ["one", "two"],
        "license": "first\nsecond\n  third", "description": "The text.\n",
    });
    assert_eq!(json(text.as_bytes()), expected);
    assert_eq!(
        json(b"Keywords: a  b\r\n")["keywords"],
        serde_json::json!(["a", "b"])
    );
    assert_eq!(
        json(b"Name: a\nno header\nName: b")["description"],
        "no header\nName: b"
    );
    assert_eq!(json(b"Name: \xff")["name"], "\u{fffd}");
    assert_eq!(json(b""), serde_json::json!({}));
}

/// pip's transformation of what Python's own reader gives.
const REFERENCE: &str = r##"
import email, json, sys
from importlib.metadata._adapters import Message
from pip._internal.metadata._json import msg_to_json
texts = json.load(sys.stdin)
print(json.dumps([msg_to_json(Message(email.message_from_string(text))) for text in texts]))
"##;

#[test]
fn fields_are_those_that_pip_reports() {
    let needs = "import sys, importlib.metadata._adapters, pip._internal.metadata._json as j; \
        assert (3, 10) <= sys.version_info < (3, 12) and ('License-File', True) in j.METADATA_FIELDS";
    let Some(python) = peers::python_with(needs, "a pip that reports License-File, in Python 3.11")
    else {
        return;
    };
    let line = prop_oneof![
        "(Name|Summary|License|Keywords|Classifier|Description|requires-dist|X): ?[a-c,é ]{0,6}",
        "( {1,10}|\t)[a-c]{0,3} ?",
        Just(String::new()),
        "[a-c]{1,2}",
        Just(":".to_owned()),
    ];
    let texts = prop::collection::vec(prop::collection::vec(line, 0..10), 2000);
    let texts = texts
        .new_tree(&mut TestRunner::deterministic())
        .unwrap()
        .current();
    let texts: Vec<_> = texts.into_iter().map(|it| it.join("\n")).collect();
    let expected = ask(&python, &texts);
    for (text, expected) in texts.iter().zip(expected) {
        assert_eq!(json(text.as_bytes()), expected, "{text:?}");
    }
}

fn ask(python: &Path, texts: &[String]) -> Vec<Value> {
    let mut command = Command::new(python);
    command.args(["-I", "-c", REFERENCE]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input = serde_json::to_vec(texts).unwrap();
    child.stdin.take().unwrap().write_all(&input).unwrap();
    serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap()
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        fields(&bytes).unwrap();
    }
}
