//! The target: where an interpreter's distributions lie, and which ones do.

mod distribution;
mod entry_name;
mod files;
mod installed;
mod managed;
mod place;
mod read;
mod requires_txt;
mod scheme;
mod visible;

use std::path::{Path, PathBuf};

use crate::{
    Error, Interpreter, Leftover, Paths, Result, Unfinished, commit,
    sys::{self, Dir},
    venv::Claim,
};
pub use distribution::Distribution;
pub(crate) use distribution::InstalledKind;
pub use installed::{Installed, Inventory};
pub(crate) use place::{Place, Root};
pub use visible::{Scope, Seen};

/// What kind of target it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EnvironmentKind {
    /// A virtual environment.
    Venv,
    /// An interpreter's own installation.
    System,
    /// A plain folder (`--target`).
    Target,
    /// An installation under another folder (`--prefix`, `--root`).
    Prefix,
    /// What one user installed for themselves (`--user`).
    User,
}

/// The lock of an environment; it ends when this is dropped.
#[derive(Debug)]
pub struct EnvironmentLock {
    _lock: Option<sys::LockFile>,
    leftovers: Vec<Leftover>,
}

impl EnvironmentLock {
    /// What dead runs had left here, and what became of it: the user should know.
    pub fn leftovers(&self) -> &[Leftover] {
        &self.leftovers
    }
}

/// A place that distributions are installed into.
#[derive(Debug)]
pub struct Environment {
    interpreter: Interpreter,
    /// The executable that scripts name.
    python: PathBuf,
    kind: EnvironmentKind,
    roots: Vec<Root>,
    schemes: Schemes,
    paths: Paths,
}

/// Where a wheel's parts go.
#[derive(Debug, Clone)]
pub(crate) struct Schemes {
    pub purelib: Place,
    pub platlib: Place,
    pub scripts: Place,
    pub data: Place,
    pub include: Place,
}

impl Environment {
    /// The environment of an interpreter: its virtual environment, or its own installation. The
    /// latter is refused where the operating system manages it (PEP 668), unless the user said
    /// `--break-system-packages`.
    pub fn open(interpreter: Interpreter, break_system_packages: bool) -> Result<Self> {
        let paths = interpreter.paths();
        if interpreter.venv().is_some() {
            return Self::new(interpreter, EnvironmentKind::Venv, paths, None);
        }
        if !break_system_packages {
            managed::check(interpreter.executable(), &paths.stdlib)?;
        }
        Self::new(interpreter, EnvironmentKind::System, paths, None)
    }

    /// The same for reading only (`list`, `show`, `check`): PEP 668 has no say.
    pub fn inspect(interpreter: Interpreter) -> Result<Self> {
        Self::open(interpreter, true)
    }

    /// Takes the environment for this process alone, until the lock is dropped. Hold it from
    /// before [`Environment::installed`] until after [`crate::Plan::commit`]. `on_wait` is called
    /// once where another process has it. What dead runs left here is brought to its end first;
    /// `state_dir` is the one of [`crate::CommitOptions`].
    pub fn lock(&self, state_dir: &Path, on_wait: impl Fn()) -> Result<EnvironmentLock> {
        // The first of its folders that this user can change.
        let mut locks = self
            .roots
            .iter()
            .map(|it| sys::LockFile::take(&it.dir, &on_wait));
        let lock = locks.find_map(Result::transpose).transpose()?;
        Ok(EnvironmentLock {
            _lock: lock,
            leftovers: commit::sweep(self, state_dir)?,
        })
    }

    /// Brings to its end what dead runs left in an environment that was begun by one of them; this
    /// process holds the claim on it.
    pub fn sweep_claimed(&self, _: &Claim, state_dir: &Path) -> Result<Vec<Leftover>> {
        commit::sweep(self, state_dir)
    }

    /// Runs that have begun to move files here and not ended: for whoever only looks.
    pub fn unfinished(&self, state_dir: &Path) -> Result<Vec<Unfinished>> {
        commit::unfinished(self, state_dir)
    }

    /// `root`: the folder that stands for `/`. Nothing may lead out of it: a link in it means a path
    /// below it to whoever will run there, and another one here.
    fn new(
        interpreter: Interpreter,
        kind: EnvironmentKind,
        paths: Paths,
        root: Option<&Path>,
    ) -> Result<Self> {
        let python = match kind {
            EnvironmentKind::Venv => paths.scripts.join("python"),
            _ => interpreter.executable().to_owned(),
        };
        let root = root.map(scheme::absolute).transpose()?;
        let paths = root
            .as_ref()
            .map_or_else(|| paths.clone(), |it| paths.under(it));
        let may_leave = matches!(kind, EnvironmentKind::System | EnvironmentKind::User);
        let base = root.as_ref().unwrap_or(&paths.data);
        let mut roots = place::Roots::new(base, may_leave && root.is_none())?;
        let schemes = Schemes {
            purelib: roots.place(&paths.purelib)?,
            platlib: roots.place(&paths.platlib)?,
            scripts: roots.place(&paths.scripts)?,
            data: roots.place(&paths.data)?,
            include: roots.place(&paths.include)?,
        };
        let roots = roots.into_vec();
        Ok(Self {
            interpreter,
            python,
            kind,
            roots,
            schemes,
            paths,
        })
    }

