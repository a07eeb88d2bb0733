//! A RECORD that parses is written and parses to the same paths.
#![no_main]

use assay_types::record::{parse, paths, write_row};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(rows) = parse(bytes) else {
        return;
    };
    let mut text = String::new();
    for row in &rows {
        write_row(&mut text, ["", &row.path], None);
    }
    let expected: Vec<_> = rows.into_iter().map(|row| row.path).collect();
    assert_eq!(paths(bytes).as_ref(), Ok(&expected));
    let found = parse(text.as_bytes()).map(|rows| rows.into_iter().map(|row| row.path).collect());
    assert_eq!(found, Ok(expected));
});
