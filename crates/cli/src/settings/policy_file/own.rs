//! The machine's and the user's own file, and any that is named.

use std::{fs, io, path::Path};

use super::{LONGEST, Read, Root, Times};
use crate::failure::{Failure, Result};
use assay_files::{objection, read_file};

/// Reads a file that may be missing. Neither it nor its folder may be somebody else's to write to:
/// who can take a file away is rid of its rules.
pub(super) fn read(path: &Path, times: Times) -> Result<Option<Read>> {
    if let Some(folder) = path.parent() {
        match fs::metadata(folder) {
            Err(error) if is_missing(&error) => return Ok(None),
            Err(error) => return Err(unread(folder, &error)),
            Ok(stat) => refuse(folder, objection(&stat))?,
        }
    }
    let Some(text) = text(path)? else {
        return Ok(None);
    };
    super::read(&path.display().to_string(), &text, Root::Document, times)
}

/// The text of a regular file that nobody else can write to; `None` where there is none. A symbolic
/// link is followed: whose the file is counts, and the folder of the link was judged.
pub(super) fn text(path: &Path) -> Result<Option<String>> {
    let (bytes, stat) = match read_file(path, LONGEST) {
        Ok(read) => read,
        // A link to nowhere is a file that somebody believes in.
        Err(error) if is_missing(&error) && path.symlink_metadata().is_err() => return Ok(None),
        Err(error) => return Err(unread(path, &error)),
    };
    refuse(path, objection(&stat))?;
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|_| Failure::usage(format!("{} is not UTF-8", path.display())))
}

fn is_missing(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}

fn unread(path: &Path, error: &io::Error) -> Failure {
    Failure::could_not(format!("reading {}: {error}", path.display()))
}

fn refuse(path: &Path, objection: Option<String>) -> Result<()> {
    let shown = path.display();
    match objection {
        None => Ok(()),
        Some(fact) => Err(Failure::refused(format!("{shown} {fact}"))
            .detail("rule: a policy is yours or the machine's administrator's alone to write")
            .hint(format!("chown and chmod go-w {shown}"))),
    }
}
