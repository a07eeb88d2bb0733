//! The end record, and the directory that it points at.

use super::{Case, Expect::Reject, add, evil};
use crate::zip::End;

pub(super) fn all(cases: &mut Vec<Case>) {
    type Row = (&'static str, fn(&mut End), &'static str);
    let rows: [Row; 8] = [
        ("z17_disk", |it| it.disk = 1, "disk numbers"),
        ("z17_central_disk", |it| it.central_disk = 1, "disk numbers"),
        ("z17_two_counts", |it| it.entries_here -= 1, "entry count"),
        (
            "z17_count_low",
            |it| (it.entries, it.entries_here) = (3, 3),
            "entry count",
        ),
        (
            "z17_count_high",
            |it| (it.entries, it.entries_here) = (5, 5),
            "entry count",
        ),
        (
            "z17_size_low",
            |it| it.central_size -= 1,
            "central directory",
        ),
        (
            "z17_offset_high",
            |it| it.central_offset += 1,
            "central directory",
        ),
        (
            "z17_saturated",
            |it| it.central_offset = u32::MAX,
            "central directory",
        ),
    ];
    for (id, change, rule) in rows {
        let builder = evil().archive(move |archive| archive.end = Some(Box::new(change)));
        add(cases, id, Reject(rule), "an end record that lies", builder);
    }
    // Both moved: the directory would begin inside a header.
    let moved = evil().archive(|archive| {
        archive.end = Some(Box::new(|it| {
            it.central_offset += 4;
            it.central_size -= 4;
        }));
    });
    add(
        cases,
        "z17_moved",
        Reject("central directory"),
        "the directory begins four bytes late",
        moved,
    );
}
