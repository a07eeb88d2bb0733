//! The environment that a backend runs in: admitted wheels in a folder that goes with the run.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use assay_build::environment_as_seen;
use assay_install::{Addition, CommitOptions, Environment, Interpreter, LinkMode, Plan, venv};
use assay_sandbox::Tier;
use tempfile::TempDir;

use super::{Builder, open_the_way, requires::Required};
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
    pub(super) fn environment(
        &self,
        required: &Required,
        tier: Tier,
    ) -> Result<Arc<BuildEnvironment>> {
        let key = (required.with.clone(), tier);
        self.bench
            .environments
            .get(&key, || self.make_environment(required, tier).map(Arc::new))
    }

    fn make_environment(&self, required: &Required, tier: Tier) -> Result<BuildEnvironment> {
        let parent = self.folder()?;
        let failed = |error: io::Error| {
            Failure::could_not(format!("making an environment for builds: {error}"))
        };
        let folder = tempfile::Builder::new()
            .prefix("environment-")
            .tempdir_in(parent.path())
            .map_err(failed)?;
        if self.builds_for_root() {
            open_the_way(folder.path()).map_err(failed)?;
        }
        let path = folder.path().join("venv");
        // What is remembered of an environment that goes with the run goes with it.
        let state = folder.path().join("state");
        let base = self.means.interpreter.without_links();
        let options = venv::Options::default();
        let python = venv::create(&path, &base, &options, self.means.folders.state())?;
        let seen = environment_as_seen(tier, &path);
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
            link_mode: link_mode(tier),
            threads: THREADS,
            state_dir: &state,
        })?;
        if rustix::process::geteuid().is_root() {
            for_others(&path).map_err(failed)?;
        }
        Ok(BuildEnvironment {
            _folder: folder,
            path,
            python: executable,
            readable: base_folders(&base, &self.means.settings.private),
        })
    }
}

/// Where nothing but Landlock stands between a build and its environment, it may change what a
/// file is like though not what it holds: the store's own files are kept out of its reach.
fn link_mode(tier: Tier) -> LinkMode {
    match tier {
        Tier::Restricted => LinkMode::Copy,
        _ => LinkMode::Auto,
    }
}

/// Whatever root's umask is: builds run as somebody else. The store's own files, which have more names,
/// are for everybody anyway.
fn for_others(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let metadata = path.symlink_metadata()?;
        if metadata.is_dir() {
            for_others(&path)?;
        } else if metadata.is_file() && metadata.nlink() == 1 {
            let read = 0o444 | (metadata.mode() & 0o100) >> 3 | (metadata.mode() & 0o100) >> 6;
            fs::set_permissions(&path, Permissions::from_mode(metadata.mode() | read))?;
        }
    }
    fs::set_permissions(folder, Permissions::from_mode(0o755))
}

/// The path of an environment's interpreter in it.
fn below<'a>(environment: &Path, executable: &'a Path) -> Result<&'a Path> {
    executable.strip_prefix(environment).map_err(|_| {
        let executable = executable.display();
        Failure::could_not(format!(
            "an environment for builds: {executable} is not in it"
        ))
    })
}

/// The Python that an environment rests on, where the system's folders are not all of it. In a folder
/// that holds more than a Python, such as the user's home, no more than what belongs to it.
fn base_folders(base: &Interpreter, private: &[PathBuf]) -> Vec<PathBuf> {
    let executable = base.base_executable();
    let around = executable.parent().and_then(Path::parent);
    let prefixes = [Some(base.base_prefix()), around];
    let mut seen = Vec::new();
    for prefix in prefixes.into_iter().flatten() {
        let prefix = prefix.canonicalize().unwrap_or_else(|_| prefix.to_owned());
        if prefix == Path::new("/") || prefix.starts_with("/usr") {
            continue;
        }
        match is_private(&prefix, private) {
            true => seen.extend(parts(&prefix, base)),
            false => seen.push(prefix),
        }
    }
    let is_systems = |it: &PathBuf| it.starts_with("/usr") || it == Path::new("/");
    seen.retain(|it| !is_systems(it));
    seen.sort();
    seen.dedup();
    seen
}

/// Whether one of these folders is all around a place of the user's.
fn is_private(prefix: &Path, private: &[PathBuf]) -> bool {
    let real = |it: &PathBuf| it.canonicalize().unwrap_or_else(|_| it.clone());
    let mut private = private.iter();
    private.any(|it| it.starts_with(prefix) || real(it).starts_with(prefix))
}

/// Of such a folder: the interpreter, its library, the standard library, and the headers.
fn parts(prefix: &Path, base: &Interpreter) -> Vec<PathBuf> {
    let paths = base.base_paths();
    let mut parts = vec![base.base_executable().to_owned()];
    let folders = [paths.stdlib, paths.include];
    parts.extend(folders.into_iter().filter(|it| it.is_dir()));
    for library in ["lib", "lib64"].map(|it| prefix.join(it)) {
        let entries = fs::read_dir(library).into_iter().flatten().flatten();
        let libraries = entries.filter(|it| {
            let name = it.file_name();
            name.to_str().is_some_and(|it| it.starts_with("libpython"))
        });
        parts.extend(libraries.map(|it| it.path()));
    }
    parts
}
