//! Commits of repositories, by the system's own `git`.
//!
//! What a repository holds is anybody's. So nothing of it decides what runs here: no hook, no filter, no
//! helper, no transport but those of [`Address`]; and what was asked for by its full id is what was
//! checked out. A checkout is for the sandbox to read: symbolic links in it may lead anywhere.

mod environment;
mod process;
mod program;
mod refs;
mod session;
#[cfg(test)]
mod tests;
mod told;

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use assay_types::{
    SafePath, Url,
    repository::{Address, Commit, Repository},
};

pub use environment::VARIABLES;
use session::Session;

use crate::IndexError;

/// What git may use.
#[derive(Debug, Clone)]
pub struct GitConfig {
    /// `PATH`; entries that are relative, or that others can write to, are passed over.
    pub path: OsString,
    /// Of the process's environment what [`VARIABLES`] names.
    pub variables: Vec<(String, OsString)>,
    /// Ask nothing but repositories of this machine.
    pub offline: bool,
    /// The proxy of `--proxy`.
    pub proxy: Option<String>,
    /// The PEM file of `--cert`.
    pub certificates: Option<PathBuf>,
    /// Longest time for everything about one repository.
    pub limit: Duration,
    /// Most bytes that a checkout may take on the disk.
    pub largest: u64,
}

impl GitConfig {
    /// The defaults.
    pub fn new(path: impl Into<OsString>, variables: Vec<(String, OsString)>) -> Self {
        Self {
            path: path.into(),
            variables,
            offline: false,
            proxy: None,
            certificates: None,
            limit: Duration::from_secs(15 * 60),
            largest: 8 << 30,
        }
    }
}

/// The system's git.
#[derive(Debug)]
pub struct Git {
    config: GitConfig,
    program: PathBuf,
    /// The entries of `PATH` that count.
    path: OsString,
}

/// A commit in a folder, with its history and tags, as `git describe` needs them.
#[derive(Debug)]
pub struct Checkout {
    /// The folder.
    pub root: PathBuf,
    /// Where it comes from, without credentials.
    pub url: Url,
    /// The commit.
    pub commit: Commit,
}

impl Checkout {
    /// What an address names of it. Fails where it has no such subdirectory.
    pub fn repository(&self, address: &Address) -> Result<Repository, IndexError> {
        if let Some(folder) = &address.subdirectory {
            check_folder(&self.root, folder).map_err(|fact| IndexError::Git {
                url: address.to_string(),
                fact,
                hint: None,
            })?;
        }
        Ok(Repository {
            url: self.url.clone(),
            requested: address.revision.as_ref().map(ToString::to_string),
            commit: self.commit.clone(),
            subdirectory: address.subdirectory.clone(),
        })
    }
}

impl Git {
    /// Finds the program. Fails where there is none, and where somebody else could have made it.
    pub fn find(config: GitConfig) -> Result<Self, IndexError> {
        let (program, path) = program::find(&config.path)?;
        Ok(Self {
            config,
            program,
            path,
        })
    }

    /// Checks out what an address means, wherever in it the project lies, into a folder that is not there
    /// yet.
    pub fn checkout(&self, address: &Address, into: &Path) -> Result<Checkout, IndexError> {
        let mut session = self.session(address)?;
        session.watch(into);
        let wanted = match address.commit() {
            Some(commit) => Some(commit),
            None => session.ask(address)?,
        };
        session.clone_into(into)?;
        let commit = session.find(address, wanted, into)?;
        session.check_out(&commit, into)?;
        session.add_submodules(into)?;
        Ok(Checkout {
            root: into.to_owned(),
            url: session.url().clone(),
            commit,
        })
    }

    fn session(&self, address: &Address) -> Result<Session<'_>, IndexError> {
        let is_here = address.url.scheme() == "file";
        if self.config.offline && !is_here {
            return Err(IndexError::Offline {
                url: address.to_string(),
            });
        }
        Session::new(self, address)
    }
}

/// Every part has to be a folder of the checkout, and no link.
fn check_folder(root: &Path, folder: &SafePath) -> Result<(), String> {
    let mut path = root.to_owned();
    for part in folder.parts() {
        path.push(part);
        let is_folder = fs::symlink_metadata(&path).is_ok_and(|it| it.is_dir());
        if !is_folder || part.eq_ignore_ascii_case(".git") {
            return Err(format!("it has no folder {folder}"));
        }
    }
    Ok(())
}

/// The URL that git is given: whatever is secret goes another way.
fn bare(url: &Url) -> Url {
    let mut bare = assay_types::requirement::without_credentials(url);
    if url.scheme() == "ssh" {
        // An `ssh:` URL can hold a user, who is no secret.
        let _ = bare.set_username(url.username());
    }
    bare
}
