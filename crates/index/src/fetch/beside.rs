//! Small documents beside a file: a signature, a bundle of statements. Nothing of them is believed
//! here.

use std::{io, path::PathBuf};

use assay_files::read_file;
use assay_types::{
    Url,
    listing::{File, Location},
};

use crate::{Client, IndexError, error::redacted, http::Retries};

impl Client {
    /// The document whose name is the file's with `ending` added, such as `.asc`; `None` where it is
    /// certain that there is none (404, 410; no such path). More than `limit` bytes are an error
    /// ([`IndexError::is_too_large`]), and so is whatever else the server answers. Asks each time;
    /// nothing is kept. What is not needed is not waited for: one retry, and some seconds.
    pub fn fetch_beside(
        &self,
        file: &File,
        ending: &str,
        limit: u64,
        is_needed: bool,
    ) -> Result<Option<Vec<u8>>, IndexError> {
        match Place::new(file, ending) {
            Place::Url(url) => self.get_beside(&url, limit, is_needed),
            Place::Path(path) => read_beside(path, limit),
        }
    }

    fn get_beside(
        &self,
        url: &Url,
        limit: u64,
        is_needed: bool,
    ) -> Result<Option<Vec<u8>>, IndexError> {
        let config = self.config();
        let mut retries = match is_needed {
            true => Retries::new(config, config.deadline),
            false => Retries::few(config),
        };
        let accept = |status| matches!(status, 200 | 404 | 410);
        let headers = [("accept-encoding", "gzip")];
        loop {
            let answer = self.send(url, &headers, &mut retries, accept);
            // How long a page is that says "not found" does not matter.
            let document = answer.and_then(|it| match it.head.status {
                200 => self
                    .read_whole(it, retries.deadline(), limit)
                    .map(|it| Some(it.1)),
                _ => Ok(None),
            });
            match document {
                Ok(document) => return Ok(document),
                Err(error) => retries.again_after(error)?,
            }
        }
    }
}

/// Where such a document would lie, as a person names it: no credentials, no query.
pub fn place_beside(file: &File, ending: &str) -> String {
    match Place::new(file, ending) {
        Place::Url(url) => redacted(&url),
        Place::Path(path) => path.display().to_string(),
    }
}

enum Place {
    Url(Url),
    Path(PathBuf),
}

impl Place {
    fn new(file: &File, ending: &str) -> Self {
        match &file.location {
            Location::Url(url) => {
                let mut url = url.clone();
                url.set_path(&format!("{}{ending}", url.path()));
                Self::Url(url)
            }
            Location::Path { path, .. } => {
                let mut path = path.clone().into_os_string();
                path.push(ending);
                Self::Path(path.into())
            }
            Location::Tree(tree) => {
                let mut path = tree.root.clone().into_os_string();
                path.push(ending);
                Self::Path(path.into())
            }
        }
    }
}

fn read_beside(path: PathBuf, limit: u64) -> Result<Option<Vec<u8>>, IndexError> {
    match read_file(&path, limit) {
        Ok((bytes, _)) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => Err(IndexError::TooLarge {
            url: path.display().to_string(),
            limit,
            source: "the limit for such a file",
        }),
        Err(error) => Err(IndexError::io(path, "reading", error)),
    }
}
