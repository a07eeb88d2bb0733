use assay_types::record::{Row, parse, paths, write_row};
use assay_types::{Algorithm, Sha256};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{generate, peer};

const DIGEST: &str = "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

#[track_caller]
fn check_refused(text: &str, line: usize, why: &str) {
    let error = parse(text.as_bytes()).unwrap_err();
    assert!(error.why.contains(why), "{text:?}: {error}");
    assert_eq!(error.line, line, "{text:?}: {error}");
}

#[test]
fn rows_are_read() {
    let text = format!("a/b.py,{DIGEST},0\r\n\"a,\"\"b\"\"\",{DIGEST},12\nx.dist-info/RECORD,,\n");
    let rows = parse(text.as_bytes()).unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(
        rows[0].digest.as_ref().unwrap().algorithm(),
        Algorithm::Sha256
    );
    assert_eq!((rows[1].path.as_str(), rows[1].size), ("a,\"b\"", Some(12)));
    assert_eq!((&rows[2].digest, rows[2].size), (&None, None));
    assert!(parse(b"").unwrap().is_empty());
    assert_eq!(parse(b"a,,").unwrap().len(), 1);
}

#[test]
fn csv_is_read_strictly() {
    check_refused("a,,\nb,", 2, "fewer than three columns");
    check_refused("a,,,\n", 1, "more than three columns");
    check_refused("a\n", 1, "fewer than three columns");
    check_refused("\n", 1, "fewer than three columns");
    check_refused("\"a,,\n", 1, "not closed");
    check_refused("\"a\"b,,\n", 1, "text after a quote");
    check_refused("a\"b,,\n", 1, "quote inside");
    check_refused("a\0,,\n", 1, "NUL");
    check_refused("\"a\0\",,\n", 1, "NUL");
    check_refused("a,,\rb,,\n", 1, "more than three columns");
    check_refused(",,\n", 1, "empty path");
    check_refused("\"a\nb\",,\na,\n", 3, "fewer");
    assert!(parse(b"\xff,,\n").is_err());
}

#[test]
fn a_path_is_listed_once() {
    check_refused("a,,\nb,,\n\"a\",,\n", 3, "twice");
    assert_eq!(parse(b"a,,\nA,,\n").unwrap().len(), 2);
}

#[test]
fn only_strong_digests_in_their_exact_form_count() {
    for (digest, why) in [
        ("md5=1B2M2Y8AsgTpgAmY7PhCfg", "not accepted"),
        ("sha1=2jmj7l5rSw0yVb_vlWAYkK_YBwk", "not accepted"),
        (
            "SHA256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
            "not accepted",
        ),
        (
            "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=",
            "no sha256 digest",
        ),
        (
            "sha256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
            "no sha256 digest",
        ),
        (
            "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFV",
            "no sha256 digest",
        ),
        ("sha256=47DE", "no sha256 digest"),
        ("47DE", "no digest"),
    ] {
        check_refused(&format!("a,{digest},0\n"), 1, why);
    }
    assert!(parse(format!("a,{DIGEST},0\n").as_bytes()).is_ok());
}

#[test]
fn a_size_is_made_of_digits() {
    for refused in ["+1", "-1", " 1", "1.0", "0x1", "99999999999999999999", "١"] {
        check_refused(&format!("a,,{refused}\n"), 1, "no size");
    }
    assert_eq!(parse(b"a,,007\n").unwrap()[0].size, Some(7));
}

#[test]
fn paths_are_read_whatever_the_digests_are() {
    let text = b"a,md5=1B2M2Y8AsgTpgAmY7PhCfg,0\na,,\n\"b,c\",,x\n";
    assert!(parse(text).is_err());
    assert_eq!(paths(text).unwrap(), ["a", "a", "b,c"]);
    for broken in [&b"a\n"[..], b"\"a,,\n", b"\xff,,\n"] {
        assert!(paths(broken).is_err());
    }
}

fn cell() -> impl Strategy<Value = String> {
    "[a,\"\r\n ]{0,5}"
}

#[test]
fn what_passes_is_what_pythons_csv_reads() {
    let texts = generate::sample("[abc,,,\"\r\n]{0,14}", 4000);
    let questions: Vec<_> = texts.iter().map(|it| json!(["rows", it])).collect();
    let Some(answers) = peer::ask(&questions) else {
        return;
    };
    let mut accepted = 0;
    for (text, expected) in texts.iter().zip(answers) {
        let Ok(rows) = parse(text.as_bytes()) else {
            continue;
        };
        let paths: Vec<_> = rows.iter().map(|it| json!([it.path, "", ""])).collect();
        assert_eq!(Value::Array(paths), expected, "{text:?}");
        accepted += 1;
    }
    assert!(accepted > 20, "the texts say nothing: {accepted}");
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn what_is_written_reads_back(
        folder in cell(),
        name in cell(),
        bytes in any::<[u8; 32]>(),
        size in any::<u64>(),
    ) {
        prop_assume!(!(folder.is_empty() && name.is_empty()));
        let mut text = String::new();
        let sha256 = Sha256(bytes);
        write_row(&mut text, [&folder, &name], Some((&sha256.to_record(), size)));
        write_row(&mut text, ["", "RECORD"], None);
        let path = folder + &name;
        let row = Row { path: path.clone(), digest: Some(sha256.into()), size: Some(size) };
        let own = Row { path: "RECORD".to_owned(), digest: None, size: None };
        prop_assert_eq!(parse(text.as_bytes()).unwrap(), [row, own]);
        prop_assert_eq!(paths(text.as_bytes()).unwrap(), [path, "RECORD".to_owned()]);
    }
}
