//! What lies before the first entry and after the end record.

use super::{Case, Expect, Expect::Reject, add, add_built, evil, tampered};

const LAYOUT: Expect = Reject("layout");
const END: Expect = Reject("end record");
const CENTRAL: Expect = Reject("central directory");

pub(super) fn all(cases: &mut Vec<Case>) {
    prefixes(cases);
    suffixes(cases);
    second_archives(cases);
    cut_off(cases);
}

fn prefixes(cases: &mut Vec<Case>) {
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
}

fn suffixes(cases: &mut Vec<Case>) {
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
}

fn second_archives(cases: &mut Vec<Case>) {
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
}

fn cut_off(cases: &mut Vec<Case>) {
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
