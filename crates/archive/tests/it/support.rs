//! Admission of test bytes, and reading a wheel to its end.

use std::{
    io::Write as _,
    path::Path,
    sync::{Arc, LazyLock},
};

use assay_archive::{ArchiveError, Options, Wheel};
use assay_testkit::{
    hostile::{self, Case, Expect},
    wheel::BuiltWheel,
};
use assay_trust::{Admitted, Artifact, Cooldown, Evidence, Measuring, Policy, admit};
use assay_types::{FileName, Timestamp, WheelName, listing::Origin, names};

/// The hostile wheels, built once.
pub static CASES: LazyLock<Vec<Case>> = LazyLock::new(hostile::cases);

/// Admits bytes as a file that the user named.
pub fn admitted(file_name: &str, bytes: &[u8]) -> Admitted<Vec<u8>> {
    // Of an sdist's name the last dash stands before the version; a wheel's begins with the project.
    let project = match file_name.ends_with(".whl") {
        true => WheelName::parse(file_name).unwrap().project().clone(),
        false => names::project(file_name.rsplit_once('-').unwrap().0).unwrap(),
    };
    let name = FileName::parse(file_name, &project).unwrap();
    let artifact = Artifact {
        project,
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

/// What is wrong with a verdict on a hostile archive, if anything.
pub fn judge(case: &Case, verdict: Result<Files, ArchiveError>) -> Option<String> {
    let Case { id, about, .. } = case;
    match (case.expect, verdict) {
        (Expect::Reject(rule), Err(error)) if error.rule() == Some(rule) => None,
        (Expect::Reject(rule), Err(error)) => Some(format!(
            "{id} ({about}): refused by another rule than {rule}: {error}"
        )),
        (Expect::Reject(rule), Ok(_)) => Some(format!("{id} ({about}): not refused by {rule}")),
        (_, Err(error)) => Some(format!("{id} ({about}): refused: {error}")),
        (_, Ok(_)) => None,
    }
}
