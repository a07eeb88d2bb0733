//! Hostile sdists, each with its harmless neighbour.

mod containers;
mod headers;
mod identity;
mod kinds;
mod names;
mod records;

use super::{Case, Expect};
use crate::tar::{self, Entry, gzip};

/// All of them.
pub fn cases() -> Vec<Case> {
    let mut cases = Cases(Vec::new());
    cases.add("s00_plain", None, "nothing hostile", &[]);
    names::all(&mut cases);
    kinds::all(&mut cases);
    records::all(&mut cases);
    headers::all(&mut cases);
    containers::all(&mut cases);
    identity::all(&mut cases);
    cases.0
}

const METADATA: &[u8] = b"Metadata-Version: 2.2\nName: evil\nVersion: 1.0\n";

struct Cases(Vec<Case>);

/// The rule that refuses it, if any does.
type Rule = Option<&'static str>;

impl Cases {
    /// The harmless sdist with more entries behind it.
    fn add(&mut self, id: &'static str, rule: Rule, about: &'static str, more: &[Entry]) {
        let entries = [&evil(), more].concat();
        self.bytes(id, rule, about, gzip(&tar::write(&entries)));
    }

    /// A whole archive.
    fn bytes(&mut self, id: &'static str, rule: Rule, about: &'static str, bytes: Vec<u8>) {
        self.0.push(Case {
            id,
            file_name: "evil-1.0.tar.gz".to_owned(),
            bytes,
            expect: rule.map_or(Expect::Accept, Expect::Reject),
            about,
        });
    }
}

fn evil() -> Vec<Entry> {
    vec![
        Entry::file("evil-1.0/PKG-INFO", METADATA),
        Entry::file("evil-1.0/pyproject.toml", b"[build-system]\n"),
        Entry::file("evil-1.0/evil/__init__.py", b"print('evil')\n"),
    ]
}
