//! RECORD: what it lists, leaves out, and gets wrong.

use super::{
    Case, Expect,
    Expect::{Accept, Reject},
    TARGET, add, evil,
};
use crate::wheel::{RecordRow, WheelBuilder, record_digest};

const RECORD: Expect = Reject("RECORD");
const PATH: Expect = Reject("RECORD path");
const ABSENT: Expect = Reject("RECORD row without a file");
const UNLISTED: Expect = Reject("file not in RECORD");
const DIGEST: Expect = Reject("RECORD digest");

pub(super) fn all(cases: &mut Vec<Case>) {
    sets(cases);
    other_files(cases);
    extra_rows(cases);
    digests(cases);
    forms(cases);
    signatures(cases);
}

fn row(path: &str, content: &[u8]) -> RecordRow {
    RecordRow {
        path: path.into(),
        digest: record_digest(content),
        size: content.len().to_string(),
    }
}

/// Rows 0 to 3 are the target, METADATA, WHEEL and RECORD itself.
fn rows(change: fn(&mut Vec<RecordRow>)) -> WheelBuilder {
    evil().record(change)
}

fn sets(cases: &mut Vec<Case>) {
    add(
        cases,
        "r01_no_record",
        RECORD,
        "no RECORD",
        evil().without("RECORD"),
    );
    let unlisted = evil().file("evil/unlisted.py", b"").record(|rows| {
        rows.remove(1);
    });
    add(
        cases,
        "r02_unlisted_file",
        UNLISTED,
        "a file that RECORD leaves out",
        unlisted,
    );
    let metadata = rows(|it| {
        it.remove(1);
    });
    add(
        cases,
        "r02_unlisted_metadata",
        UNLISTED,
        "METADATA left out",
        metadata,
    );
    let itself = rows(|it| {
        it.remove(3);
    });
    add(
        cases,
        "r02_unlisted_record",
        UNLISTED,
        "RECORD leaves itself out",
        itself,
    );
    add(
        cases,
        "r02_empty",
        UNLISTED,
        "an empty RECORD",
        evil().dist_info("RECORD", b""),
    );
}

fn other_files(cases: &mut Vec<Case>) {
    let cache = evil()
        .file("evil/__pycache__/x.cpython-311.pyc", b"\0")
        .record(|rows| {
            rows.remove(1);
        });
    add(
        cases,
        "r02_unlisted_bytecode",
        UNLISTED,
        "compiled code left out",
        cache,
    );
    let folders = evil().with_directories();
    add(
        cases,
        "r02_directories_unlisted",
        Accept,
        "directories need no row",
        folders,
    );
}

/// Rows beside the right ones: an uninstaller that believed them would delete those files.
fn extra_rows(cases: &mut Vec<Case>) {
    let table: [(&str, Expect, &str); 10] = [
        ("r03_absent_file", ABSENT, "evil/absent.py"),
        ("r03_directory", ABSENT, "evil"),
        ("r03_other_case", ABSENT, "evil/__INIT__.py"),
        ("r13_claim_other", ABSENT, "victimpkg/__init__.py"),
        ("r07_traversal_row", PATH, "../../victim.txt"),
        ("r07_traversal_inside", PATH, "evil/../evil/__init__.py"),
        ("r08_abs_row", PATH, "/tmp/victim.txt"),
        ("r08_drive_row", PATH, "C:/victim.txt"),
        ("r08_backslash_row", PATH, r"evil\__init__.py"),
        ("r08_dot_row", PATH, "./evil/__init__.py"),
    ];
    for (id, expect, path) in table {
        let builder = evil().record(move |rows| rows.insert(0, row(path, b"")));
        add(cases, id, expect, "a row for something else", builder);
    }
    let twice = rows(|it| it.insert(0, it[0].clone()));
    add(cases, "r06_duplicate_row", RECORD, "a row twice", twice);
    let two = rows(|it| it.insert(0, row(TARGET, b"other")));
    add(
        cases,
        "r06_two_digests",
        RECORD,
        "two rows with two digests for one file",
        two,
    );
}

fn digests(cases: &mut Vec<Case>) {
    type Change = fn(&mut Vec<RecordRow>);
    let table: [(&str, Expect, Change); 13] = [
        ("r04_hash_mismatch", DIGEST, |it| {
            it[0].digest = record_digest(b"other")
        }),
        ("r04_hash_mismatch_metadata", DIGEST, |it| {
            it[1].digest = record_digest(b"other")
        }),
        ("r04_no_digest", DIGEST, |it| it[0].digest.clear()),
        ("r04_no_digest_no_size", DIGEST, |it| {
            it[0].digest.clear();
            it[0].size.clear();
        }),
        ("r04_md5", RECORD, |it| {
            it[0].digest = "md5=XrY7u-Ae7tCTyyK7j1rNww".into()
        }),
        ("r04_sha1", RECORD, |it| {
            it[0].digest = "sha1=Kq5sNclPz7QV2-lfQIuc6R7oRu0".into()
        }),
        ("r04_unknown_algorithm", RECORD, |it| {
            it[0].digest = "best=AAAA".into()
        }),
        ("r04_short_digest", RECORD, |it| it[0].digest.truncate(30)),
        ("r04_hexadecimal", RECORD, |it| {
            it[0].digest = format!("sha256={}", "00".repeat(32))
        }),
        ("r05_size_mismatch", Reject("RECORD size"), |it| {
            it[0].size = "15".into()
        }),
        ("r05_no_size", Reject("RECORD size"), |it| {
            it[0].size.clear()
        }),
        ("r05_negative_size", RECORD, |it| it[0].size = "-14".into()),
        ("r05_own_digest", Reject("RECORD row"), |it| {
            it[3].digest = it[0].digest.clone()
        }),
    ];
    for (id, expect, change) in table {
        add(
            cases,
            id,
            expect,
            "a digest or size that is wrong",
            rows(change),
        );
    }
    longer_digests(cases);
}

