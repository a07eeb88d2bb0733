//! Entries that are neither regular file nor directory, or not what they say.

use super::{
    Case, Expect,
    Expect::{Accept, Neutralise, Reject},
    add, evil, with_target,
};
use crate::zip::{DEFLATED, Entry, S_IFDIR, S_IFLNK, S_IFREG, STORED};

const PATH: Expect = Reject("entry path");
const BOTH: Expect = Reject("file and directory");
const TYPE: Expect = Reject("file type");

pub(super) fn all(cases: &mut Vec<Case>) {
    types(cases);
    other_types(cases);
    directories(cases);
    odd_directories(cases);
}

const DOS_ATTRIBUTES: [(&str, u32, Expect); 6] = [
    ("w08_dos_directory", 0x10, TYPE),
    ("w08_dos_volume", 0x08, TYPE),
    ("w08_dos_device", 0x40, TYPE),
    ("w08_dos_reparse_point", 0x400, TYPE),
    ("w08_dos_archive", 0x20, Accept),
    ("w08_dos_read_only", 0x01, Neutralise),
];

fn types(cases: &mut Vec<Case>) {
    let typed = |mode: u32| {
        with_target(evil(), move |entry| {
            entry.central(|it| it.external = mode << 16)
        })
    };
    let rows = [
        ("w06_symlink_entry", S_IFLNK | 0o777, TYPE),
        ("w08_character_device", 0o020_666, TYPE),
        ("w08_block_device", 0o060_666, TYPE),
        ("w08_fifo", 0o010_666, TYPE),
        ("w08_socket", 0o140_666, TYPE),
        ("w08_unknown_type", 0o170_644, TYPE),
        ("w08_directory_named_as_file", S_IFDIR | 0o755, TYPE),
        ("w08_no_type", 0o644, Accept),
        ("w08_no_mode", 0, Accept),
        ("w09_setuid", S_IFREG | 0o6777, Neutralise),
        ("w09_sticky", S_IFREG | 0o1777, Neutralise),
        ("w09_unreadable", S_IFREG, Neutralise),
    ];
    for (id, mode, expect) in rows {
        add(cases, id, expect, "a mode of this kind", typed(mode));
    }
}

fn other_types(cases: &mut Vec<Case>) {
    let dos = with_target(evil(), |entry| {
        entry.central(|it| {
            it.system = 0;
            it.external = (S_IFLNK | 0o777) << 16;
        })
    });
    add(
        cases,
        "w06_symlink_from_dos",
        TYPE,
        "a link that says it is from MS-DOS",
        dos,
    );
    for (id, attribute, expect) in DOS_ATTRIBUTES {
        let builder = with_target(evil(), move |entry| {
            entry.central(|it| it.external |= attribute)
        });
        add(cases, id, expect, "an MS-DOS attribute on a file", builder);
    }
    let through = evil().archive(|archive| {
        let link = Entry::new(
            "evil/link",
            b"/etc",
            b"/etc".to_vec(),
            STORED,
            S_IFLNK | 0o777,
        );
        let file = Entry::file("evil/link/pwn", b"pwned", STORED, 0o644);
        archive.entries.extend([link, file]);
    });
    add(
        cases,
        "w07_symlink_then_write",
        TYPE,
        "a link, then a file through it",
        through,
    );
}

fn directories(cases: &mut Vec<Case>) {
    let folders = evil().file("evil/sub/x.py", b"").with_directories();
    add(
        cases,
        "w18_directories",
        Accept,
        "entries for directories",
        folders,
    );
    let rows: [(&str, &str, Expect); 4] = [
        ("w18_empty_directory", "evil/empty/", Accept),
        ("w18_root_directory", "/", PATH),
        ("w18_double_slash", "evil/empty//", PATH),
        ("w18_directory_over_file", "evil/__init__.py/", BOTH),
    ];
    for (id, name, expect) in rows {
        let builder = evil().archive(move |it| it.entries.insert(0, Entry::directory(name)));
        add(cases, id, expect, "a directory entry", builder);
    }
}

fn odd_directories(cases: &mut Vec<Case>) {
    let full = evil().archive(|archive| {
        let data = b"hidden".to_vec();
        archive.entries.insert(
            0,
            Entry::new("evil/full/", b"hidden", data, STORED, S_IFDIR),
        );
    });
    add(
        cases,
        "w18_directory_with_data",
        Reject("directory with data"),
        "bytes in a directory",
        full,
    );
    let deflated = |data: &'static [u8]| {
        evil().archive(move |archive| {
            let entry = Entry::new("evil/deflated/", b"", data.to_vec(), DEFLATED, S_IFDIR);
            archive.entries.insert(0, entry);
        })
    };
    add(
        cases,
        "w18_directory_of_nothing_deflated",
        Accept,
        "as PySocks 1.7.1 has it",
        deflated(&[3, 0]),
    );
    add(
        cases,
        "w18_directory_of_two_bytes",
        Reject("directory with data"),
        "two bytes that are not the deflated nothing",
        deflated(&[3, 1]),
    );
    let twice = evil().archive(|archive| {
        archive.entries.insert(0, Entry::directory("evil/"));
        archive.entries.insert(0, Entry::directory("evil/"));
    });
    add(
        cases,
        "w18_directory_twice",
        Reject("duplicate entry"),
        "a directory twice",
        twice,
    );
    let file_typed = evil().archive(|archive| {
        let entry = Entry::new("evil/odd/", b"", Vec::new(), STORED, S_IFREG | 0o644);
        archive.entries.insert(0, entry);
    });
    add(
        cases,
        "w18_directory_typed_as_file",
        TYPE,
        "a slash and a regular file's mode",
        file_typed,
    );
}
