//! Admitted archives as files of the user's.

use std::{
    fs::{self, File, Permissions},
    io::{self, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::Path,
};

use assay_trust::{Admission, Measuring, ReadAt};
use assay_types::Digests;
use tempfile::NamedTempFile;

use crate::failure::{Failure, Result};

const CHUNK: usize = 256 << 10;

/// Whether those very bytes lie there already.
pub fn is_there(path: &Path, admission: &Admission) -> Result<bool> {
    let digest = || -> io::Result<_> {
        let mut measuring = Measuring::new(io::sink(), [&Digests::none()]);
        io::copy(&mut File::open(path)?, &mut measuring)?;
        Ok(measuring.finish().measured().sha256())
    };
    check_replaceable(path)?;
    match digest() {
        Ok(sha256) => Ok(sha256 == admission.sha256()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed(path, &error)),
    }
}

/// Writes files. Under temporary names first, all of them, so that a file with an archive's name is
/// always whole, and none is there while another cannot be written.
pub fn write<B: ReadAt>(files: &[(&B, &Path)]) -> Result<()> {
    let mut whole = Vec::new();
    for (body, path) in files {
        check_replaceable(path)?;
        whole.push(temporary(*body, path).map_err(|error| failed(path, &error))?);
    }
    for (file, (_, path)) in whole.into_iter().zip(files) {
        file.persist(path)
            .map_err(|error| failed(path, &error.error))?;
    }
    Ok(())
}

fn temporary(body: &impl ReadAt, path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().unwrap_or(path);
    let mut file = tempfile::Builder::new()
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)?;
    let mut chunk = vec![0; CHUNK];
    let mut offset = 0;
    while offset < body.size() {
        let length = CHUNK.min(usize::try_from(body.size() - offset).unwrap_or(CHUNK));
        body.read_exact_at(&mut chunk[..length], offset)?;
        file.write_all(&chunk[..length])?;
        offset += length as u64;
    }
    Ok(file)
}

/// A file takes a file's place, and that of nothing else.
fn check_replaceable(path: &Path) -> Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => Ok(()),
        Ok(_) => Err(Failure::could_not(format!(
            "writing {}: something lies there that is no file",
            path.display()
        ))
        .hint("move it away, or name another folder")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed(path, &error)),
    }
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::could_not(format!("writing {}: {error}", path.display()))
}
