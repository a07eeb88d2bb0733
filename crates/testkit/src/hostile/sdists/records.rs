//! What headers say of the entry behind them.

use super::Cases;
use crate::tar::{Entry, GNU};

const PAX: Option<&str> = Some("PAX record");

pub(super) fn all(cases: &mut Cases) {
    of_one(cases);
    of_all(cases);
    long_names(cases);
}

fn file() -> Entry {
    Entry::file("evil-1.0/x", b"x")
}

fn long() -> String {
    format!("evil-1.0/{}x", "d/".repeat(60))
}

fn before(records: &[(&str, &str)]) -> [Entry; 2] {
    [Entry::extended(records), file()]
}

fn of_one(cases: &mut Cases) {
    let ok = [
        ("path", &*long()),
        ("mtime", "1700000000.25"),
        ("size", "1"),
    ];
    cases.add("s10_pax_ok", None, "name, time and size", &before(&ok));
    for (id, rule, key, value) in [
        ("s10_pax_up", Some("entry path"), "path", "evil-1.0/../../x"),
        ("s10_pax_size", PAX, "size", "2"),
        ("s10_pax_link", PAX, "linkpath", "/etc/passwd"),
        ("s11_sparse", PAX, "GNU.sparse.realsize", "1099511627776"),
        ("s11_sparse_name", PAX, "GNU.sparse.name", "evil-1.0/y"),
        ("s10_pax_charset", PAX, "hdrcharset", "BINARY"),
        (
            "s10_pax_xattr",
            PAX,
            "SCHILY.xattr.security.capability",
            "x",
        ),
    ] {
        cases.add(id, rule, key, &before(&[(key, value)]));
    }
    let names = [("path", "evil-1.0/a"), ("path", "evil-1.0/b")];
    cases.add("s10_pax_twice", PAX, "two names", &before(&names));
    let [records, file] = before(&names[..1]);
    let doubled = [records.clone(), records.clone(), file];
    cases.add("s10_pax_doubled", PAX, "two headers of records", &doubled);
    let rule = Some("tar header");
    cases.add("s10_pax_alone", rule, "without an entry", &[records]);
    let large = before(&[("mtime", &"1".repeat(70_000))]);
    cases.add("s10_pax_large", PAX, "records without bound", &large);
}

fn of_all(cases: &mut Cases) {
    for (id, rule, key, value) in [
        ("s10_global_ok", None, "comment", "0123abc"),
        ("s10_global_path", PAX, "path", "evil-1.0/y"),
        ("s10_global_size", PAX, "size", "1"),
    ] {
        let mut global = Entry::extended(&[(key, value)]);
        global.kind = b'g';
        cases.add(id, rule, key, &[global, file()]);
    }
}

fn long_names(cases: &mut Cases) {
    let long = long();
    let gnu = |name: &str| {
        let mut file = file();
        file.magic = GNU;
        [Entry::long_name(name), file]
    };
    for (id, rule, name) in [
        ("s10_long_ok", None, &*long),
        ("s10_long_up", Some("entry path"), "../../x"),
        ("s10_long_nul", Some("long name"), "evil-1.0/a\0b"),
    ] {
        cases.add(id, rule, "GNU's long name", &gnu(name));
    }
    let [name, file] = gnu(&long);
    let both = [name, Entry::extended(&[("path", "evil-1.0/a")]), file];
    let rule = Some("entry path");
    cases.add("s10_long_both", rule, "both kinds of long name", &both);
}
