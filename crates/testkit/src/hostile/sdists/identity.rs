//! Sdists that say that they are another.

use super::{Cases, METADATA};
use crate::tar::{self, Entry, gzip};

const TOP: Option<&str> = Some("top folder");
const NONE: Option<&str> = Some("PKG-INFO");

pub(super) fn all(cases: &mut Cases) {
    for (id, name) in [
        ("s12_two_tops", "other-1.0/x"),
        ("s12_file_beside", "setup.py"),
    ] {
        cases.add(id, TOP, name, &[Entry::file(name, b"x")]);
    }
    for (id, rule, name) in [
        ("s13_alone_ok", None, "evil-1.0/PKG-INFO"),
        ("s12_spelled_ok", None, "Evil-1.0.0/PKG-INFO"),
        ("s12_other_top", TOP, "other-1.0/PKG-INFO"),
        ("s12_other_version", TOP, "evil-1.1/PKG-INFO"),
        ("s12_no_top", TOP, "PKG-INFO"),
        ("s13_none", NONE, "evil-1.0/METADATA"),
        ("s13_deeper", NONE, "evil-1.0/evil.egg-info/PKG-INFO"),
    ] {
        cases.bytes(id, rule, name, alone(name, METADATA));
    }
    let empty = gzip(&tar::write(&[]));
    cases.bytes("s12_empty", TOP, "nothing in it", empty);
    for (id, rule, text) in [
        ("s13_name", "PKG-INFO name", "Name: good\nVersion: 1.0\n"),
        (
            "s13_version",
            "PKG-INFO version",
            "Name: evil\nVersion: 2\n",
        ),
        ("s13_doubled", "PKG-INFO", "Name: evil\nName: good\n"),
    ] {
        let text = format!("Metadata-Version: 2.2\n{text}");
        let bytes = alone("evil-1.0/PKG-INFO", text.as_bytes());
        cases.bytes(id, Some(rule), "another identity", bytes);
    }
}

fn alone(name: &str, content: &[u8]) -> Vec<u8> {
    gzip(&tar::write(&[Entry::file(name, content)]))
}
