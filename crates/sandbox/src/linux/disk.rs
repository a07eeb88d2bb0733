//! How full the work folder is. Resource limits know single files only.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use rustix::fs::statvfs;

use crate::Limits;

const INTERVAL: Duration = Duration::from_secs(1);
/// Of the time that passes, at most one part in this many is spent on looking.
const SHARE: u32 = 20;
/// What shall stay free on the file system for everybody else, in bytes.
const SPARE: u64 = 256 << 20;

/// Looks at the work folder now and then.
pub struct DiskWatch {
    work: PathBuf,
    most_bytes: u64,
    most_entries: u64,
    spare: u64,
    next: Instant,
}

impl DiskWatch {
    /// Starts to watch. A file system that is nearly full already may be filled by half.
    pub fn new(work: &Path, limits: &Limits) -> io::Result<Self> {
        Ok(Self {
            work: work.to_owned(),
            most_bytes: limits.disk,
            most_entries: limits.entries,
            spare: SPARE.min(free(work)? / 2),
            next: Instant::now() + INTERVAL,
        })
    }

    /// Whether a limit is passed, where it is time to look again. A folder that cannot be looked into
    /// has passed it.
    pub fn passed(&mut self) -> bool {
        let begun = Instant::now();
        if begun < self.next {
            return false;
        }
        let fits = self.fits();
        self.next = Instant::now() + INTERVAL.max(begun.elapsed() * SHARE);
        !matches!(fits, Ok(true))
    }

    fn fits(&self) -> io::Result<bool> {
        if free(&self.work)? < self.spare {
            return Ok(false);
        }
        let (mut bytes, mut entries) = (0, 0);
        let mut folders = vec![self.work.clone()];
        while let Some(folder) = folders.pop() {
            for entry in still_there(fs::read_dir(&folder))?.into_iter().flatten() {
                let Some(entry) = still_there(entry)? else {
                    continue;
                };
                let Some(metadata) = still_there(entry.metadata())? else {
                    continue;
                };
                bytes += metadata.blocks() * 512;
                entries += 1;
                if bytes > self.most_bytes || entries > self.most_entries {
                    return Ok(false);
                }
                if metadata.is_dir() {
                    folders.push(entry.path());
                }
            }
        }
        Ok(true)
    }
}

fn free(work: &Path) -> io::Result<u64> {
    let system = statvfs(work)?;
    Ok(system.f_bavail.saturating_mul(system.f_frsize))
}

/// What is gone, or was replaced, since its folder was read does not count.
fn still_there<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(it) => Ok(Some(it)),
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Ok(None),
            _ => Err(error),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_may_have_its_limit_and_no_more() {
        let work = tempfile::tempdir().unwrap();
        fs::create_dir(work.path().join("sub")).unwrap();
        fs::write(work.path().join("sub/file"), [1; 100_000]).unwrap();
        let fits = |disk, entries| {
            let limits = Limits {
                disk,
                entries,
                ..Limits::default()
            };
            DiskWatch::new(work.path(), &limits)
                .unwrap()
                .fits()
                .unwrap()
        };
        assert!(fits(200_000, 2));
        assert!(!fits(200_000, 1));
        assert!(!fits(50_000, 2));
    }
}
