//! What the entries lie in: gzip, or a ZIP archive.

use super::{Cases, METADATA, evil};
use crate::{
    tar::{self, Entry, gzip},
    zip::{self, DEFLATED},
};

const GZIP: Option<&str> = Some("gzip");

pub(super) fn all(cases: &mut Cases) {
    members(cases);
    sizes(cases);
    zips(cases);
}

fn members(cases: &mut Cases) {
    let mut add = |id, rule, about, change: fn(&mut Vec<u8>)| {
        let mut bytes = gzip(&tar::write(&evil()));
        change(&mut bytes);
        cases.bytes(id, rule, about, bytes);
    };
    add("s18_members", GZIP, "two members", |it| {
        it.extend(gzip(b""));
    });
    add("s18_suffix", GZIP, "a byte behind it", |it| it.push(0));
    add("s18_cut", GZIP, "its last byte is missing", |it| {
        it.pop();
    });
    add("s18_crc", GZIP, "another CRC-32", |it| {
        let at = it.len() - 8;
        it[at] ^= 1;
    });
    add("s18_size", GZIP, "another size", |it| {
        let at = it.len() - 1;
        it[at] ^= 1;
    });
    add("s18_extra", GZIP, "an extra field", |it| it[3] = 4);
    add("s18_name_ok", None, "the name that gzip puts there", |it| {
        it[3] = 8;
        it.splice(10..10, *b"evil-1.0.tar\0");
    });
    add("s18_plain", GZIP, "not compressed", |it| {
        *it = tar::write(&evil());
    });
    add("s18_zip", GZIP, "a ZIP archive by another name", |it| {
        *it = zipped(None);
    });
}

fn sizes(cases: &mut Cases) {
    let zeros = |size: usize| [Entry::file("evil-1.0/zero", &vec![0; size << 20])];
    let rule = Some("compression ratio");
    cases.add("s21_bomb", rule, "80 MiB of zeros", &zeros(80));
    cases.add("s21_bomb_ok", None, "40 MiB of zeros", &zeros(40));
}

fn zips(cases: &mut Cases) {
    let file = |name, mode| zip::Entry::file(name, b"/etc", DEFLATED, mode);
    for (id, rule, more) in [
        ("s30_ok", None, None),
        ("s30_up", Some("entry path"), Some(file("../x", 0o644))),
        ("s30_top", Some("top folder"), Some(file("other/x", 0o644))),
        (
            "s30_link",
            Some("file type"),
            Some(file("evil-1.0/out", 0o120_777)),
        ),
    ] {
        cases.bytes(id, rule, "a ZIP archive", zipped(more));
    }
    let tar = gzip(&tar::write(&evil()));
    let rule = Some("end record");
    cases.bytes("s30_tar", rule, "a tar archive by another name", tar);
    for case in &mut cases.0 {
        if case.id.starts_with("s30_") {
            case.file_name = "evil-1.0.zip".to_owned();
        }
    }
}

fn zipped(more: Option<zip::Entry>) -> Vec<u8> {
    let file = |name, content| zip::Entry::file(name, content, DEFLATED, 0o644);
    let mut entries = vec![
        file("evil-1.0/PKG-INFO", METADATA),
        file("evil-1.0/setup.py", b"print('evil')\n"),
    ];
    entries.extend(more);
    zip::Archive::new(entries).write()
}
