//! Metadata that parses names a project and a version that parse again; nothing printed from it
//! steers a terminal.
#![no_main]

use assay_types::metadata::{Description, Metadata};
use assay_types::text::is_steering;
use assay_types::{Requirement, names};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(metadata) = Metadata::parse(bytes) else {
        return;
    };
    assert_eq!(names::project(&metadata.display_name).as_ref(), Some(&metadata.name));
    assert!(!metadata.display_name.chars().any(is_steering));
    assert_eq!(metadata.version.to_string().parse().as_ref(), Ok(&metadata.version));
    for requirement in &metadata.requires_dist {
        assert!(Requirement::parse(&requirement.to_string()).is_ok());
    }
    assert!(Description::parse(bytes).is_ok(), "the same headers");
});
