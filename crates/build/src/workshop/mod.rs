//! The private folder that one tree is built in.
//!
//! ```text
//! work/            the one folder that the sandbox can write to
//! work/src/        the tree
//! work/out/        what hooks make, anew for each run
//! work/home/       an empty home
//! log              everything that was written to standard output and error, by the host
//! ```

mod brought_back;
mod copy_out;
pub mod files;
mod git;
mod git_settings;
mod lay_out;
mod remove;
mod tree;

use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use assay_files::PrivateFolder;
use assay_types::SafePath;
use tempfile::TempDir;

pub use brought_back::{MadeInPlace, NativeModule};
pub use lay_out::LaidOut;
pub use remove::all as remove_all;

use crate::{BuildSystem, Error, Result};

pub const SOURCE: &str = "src";
pub const OUT: &str = "out";
pub const HOME: &str = "home";

/// A private folder with a tree in it, removed on drop.
#[derive(Debug)]
pub struct Workshop {
    folder: TempDir,
    launcher: Option<PathBuf>,
    /// Folders of the user's tree that do not belong to it.
    left_out: Vec<PathBuf>,
    /// The project's folder, below the tree's.
    subdirectory: Option<SafePath>,
    /// Of the tree, as it was laid out.
    modules: tree::Modules,
    /// The size of the largest file that may be taken out. `None` where nothing may be: nothing ran, or
    /// something may still run.
    at_rest: Option<u64>,
    reached: BTreeSet<String>,
    system: OnceLock<BuildSystem>,
}

impl Workshop {
    /// A new one in a folder of the user's own. As root, tier [`Restricted`](assay_sandbox::Tier) needs
    /// everything above it to be searchable by other users.
    pub fn new(parent: &PrivateFolder) -> Result<Self> {
        parent.make()?;
        let folder = tempfile::Builder::new()
            .prefix("build-")
            .tempdir_in(parent.path())
            .map_err(|error| Error::io("making a folder in", parent.path(), error))?;
        let new = Self {
            folder,
            launcher: None,
            left_out: Vec::new(),
            subdirectory: None,
            modules: tree::Modules::new(),
            at_rest: None,
            reached: BTreeSet::new(),
            system: OnceLock::new(),
        };
        for made in [new.work(), new.work().join(HOME)] {
            make(&made)?;
        }
        Ok(new)
    }

    /// The binary that calls [`assay_sandbox::launcher`] first; the running one, where this is not said.
    pub fn launcher(mut self, binary: &Path) -> Self {
        self.launcher = Some(binary.to_owned());
        self
    }

    /// Leaves this folder out where a tree holds it: what builds of the tree made does not belong to it.
    pub fn without(mut self, folder: &Path) -> Self {
        self.left_out.push(folder.to_owned());
        self
    }

    /// What builds the project, as the tree says it when this is asked first, which is before anything
    /// runs: a backend may write something else, or put a link there.
    pub fn build_system(&self) -> Result<BuildSystem> {
        if let Some(known) = self.system.get() {
            return Ok(known.clone());
        }
        let read = BuildSystem::read(&self.project())?;
        Ok(self.system.get_or_init(|| read).clone())
    }

    /// Where the project lies for the host. Once something ran there it is a stranger's.
    pub fn project(&self) -> PathBuf {
        below(&self.source(), self.subdirectory.as_ref())
    }

    /// All that was written to standard output and error, by every run. There as long as the workshop
    /// is.
    pub fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// The hosts that any run so far was connected to, as `NAME:PORT`: for the receipt.
    pub fn reached(&self) -> &BTreeSet<String> {
        &self.reached
    }

    pub(crate) fn has_reached(&mut self, hosts: &[String]) {
        self.reached.extend(hosts.iter().cloned());
    }

    pub(crate) fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    pub(crate) fn source(&self) -> PathBuf {
        self.work().join(SOURCE)
    }

    pub(crate) fn subdirectory(&self) -> Option<&SafePath> {
        self.subdirectory.as_ref()
    }

    pub(crate) fn launcher_path(&self) -> Option<&Path> {
        self.launcher.as_deref()
    }

    /// Gets it ready for a run, of which nothing may be read until [`is_at_rest`](Self::is_at_rest).
    pub(crate) fn prepare(&mut self, for_others: bool) -> Result<File> {
        self.at_rest = None;
        let out = self.work().join(OUT);
        remove::all(&out).map_err(|error| Error::io("emptying", &out, error))?;
        make(&out)?;
        if for_others {
            let folder = self.folder.path();
            fs::set_permissions(folder, fs::Permissions::from_mode(0o711))
                .map_err(|error| Error::io("opening to the build's user", folder, error))?;
        }
        let path = self.log();
        let mut options = OpenOptions::new();
        let log = options.append(true).create(true).mode(0o600).open(&path);
        log.map_err(|error| Error::io("writing", &path, error))
    }

    /// Every process of the last run is dead; no file of more bytes than that is taken out.
    pub(crate) fn is_at_rest(&mut self, largest: u64) {
        self.at_rest = Some(largest);
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        // A backend may have taken permissions away from its own folders. What cannot be removed now
        // lies in a cache.
        let _ = remove::all(&self.work());
    }
}

/// A folder with the permissions that a new one usually has, whatever the umask.
fn make(path: &Path) -> Result<()> {
    let made = fs::DirBuilder::new().mode(0o755).create(path);
    let made = made.and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(0o755)));
    made.map_err(|error| Error::io("making", path, error))
}

/// The folder, or that part of it.
pub fn below(folder: &Path, part: Option<&SafePath>) -> PathBuf {
    match part {
        Some(part) => folder.join(part.as_str()),
        None => folder.to_owned(),
    }
}
