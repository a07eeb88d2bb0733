//! Bytes and entries that one reader sees and another does not.

use super::{
    Case, Expect,
    Expect::{Accept, Reject},
    add, add_built, evil, tampered, with_target,
};
use crate::zip::{DEFLATED, Entry, STORED};

const LAYOUT: Expect = Reject("layout");
const LOCAL: Expect = Reject("local header");
const END: Expect = Reject("end record");
const CENTRAL: Expect = Reject("central directory");

pub(super) fn all(cases: &mut Vec<Case>) {
    duplicates(cases);
    one_sided(cases);
    around(cases);
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

fn one_sided(cases: &mut Vec<Case>) {
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

fn around(cases: &mut Vec<Case>) {
    let stub = evil().archive(|archive| archive.entries[0].before = b"#!/bin/sh\nexit\n".to_vec());
    add(
        cases,
        "z04_prefix",
        LAYOUT,
        "a stub before the first entry, offsets right",
        stub,
    );
    let shifted = tampered(evil(), |bytes| {
        bytes.splice(0..0, *b"#!/bin/sh\n");
    });
    add_built(
        cases,
        "z04_prefix_shifted",
        CENTRAL,
        "a stub, offsets not adjusted",
        shifted,
    );
    let suffixes: [(&str, &[u8]); 4] = [
        ("z05_suffix", b"trailing data after the end record"),
        ("z05_suffix_one_byte", b"\0"),
        ("z05_suffix_newline", b"\n"),
        ("z05_suffix_end_record", b"PK\x05\x06"),
    ];
    for (id, suffix) in suffixes {
        let builder = evil().archive(move |archive| archive.suffix = suffix.to_vec());
        add(cases, id, END, "bytes after the end record", builder);
    }
    let comment = evil().archive(|archive| {
        archive.end = Some(Box::new(|end| end.comment = b"a comment".to_vec()));
    });
    add(cases, "z05_comment", END, "an archive comment", comment);
    let inner = evil().build().bytes;
    let zip_in_comment = evil().archive(move |archive| {
        let inner = inner.clone();
        archive.end = Some(Box::new(move |end| end.comment = inner.clone()));
    });
    add(
        cases,
        "z05_zip_in_comment",
        Reject("central directory"),
        "a second archive in the comment",
        zip_in_comment,
    );
    let lie = evil().archive(|archive| {
        archive.end = Some(Box::new(|end| end.comment_length = Some(5)));
    });
    add(
        cases,
        "z05_comment_length",
        END,
        "a comment announced, none there",
        lie,
    );
    let two = tampered(evil(), |bytes| {
        let second = evil().file("evil/second.py", b"second\n").build().bytes;
        bytes.extend(second);
    });
    add_built(
        cases,
        "z06_two_zips",
        CENTRAL,
        "two archives one after the other",
        two,
    );
    let first = evil().build().bytes;
    let adjusted = evil().archive(move |archive| archive.entries[0].before = first.clone());
    add(
        cases,
        "z06_two_zips_adjusted",
        LAYOUT,
        "the second with its offsets adjusted",
        adjusted,
    );
    for (id, keep, rule) in [("z29_empty", 0, END), ("z29_short", 21, END)] {
        let cut = tampered(evil(), |bytes| bytes.truncate(keep));
        add_built(cases, id, rule, "a file too short to be an archive", cut);
    }
    let cut = tampered(evil(), |bytes| bytes.truncate(bytes.len() - 1));
    add_built(cases, "z29_truncated", END, "the last byte is missing", cut);
    let nothing = evil().archive(|archive| archive.entries.clear());
    add(
        cases,
        "z29_no_entries",
        Reject("dist-info"),
        "an archive without entries",
        nothing,
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
