//! zip64: end records and fields, needed and not.

use super::{
    Case, Expect,
    Expect::{Accept, Reject},
    add, evil, with_target,
};
use crate::zip::{End64, Header, extra_field};

const LOCATOR: Expect = Reject("zip64 locator");
const END: Expect = Reject("zip64 end record");
const LOCAL: Expect = Reject("local header");
const FIELD: Expect = Reject("zip64 field");

pub(super) fn all(cases: &mut Vec<Case>) {
    end_records(cases);
    many_entries(cases);
    fields(cases);
}

fn end_records(cases: &mut Vec<Case>) {
    type Row = (&'static str, Expect, fn(&mut End64));
    let rows: [Row; 12] = [
        ("z22_unneeded", END, |_| ()),
        ("z22_record_size", END, |it| it.record_size = 45),
        ("z22_extensible", LOCATOR, |it| {
            it.extensible = b"hidden".to_vec();
            it.record_size += 6;
        }),
        ("z22_gap", LOCATOR, |it| it.gap = b"hidden".to_vec()),
        ("z22_disk", END, |it| it.disk = 1),
        ("z22_central_disk", END, |it| it.central_disk = 1),
        ("z22_locator_disk", LOCATOR, |it| it.locator_disk = 1),
        ("z22_locator_disks", LOCATOR, |it| it.locator_disks = 2),
        ("z22_locator_offset", LOCATOR, |it| it.locator_offset -= 1),
        ("z22_two_counts", Reject("entry count"), |it| {
            it.entries_here = 3
        }),
        ("z22_other_count", END, |it| {
            (it.entries, it.entries_here) = (70_000, 70_000)
        }),
        ("z22_other_offset", END, |it| it.central_offset = 1 << 32),
    ];
    for (id, expect, change) in rows {
        let builder = evil().archive(move |archive| archive.end64 = Some(Box::new(change)));
        add(cases, id, expect, "a zip64 end record", builder);
    }
}

fn many_entries(cases: &mut Vec<Case>) {
    let most = u16::MAX as usize;
    // The dist-info brings three entries and the target is one.
    let many = |count: usize| {
        (4..count)
            .fold(evil(), |it, index| it.file(&format!("e/{index}"), b""))
            .stored()
    };
    let needed = many(most + 1).archive(|archive| archive.end64 = Some(Box::new(|_| ())));
    add(
        cases,
        "z22_needed",
        Accept,
        "65,536 entries and a zip64 end record",
        needed,
    );
    add(
        cases,
        "z22_missing",
        Reject("entry count"),
        "65,536 entries and none",
        many(most + 1),
    );
    add(
        cases,
        "z22_exactly_65535",
        Accept,
        "65,535 entries and none",
        many(most),
    );
}

type Change = fn(&mut Header);

/// The zip64 field (APPNOTE 4.5.3) of the local header.
const LOCAL_FIELDS: &[(&str, Expect, Change)] = &[
    ("z23_local_redundant", Accept, |it| {
        it.extra = sizes(it, 0, 0)
    }),
    ("z23_local_saturated", Accept, |it| {
        it.extra = sizes(it, 0, 0);
        saturate(it);
    }),
    ("z23_local_size", LOCAL, |it| it.extra = sizes(it, 1, 0)),
    ("z23_local_compressed", LOCAL, |it| {
        it.extra = sizes(it, 0, 1)
    }),
    ("z23_local_short", LOCAL, |it| {
        it.extra = extra_field(1, &[0; 8])
    }),
    ("z23_local_long", LOCAL, |it| {
        it.extra = sizes(it, 0, 0);
        it.extra[2] += 8;
        it.extra.extend([0; 8]);
    }),
];

/// The same of the central header, which holds nothing that is not needed.
const CENTRAL_FIELDS: &[(&str, Expect, Change)] = &[
    ("z23_central_unneeded", FIELD, |it| {
        it.extra = sizes(it, 0, 0)
    }),
    ("z23_central_empty", FIELD, |it| {
        it.extra = extra_field(1, b"")
    }),
    ("z23_central_small", FIELD, |it| {
        it.extra = sizes(it, 0, 0);
        saturate(it);
    }),
];

fn fields(cases: &mut Vec<Case>) {
    for &(id, expect, change) in LOCAL_FIELDS {
        let builder = with_target(evil(), move |entry| entry.local(change));
        add(cases, id, expect, "a local zip64 field", builder);
    }
    for &(id, expect, change) in CENTRAL_FIELDS {
        let builder = with_target(evil(), move |entry| entry.central(change));
        add(cases, id, expect, "a central zip64 field", builder);
    }
    let absent = with_target(evil(), |entry| entry.both(saturate));
    let expect = Reject("layout");
    add(
        cases,
        "z23_absent",
        expect,
        "saturated sizes, no field",
        absent,
    );
}

/// A zip64 field of both sizes, each off by that much.
fn sizes(header: &Header, size: u64, compressed: u64) -> Vec<u8> {
    let size = u64::from(header.size) + size;
    let compressed = u64::from(header.compressed) + compressed;
    extra_field(1, &[size.to_le_bytes(), compressed.to_le_bytes()].concat())
}

fn saturate(header: &mut Header) {
    (header.size, header.compressed) = (u32::MAX, u32::MAX);
}
