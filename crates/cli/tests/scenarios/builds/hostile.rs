//! Hostile source distributions through the whole command: what is refused runs nothing and leaves
//! nothing, and what may be built harms nobody.

use std::{fs, path::Path};

use assay_testkit::{
    hostile::{self, Expect},
    peers,
};

use super::{for_each_user, for_me, nothing_installed};
use crate::machine::{Machine, Outcome, builder};

fn install(machine: &Machine, name: &str, bytes: &[u8], by_index: bool) -> Outcome {
    if by_index {
        let server = builder(&[]).wheel(name, bytes).start();
        return machine.install(&server, &["-q", "--retries", "0", "evil"]);
    }
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    open_to_all(folder.path());
    let path = path.to_str().unwrap();
    machine.assay(&["install", "-q", "--venv", "env", "--no-index", path])
}

fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).unwrap();
}

/// One of four shares of the generated cases, so that they run side by side.
fn generated(share: usize) {
    for_me(|machine| {
        let before = machine.snapshot();
        let mut failures = Vec::new();
        for case in hostile::sdist_cases().into_iter().skip(share).step_by(4) {
            for by_index in [false, true] {
                let outcome = install(machine, &case.file_name, &case.bytes, by_index);
                let said = format!("{}{}", outcome.out, outcome.err);
                // Nobody says how the accepted ones are built: they fail behind the door.
                let as_it_should = match case.expect {
                    Expect::Reject(_) => outcome.code == 4,
                    _ => outcome.code == 1 || said.contains("pyproject.toml:1: build-system"),
                };
                let harmless =
                    !said.contains('\u{1b}') && machine.changes_since(&before).is_empty();
                if !as_it_should || !harmless {
                    failures.push(format!("{} ({by_index}): {} {said}", case.id, outcome.code));
                }
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    });
}

#[test]
fn generated_cases_first_share() {
    generated(0);
}

#[test]
fn generated_cases_second_share() {
    generated(1);
}

#[test]
fn generated_cases_third_share() {
    generated(2);
}

#[test]
fn generated_cases_fourth_share() {
    generated(3);
}

/// Where the recorded attackers write to, if they can.
const MARKS: &str = "/tmp/assay-hostile";

/// The folder that a developer's machine has beside the checkout; a user's clone has none.
#[test]
fn recorded_cases() {
    let Some(folder) = peers::collection("ASSAY_HOSTILE_DIR") else {
        return;
    };
    let table = fs::read_to_string(folder.join("cases.tsv")).unwrap();
    let rows: Vec<Vec<_>> = table.lines().map(|it| it.split('\t').collect()).collect();
    let marks = Path::new(MARKS).join("run");
    fs::create_dir_all(&marks).unwrap();
    open_to_all(&marks);
    for_each_user(|machine| {
        let mut failures = Vec::new();
        for row in rows.iter().filter(|it| it[0].starts_with('s')) {
            let (id, expected) = (row[0], row[4]);
            let path = folder.join(row[1]);
            let name = path.file_name().unwrap().to_str().unwrap();
            let bytes = fs::read(&path).unwrap();
            for by_index in [false, true] {
                let outcome = install(machine, name, &bytes, by_index);
                nothing_installed(machine, &outcome);
                let rejected = outcome.code == 4;
                // Wheels of the well-formed ones have a RECORD without digests: refused behind the build.
                let as_it_should = if expected == "reject" {
                    rejected
                } else {
                    [1, 4].contains(&outcome.code)
                };
                if !as_it_should {
                    failures.push(format!(
                        "{id} ({by_index}): {} {}",
                        outcome.code, outcome.err
                    ));
                }
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
        let left: Vec<_> = fs::read_dir(&marks)
            .unwrap()
            .map(|it| it.unwrap().path())
            .collect();
        assert!(left.is_empty(), "a build reached {left:?}");
    });
    fs::remove_dir_all(MARKS).unwrap();
}
