//! Whatever a program writes is an answer or none; one that is read is as long as it may be, says why it
//! does not accept, and is not read where anything stands around it.
#![no_main]

use assay_trust::hook::{Answer, Verdict};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(answer) = Answer::parse(bytes) else {
        return;
    };
    assert!(bytes.len() <= Answer::LARGEST);
    let reason = answer.reason().unwrap_or_default();
    assert!(reason.chars().count() <= Answer::LONGEST_REASON);
    assert!(answer.verdict() == Verdict::Accept || !reason.trim().is_empty());
    for around in [
        [bytes, b"x"].concat(),
        [b"x".as_slice(), bytes].concat(),
        bytes.repeat(2),
    ] {
        assert!(Answer::parse(&around).is_err());
    }
});
