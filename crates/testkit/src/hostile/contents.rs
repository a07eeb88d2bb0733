//! Contents that are not what the headers declare, and those that cost too much.

use super::{
    Case, Expect,
    Expect::{Accept, Reject},
    add, evil, with_target,
};
use crate::zip::{Archive, Entry, Header, deflate, extra_field};

/// A change of the data, and the compressed size that goes with it.
type Change = fn(Vec<u8>) -> Vec<u8>;

pub(super) fn all(cases: &mut Vec<Case>) {
    sizes(cases);
    streams(cases);
    bombs(cases);
    limits(cases);
    tag_sets(cases);
    counts(cases);
}

fn sizes(cases: &mut Vec<Case>) {
    type Row = (&'static str, &'static str, bool, fn(&mut Header));
    let rows: [Row; 6] = [
        ("z08_bad_crc", "CRC-32", false, |it| it.crc ^= 1),
        ("z08_bad_crc_stored", "CRC-32", true, |it| it.crc ^= 1),
        ("z12_longer_than_declared", "entry size", false, |it| {
            it.size -= 1
        }),
        ("z12_shorter_than_declared", "entry size", false, |it| {
            it.size += 1
        }),
        ("z12_declared_empty", "entry size", false, |it| it.size = 0),
        ("z12_stored_two_sizes", "stored size", true, |it| {
            it.size += 1
        }),
    ];
    for (id, rule, stored, change) in rows {
        let builder = if stored { evil().stored() } else { evil() };
        // RECORD repeats the lie, so that only the content can tell.
        let builder = with_target(builder, move |entry| entry.both(change)).record(move |rows| {
            let mut header = blank();
            header.size = 14;
            change(&mut header);
            rows[0].size = header.size.to_string();
        });
        add(
            cases,
            id,
            Reject(rule),
            "both headers agree on a lie",
            builder,
        );
    }
    let empty = evil().file("evil/empty.py", b"").stored();
    add(cases, "z12_empty_file", Accept, "an empty file", empty);
    let empty = evil().file("evil/empty.py", b"");
    add(
        cases,
        "z12_empty_deflated",
        Accept,
        "an empty file, deflated",
        empty,
    );
}

fn blank() -> Header {
    let entry = Entry::file("x", b"", 0, 0);
    entry.central.expect("a new entry has both headers")
}

