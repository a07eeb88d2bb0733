//! What `--allow-bad-record` lets through, and what it does not.

use assay_archive::{Options, Wheel};
use assay_testkit::wheel::{RecordRow, WheelBuilder};

use crate::support::{admitted, read_all};

const LENIENT: Options = Options { bad_record: true };

fn check(change: impl Fn(&mut Vec<RecordRow>) + 'static, rule: &str, allowed: bool) {
    let built = WheelBuilder::new("evil", "1.0")
        .file("evil/__init__.py", b"print('evil')\n")
        .record(change)
        .build();
    let read = |options| read_all(&built.file_name, &built.bytes, options);
    let strict = read(Options::default()).unwrap_err();
    assert_eq!(strict.rule(), Some(rule));
    match read(LENIENT) {
        Ok(files) => assert!(allowed && files.len() == 3, "{rule}"),
        Err(error) => assert!(!allowed && error.rule() == Some(rule), "{error}"),
    }
}

fn row(path: &str) -> RecordRow {
    RecordRow {
        path: path.into(),
        digest: String::new(),
        size: String::new(),
    }
}

#[test]
fn digests_sizes_and_the_set_may_be_wrong() {
    check(
        |it| it[0].digest = it[1].digest.clone(),
        "RECORD digest",
        true,
    );
    check(|it| it[0].digest.clear(), "RECORD digest", true);
    check(|it| it[0].size = "1".into(), "RECORD size", true);
    check(|it| drop(it.remove(0)), "file not in RECORD", true);
    check(
        |it| it.push(row("evil/x")),
        "RECORD row without a file",
        true,
    );
}

#[test]
fn paths_may_not() {
    check(|it| it.push(row("../../x")), "RECORD path", false);
    check(|it| it.push(row("/x")), "RECORD path", false);
    check(|it| it.push(it[0].clone()), "RECORD", false);
}

#[test]
fn a_wheel_says_that_its_record_was_not_compared() {
    let built = WheelBuilder::new("evil", "1.0").build();
    let wheel = Wheel::open(admitted(&built.file_name, &built.bytes), LENIENT).unwrap();
    assert!(!wheel.is_record_verified());
    let strict = Wheel::open(admitted(&built.file_name, &built.bytes), Options::default());
    assert!(strict.unwrap().is_record_verified());
}
