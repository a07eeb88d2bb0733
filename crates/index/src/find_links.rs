//! `--find-links`: a folder of files, or a page of links.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use assay_types::{
    FileName, ProjectName, Url,
    listing::{File, Location, Origin},
};

use crate::{
    Client, IndexError,
    page::{Page, PageContext, fetch_bytes},
};

/// One place, read once in a run.
pub struct FindLinks {
    place: Place,
    origin: Origin,
}

enum Place {
    Folder {
        path: PathBuf,
        named_in: Arc<str>,
        names: OnceLock<Vec<String>>,
    },
    Page {
        url: Url,
        page: OnceLock<Option<Box<Page>>>,
    },
}

impl FindLinks {
    /// A folder on this machine. Its files count as named by the user, in `named_in`:
    /// `--find-links wheels`, or that and the line of a requirements file.
    pub fn folder(path: impl Into<PathBuf>, named_in: impl Into<Arc<str>>) -> Self {
        let path = path.into();
        let origin = Origin::FindLinks(Arc::from(path.display().to_string()));
        Self {
            place: Place::Folder {
                path,
                named_in: named_in.into(),
                names: OnceLock::new(),
            },
            origin,
        }
    }

    /// A page of links; `url` comes from [`Client::url`], so it holds no credentials.
    pub fn page(url: Url) -> Self {
        let origin = Origin::FindLinks(Arc::from(url.as_str()));
        Self {
            place: Place::Page {
                url,
                page: OnceLock::new(),
            },
            origin,
        }
    }

    /// The place as a person names it.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The files of one project in this place. A page that does not exist is an error, as a
    /// missing folder is: the user named it.
    pub(crate) fn files(
        &self,
        client: &Client,
        project: &ProjectName,
    ) -> Result<Vec<File>, IndexError> {
        match &self.place {
            Place::Folder {
                path,
                named_in,
                names,
            } => {
                let names = get_or_try(names, || read_names(path))?;
                let files = names.iter().filter_map(|name| {
                    let location = Location::Path {
                        path: path.join(name),
                        named_in: Arc::clone(named_in),
                    };
                    self.local(location, name, project)
                });
                Ok(files.collect())
            }
            Place::Page { url, page } => {
                let page = get_or_try(page, || Ok(fetch_bytes(client, url)?.map(Box::new)))?;
                let page = page
                    .as_ref()
                    .ok_or_else(|| IndexError::answer(url, "there is no such page"))?;
                let context = PageContext {
                    url: &page.meta.url,
                    origin: &self.origin,
                    project,
                    own_page: false,
                };
                Ok(page.parse(context)?.files)
            }
        }
    }

    /// Whatever in the folder is not a file of this project is none of our business.
    fn local(&self, location: Location, name: &str, project: &ProjectName) -> Option<File> {
        let name = FileName::parse(name, project).ok()?;
        Some(File::new(name, location, self.origin.clone()))
    }
}

/// The names in a folder, sorted; those that are not UTF-8 cannot be distribution files.
fn read_names(folder: &Path) -> Result<Vec<String>, IndexError> {
    let reading = |error| IndexError::io(folder, "reading", error);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(reading)? {
        names.extend(entry.map_err(reading)?.file_name().into_string().ok());
    }
    names.sort_unstable();
    Ok(names)
}

/// Two threads that come at once may both do the work; the first result stays.
fn get_or_try<T>(
    cell: &OnceLock<T>,
    make: impl FnOnce() -> Result<T, IndexError>,
) -> Result<&T, IndexError> {
    match cell.get() {
        Some(value) => Ok(value),
        None => {
            let made = make()?;
            Ok(cell.get_or_init(|| made))
        }
    }
}
