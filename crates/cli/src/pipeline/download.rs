//! `assay download`: admitted wheels as files, not unpacked.

use std::{
    collections::BTreeMap,
    fs::{File, Permissions},
    io::{self, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use assay_resolve::Resolution;
use assay_trust::{Admission, Measuring, ReadAt};
use assay_types::{Digests, ProjectName};

use super::world::World;
use crate::failure::{Failure, Result};

/// How many files are fetched at once.
const THREADS: usize = 8;
const CHUNK: usize = 256 << 10;

/// A file that is there now.
#[derive(Debug)]
pub struct Downloaded {
    /// Where.
    pub path: PathBuf,
    /// Why it was accepted.
    pub admission: Admission,
    /// Whether the same bytes lay there already.
    pub was_there: bool,
}

/// Fetches and admits every pin's wheel into a folder, in the resolution's order.
pub fn download(
    world: &World<'_>,
    resolution: &Resolution,
    folder: &Path,
) -> Result<Vec<Downloaded>> {
    world.places.progress.phase("Downloading");
    let next = AtomicUsize::new(0);
    let done = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..THREADS.min(resolution.pins.len()) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Relaxed);
                    let Some(pin) = resolution.pins.get(at) else {
                        break;
                    };
                    let result = world.download(&pin.name, pin.candidate.id, folder);
                    done.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .insert(at, result);
                }
            });
        }
    });
    done.into_inner()
        .unwrap_or_else(PoisonError::into_inner)
        .into_values()
        .collect()
}

impl World<'_> {
    fn download(&self, name: &ProjectName, id: usize, folder: &Path) -> Result<Downloaded> {
        let file = self.file(name, id)?;
        let wheel = self.fetched(&file, id)?;
        self.report(wheel.admission())?;
        // A wheel's file name has no separator: it was parsed.
        let path = folder.join(file.name.as_str());
        let failed =
            |error: io::Error| Failure::could_not(format!("writing {}: {error}", path.display()));
        let was_there = is_same(&path, wheel.admission()).map_err(failed)?;
        if !was_there {
            write(wheel.body(), folder, &path).map_err(failed)?;
        }
        let admission = wheel.admission().clone();
        Ok(Downloaded {
            path,
            admission,
            was_there,
        })
    }
}

fn is_same(path: &Path, admission: &Admission) -> io::Result<bool> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let mut measuring = Measuring::new(io::sink(), [&Digests::none()]);
    io::copy(&mut file, &mut measuring)?;
    Ok(measuring.finish().measured().sha256() == admission.sha256())
}

/// Under a temporary name first, so that a file with a wheel's name is always whole.
fn write(body: &impl ReadAt, folder: &Path, path: &Path) -> io::Result<()> {
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
    file.persist(path)?;
    Ok(())
}
