//! A requirement that parses prints without credentials and parses to the same; an error points
//! into the text.
#![no_main]

use assay_types::Requirement;
use assay_types::requirement::Wanted;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Requirement::parse(text) {
        Ok(requirement) => check(&requirement),
        Err(error) => assert!(error.width >= 1 && error.column <= text.chars().count()),
    }
});

fn check(requirement: &Requirement) {
    let printed = requirement.to_string();
    let again = Requirement::parse(&printed).expect("what is printed parses");
    assert_eq!(again.to_string(), printed);
    match &again.wanted {
        Wanted::Version(_) => assert_eq!(&again, requirement),
        Wanted::Direct(direct) => {
            assert!(direct.url.username().is_empty() && direct.url.password().is_none());
        }
    }
}
