//! PEP 740: nothing that can be made up is verified, and reading it never fails otherwise than by
//! telling a rule.
#![no_main]

use std::{io, sync::LazyLock};

use assay_trust::{
    Measuring,
    attestation::{Provenance, TrustRoot, verify},
};
use assay_types::{FileName, Timestamp, WheelName};
use libfuzzer_sys::fuzz_target;

static ROOT: LazyLock<TrustRoot> = LazyLock::new(|| TrustRoot::production().unwrap());

fuzz_target!(|bytes: &[u8]| {
    let Ok(provenance) = Provenance::parse(bytes) else {
        return;
    };
    let name = WheelName::parse("demo-1.0-py3-none-any.whl").unwrap();
    let staged = Measuring::new(io::sink(), []).finish();
    let verdict = verify(
        &FileName::Wheel(name),
        staged.measured().sha256(),
        &provenance,
        &ROOT,
        Timestamp::MAX,
    );
    assert!(verdict.is_err());
});
