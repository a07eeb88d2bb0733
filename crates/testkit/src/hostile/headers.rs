//! Fields of local and central headers: what is not supported, and what the two disagree about.

use super::{
    Case, Expect,
    Expect::{Accept, Reject},
    TARGET, add, evil, with_target,
};
use crate::zip::{Header, extra_field};

type Change = fn(&mut Header);

pub(super) fn all(cases: &mut Vec<Case>) {
    for &(id, expect, change) in BOTH {
        let builder = with_target(evil(), move |entry| entry.both(change));
        add(cases, id, expect, "a feature in both headers", builder);
    }
    for &(id, expect, change) in CENTRAL {
        let builder = with_target(evil(), move |entry| entry.central(change));
        add(cases, id, expect, "a field of the central header", builder);
    }
    for &(id, change) in LOCAL {
        let builder = with_target(evil(), move |entry| entry.local(change));
        let expect = Reject("local header");
        add(cases, id, expect, "a local header that differs", builder);
    }
    extras(cases);
    local_extras(cases);
}

const FLAGS: Expect = Reject("flags");
const METHOD: Expect = Reject("compression method");
const VERSION: Expect = Reject("version needed");
const MADE_BY: Expect = Reject("made by");

const BOTH: &[(&str, Expect, Change)] = &[
    ("z18_encrypted", Reject("encryption"), |it| it.flags |= 1),
    ("z18_strong_encryption", Reject("encryption"), |it| {
        it.flags |= 1 | 1 << 6
    }),
    ("z18_strong_alone", FLAGS, |it| it.flags |= 1 << 6),
    ("z18_enhanced_deflate", FLAGS, |it| it.flags |= 1 << 4),
    ("z18_patched", FLAGS, |it| it.flags |= 1 << 5),
    ("z18_unused_7", FLAGS, |it| it.flags |= 1 << 7),
    ("z18_unused_10", FLAGS, |it| it.flags |= 1 << 10),
    ("z18_reserved_12", FLAGS, |it| it.flags |= 1 << 12),
    ("z18_masked", FLAGS, |it| it.flags |= 1 << 13),
    ("z18_reserved_15", FLAGS, |it| it.flags |= 1 << 15),
    ("z18_deflate_level", Accept, |it| it.flags |= 0b110),
    ("z19_bzip2", METHOD, |it| it.method = 12),
    ("z19_deflate64", METHOD, |it| it.method = 9),
    ("z19_shrunk", METHOD, |it| it.method = 1),
    ("z20_lzma", METHOD, |it| it.method = 14),
    ("z20_zstandard", METHOD, |it| it.method = 93),
    ("z20_xz", METHOD, |it| it.method = 95),
    ("z24_version_63", VERSION, |it| it.needed = 63),
    ("z24_version_46", VERSION, |it| it.needed = 46),
    ("z24_version_45", Accept, |it| it.needed = 45),
    ("z24_version_10", Accept, |it| it.needed = 10),
];

const CENTRAL: &[(&str, Expect, Change)] = &[
    ("z17_entry_disk", Reject("disk numbers"), |it| it.disk = 1),
    ("z24_made_by_dos", Accept, |it| it.system = 0),
    ("z24_made_by_vms", MADE_BY, |it| it.system = 2),
    ("z24_made_by_ntfs", MADE_BY, |it| it.system = 10),
    ("z24_made_by_unknown", MADE_BY, |it| it.system = 255),
    ("z25_entry_comment", Reject("entry comment"), |it| {
        it.comment = b"PK\x05\x06".to_vec()
    }),
];

/// Sizes and CRC-32 are in `contents`, names in `layout`.
const LOCAL: &[(&str, Change)] = &[
    ("z09_local_crc", |it| it.crc ^= 1),
    ("z12_size_lie", |it| it.size += 1),
    ("z12_compressed_lie", |it| it.compressed -= 1),
    ("z12_sizes_zero", |it| (it.compressed, it.size) = (0, 0)),
    ("z28_local_method", |it| it.method = 0),
    ("z28_local_flags", |it| it.flags |= 0b10),
    ("z28_local_encrypted", |it| it.flags |= 1),
    ("z28_local_descriptor", |it| it.flags |= 1 << 3),
    ("z28_local_utf8", |it| it.flags |= 1 << 11),
    ("z28_local_version", |it| it.needed = 10),
    ("z28_local_time", |it| it.time = 1),
    ("z28_local_date", |it| it.date += 1),
];

fn unicode_path(of: &str, name: &str) -> Vec<u8> {
    let crc = crc32fast::hash(of.as_bytes()).to_le_bytes();
    extra_field(0x7075, &[&[1], &crc[..], name.as_bytes()].concat())
}

fn extras(cases: &mut Vec<Case>) {
    let field = Reject("extra field");
    let path = Reject("Unicode path field");
    let times = extra_field(0x5455, &[1, 0, 0, 0, 0]);
    let rows = [
        ("z16_timestamps", Accept, times.clone()),
        (
            "z16_owner",
            Accept,
            extra_field(0x7875, &[1, 4, 0, 0, 0, 0, 4, 0, 0, 0, 0]),
        ),
        ("z16_ntfs_times", Accept, extra_field(0x000a, &[0; 32])),
        ("z16_twice", field, times.repeat(2)),
        ("z16_unknown", field, extra_field(0x4242, b"?")),
        ("z16_link_target", field, extra_field(0x756e, &[0; 14])),
        ("z16_encryption_header", field, extra_field(0x9901, &[0; 7])),
        ("z16_too_short", field, vec![0x55, 0x54, 9]),
        ("z16_too_long", field, vec![0x55, 0x54, 9, 0, 1]),
        ("z16_padding", field, vec![0]),
        (
            "z16_unicode_path",
            path,
            unicode_path(TARGET, "evil/other.py"),
        ),
        (
            "z16_unicode_path_traversal",
            path,
            unicode_path(TARGET, "../../x"),
        ),
        ("z16_unicode_path_crc", path, unicode_path("x", TARGET)),
        (
            "z16_unicode_path_same",
            Accept,
            unicode_path(TARGET, TARGET),
        ),
        (
            "z16_unicode_comment",
            Reject("Unicode comment field"),
            extra_field(0x6375, b"\x01\0\0\0\0PK"),
        ),
    ];
    for (id, expect, extra) in rows {
        let builder = with_target(evil(), move |entry| {
            entry.both(|it| it.extra.clone_from(&extra))
        });
        add(cases, id, expect, "an extra field", builder);
    }
}

fn local_extras(cases: &mut Vec<Case>) {
    let path = Reject("Unicode path field");
    let times = extra_field(0x5455, &[1, 0, 0, 0, 0]);
    let local_only = with_target(evil(), |entry| {
        entry.local(|it| it.extra = unicode_path(TARGET, "x"))
    });
    add(
        cases,
        "z16_unicode_path_local",
        path,
        "another name in the local header only",
        local_only,
    );
    let local_times = with_target(evil(), move |entry| {
        entry.local(|it| it.extra.clone_from(&times))
    });
    add(
        cases,
        "z16_timestamps_local",
        Accept,
        "times in the local header only",
        local_times,
    );
}
