//! Where the cache and the state are.

use std::path::{Path, PathBuf};

use assay_files::{Error, PrivateFolder};

use crate::{
    args::CommonArgs,
    failure::{Failure, Result},
    surroundings::Surroundings,
    ui::Ui,
};

/// The folders that outlive a run, or that stand in for them.
#[derive(Debug)]
pub struct Folders {
    cache: PathBuf,
    state: PathBuf,
    /// Whether anything is kept for the next run.
    keep: bool,
    /// With `--no-cache-dir` everything lies in here and goes with it.
    _temporary: Option<tempfile::TempDir>,
}

impl Folders {
    /// Finds them and makes them. Where the usual ones cannot be made, as in a container without a
    /// home, this run goes without.
    pub fn new(common: &CommonArgs, around: &Surroundings, ui: &Ui) -> Result<Self> {
        if common.no_cache_dir {
            return Self::temporary();
        }
        let folders = Self::lasting(common, around)?;
        match folders.make() {
            // Whether they are the user's own is judged where they are used.
            Ok(()) | Err(Error::NotPrivate { .. }) => Ok(folders),
            Err(error) if common.cache_dir.is_none() => {
                ui.warn(&format!("nothing is kept for the next run: {error}"));
                Self::temporary()
            }
            // The user named this very folder.
            Err(error) => Err(Failure::could_not(error.to_string())),
        }
    }

    /// Everything in one folder that goes with this run.
    fn temporary() -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("assay-")
            .tempdir()
            .map_err(|error| Failure::could_not(format!("making a temporary folder: {error}")))?;
        let (cache, state) = (folder.path().join("cache"), folder.path().join("state"));
        Ok(Self {
            cache,
            state,
            keep: false,
            _temporary: Some(folder),
        })
    }

    fn lasting(common: &CommonArgs, around: &Surroundings) -> Result<Self> {
        let cache = match &common.cache_dir {
            Some(path) => around.absolute(path),
            None => around
                .cache_home
                .as_deref()
                .map(|it| it.join("assay"))
                .ok_or_else(|| no_home("cache"))?,
        };
        let state = around
            .state_home
            .as_deref()
            .map(|it| it.join("assay"))
            .ok_or_else(|| no_home("state"))?;
        Ok(Self {
            cache,
            state,
            keep: true,
            _temporary: None,
        })
    }

    fn make(&self) -> assay_files::Result<()> {
        [&self.cache, &self.state]
            .into_iter()
            .try_for_each(|it| PrivateFolder::new(it).make())
    }

    /// The cache: index pages, the store, staging files.
    pub fn cache(&self) -> &Path {
        &self.cache
    }

    /// The state: what must not be lost or forged.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// The state, unless nothing is kept for the next run.
    pub fn lasting_state(&self) -> Option<&Path> {
        self.keep.then_some(&*self.state)
    }
}

fn no_home(what: &str) -> Failure {
    Failure::could_not(format!("no place for the {what}: HOME is not set"))
        .hint("set HOME, or use --no-cache-dir")
}
