//! Admission of test bytes, and reading a wheel to its end.

use std::{
    io::Write as _,
    path::Path,
    sync::{Arc, LazyLock},
};

use assay_archive::{ArchiveError, Options, Wheel};
use assay_testkit::{
    hostile::{self, Case},
    wheel::BuiltWheel,
};
use assay_trust::{Admitted, Artifact, Cooldown, Evidence, Measuring, Policy, admit};
use assay_types::{Timestamp, WheelName, listing::Origin};

/// The hostile wheels, built once.
pub static CASES: LazyLock<Vec<Case>> = LazyLock::new(hostile::cases);

/// Admits bytes as a file that the user named.
pub fn admitted(file_name: &str, bytes: &[u8]) -> Admitted<Vec<u8>> {
    let name = WheelName::parse(file_name).unwrap();
    let artifact = Artifact {
        project: name.project().clone(),
        version: name.version().clone(),
        file_name: file_name.to_owned(),
        origin: Origin::Local(Arc::from(Path::new(file_name))),
        size: None,
    };
    let mut measuring = Measuring::new(Vec::new(), []);
    measuring.write_all(bytes).unwrap();
    let policy = Policy::new(Cooldown::none());
    admit(
        measuring.finish(),
        &artifact,
        &[Evidence::Local {
            named_in: "the test".to_owned(),
        }],
        &policy,
        Timestamp::UNIX_EPOCH,
    )
    .unwrap()
}

/// Opens a wheel with the default options.
pub fn open(built: &BuiltWheel) -> Result<Wheel<Vec<u8>>, ArchiveError> {
    Wheel::open(admitted(&built.file_name, &built.bytes), Options::default())
}

/// Path and content of each file.
pub type Files = Vec<(String, Vec<u8>)>;

/// Opens a wheel and extracts all of it.
pub fn read_all(file_name: &str, bytes: &[u8], options: Options) -> Result<Files, ArchiveError> {
    let wheel = Wheel::open(admitted(file_name, bytes), options)?;
    let read = |(index, file): (usize, &assay_archive::WheelFile)| {
        let mut content = Vec::new();
        wheel.extract(index, &mut content)?;
        Ok((file.path.to_string(), content))
    };
    wheel.files().iter().enumerate().map(read).collect()
}
