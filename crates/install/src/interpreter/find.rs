//! From what a user wrote to an executable.

use std::path::{Path, PathBuf};

use super::{Interpreter, nearby};
use crate::{Error, Result};

/// `--python`: a path, or else a version or a command's name, which never mean a folder or file that
/// lies here: a clone can bring one that is called `3.12` or `python3`.
pub(super) fn by_request(
    request: &str,
    search_path: &[PathBuf],
    state_dir: &Path,
) -> Result<Interpreter> {
    if is_path(request) {
        let path = Path::new(request);
        return match path.is_dir() {
            true => in_environment(path, state_dir),
            false => Interpreter::query(path, state_dir),
        };
    }
    let found = match is_version(request) {
        true => by_version(request, search_path, state_dir),
        false => match on_path(request, search_path).next() {
            Some(found) => Interpreter::query(&found, state_dir),
            None => Err(not_found(request, "no such command on PATH")),
        },
    };
    found.map_err(|error| match error {
        Error::Interpreter { python, why } if Path::new(request).exists() => Error::Interpreter {
            python,
            why: format!("{why}; what lies in the working folder is named ./{request}"),
        },
        error => error,
    })
}

/// Whether it names a place: it has a slash, or begins with a dot, as no version and no command does.
pub(super) fn is_path(request: &str) -> bool {
    request.contains('/') || request.starts_with('.')
}

/// The interpreter of an environment, or of an installation's prefix.
pub(super) fn in_environment(folder: &Path, state_dir: &Path) -> Result<Interpreter> {
    Interpreter::query(&executable_in(folder)?, state_dir)
}

/// The executable of an environment, or of an installation's prefix.
pub(super) fn executable_in(folder: &Path) -> Result<PathBuf> {
    let bin = folder.join("bin");
    let names = ["python", "python3"];
    let found = names.iter().map(|it| bin.join(it)).find(|it| it.exists());
    found.ok_or_else(|| Error::Environment {
        path: folder.to_owned(),
        why: "has no bin/python".to_owned(),
    })
}

/// No request: the active environment, `.venv`, the first Python on the search path.
pub(super) fn without_request(
    active: Option<&Path>,
    folder: &Path,
    search_path: &[PathBuf],
    state_dir: &Path,
) -> Result<Interpreter> {
    if let Some(active) = active {
        return in_environment(active, state_dir);
    }
    if let Some(environment) = nearby::environment(folder)? {
        return in_environment(&environment, state_dir);
    }
    let mut found = ["python3", "python"]
        .into_iter()
        .flat_map(|name| on_path(name, search_path));
    match found.next() {
        Some(found) => Interpreter::query(&found, state_dir),
        None => Err(not_found("python3", "no such command on PATH")),
    }
}

/// Candidates from the most to the least specific name; the first whose version begins with the
/// numbers that were asked for. One that cannot be run (a shim without its Python) is passed over.
fn by_version(wanted: &str, search_path: &[PathBuf], state_dir: &Path) -> Result<Interpreter> {
    let numbers: Vec<u64> = wanted.split('.').filter_map(|it| it.parse().ok()).collect();
    let short: Vec<_> = wanted.split('.').take(2).collect();
    let names = [
        format!("python{}", short.join(".")),
        "python3".into(),
        "python".into(),
    ];
    for name in &names {
        for candidate in on_path(name, search_path) {
            let Ok(found) = Interpreter::query(&candidate, state_dir) else {
                continue;
            };
            if found.python().version.release().starts_with(&numbers) {
                return Ok(found);
            }
        }
    }
    Err(not_found(wanted, "no Python of this version on PATH"))
}

fn on_path(name: &str, search_path: &[PathBuf]) -> impl Iterator<Item = PathBuf> {
    let name = name.to_owned();
    search_path
        .iter()
        // An empty or relative entry of PATH means the current folder: never run what lies there.
        .filter(|folder| folder.is_absolute())
        .map(move |folder| folder.join(&name))
        .filter(|it| it.is_file())
}

fn is_version(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text
            .split('.')
            .all(|it| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit()))
}

fn not_found(python: &str, why: &str) -> Error {
    Error::Interpreter {
        python: python.to_owned(),
        why: why.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_from_names() {
        for version in ["3", "3.12", "3.12.1"] {
            assert!(is_version(version), "{version}");
        }
        for name in ["python3.12", "pypy", "3.", ".3", "3.x", ""] {
            assert!(!is_version(name), "{name}");
        }
    }

    #[test]
    fn a_place_has_a_slash_or_begins_with_a_dot() {
        for place in ["./3.12", "env/", "/usr/bin/python3", ".venv", ".", ".."] {
            assert!(is_path(place), "{place}");
        }
        for name in ["3.12", "python3", "env", "pypy-7.3"] {
            assert!(!is_path(name), "{name}");
        }
    }

    #[test]
    fn relative_entries_of_the_search_path_are_not_searched() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("python3"), "").unwrap();
        let search = [PathBuf::from("."), PathBuf::new(), folder.path().to_owned()];
        let found: Vec<_> = on_path("python3", &search).collect();
        assert_eq!(found, [folder.path().join("python3")]);
    }
}
