//! An sdist that opens has safe paths, no two of which are one place, and gives just the bytes that it
//! declares. The bytes are a tar archive, which is gzipped here: the fuzzer would not find a CRC-32.
#![no_main]

use std::{collections::HashSet, io::Write as _, path::Path, sync::Arc};

use assay_archive::Sdist;
use assay_trust::{Admitted, Artifact, Cooldown, Evidence, Measuring, Policy, admit};
use assay_types::{Timestamp, listing::Origin};
use libfuzzer_sys::fuzz_target;

const FILE_NAME: &str = "evil-1.0.tar.gz";

fuzz_target!(|bytes: &[u8]| {
    let Ok(sdist) = Sdist::open(admitted(&assay_testkit::tar::gzip(bytes))) else {
        return;
    };
    let mut places = HashSet::new();
    for file in sdist.files() {
        assert!(places.insert(file.path.collision_key()));
    }
    let mut sizes = vec![0; sdist.files().len()];
    let contents = sdist.contents(|index, piece| {
        sizes[index] += piece.len() as u64;
        Ok(())
    });
    contents.expect("what was read once is read twice");
    let declared = sdist.files().iter().map(|it| it.size);
    assert!(declared.eq(sizes));
});

fn admitted(bytes: &[u8]) -> Admitted<Vec<u8>> {
    let artifact = Artifact {
        project: "evil".parse().expect("a project's name"),
        version: "1.0".parse().expect("a version"),
        file_name: FILE_NAME.to_owned(),
        origin: Origin::Local(Arc::from(Path::new(FILE_NAME))),
        size: None,
    };
    let mut measuring = Measuring::new(Vec::new(), []);
    measuring
        .write_all(bytes)
        .expect("a vector takes everything");
    let evidence = [Evidence::Local {
        named_in: "the fuzzer".to_owned(),
    }];
    let policy = Policy::new(Cooldown::none());
    let now = Timestamp::UNIX_EPOCH;
    admit(measuring.finish(), &artifact, &evidence, &policy, now)
        .unwrap_or_else(|refusal| panic!("{refusal}"))
}
