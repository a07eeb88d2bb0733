//! Where the cache and the state are.

use std::path::{Path, PathBuf};

use crate::{
    args::CommonArgs,
    failure::{Failure, Result},
    surroundings::Surroundings,
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
    /// Finds them; nothing is made yet, but for the temporary one.
    pub fn new(common: &CommonArgs, around: &Surroundings) -> Result<Self> {
        if common.no_cache_dir {
            let folder = tempfile::Builder::new()
                .prefix("assay-")
                .tempdir()
                .map_err(|error| {
                    Failure::could_not(format!("making a temporary folder: {error}"))
                })?;
            let (cache, state) = (folder.path().join("cache"), folder.path().join("state"));
            return Ok(Self {
                cache,
                state,
                keep: false,
                _temporary: Some(folder),
            });
        }
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