    /// The same, for programs that find it at another path: its scripts name the interpreter there.
    pub fn seen_at(mut self, folder: &Path) -> Self {
        if let Ok(below) = self.python.strip_prefix(&self.paths.data) {
            self.python = folder.join(below);
        }
        self
    }

    /// The same with its commands in another folder, which gets a root of its own.
    #[cfg(test)]
    pub(crate) fn with_commands_in(mut self, folder: &Path) -> Self {
        let path = folder.canonicalize().expect("it is there");
        let dir = Dir::open(&path).expect("it can be opened");
        self.roots.push(Root { path, dir });
        self.schemes.scripts = Place {
            root: self.roots.len() - 1,
            path: String::new(),
        };
        self
    }

    /// The interpreter that it belongs to.
    pub fn interpreter(&self) -> &Interpreter {
        &self.interpreter
    }

    /// What kind of target it is.
    pub(crate) fn kind(&self) -> EnvironmentKind {
        self.kind
    }

    /// The folder a person would name: of the environment, the installation, the target.
    pub fn folder(&self) -> &Path {
        &self.paths.data
    }

    /// Where its parts lie.
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    /// The executable that scripts name.
    pub(crate) fn python(&self) -> &Path {
        &self.python
    }

    pub(crate) fn schemes(&self) -> &Schemes {
        &self.schemes
    }

    pub(crate) fn roots(&self) -> &[Root] {
        &self.roots
    }

    /// The site-packages folders, without repetition.
    pub(crate) fn sites(&self) -> Vec<&Place> {
        let Schemes {
            purelib, platlib, ..
        } = &self.schemes;
        if purelib == platlib {
            vec![purelib]
        } else {
            vec![purelib, platlib]
        }
    }

    /// The folders above the environment's own, nearest first, where that may have been missing when
    /// a run began: its root was one of them.
    pub(crate) fn folders_above(&self) -> Vec<PathBuf> {
        match self.kind {
            EnvironmentKind::Venv | EnvironmentKind::System => Vec::new(),
            EnvironmentKind::Target | EnvironmentKind::Prefix | EnvironmentKind::User => {
                let above = self.roots[0].path.ancestors().skip(1);
                above.map(Path::to_owned).collect()
            }
        }
    }

    /// The folders at or below which everything lies that is ever moved.
    pub(crate) fn own_folders(&self) -> [PathBuf; 5] {
        let Schemes {
            purelib,
            platlib,
            scripts,
            data,
            include,
        } = &self.schemes;
        [purelib, platlib, scripts, data, include].map(|it| self.path_of(it))
    }

    /// The same environment with one more root, the last.
    pub(crate) fn with_root(&self, path: &Path) -> Result<Self> {
        let paths = self.roots.iter().map(|it| it.path.as_path());
        let open = |path: &Path| -> Result<Root> {
            Ok(Root {
                dir: Dir::open(path)?,
                path: path.to_owned(),
            })
        };
        Ok(Self {
            interpreter: self.interpreter.clone(),
            python: self.python.clone(),
            kind: self.kind,
            roots: paths.chain([path]).map(open).collect::<Result<_>>()?,
            schemes: self.schemes.clone(),
            paths: self.paths.clone(),
        })
    }

    /// Opens a folder of the environment; `None` where it does not exist. A symlink or a file on
    /// the way is an error.
    pub(crate) fn open_folder(&self, place: &Place) -> Result<Option<Dir>> {
        let root = &self.roots[place.root];
        match root.dir.beneath(&place.path) {
            Ok(dir) => Ok(Some(dir)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("opening", root.path.join(&place.path), error)),
        }
    }

    /// The place of an absolute path, if it lies beneath one of the roots.
    pub(crate) fn place_of(&self, path: &Path) -> Option<Place> {
        place::find(&self.roots, path)
    }

    /// The absolute path of a place.
    pub(crate) fn path_of(&self, place: &Place) -> PathBuf {
        let root = &self.roots[place.root].path;
        if place.path.is_empty() {
            root.clone()
        } else {
            root.join(&place.path)
        }
    }
}
