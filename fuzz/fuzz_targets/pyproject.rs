//! A `pyproject.toml` is read, or refused at a line of its own in words that steer no terminal; no
//! folder of a backend leads out of the tree, and what is said to be static is read back alike.
#![no_main]

use assay_build::{BuildSystem, Error, ProjectTable};
use assay_types::{Requirement, requirement::Wanted, text::is_steering};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match BuildSystem::parse(text) {
        Ok(system) => {
            let folders = system.backend_path.iter().flatten();
            assert!(
                folders
                    .flat_map(|it| it.parts())
                    .all(|it| it != ".." && !it.is_empty())
            );
            assert!(!system.backend.contains(['/', '\\', ' ', ';', '\n']));
            let by_name = |it: &&Requirement| matches!(it.wanted, Wanted::Version(_));
            for requirement in system.requires.iter().filter(by_name) {
                let read = Requirement::parse(&requirement.to_string());
                assert_eq!(&read.expect("what is printed is read"), requirement);
            }
        }
        Err(error) => check(text, &error),
    }
    match ProjectTable::parse(text) {
        Ok(Some(table)) => {
            let metadata = table.metadata();
            assert!(
                metadata
                    .is_none_or(|it| Some(it.version) == table.version && it.name == table.name)
            );
        }
        Ok(None) => {}
        Err(error) => check(text, &error),
    }
});

fn check(text: &str, error: &Error) {
    let Error::Project { place, .. } = error else {
        panic!("{error}");
    };
    let line = place
        .strip_prefix("pyproject.toml")
        .expect("it names the file");
    if let Some(line) = line.strip_prefix(':') {
        let line: usize = line.parse().expect("a line has a number");
        assert!(line >= 1 && line <= text.split('\n').count());
    }
    assert!(!error.to_string().chars().any(is_steering));
}
