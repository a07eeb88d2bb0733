//! What is neither a regular file nor a folder.

use super::{Cases, Expect};
use crate::tar::Entry;

const KIND: Option<&str> = Some("file type");

pub(super) fn all(cases: &mut Cases) {
    for (id, kind, target) in [
        ("s03_symlink", b'2', "../.."),
        ("s04_symlink_abs", b'2', "/etc/passwd"),
        ("s04_symlink_in", b'2', "PKG-INFO"),
        ("s05_hardlink", b'1', "evil-1.0/PKG-INFO"),
        ("s05_file_link", b'0', "../x"),
    ] {
        let link = Entry::link("evil-1.0/out", kind, target);
        cases.add(id, KIND, target, &[link]);
    }
    for (id, kind) in [
        ("s06_chardev", b'3'),
        ("s06_blockdev", b'4'),
        ("s07_fifo", b'6'),
        ("s07_contiguous", b'7'),
        ("s11_sparse_gnu", b'S'),
        ("s11_multi_volume", b'M'),
        ("s11_volume", b'V'),
        ("s11_dump", b'D'),
        ("s11_long_link", b'K'),
        ("s11_unknown", b'Z'),
    ] {
        let entry = Entry::new("evil-1.0/x", kind, b"");
        cases.add(id, KIND, "a type that no sdist needs", &[entry]);
    }
    let old = Entry::new("evil-1.0/old", 0, b"x");
    cases.add("s09_old_ok", None, "a file as it once was marked", &[old]);
    let folders = ["evil-1.0/", "evil-1.0/data/"].map(Entry::folder);
    cases.add("s09_folder_ok", None, "folders", &folders);
    let full = Entry::new("evil-1.0/data/", b'5', b"x");
    let rule = Some("directory with data");
    cases.add("s09_folder_data", rule, "a folder with content", &[full]);
    let mut setuid = Entry::file("evil-1.0/su", b"x");
    setuid.mode = 0o6777;
    cases.add("s08_setuid", None, "setuid, open to all", &[setuid]);
    for case in &mut cases.0 {
        if case.id == "s08_setuid" {
            case.expect = Expect::Neutralise;
        }
    }
}
