//! Bytes and entries that one reader sees and another does not.

use super::{
    Case, Expect,
    Expect::{Accept, Reject},
    add, evil, with_target,
};
use crate::zip::{DEFLATED, Entry, STORED};

const LAYOUT: Expect = Reject("layout");
const LOCAL: Expect = Reject("local header");
const CENTRAL: Expect = Reject("central directory");

pub(super) fn all(cases: &mut Vec<Case>) {
    duplicates(cases);
    local_names(cases);
    one_sided(cases);
    between(cases);
    inner_archives(cases);
}

fn duplicates(cases: &mut Vec<Case>) {
    let rule = Reject("duplicate entry");
    let twice = evil()
        .file("evil/dup.py", b"good\n")
        .file("evil/dup.py", b"bad\n");
    let twice = twice.record(|rows| {
        rows.remove(1);
    });
    add(
        cases,
        "z01_duplicate",
        rule,
        "one name, two contents",
        twice,
    );
    let same = evil()
        .file("evil/dup.py", b"good\n")
        .file("evil/dup.py", b"good\n");
    let same = same.record(|rows| {
        rows.remove(1);
    });
    add(
        cases,
        "z01_duplicate_same",
        rule,
        "one name, one content, twice",
        same,
    );
    let pointed_twice = evil().archive(|archive| archive.central_order = Some(vec![0, 1, 2, 3, 0]));
    add(
        cases,
        "z01_two_central_headers",
        LAYOUT,
        "two central headers for one local",
        pointed_twice,
    );
    let two = evil()
        .file("evil/a.py", b"same\n")
        .file("evil/b.py", b"same\n");
    add(
        cases,
        "z01_same_content_twice",
        Accept,
        "two names, one content",
        two,
    );
    let reversed = evil().archive(|archive| archive.central_order = Some(vec![3, 2, 1, 0]));
    add(
        cases,
        "z01_central_order",
        Accept,
        "the central directory in another order",
        reversed,
    );
}

fn local_names(cases: &mut Vec<Case>) {
    let renamed = with_target(evil(), |entry| {
        entry.local(|it| it.name = b"evil/other_in.py".to_vec())
    });
    add(
        cases,
        "z02_local_central_name",
        LOCAL,
        "another name of the same length",
        renamed,
    );
    let longer = with_target(evil(), |entry| entry.local(|it| it.name.extend(b".txt")));
    add(
        cases,
        "z02_local_name_longer",
        LOCAL,
        "a longer local name",
        longer,
    );
}

fn one_sided(cases: &mut Vec<Case>) {
    let hidden = evil().archive(|archive| {
        let mut entry = Entry::file("evil/hidden.py", b"hidden\n", DEFLATED, 0o644);
        entry.central = None;
        archive.entries.insert(1, entry);
    });
    add(
        cases,
        "z03_local_only",
        LAYOUT,
        "an entry that only a streaming reader sees",
        hidden,
    );
    let last = evil().archive(|archive| {
        let mut entry = Entry::file("evil/hidden.py", b"hidden\n", DEFLATED, 0o644);
        entry.central = None;
        archive.entries.push(entry);
    });
    add(
        cases,
        "z03_local_only_last",
        LAYOUT,
        "such an entry before the central directory",
        last,
    );
    let ghost = evil().archive(|archive| {
        let mut entry = Entry::file("evil/ghost.py", b"", STORED, 0o644);
        entry.local = None;
        archive.entries.insert(0, entry);
    });
    add(
        cases,
        "z03_central_only",
        LOCAL,
        "an entry without a local header",
        ghost,
    );
    let shared = evil().archive(|archive| {
        let mut entry = Entry::file("evil/ghost.py", b"print('evil')\n", DEFLATED, 0o644)
            .central(|it| it.offset = Some(0));
        entry.local = None;
        archive.entries.push(entry);
    });
    add(
        cases,
        "z03_shared_data",
        LAYOUT,
        "two entries over the same bytes",
        shared,
    );
}

fn between(cases: &mut Vec<Case>) {
    let gap = evil().archive(|archive| archive.entries[1].before = b"gap".to_vec());
    add(cases, "z07_gap", LAYOUT, "bytes between two entries", gap);
    let before = evil().archive(|archive| archive.before_central = b"gap".to_vec());
    add(
        cases,
        "z07_gap_before_central",
        LAYOUT,
        "bytes before the central directory",
        before,
    );
    let after = evil().archive(|archive| archive.after_central = b"gap".to_vec());
    add(
        cases,
        "z07_gap_after_central",
        CENTRAL,
        "bytes after the central directory",
        after,
    );
    let counted = evil().archive(|archive| {
        archive.after_central = b"gap".to_vec();
        archive.end = Some(Box::new(|end| end.central_size += 3));
    });
    add(
        cases,
        "z07_gap_in_central",
        CENTRAL,
        "the same, counted as part of it",
        counted,
    );
    let after_data = with_target(evil(), |mut entry| {
        entry.after = vec![0; 16];
        entry
    });
    add(
        cases,
        "z07_gap_like_descriptor",
        LAYOUT,
        "16 bytes after the data, no flag for them",
        after_data,
    );
    let overlap = with_target(evil(), |entry| entry.both(|it| it.compressed += 40));
    add(
        cases,
        "z07_overlap",
        LAYOUT,
        "data that reaches into the next entry",
        overlap,
    );
    let into_central = evil().archive(|archive| {
        let last = archive.entries.len() - 1;
        archive.entries[last] = archive.entries[last].clone().both(|it| it.compressed += 10);
    });
    add(
        cases,
        "z07_overlap_central",
        LAYOUT,
        "data that reaches into the central directory",
        into_central,
    );
}

/// Wheels may contain archives: what is inside an entry must not matter.
fn inner_archives(cases: &mut Vec<Case>) {
    let inner = evil().build().bytes;
    let stored = evil().file("evil/inner.whl", &inner).stored();
    add(
        cases,
        "z30_inner_zip_stored",
        Accept,
        "an archive stored in an entry",
        stored,
    );
    let deflated = evil().file("evil/inner.whl", &inner);
    add(
        cases,
        "z30_inner_zip_deflated",
        Accept,
        "an archive deflated in an entry",
        deflated,
    );
    let signatures = evil()
        .file("evil/x.bin", b"PK\x03\x04PK\x01\x02PK\x05\x06PK\x07\x08")
        .stored();
    add(
        cases,
        "z30_signatures_in_data",
        Accept,
        "header signatures as content",
        signatures,
    );
}
