//! Pins of publishers: what is read is what was written, and nothing else is read.
#![no_main]

use assay_trust::{Identity, PublisherPins};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(pins) = PublisherPins::parse(bytes) {
        let text = pins.to_json();
        assert_eq!(PublisherPins::parse(text.as_bytes()), Ok(pins));
    }
    let identity = std::str::from_utf8(bytes).map(|it| it.parse::<Identity>());
    if let Ok(Ok(identity)) = identity {
        let text = identity.to_string();
        assert!(text.bytes().all(|it| it.is_ascii_graphic()));
        assert_eq!(text.parse(), Ok(identity));
    }
});
