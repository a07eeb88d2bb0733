//! The target interpreter: found, asked once, remembered.

mod cache;
mod facts;
mod find;
mod libc;
mod nearby;
mod pyvenv;

use std::path::{Path, PathBuf};

use assay_types::python::Python;

use crate::{Error, Result};
use facts::Facts;

/// A Python that runs here, and the virtual environment it belongs to, if any.
#[derive(Debug, Clone)]
pub struct Interpreter {
    executable: PathBuf,
    base_executable: PathBuf,
    facts: Facts,
    python: Python,
    venv: Option<PathBuf>,
}

/// Where an interpreter keeps things (sysconfig's names), absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Pure Python modules.
    pub purelib: PathBuf,
    /// Modules with native code.
    pub platlib: PathBuf,
    /// Commands.
    pub scripts: PathBuf,
    /// Root of a wheel's `.data/data`.
    pub data: PathBuf,
    /// C headers; each project has its own folder inside.
    pub include: PathBuf,
    /// The standard library.
    pub stdlib: PathBuf,
}

impl Interpreter {
    /// Asks an executable, or remembers what it answered: the answer is kept in `state_dir` under
    /// the executable's canonical path, size, modification time and inode. A virtual environment's
    /// interpreter is its base's, so an unknown environment of a known base is not run at all.
    ///
    /// The answer decides where files are written, so it belongs to the user's state, not to a
    /// cache that a build server may have restored from somewhere.
    pub fn query(executable: &Path, state_dir: &Path) -> Result<Self> {
        let executable = std::path::absolute(executable)
            .map_err(|error| Error::io("resolving", executable, error))?;
        let canonical = executable
            .canonicalize()
            .map_err(|error| unusable(&executable, &error.to_string()))?;
        let facts = cache::facts(&canonical, state_dir)?;
        let python = facts.python(&canonical)?;
        let venv = pyvenv::beside(&executable)?;
        let is_wrapper = facts.executable != canonical;
        let base_executable = match venv.is_some() || is_wrapper {
            true => facts.executable.clone(),
            false => executable.clone(),
        };
        // Outside of an environment a wrapper's path is no name for what it ran.
        let executable = match venv.is_none() && is_wrapper {
            true => facts.executable.clone(),
            false => executable,
        };
        Ok(Self {
            executable,
            base_executable,
            facts,
            python,
            venv,
        })
    }

    /// Finds an interpreter by what a user would write after `--python`: an executable's path, an
    /// environment's folder, `3.12`, `3.12.1`, `python3.12`. Versions and bare names are looked up in
    /// the absolute ones of `search_path`, the folders of `PATH`, and nowhere else.
    pub fn find(request: &str, search_path: &[PathBuf], state_dir: &Path) -> Result<Self> {
        find::by_request(request, search_path, state_dir)
    }

    /// Whether such a request is a path: it has a slash, or begins with a dot, as no version and no
    /// command does.
    pub fn is_path(request: &str) -> bool {
        find::is_path(request)
    }

    /// Why a virtual environment might have come with the folder in which it lies, as a sentence;
    /// `None` where it is the user's own, by the rules of [`Self::discover`].
    pub fn environment_objection(folder: &Path) -> Option<String> {
        nearby::objection_to(folder)
    }

    /// The interpreter of a virtual environment's folder.
    pub fn of_environment(folder: &Path, state_dir: &Path) -> Result<Self> {
        find::in_environment(folder, state_dir)
    }

    /// The interpreter to use where the user named none: of the active environment
    /// (`VIRTUAL_ENV`, else the one of conda), else of `.venv` in `folder` or above it, else
    /// `python3` or `python` from `search_path`. A `.venv` that is not the user's own, or that
    /// brings its own interpreter, is [`Error::NotPrivate`]; one that others left in a folder for
    /// everybody is passed over.
    pub fn discover(
        active: Option<&Path>,
        folder: &Path,
        search_path: &[PathBuf],
        state_dir: &Path,
    ) -> Result<Self> {
        find::without_request(active, folder, search_path, state_dir)
    }

