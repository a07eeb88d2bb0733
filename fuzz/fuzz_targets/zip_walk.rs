//! A wheel that opens has safe paths, no two of which are one place, and gives at most the bytes
//! that it declares.
#![no_main]

use std::{collections::HashSet, io::Write as _, path::Path, sync::Arc};

use assay_archive::{Options, Wheel};
use assay_trust::{Admitted, Artifact, Cooldown, Evidence, Measuring, Policy, admit};
use assay_types::{Timestamp, WheelName, listing::Origin};
use libfuzzer_sys::fuzz_target;

const FILE_NAME: &str = "evil-1.0-py3-none-any.whl";

fuzz_target!(|bytes: &[u8]| {
    let options = Options { bad_record: true };
    let Ok(wheel) = Wheel::open(admitted(bytes), options) else {
        return;
    };
    let mut places = HashSet::new();
    for (index, file) in wheel.files().iter().enumerate() {
        assert!(places.insert(file.path.collision_key()));
        let mut content = Vec::new();
        let complete = wheel.extract(index, &mut content).is_ok();
        assert!(content.len() as u64 <= file.size);
        assert!(!complete || content.len() as u64 == file.size);
    }
});

fn admitted(bytes: &[u8]) -> Admitted<Vec<u8>> {
    let name = WheelName::parse(FILE_NAME).expect("a wheel's name");
    let artifact = Artifact {
        project: name.project().clone(),
        version: name.version().clone(),
        file_name: FILE_NAME.to_owned(),
        origin: Origin::Local(Arc::from(Path::new(FILE_NAME))),
        size: None,
    };
    let mut measuring = Measuring::new(Vec::new(), []);
    measuring
        .write_all(bytes)
        .expect("a vector takes everything");
    let policy = Policy::new(Cooldown::none());
    admit(
        measuring.finish(),
        &artifact,
        &[Evidence::Local {
            named_in: "the fuzzer".to_owned(),
        }],
        &policy,
        Timestamp::UNIX_EPOCH,
    )
    .unwrap_or_else(|refusal| panic!("{refusal}"))
}
