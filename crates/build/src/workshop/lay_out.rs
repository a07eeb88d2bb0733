//! Putting a tree into the workshop.

use std::{
    fs::{self, File, FileTimes},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use assay_archive::{ArchiveError, Sdist};
use assay_trust::ReadAt;
use assay_types::SafePath;

use super::{Workshop, below, files, make, tree};
use crate::{Error, Result, SOURCE_DATE_EPOCH};

pub use tree::LaidOut;

impl Workshop {
    /// Writes the sdist's files, each executable or not and of one fixed time, without the folder at the
    /// top. On an error the workshop is of no more use.
    pub fn lay_out_sdist<B: ReadAt>(&mut self, sdist: &Sdist<B>) -> Result<()> {
        let source = self.source();
        make(&source)?;
        let mut writer = Writer {
            source: &source,
            sdist,
            open: None,
            next: 0,
        };
        sdist.contents(|index, piece| writer.take(index, piece))?;
        // The last ones may be empty.
        let ended = writer.begin_up_to(sdist.files().len());
        let ended = ended.and_then(|()| writer.finish());
        ended.map_err(|error| Error::io("writing to", &source, error))
    }

    /// Copies a folder of the user's: files, links as they are, folders. The subdirectory is the
    /// project's own folder in it. On an error the workshop is of no more use.
    pub fn lay_out_tree(
        &mut self,
        root: &Path,
        subdirectory: Option<&SafePath>,
    ) -> Result<LaidOut> {
        let source = self.source();
        make(&source)?;
        let left_out = self.left_out.iter().map(PathBuf::as_path);
        let left_out = left_out.chain([self.folder.path()]);
        let (mut laid_out, modules) = tree::copy(root, &source, left_out)?;
        self.modules = modules;
        if let Some(subdirectory) = subdirectory {
            check_folder(&source, subdirectory)?;
            // Of one tree several projects may be built, each to a wheel of its own.
            let text = subdirectory.as_str();
            let line = format!("s {} {text}\n", text.len());
            laid_out.listing.extend(line.as_bytes());
        }
        self.subdirectory = subdirectory.cloned();
        Ok(laid_out)
    }
}

/// A folder of the tree, without a link on the way.
fn check_folder(source: &Path, subdirectory: &SafePath) -> Result<()> {
    let mut path = source.to_owned();
    for part in subdirectory.parts() {
        path.push(part);
        let named = || PathBuf::from(subdirectory.as_str());
        let failed = |error| Error::io("looking for the subdirectory", &named(), error);
        let found = path.symlink_metadata().map_err(failed)?;
        if !found.is_dir() {
            return Err(failed(io::ErrorKind::NotADirectory.into()));
        }
    }
    Ok(())
}

/// Writes files in the archive's order, one at a time.
struct Writer<'a, B> {
    source: &'a Path,
    sdist: &'a Sdist<B>,
    open: Option<File>,
    /// The first file that was not begun.
    next: usize,
}

impl<B> Writer<'_, B> {
    fn take(&mut self, index: usize, piece: &[u8]) -> Result<(), ArchiveError> {
        self.begin_up_to(index + 1)?;
        match &mut self.open {
            Some(file) => Ok(file.write_all(piece)?),
            None => Ok(()),
        }
    }

    /// Those before the last one are empty.
    fn begin_up_to(&mut self, end: usize) -> io::Result<()> {
        while self.next < end {
            self.finish()?;
            let file = &self.sdist.files()[self.next];
            let path = below(self.source, Some(&file.path));
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            self.open = Some(files::create(&path, file.executable)?);
            self.next += 1;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        match self.open.take() {
            Some(file) => file.set_times(FileTimes::new().set_modified(fixed_time())),
            None => Ok(()),
        }
    }
}

fn fixed_time() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(SOURCE_DATE_EPOCH)
}
