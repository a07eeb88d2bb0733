//! The first reading of an sdist: all of it, and nothing is written.

use assay_trust::{Admitted, ReadAt};
use assay_types::{SafePath, SdistName, metadata};

use super::{Container, Sdist, SdistFile, identity};
use crate::{
    ArchiveError, Kind, Limits,
    error::{refused, require},
    tar, zip,
};

const METADATA: &str = "PKG-INFO";

/// What a first reading finds.
struct Found {
    paths: Vec<SafePath>,
    files: Vec<SdistFile>,
    metadata: Option<Vec<u8>>,
    container: Container,
}

impl<B: ReadAt> Sdist<B> {
    /// Reads the whole archive and checks every rule. Its name was parsed from the artifact's.
    pub fn open(admitted: Admitted<B>) -> Result<Self, ArchiveError> {
        let artifact = admitted.admission().artifact();
        let name = SdistName::parse(&artifact.file_name, &artifact.project)
            .map_err(|it| refused("sdist file name", it))?;
        require(
            name.version() == &artifact.version,
            "sdist file name",
            || format!("{} was admitted as {}", name.as_str(), artifact.version),
        )?;
        let body = admitted.body();
        let found = match name.as_str() {
            it if it.ends_with(".tar.gz") => in_tar(body)?,
            it if it.ends_with(".zip") => in_zip(body)?,
            it => {
                return Err(refused(
                    "sdist file name",
                    format!("{it}: its kind is not read"),
                ));
            }
        };
        let top = identity::top(found.paths.iter(), &name)?;
        let metadata_bytes = found
            .metadata
            .ok_or_else(|| refused("PKG-INFO", format!("there is no {top}/{METADATA}")))?;
        let metadata = identity::metadata(&metadata_bytes, &name)?;
        let mut files = found.files;
        for file in &mut files {
            let below = file.path.strip_prefix(&top);
            file.path = below.ok_or_else(|| refused("top folder", format!("{top} is a file")))?;
        }
        Ok(Self {
            name,
            top,
            metadata,
            metadata_bytes,
            files,
            container: found.container,
            admitted,
        })
    }
}

fn in_tar(body: &impl ReadAt) -> Result<Found, ArchiveError> {
    let mut bytes = Vec::new();
    let mut is_there = false;
    let entries = tar::walk(body, &Limits::DEFAULT, |entry, piece| {
        if is_metadata(&entry.path) {
            check_metadata_size(entry.size)?;
            is_there = true;
            bytes.extend(piece);
        }
        Ok(())
    })?;
    let files = entries.iter().filter_map(|it| match it.kind {
        Kind::Directory => None,
        Kind::File { executable } => Some(SdistFile {
            path: it.path.clone(),
            size: it.size,
            executable,
        }),
    });
    Ok(Found {
        files: files.collect(),
        paths: entries.iter().map(|it| it.path.clone()).collect(),
        metadata: is_there.then_some(bytes),
        container: Container::Tar,
    })
}

fn in_zip(body: &impl ReadAt) -> Result<Found, ArchiveError> {
    let entries = zip::walk(body, &Limits::DEFAULT)?;
    let paths = entries.iter().map(|it| it.path.clone()).collect();
    let mut metadata = None;
    let mut files = Vec::new();
    let mut contents = Vec::new();
    for entry in entries {
        let Kind::File { executable } = entry.kind else {
            continue;
        };
        let mut bytes = Vec::new();
        let keep = is_metadata(&entry.path);
        if keep {
            check_metadata_size(entry.size)?;
        }
        zip::copy(body, &entry, |piece| {
            if keep {
                bytes.extend(piece);
            }
            Ok(())
        })?;
        if keep {
            metadata = Some(bytes);
        }
        files.push(SdistFile {
            path: entry.path.clone(),
            size: entry.size,
            executable,
        });
        contents.push(entry);
    }
    Ok(Found {
        paths,
        files,
        metadata,
        container: Container::Zip(contents),
    })
}

/// `PKG-INFO` right below the top.
fn is_metadata(path: &SafePath) -> bool {
    let mut parts = path.parts().skip(1);
    parts.next() == Some(METADATA) && parts.next().is_none()
}

fn check_metadata_size(size: u64) -> Result<(), ArchiveError> {
    require(size <= metadata::LIMIT as u64, "size limit", || {
        format!("{METADATA}: {size} bytes")
    })
}
