//! Names that lead out, hide or collide.

use super::{
    Case, Expect,
    Expect::{Accept, Reject},
    add, evil, with_target,
};
use crate::zip::UTF8;

const PATH: Expect = Reject("entry path");
const ENCODING: Expect = Reject("name encoding");
const COLLISION: Expect = Reject("name collision");
const BOTH: Expect = Reject("file and directory");

pub(super) fn all(cases: &mut Vec<Case>) {
    add(cases, "w00_control", Accept, "well-formed", evil());
    for (id, expect, path) in SINGLE {
        let builder = evil().file(path, b"pwned\n");
        add(cases, id, *expect, "an entry with a special name", builder);
    }
    for (id, expect, one, other) in PAIRS {
        let builder = evil().file(one, b"1\n").file(other, b"2\n");
        add(cases, id, *expect, "two names side by side", builder);
    }
    lengths(cases);
    encodings(cases);
}

const SINGLE: &[(&str, Expect, &str)] = &[
    ("w01_traversal", PATH, "../../pwn.txt"),
    ("w01_traversal_top", PATH, ".."),
    (
        "w02_traversal_deep",
        PATH,
        "evil/../../../../../../../../tmp/pwn_deep.txt",
    ),
    ("w02_traversal_inside", PATH, "evil/../evil/x.py"),
    ("w02_dots_in_names", Accept, "evil/..data/...x.py"),
    ("w03_absolute", PATH, "/tmp/pwn_abs.txt"),
    ("w03_unc", PATH, "//server/share/x"),
    ("w03_drive", PATH, "C:/pwn.txt"),
    ("w03_drive_relative", PATH, "C:pwn.txt"),
    ("w04_dot_part", PATH, "evil/./x.py"),
    ("w04_leading_dot_part", PATH, "./evil/x.py"),
    ("w04_empty_part", PATH, "evil//x.py"),
    ("w04_hidden_file", Accept, "evil/.hidden"),
    ("w05_backslash", PATH, r"evil\..\..\pwn_bs.txt"),
    ("w05_backslash_inside", PATH, r"evil/a\b.py"),
    ("w10_nul_name", PATH, "evil/a.py\0.txt"),
    ("w10_newline", PATH, "evil/a\nb.py"),
    ("w10_escape", PATH, "evil/\x1b]0;owned\x07.py"),
    ("w10_delete", PATH, "evil/a\x7fb.py"),
    ("w10_c1", PATH, "evil/a\u{9b}31m.py"),
    ("w10_space_inside", Accept, "evil/a b.py"),
    ("w11_bidi_override", PATH, "evil/\u{202e}yp.txe"),
    ("w11_bidi_isolate", PATH, "evil/\u{2066}a.py"),
    ("w11_line_separator", PATH, "evil/a\u{2028}b.py"),
    ("w11_right_to_left_script", Accept, "evil/שלום.py"),
    ("w12_utf8_name", Accept, "evil/café 漢字.py"),
    ("w14_decomposed_alone", Accept, "evil/cafe\u{301}.py"),
    ("w15_win_reserved", PATH, "evil/aux.py"),
    ("w15_con_folder", PATH, "con/x.py"),
    ("w15_com1", PATH, "evil/COM1"),
    ("w15_com_superscript", PATH, "evil/com¹.txt"),
    ("w15_nul_space", PATH, "evil/nul .txt"),
    ("w15_conin", PATH, "evil/CONIN$"),
    ("w15_trailing_dot", PATH, "evil/x."),
    ("w15_trailing_space", PATH, "evil/x /y.py"),
    ("w15_stream", PATH, "evil/__init__.py:hidden"),
    (
        "w15_only_like_a_device",
        Accept,
        "evil/console.com10.auxiliary.py",
    ),
];

const PAIRS: &[(&str, Expect, &str, &str)] = &[
    ("w13_case_collision", COLLISION, "evil/a.py", "Evil/A.py"),
    (
        "w13_case_collision_file",
        COLLISION,
        "evil/a.py",
        "evil/A.py",
    ),
    (
        "w13_case_collision_folder",
        COLLISION,
        "evil/Sub/a.py",
        "evil/sub/b.py",
    ),
    (
        "w13_case_collision_unicode",
        COLLISION,
        "evil/É.py",
        "evil/é.py",
    ),
    (
        "w13_same_name_in_two_folders",
        Accept,
        "evil/a.py",
        "evil/sub/A.py",
    ),
    (
        "w14_normalisation_collision",
        COLLISION,
        "evil/caf\u{e9}.py",
        "evil/cafe\u{301}.py",
    ),
    (
        "w14_normalisation_folder",
        COLLISION,
        "evil/\u{e5}/x",
        "evil/a\u{30a}/y",
    ),
    (
        "w14_other_accent",
        Accept,
        "evil/caf\u{e9}.py",
        "evil/caf\u{e8}.py",
    ),
    ("w16_file_dir_conflict", BOTH, "evil/x", "evil/x/y"),
    ("w16_file_dir_reversed", BOTH, "evil/x/y", "evil/x"),
    ("w16_file_dir_deep", BOTH, "evil/x", "evil/x/y/z/w"),
    ("w16_file_dir_case", COLLISION, "evil/x", "evil/X/y"),
    ("w16_common_prefix", Accept, "evil/x", "evil/xy/z"),
];

fn lengths(cases: &mut Vec<Case>) {
    let part = |length: usize| format!("evil/{}", "a".repeat(length));
    let longest = evil().file(&part(255), b"");
    add(
        cases,
        "w17_longest_part",
        Accept,
        "a part of 255 bytes",
        longest,
    );
    let over = evil().file(&part(256), b"");
    add(
        cases,
        "w17_part_too_long",
        PATH,
        "a part of 256 bytes",
        over,
    );
    let deep = evil().file(&format!("{}x", "a/".repeat(2500)), b"");
    add(
        cases,
        "w17_path_too_long",
        PATH,
        "a path of 5000 bytes",
        deep,
    );
    let many = evil().file(&format!("evil/{}x", "d/".repeat(1000)), b"");
    add(
        cases,
        "w17_deep",
        Accept,
        "1000 folders in one another",
        many,
    );
}

fn encodings(cases: &mut Vec<Case>) {
    let renamed = |name: &'static [u8], flags: u16| {
        with_target(evil(), move |entry| {
            entry.both(|it| {
                it.name = name.to_vec();
                it.flags = flags;
            })
        })
    };
    let rows: [(&str, &[u8], u16, Expect); 5] = [
        ("w12_badutf8_name", b"evil/\xff\xfe.py", UTF8, ENCODING),
        (
            "w12_overlong_slash",
            b"evil/..\xc0\xaf..\xc0\xafx",
            UTF8,
            ENCODING,
        ),
        ("w12_surrogate", b"evil/\xed\xa0\x80.py", UTF8, ENCODING),
        ("w12_unmarked_utf8", "evil/é.py".as_bytes(), 0, ENCODING),
        ("w12_empty_name", b"", 0, PATH),
    ];
    for (id, name, flags, expect) in rows {
        add(
            cases,
            id,
            expect,
            "a name in another encoding",
            renamed(name, flags),
        );
    }
    let marked = with_target(evil(), |entry| entry.both(|it| it.flags |= UTF8));
    add(
        cases,
        "w12_marked_ascii",
        Accept,
        "ASCII marked as UTF-8",
        marked,
    );
}
