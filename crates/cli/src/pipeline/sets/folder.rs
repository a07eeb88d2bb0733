//! A set in a folder: each `*.assay` directly in it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use assay_files::{objection, read_file};
use assay_trust::{signature::Rule, statement::Bundle};

use super::Raw;
use crate::failure::{Failure, Result};

/// More files than anybody keeps in one folder.
const MOST_FILES: usize = 10_000;

/// Its files as an install takes them; `vouch` reads a set by the same rules, so that nobody approves of
/// one there that is refused here.
pub(super) fn read(folder: &Path) -> Result<Raw> {
    let files = files(folder)?.into_iter();
    Ok(Raw {
        files: files
            .map(|it| (it.path.display().to_string(), it.bytes))
            .collect(),
        remarks: Vec::new(),
    })
}

/// One file of a set, not parsed.
pub struct SetFile {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
}

/// Reads the files in the order of their names. Others are passed over, also those of folders below.
///
/// Statements are signed, so that nobody makes one up who can write there; but who can take one away
/// takes a denial away. So nobody else may write to the folder, and no link may lead out of it.
pub fn files(folder: &Path) -> Result<Vec<SetFile>> {
    let mut files = Vec::new();
    let mut left = Bundle::LARGEST_SET;
    for path in paths(folder)? {
        let read = read_file(&path, left as u64);
        let (bytes, stat) = read.map_err(|it| match it.kind() {
            io::ErrorKind::FileTooLarge => too_large(folder),
            _ => failed(&path, &it),
        })?;
        check_owner(&path, &stat)?;
        left -= bytes.len();
        files.push(SetFile { path, bytes });
    }
    Ok(files)
}

fn paths(folder: &Path) -> Result<Vec<PathBuf>> {
    let stat = fs::metadata(folder).map_err(|it| failed(folder, &it))?;
    check_owner(folder, &stat)?;
    let whole = fs::canonicalize(folder).map_err(|it| failed(folder, &it))?;
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(|it| failed(folder, &it))? {
        let path = entry.map_err(|it| failed(folder, &it))?.path();
        let name = path.file_name().map(|it| it.as_encoded_bytes());
        if !name.is_some_and(|it| it.ends_with(Bundle::ENDING.as_bytes())) {
            continue;
        }
        let real = fs::canonicalize(&path).map_err(|it| failed(&path, &it))?;
        if real.parent() != Some(&whole) {
            let (path, real) = (path.display(), real.display());
            return Err(
                Failure::refused(format!("{path} is a link that leads out: {real}"))
                    .hint("put the file itself there"),
            );
        }
        paths.push(path);
        if paths.len() > MOST_FILES {
            return Err(too_large(folder));
        }
    }
    paths.sort();
    Ok(paths)
}

fn check_owner(path: &Path, stat: &fs::Metadata) -> Result<()> {
    match objection(stat) {
        None => Ok(()),
        Some(fact) => {
            let path = path.display();
            Err(Failure::refused(format!("{path} {fact}"))
                .hint(format!("chown and chmod go-w {path}")))
        }
    }
}

fn too_large(folder: &Path) -> Failure {
    let folder = folder.display();
    let fact = format!(
        "{folder} has more than {MOST_FILES} files, or more than {} bytes in them",
        Bundle::LARGEST_SET
    );
    Failure::refused(fact).detail(format!("rule: {}", Rule::Size.name()))
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::could_not(format!("reading {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.assay", "a.assay", "README"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        fs::create_dir(folder.path().join("below")).unwrap();
        fs::write(folder.path().join("below/c.assay"), "c").unwrap();
        folder
    }

    #[test]
    fn the_files_that_are_statements_are_read_in_order() {
        let folder = folder();
        let raw = read(folder.path()).unwrap();
        let files: Vec<_> = raw.files.iter().map(|it| &it.1[..]).collect();
        assert_eq!(files, [b"a.assay", b"b.assay"]);
        assert!(read(&folder.path().join("missing")).is_err());
        assert!(read(&folder.path().join("README")).is_err());
    }

    #[test]
    fn a_link_may_stay_and_not_lead_out() {
        let folder = folder();
        symlink("a.assay", folder.path().join("c.assay")).unwrap();
        assert_eq!(read(folder.path()).unwrap().files.len(), 3);
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("x"), "x").unwrap();
        symlink(outside.path().join("x"), folder.path().join("d.assay")).unwrap();
        let failure = read(folder.path()).err().unwrap();
        assert!(failure.is_refusal() && failure.fact().contains("leads out"));
    }

    #[test]
    fn nobody_else_may_write_there() {
        let folder = folder();
        for path in [folder.path().to_owned(), folder.path().join("a.assay")] {
            let mode = fs::metadata(&path).unwrap().permissions();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
            assert!(read(folder.path()).err().unwrap().is_refusal());
            fs::set_permissions(&path, mode).unwrap();
            assert!(read(folder.path()).is_ok());
        }
    }

    #[test]
    fn what_is_no_file_or_too_long_is_not_passed_over() {
        let folder = folder();
        fs::create_dir(folder.path().join("c.assay")).unwrap();
        assert!(read(folder.path()).is_err());
        fs::remove_dir(folder.path().join("c.assay")).unwrap();
        let long = fs::File::create(folder.path().join("c.assay")).unwrap();
        long.set_len(Bundle::LARGEST_SET as u64).unwrap();
        assert!(read(folder.path()).err().unwrap().is_refusal());
    }
}