fn streams(cases: &mut Vec<Case>) {
    let rule = "deflate stream";
    let rows: [(&str, &'static str, Change); 7] = [
        ("z15_trailing_byte", rule, |it| [it, vec![0]].concat()),
        ("z15_trailing_data", rule, |it| {
            [it, vec![b'x'; 70_000]].concat()
        }),
        ("z15_two_streams", rule, |it| it.repeat(2)),
        ("z15_truncated", rule, |mut it| {
            it.truncate(it.len() - 3);
            it
        }),
        ("z15_no_data", rule, |_| Vec::new()),
        ("z15_reserved_block", rule, |_| vec![0b111, 0, 0]),
        ("z15_no_final_block", rule, |it| {
            // A stored block that is not the last one, and nothing after it.
            let it = &it[..10];
            let length = it.len() as u16;
            [
                &[0],
                &length.to_le_bytes()[..],
                &(!length).to_le_bytes(),
                it,
            ]
            .concat()
        }),
    ];
    for (id, rule, change) in rows {
        let builder = with_target(evil(), move |mut entry| {
            entry.data = change(entry.data);
            let length = entry.data.len() as u32;
            entry.both(|it| it.compressed = length)
        });
        add(
            cases,
            id,
            Reject(rule),
            "a stream that does not end where it should",
            builder,
        );
    }
    let blocks = with_target(evil(), |mut entry| {
        // The same content in one stored block, which is the final one.
        let content = b"print('evil')\n";
        let length = content.len() as u16;
        entry.data = [
            &[1],
            &length.to_le_bytes()[..],
            &(!length).to_le_bytes(),
            content,
        ]
        .concat();
        let length = entry.data.len() as u32;
        entry.both(|it| it.compressed = length)
    });
    add(
        cases,
        "z15_stored_block",
        Accept,
        "another way to deflate the same",
        blocks,
    );
}

const RATIO_FROM: usize = 64 << 20;

fn bombs(cases: &mut Vec<Case>) {
    let over = evil().file("evil/bomb.bin", &vec![0; RATIO_FROM + 1]);
    let rule = Reject("compression ratio");
    add(cases, "z13_bomb", rule, "zeros, one byte over 64 MiB", over);
    let at = evil().file("evil/zeros.bin", &vec![0; 1 << 20]);
    add(
        cases,
        "z13_small_zeros",
        Accept,
        "a high ratio, but 1 MiB only",
        at,
    );
    let pieces = |count: usize| {
        let zeros = vec![0; 2 << 20];
        (0..count).fold(evil(), |it, index| {
            it.file(&format!("evil/zeros{index}.bin"), &zeros)
        })
    };
    add(
        cases,
        "z13_bomb_in_pieces",
        rule,
        "33 times 2 MiB",
        pieces(33),
    );
    add(cases, "z13_pieces", Accept, "15 times 2 MiB", pieces(15));
    let hidden = evil().archive(|archive| {
        archive.change("evil/bomb.bin", |mut entry| {
            entry.data = deflate(&vec![0; 8 << 20]);
            let length = entry.data.len() as u32;
            entry.both(|it| it.compressed = length)
        });
    });
    let hidden = hidden.file("evil/bomb.bin", b"small\n");
    add(
        cases,
        "z13_bomb_declared_small",
        Reject("entry size"),
        "8 MiB declared as 6 bytes",
        hidden,
    );
}

fn limits(cases: &mut Vec<Case>) {
    let metadata = [
        &b"Metadata-Version: 2.1\nName: evil\nVersion: 1.0\nX: "[..],
        &vec![b'a'; 40 << 20],
        b"\n",
    ];
    let metadata = evil().dist_info("METADATA", &metadata.concat());
    add(
        cases,
        "n13_meta_bomb",
        Reject("size limit"),
        "METADATA of 40 MB",
        metadata,
    );
    let row = b"evil/__init__.py,,\n".repeat(200_000);
    let record = evil().dist_info("RECORD", &row);
    add(
        cases,
        "n13_record_bomb",
        Reject("size limit"),
        "RECORD of 4 MB for four files",
        record,
    );
    let wheel = evil().dist_info("WHEEL", &vec![b'a'; 2 << 20]);
    add(
        cases,
        "n13_wheel_bomb",
        Reject("size limit"),
        "WHEEL of 2 MB",
        wheel,
    );
    let scripts = evil().dist_info("entry_points.txt", &vec![b'#'; 2 << 20]);
    add(
        cases,
        "n13_entry_points_bomb",
        Reject("size limit"),
        "entry points of 2 MB",
        scripts,
    );
    add(
        cases,
        "z13_entry_limit",
        Reject("size limit"),
        "an entry of more than 4 GiB",
        declared(&[5 << 30]),
    );
    add(
        cases,
        "z13_total_limit",
        Reject("total size limit"),
        "five entries of 4 GiB each",
        declared(&[4 << 30; 5]),
    );
}

/// Rows that stand for the product of three sets.
fn tag_sets(cases: &mut Vec<Case>) {
    let wheel = |pythons: usize| {
        let set = |tag: &str, count: usize| vec![tag; count].join(".");
        let row = [set("py3", pythons), set("none", 10), set("any", 10)].join("-");
        let text = format!("Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {row}\n");
        evil().dist_info("WHEEL", text.as_bytes())
    };
    let rule = Reject("WHEEL tags");
    add(
        cases,
        "n05_tag_product",
        rule,
        "a million tags",
        wheel(10_000),
    );
    add(cases, "n05_tag_product_over", rule, "1,100 tags", wheel(11));
    add(cases, "n05_tag_product_at", Accept, "1,000 tags", wheel(10));
}

/// Adds stored entries that only declare a size.
fn declared(sizes: &'static [u64]) -> crate::wheel::WheelBuilder {
    evil().archive(|archive| {
        for (index, size) in sizes.iter().enumerate() {
            let both = [size.to_le_bytes(), size.to_le_bytes()].concat();
            let entry = Entry::file(&format!("evil/{index}.bin"), b"", 0, 0o644);
            archive.entries.push(entry.both(|it| {
                it.needed = 45;
                it.extra = extra_field(1, &both);
                (it.compressed, it.size) = (u32::MAX, u32::MAX);
            }));
        }
    })
}

fn counts(cases: &mut Vec<Case>) {
    let many = (0..20_000).fold(evil(), |it, index| it.file(&format!("evil/f{index}"), b""));
    add(
        cases,
        "z14_many_files",
        Accept,
        "20,000 empty files",
        many.stored(),
    );
    let claim = |count: u64| {
        evil().archive(move |archive: &mut Archive| {
            archive.end64 = Some(Box::new(move |end| {
                (end.entries, end.entries_here) = (count, count);
            }));
            archive.end = Some(Box::new(|end| {
                (end.entries, end.entries_here) = (u16::MAX, u16::MAX);
            }));
        })
    };
    let expect: Expect = Reject("entry limit");
    add(
        cases,
        "z14_over_the_limit",
        expect,
        "100,001 entries, as it says",
        claim(100_001),
    );
    let expect = Reject("entry count");
    add(
        cases,
        "z14_at_the_limit",
        expect,
        "100,000 entries, as it says; it has four",
        claim(100_000),
    );
}
