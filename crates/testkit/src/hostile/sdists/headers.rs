//! Headers that lie, and what lies between and behind entries.

use super::{Cases, evil};
use crate::tar::{self, Entry, gzip};

const TAR: Option<&str> = Some("tar");
const HEADER: Option<&str> = Some("tar header");

pub(super) fn all(cases: &mut Cases) {
    let mut magic = Entry::file("evil-1.0/x", b"x");
    magic.magic = *b"ustar\0\0\0";
    cases.add("s14_magic", HEADER, "no magic that is known", &[magic]);
    let mut prefixed = Entry::file("x", b"x");
    prefixed.prefix = b"evil-1.0/sub".to_vec();
    let entries = [prefixed.clone()];
    cases.add("s14_prefix_ok", None, "POSIX's prefix", &entries);
    prefixed.prefix = b"..".to_vec();
    let rule = Some("entry path");
    cases.add("s14_prefix_up", rule, "one that leads out", &[prefixed]);
    let mut hidden = Entry::file("evil-1.0/x", b"x");
    hidden.padding = b'x';
    cases.add("s14_padding", TAR, "content behind the content", &[hidden]);
    ends(cases);
}

fn ends(cases: &mut Cases) {
    let mut add = |id, rule, about, change: fn(&mut Vec<u8>)| {
        let mut bytes = tar::write(&evil());
        change(&mut bytes);
        cases.bytes(id, rule, about, gzip(&bytes));
    };
    add("s14_sum", HEADER, "the sum does not know a byte", |it| {
        it[0] = b'E';
    });
    add("s14_cut", TAR, "half an end", |it| {
        it.truncate(it.len() - 600);
    });
    add("s14_unended", TAR, "no end", |it| {
        it.truncate(it.len() - 1024);
    });
    add(
        "s14_padded_ok",
        None,
        "a last record filled with zeros",
        |it| {
            it.resize(10_240, 0);
        },
    );
    add("s14_ragged", TAR, "a block cut short", |it| it.push(0));
    add("s14_two_archives", TAR, "an archive behind it", |it| {
        it.extend(tar::write(&[Entry::file("evil-1.0/late", b"x")]));
    });
    add("s14_gap", TAR, "an empty block between entries", |it| {
        it.truncate(it.len() - 512);
        it.extend(tar::write(&[Entry::file("evil-1.0/late", b"x")]));
    });
}
