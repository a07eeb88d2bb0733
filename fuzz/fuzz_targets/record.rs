//! A RECORD that parses is written and parses to the same rows.
#![no_main]

use assay_types::record::{parse, write_row};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(rows) = parse(bytes) else {
        return;
    };
    let mut text = String::new();
    for row in &rows {
        write_row(&mut text, row);
    }
    assert_eq!(parse(text.as_bytes()).as_ref(), Ok(&rows));
});
