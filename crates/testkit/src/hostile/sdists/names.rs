//! Names that lead out, are written in two ways, or stand for two things.

use super::Cases;
use crate::tar::Entry;

const PATH: Option<&str> = Some("entry path");

pub(super) fn all(cases: &mut Cases) {
    for (id, rule, name) in [
        ("s01_up", PATH, "../pwn.txt"),
        ("s01_up_inside", PATH, "evil-1.0/../../pwn.txt"),
        ("s01_up_ok", None, "evil-1.0/..pwn/a..b"),
        ("s02_absolute", PATH, "/tmp/pwn.txt"),
        ("s02_dot_ok", None, "./evil-1.0/a"),
        ("s02_dot_twice", PATH, "././evil-1.0/a"),
        ("s02_backslash", PATH, "evil-1.0/..\\a"),
        ("s02_control", PATH, "evil-1.0/\x1b[2J"),
        ("s02_device", PATH, "evil-1.0/aux.py"),
        ("s02_slash", PATH, "evil-1.0/a/"),
        ("s02_twice", Some("duplicate entry"), "evil-1.0/PKG-INFO"),
        ("s02_case", Some("name collision"), "evil-1.0/pkg-info"),
        (
            "s02_both",
            Some("file and directory"),
            "evil-1.0/PKG-INFO/a",
        ),
        ("s02_encoding_ok", None, "evil-1.0/\u{e4}"),
    ] {
        cases.add(id, rule, name, &[Entry::file(name, b"x")]);
    }
    let mut raw = Entry::file("evil-1.0/a", b"x");
    raw.name = b"evil-1.0/\xff".to_vec();
    let rule = Some("name encoding");
    cases.add("s02_encoding", rule, "no UTF-8", &[raw]);
}
