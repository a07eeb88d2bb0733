//! zip64: end records and fields, needed and not.

use super::{
    Case, Expect,
    Expect::{Accept, Reject},
    add, evil, with_target,
};
use crate::zip::{End64, extra_field};

const LOCATOR: Expect = Reject("zip64 locator");
const END: Expect = Reject("zip64 end record");

pub(super) fn all(cases: &mut Vec<Case>) {
    end_records(cases);
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

fn fields(cases: &mut Vec<Case>) {
    let pair = |a: u64, b: u64| extra_field(1, &[a.to_le_bytes(), b.to_le_bytes()].concat());
    let local = |change: fn(u64, u64) -> (u64, u64)| {
        with_target(evil(), move |entry| {
            entry.local(|it| {
                let (size, compressed) = change(it.size.into(), it.compressed.into());
                it.extra = pair(size, compressed);
            })
        })
    };
    let header = Reject("local header");
    add(
        cases,
        "z23_local_redundant",
        Accept,
        "a local zip64 field that repeats the sizes",
        local(|a, b| (a, b)),
    );
    add(
        cases,
        "z23_local_size",
        header,
        "one with another size",
        local(|a, b| (a + 1, b)),
    );
    add(
        cases,
        "z23_local_compressed",
        header,
        "one with another compressed size",
        local(|a, b| (a, b + 1)),
    );
    let short = with_target(evil(), |entry| {
        entry.local(|it| it.extra = extra_field(1, &[0; 8]))
    });
    add(
        cases,
        "z23_local_short",
        header,
        "one with one size only",
        short,
    );
    let long = with_target(evil(), move |entry| {
        entry.local(|it| {
            let mut value = u64::from(it.size).to_le_bytes().to_vec();
            value.extend(u64::from(it.compressed).to_le_bytes());
            value.extend([0; 8]);
            it.extra = extra_field(1, &value);
        })
    });
    add(
        cases,
        "z23_local_long",
        header,
        "one with something behind",
        long,
    );
    let saturated = with_target(evil(), move |entry| {
        entry.local(|it| {
            it.extra = pair(it.size.into(), it.compressed.into());
            (it.size, it.compressed) = (u32::MAX, u32::MAX);
        })
    });
    add(
        cases,
        "z23_local_saturated",
        Accept,
        "small sizes that only the field holds",
        saturated,
    );
    let field = Reject("zip64 field");
    let unneeded = with_target(evil(), move |entry| {
        entry.central(|it| it.extra = pair(14, 16))
    });
    add(
        cases,
        "z23_central_unneeded",
        field,
        "a central field that nothing needs",
        unneeded,
    );
    let empty = with_target(evil(), |entry| {
        entry.central(|it| it.extra = extra_field(1, b""))
    });
    add(
        cases,
        "z23_central_empty",
        field,
        "an empty central field",
        empty,
    );
    let small = with_target(evil(), move |entry| {
        entry.central(|it| {
            it.extra = pair(it.size.into(), it.compressed.into());
            (it.size, it.compressed) = (u32::MAX, u32::MAX);
        })
    });
    add(
        cases,
        "z23_central_small",
        field,
        "small sizes in a central field",
        small,
    );
    let absent = with_target(evil(), |entry| {
        entry.both(|it| (it.size, it.compressed) = (u32::MAX, u32::MAX))
    });
    add(
        cases,
        "z23_absent",
        Reject("layout"),
        "saturated sizes, no field",
        absent,
    );
}
