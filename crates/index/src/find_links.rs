//! `--find-links`: a folder of files, or a page of links, here or on the network.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use assay_types::{
    FileName, ProjectName, Url,
    listing::{File, Location, Origin},
    requirement::redacted,
};

use crate::{
    Client, IndexError,
    http::read_capped,
    os,
    page::{self, Format, Kind, LONGEST_PAGE, Page, PageContext, PageError, fetch_bytes},
};

/// One place, read once in a run.
pub struct FindLinks {
    place: Place,
    origin: Origin,
    is_for_this_run: bool,
}

enum Place {
    Folder {
        path: PathBuf,
        named_in: Arc<str>,
        names: OnceLock<Vec<String>>,
    },
    File {
        path: PathBuf,
        named_in: Arc<str>,
        body: OnceLock<Vec<u8>>,
    },
    Page {
        url: Url,
        page: OnceLock<Option<Box<Page>>>,
    },
}

impl FindLinks {
    /// A folder on this machine or, by its ending (`.html`, `.htm`), a page of links to files below
    /// the page's folder or elsewhere. `path` is absolute. The files count as named by the user, in
    /// `named_in`: `--find-links wheels`, or that and the line of a requirements file.
    pub fn path(path: impl Into<PathBuf>, named_in: impl Into<Arc<str>>) -> Self {
        let (path, named_in) = (path.into(), named_in.into());
        let origin = Origin::FindLinks(Arc::from(path.display().to_string()));
        let place = if is_page(&path) {
            Place::File {
                path,
                named_in,
                body: OnceLock::new(),
            }
        } else {
            Place::Folder {
                path,
                named_in,
                names: OnceLock::new(),
            }
        };
        Self {
            place,
            origin,
            is_for_this_run: false,
        }
    }

    /// A page of links; `url` comes from [`Client::url`], so it holds no credentials.
    pub fn page(url: Url) -> Self {
        let origin = Origin::FindLinks(Arc::from(redacted(&url).as_str()));
        Self {
            place: Place::Page {
                url,
                page: OnceLock::new(),
            },
            origin,
            is_for_this_run: false,
        }
    }

    /// The same place, said to stand on the command line of this very run.
    pub fn for_this_run(mut self) -> Self {
        self.is_for_this_run = true;
        self
    }

    /// Whether it serves projects that are pinned to an index, too: a path that the command line of
    /// this run names, as it may name a file.
    pub(crate) fn is_for_this_run(&self) -> bool {
        self.is_for_this_run && !matches!(self.place, Place::Page { .. })
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
            Place::File {
                path,
                named_in,
                body,
            } => {
                let body = get_or_try(body, || read_page(path))?;
                self.links(path, body, project, Kind::LocalLinks { named_in })
            }
            Place::Page { url, page } => {
                let page = get_or_try(page, || {
                    Ok(fetch_bytes(client, url, None)?.ok().map(Box::new))
                })?;
                let page = page
                    .as_ref()
                    .ok_or_else(|| IndexError::answer(url, "there is no such page"))?;
                let context = PageContext {
                    url: &page.meta.url,
                    origin: &self.origin,
                    project,
                    kind: Kind::Links,
                };
                Ok(page.parse(context)?.files)
            }
        }
    }

    /// The links of a page that lies at a path.
    fn links(
        &self,
        path: &Path,
        body: &[u8],
        project: &ProjectName,
        kind: Kind<'_>,
    ) -> Result<Vec<File>, IndexError> {
        let url = Url::from_file_path(path).map_err(|()| {
            IndexError::setting(format!("--find-links: {} is not absolute", path.display()))
        })?;
        let context = PageContext {
            url: &url,
            origin: &self.origin,
            project,
            kind,
        };
        let listing = page::parse(Format::Html, body, context)
            .map_err(|PageError(fact)| IndexError::answer(&url, fact))?;
        Ok(listing.files)
    }

    /// Whatever in the folder is not a file of this project is none of our business.
    fn local(&self, location: Location, name: &str, project: &ProjectName) -> Option<File> {
        let name = FileName::parse(name, project).ok()?;
        Some(File::new(name, location, self.origin.clone()))
    }
}

/// A folder may be called so too.
fn is_page(path: &Path) -> bool {
    let ending = path.extension().and_then(|it| it.to_str());
    let is_html = |it: &str| it.eq_ignore_ascii_case("html") || it.eq_ignore_ascii_case("htm");
    ending.is_some_and(is_html) && !path.is_dir()
}

fn read_page(path: &Path) -> Result<Vec<u8>, IndexError> {
    let reading = |error| IndexError::io(path, "reading", error);
    let (file, _) = os::open_regular(path).map_err(reading)?;
    let body = read_capped(file, LONGEST_PAGE).map_err(reading)?;
    body.ok_or_else(|| IndexError::TooLarge {
        url: path.display().to_string(),
        limit: LONGEST_PAGE,
        source: "the limit for a page",
    })
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
