//! Any text is a policy file or has a mistake, and the mistake stands inside of the file.
#![no_main]

use assay_cli::check_policy_text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for is_pyproject in [false, true] {
        let Err(mistake) = check_policy_text(text, is_pyproject) else {
            continue;
        };
        let lines = text.matches('\n').count() + 1;
        assert!((1..=lines).contains(&mistake.line), "{mistake:?}");
        let line = text.split('\n').nth(mistake.line - 1).unwrap();
        let columns = line.chars().count() + 1;
        assert!((1..=columns).contains(&mistake.column), "{mistake:?}");
    }
});
