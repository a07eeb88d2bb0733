//! The environment that a backend runs in: admitted wheels in a folder that goes with the run.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use assay_build::environment_as_seen;
use assay_install::{Addition, CommitOptions, Environment, LinkMode, Plan, venv};
use assay_sandbox::Tier;
use tempfile::TempDir;

use super::{Builder, requires::Required};
use crate::failure::{Failure, Result};

/// A virtual environment that builds may read and nobody writes to.
#[derive(Debug)]
pub(super) struct BuildEnvironment {
    /// Taken away when nobody builds in it any more.
    _folder: TempDir,
    /// Where the host has it.
    pub path: PathBuf,
    /// Its interpreter, where builds find it.
    pub python: PathBuf,
    /// What the backend has to be able to read, too: the Python that it rests on.
    pub readable: Vec<PathBuf>,
}

/// Threads that link files.
const THREADS: usize = 2;

impl Builder<'_> {
    /// An environment with these wheels; made once in a run.
    pub(super) fn environment(&self, required: &Required) -> Result<Arc<BuildEnvironment>> {
        self.bench.environments.get(&required.with, || {
            self.make_environment(required).map(Arc::new)
        })
    }

    fn make_environment(&self, required: &Required) -> Result<BuildEnvironment> {
        let parent = self.folder()?;
        let failed = |error: std::io::Error| {
            Failure::could_not(format!("making an environment for builds: {error}"))
        };
        let folder = tempfile::Builder::new()
            .prefix("environment-")
            .tempdir_in(parent.path())
            .map_err(failed)?;
        let path = folder.path().join("venv");
        // What is remembered of an environment that goes with the run goes with it.
        let state = folder.path().join("state");
        let base = self.means.interpreter;
        let options = venv::Options::default();
        let python = venv::create(&path, base, &options, self.means.folders.state())?;
        let seen = environment_as_seen(self.tier()?, &path);
        let executable = seen.join(below(&path, python.executable())?);
        let environment = Environment::open(python, false)?.seen_at(&seen);
        let _lock = environment.lock(&state, || {})?;
        let additions = required.approved.iter().map(|it| Addition {
            approved: it.clone(),
            requested: false,
            reference: None,
        });
        let inventory = environment.installed()?;
        let additions = additions.collect();
        let plan = Plan::build(&environment, &inventory, &[], additions, self.means.policy)?;
        plan.commit(CommitOptions {
            link_mode: self.link_mode()?,
            threads: THREADS,
            state_dir: &state,
        })?;
        Ok(BuildEnvironment {
            _folder: folder,
            path,
            python: executable,
            readable: base_folders(base),
        })
    }

    /// Where nothing but Landlock stands between a build and its environment, it may change what a
    /// file is like though not what it holds: the store's own files are kept out of its reach.
    fn link_mode(&self) -> Result<LinkMode> {
        Ok(match self.tier()? {
            Tier::Restricted => LinkMode::Copy,
            _ => LinkMode::Auto,
        })
    }
}

/// The path of an environment's interpreter in it.
fn below<'a>(environment: &Path, executable: &'a Path) -> Result<&'a Path> {
    executable.strip_prefix(environment).map_err(|_| {
        let executable = executable.display();
        Failure::could_not(format!("an environment for builds: {executable} is not in it"))
    })
}

/// The folders of the Python that an environment rests on, where the system's are not all.
fn base_folders(base: &assay_install::Interpreter) -> Vec<PathBuf> {
    let executable = base.base_executable();
    let real = executable.canonicalize();
    let bins = [Some(executable.to_owned()), real.ok()];
    let prefixes = bins.into_iter().flatten().filter_map(|it| {
        let prefix = it.parent()?.parent()?;
        let is_systems = prefix == Path::new("/") || prefix.starts_with("/usr");
        (!is_systems).then(|| prefix.to_owned())
    });
    let mut folders: Vec<_> = prefixes.collect();
    folders.sort();
    folders.dedup();
    folders
}