fn longer_digests(cases: &mut Vec<Case>) {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use sha2::{Digest as _, Sha384, Sha512};
    let content: &[u8] = b"print('evil')\n";
    let sha384 = |it: &[u8]| format!("sha384={}", URL_SAFE_NO_PAD.encode(Sha384::digest(it)));
    let sha512 = |it: &[u8]| format!("sha512={}", URL_SAFE_NO_PAD.encode(Sha512::digest(it)));
    let table = [
        ("r04_sha384", Accept, sha384(content)),
        ("r04_sha384_mismatch", DIGEST, sha384(b"other")),
        ("r04_sha512", Accept, sha512(content)),
        ("r04_sha512_mismatch", DIGEST, sha512(b"other")),
    ];
    for (id, expect, digest) in table {
        let builder = evil().record(move |rows| rows[0].digest.clone_from(&digest));
        add(cases, id, expect, "a longer digest", builder);
    }
}

fn forms(cases: &mut Vec<Case>) {
    type Row = (&'static str, Expect, fn(String) -> Vec<u8>);
    let table: [Row; 8] = [
        ("r09_csv_garbage", RECORD, |it| {
            format!("\"unterminated,{it}").into_bytes()
        }),
        ("r09_quote_inside", RECORD, |it| {
            format!("a\"b,,\n{it}").into_bytes()
        }),
        ("r10_two_columns", RECORD, |it| {
            it.replacen(",14\n", "\n", 1).into_bytes()
        }),
        ("r10_four_columns", RECORD, |it| {
            it.replacen(",14\n", ",14,x\n", 1).into_bytes()
        }),
        ("r10_blank_line", RECORD, |it| {
            format!("\n{it}").into_bytes()
        }),
        ("r11_crlf", Accept, |it| {
            it.replace('\n', "\r\n").into_bytes()
        }),
        ("r11_no_last_newline", Accept, |it| {
            it.trim_end().as_bytes().to_vec()
        }),
        ("r12_binary", RECORD, |it| {
            [b"\xff\xfe,,\n", it.as_bytes()].concat()
        }),
    ];
    for (id, expect, change) in table {
        let builder = evil().dist_info("RECORD", &change(plain()));
        add(cases, id, expect, "RECORD in another form", builder);
    }
    let quoted = evil().file("evil/a,b.py", b"");
    add(
        cases,
        "r11_quoted",
        Accept,
        "a name that needs quotes",
        quoted,
    );
    let newline_in_quotes = evil().record(|rows| rows.insert(0, row("evil/a\nb.py", b"")));
    add(
        cases,
        "r11_newline_in_quotes",
        PATH,
        "a line break in a quoted name",
        newline_in_quotes,
    );
}

/// The RECORD that the builder writes.
fn plain() -> String {
    let wheel = |name: &str| format!("evil-1.0.dist-info/{name}");
    let info =
        b"Wheel-Version: 1.0\nGenerator: assay-testkit\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
    let listed = [
        row(TARGET, b"print('evil')\n"),
        row(&wheel("METADATA"), &evil().build().metadata),
        row(&wheel("WHEEL"), info),
    ];
    let lines = listed
        .iter()
        .map(|it| format!("{},{},{}\n", it.path, it.digest, it.size));
    format!("{}{},,\n", lines.collect::<String>(), wheel("RECORD"))
}

/// RECORD.jws and RECORD.p7s are not listed (they sign RECORD), and nothing else is let off.
fn signatures(cases: &mut Vec<Case>) {
    let signed = |name: &'static str, listed: bool| {
        evil().dist_info(name, b"{}").record(move |rows| {
            if !listed {
                rows.retain(|it| !it.path.ends_with(name));
            }
        })
    };
    add(
        cases,
        "r14_jws",
        Accept,
        "RECORD.jws, not listed",
        signed("RECORD.jws", false),
    );
    add(
        cases,
        "r14_p7s",
        Accept,
        "RECORD.p7s, not listed",
        signed("RECORD.p7s", false),
    );
    add(
        cases,
        "r14_other",
        UNLISTED,
        "RECORD.asc, not listed",
        signed("RECORD.asc", false),
    );
    let elsewhere = evil().file("evil/RECORD.jws", b"{}").record(|rows| {
        rows.remove(1);
    });
    add(
        cases,
        "r14_jws_elsewhere",
        UNLISTED,
        "RECORD.jws in another folder",
        elsewhere,
    );
}