    /// The executable as it was named, absolute.
    pub fn executable(&self) -> &Path {
        &self.executable
    }

    /// The executable of the installation that a virtual environment rests on; outside of one,
    /// its own.
    pub fn base_executable(&self) -> &Path {
        &self.base_executable
    }

    /// The same installation by its real path: none of the links that lead to it is needed.
    #[must_use]
    pub fn without_links(&self) -> Self {
        Self {
            base_executable: self.facts.executable.clone(),
            ..self.clone()
        }
    }

    /// `sys.base_prefix`.
    pub fn base_prefix(&self) -> &Path {
        &self.facts.prefix
    }

    /// Where the installation keeps things that a virtual environment may rest on.
    pub fn base_paths(&self) -> Paths {
        self.facts.install_paths()
    }

    /// Version, markers and platform.
    pub fn python(&self) -> &Python {
        &self.python
    }

    /// `3.12`.
    pub fn short_version(&self) -> String {
        let release = self.python.version.release();
        let part = |i: usize| release.get(i).copied().unwrap_or(0);
        format!("{}.{}", part(0), part(1))
    }

    /// The virtual environment's folder, if this is one.
    pub fn venv(&self) -> Option<&Path> {
        self.venv.as_deref()
    }

    /// `sys.prefix`.
    pub fn prefix(&self) -> &Path {
        self.venv().unwrap_or(&self.facts.prefix)
    }

    /// Where this interpreter installs.
    pub fn paths(&self) -> Paths {
        match self.venv() {
            None => self.facts.install_paths(),
            Some(folder) => self.facts.venv_paths(folder),
        }
    }

    /// Where this interpreter would install inside a virtual environment at `folder`.
    pub(crate) fn paths_in(&self, folder: &Path) -> Paths {
        self.facts.venv_paths(folder)
    }

    /// Where this interpreter would install under another prefix (`--prefix`). Headers lie as in a
    /// virtual environment where this is one, as pip has it.
    pub(crate) fn prefix_paths(&self, folder: &Path) -> Paths {
        match self.venv() {
            None => self.facts.prefix_paths(folder),
            Some(_) => self.facts.venv_paths(folder),
        }
    }

    /// Where a user's own packages lie unless `PYTHONUSERBASE` says otherwise: `~/.local`, or as
    /// macOS has it.
    pub fn user_base(&self, home: &Path) -> PathBuf {
        home.join(&self.facts.user_base)
    }

    /// Whether conda made this installation: an environment of its own, though no virtual one.
    pub fn is_conda(&self) -> bool {
        self.venv.is_none() && is_conda(&self.facts.prefix)
    }

    /// Where this interpreter would install for one user alone, whose base folder (`~/.local`,
    /// PEP 370) is given.
    pub fn user_paths(&self, base: &Path) -> Paths {
        self.facts.user_paths(base)
    }

    /// The folders of the installation that modules are looked for in, those of the system's
    /// package manager among them.
    pub(crate) fn base_sites(&self) -> &[PathBuf] {
        &self.facts.sites
    }

    /// Whether this is a virtual environment that sees the packages of the installation beneath it.
    pub fn sees_base(&self) -> Result<bool> {
        self.venv().map_or(Ok(false), pyvenv::sees_base)
    }

    /// Whether a name is a top-level module of the standard library.
    pub fn is_standard_module(&self, name: &str) -> bool {
        let names = &self.facts.standard_modules;
        names.binary_search_by(|it| it.as_str().cmp(name)).is_ok()
    }
}

/// Whether conda made an environment in a folder.
pub(crate) fn is_conda(folder: &Path) -> bool {
    folder.join("conda-meta").is_dir()
}

fn unusable(executable: &Path, why: &str) -> Error {
    Error::Interpreter {
        python: executable.to_string_lossy().into_owned(),
        why: why.to_owned(),
    }
}
