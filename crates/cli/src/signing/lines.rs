//! Files of signed statements, one a line, which several runs may add to.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use assay_files::read_file;

use crate::failure::{Failure, Result};

/// Whoever has a folder writes one small file.
const LIMIT: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(20);

/// What a file holds, which is nothing where there is none; at most `longest` bytes.
pub fn read(path: &Path, longest: usize) -> Result<String> {
    let bytes = match read_file(path, longest as u64) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        read => read.map_err(|it| reading(path, &it))?.0,
    };
    String::from_utf8(bytes).map_err(|error| reading(path, &io::Error::other(error)))
}

/// Changes the lines of a file. What other runs of assay wrote since somebody looked at it is among
/// them, and what they are about to write waits. A file without lines is none.
pub fn change(path: &Path, longest: usize, change: impl FnOnce(&mut Vec<String>)) -> Result<()> {
    let _turn = turn(folder(path))?;
    let text = read(path, longest)?;
    let mut lines = text.lines().map(str::to_owned).collect();
    change(&mut lines);
    if lines.is_empty() {
        return match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(writing(path, &error)),
            _ => Ok(()),
        };
    }
    let text: String = lines.iter().flat_map(|it| [it, "\n"]).collect();
    if text.len() > longest {
        let place = path.display();
        let fact = format!("{place} would have more than {longest} bytes");
        return Err(Failure::could_not(fact));
    }
    write(path, text.as_bytes())
}

/// Writes a file that everybody may read and its owner may change, whole or not at all.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = tempfile::Builder::new()
        .permissions(fs::Permissions::from_mode(0o644))
        .tempfile_in(folder(path))
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            file.persist(path).map_err(|it| it.error)
        });
    written.map(|_| ()).map_err(|it| writing(path, &it))
}

/// The right to change files of this folder, until it is dropped. The folder itself is locked: its files
/// are replaced, and nothing is left behind in somebody's checkout. Where the file system has no locks
/// everybody has the right: it saves lines and decides nothing.
fn turn(folder: &Path) -> Result<Option<File>> {
    let Ok(opened) = File::open(folder) else {
        return Ok(None);
    };
    let started = Instant::now();
    loop {
        match opened.try_lock() {
            Ok(()) => return Ok(Some(opened)),
            Err(TryLockError::Error(_)) => return Ok(None),
            Err(TryLockError::WouldBlock) if started.elapsed() < LIMIT => thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => {
                let (folder, seconds) = (folder.display(), LIMIT.as_secs());
                return Err(Failure::could_not(format!(
                    "another program has held the lock of {folder} for {seconds} seconds"
                )));
            }
        }
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

fn reading(path: &Path, error: &io::Error) -> Failure {
    Failure::could_not(format!("reading {}: {error}", path.display()))
}

fn writing(path: &Path, error: &io::Error) -> Failure {
    Failure::could_not(format!("writing {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_lost_to_another_run() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("set.assay");
        thread::scope(|scope| {
            for who in 0..4 {
                let path = &path;
                scope.spawn(move || {
                    for what in 0..25 {
                        let line = format!("{who} {what}");
                        change(path, 1 << 20, |lines| lines.push(line)).unwrap();
                    }
                });
            }
        });
        let text = read(&path, 1 << 20).unwrap();
        let lines: std::collections::BTreeSet<_> = text.lines().collect();
        assert_eq!((lines.len(), text.lines().count()), (100, 100));
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_is_as_long_as_it_may_be_and_none_without_lines() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("set.assay");
        let push = |line: &'static str| change(&path, 8, |it| it.push(line.to_owned()));
        push("abc").unwrap();
        assert!(
            push("abcd")
                .unwrap_err()
                .fact()
                .contains("more than 8 bytes")
        );
        push("abc").unwrap();
        assert_eq!(read(&path, 8).unwrap(), "abc\nabc\n");
        change(&path, 8, Vec::clear).unwrap();
        change(&path, 8, Vec::clear).unwrap();
        assert!(!path.exists());
    }
}
