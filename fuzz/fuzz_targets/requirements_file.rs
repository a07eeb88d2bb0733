//! Lines are numbered upwards inside the file; a mistake has a place and a picture that steers no
//! terminal and shows no variable's value.
#![no_main]

use assay_types::requirements_file::{decode, parse};
use assay_types::text::is_steering;
use libfuzzer_sys::fuzz_target;

const SECRET: &str = "~s3cret~";

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = decode(bytes) else {
        return;
    };
    match parse(&text, &|_| Some(SECRET.to_owned())) {
        Ok(parsed) => {
            let mut numbers = parsed.lines.iter().map(|it| it.number);
            assert!(numbers.clone().is_sorted());
            assert!(numbers.all(|it| it >= 1 && it <= text.len()));
        }
        Err(error) => {
            assert!(error.line >= 1 && error.column >= 1 && error.width >= 1);
            let picture = error.caret();
            assert_eq!(picture.lines().count(), 3);
            assert!(!picture.chars().any(|c| is_steering(c) && c != '\n'));
            assert!(text.contains(SECRET) || !picture.contains(SECRET));
        }
    }
});
