//! Environments in other folders than the interpreter's own: `--target`, `--prefix`, `--user` and
//! `--root`.
//!
//! A target, a prefix or a root is judged by what lies in it alone. pip asks its own interpreter
//! what is installed, and so leaves out of a new prefix whatever that happens to have, or takes it
//! away from there. What a user has is seen together with what the interpreter has, as in pip.

use std::path::{Path, PathBuf};

use super::{Environment, EnvironmentKind, managed};
use crate::{Error, Interpreter, Paths, Result};

impl Environment {
    /// A plain folder, which need not exist yet: everything goes into it, commands into its `bin`,
    /// headers where pip puts them.
    pub fn target(interpreter: Interpreter, folder: &Path) -> Result<Self> {
        let folder = absolute(folder)?;
        let paths = Paths {
            purelib: folder.clone(),
            platlib: folder.clone(),
            scripts: folder.join("bin"),
            data: folder.clone(),
            include: match interpreter.venv() {
                None => folder.join("include/python"),
                Some(_) => {
                    let version = interpreter.short_version();
                    folder.join(format!("include/site/python{version}"))
                }
            },
            stdlib: interpreter.paths().stdlib,
        };
        Self::new(interpreter, EnvironmentKind::Target, paths, None)
    }

    /// An installation of its own under a folder, which need not exist yet. With `root` all of it
    /// lies under that, as if it were `/`. PEP 668 has no say.
    pub fn prefix(interpreter: Interpreter, folder: &Path, root: Option<&Path>) -> Result<Self> {
        let folder = match root {
            // What is relative starts at the root, which is `/` then.
            Some(_) => Path::new("/").join(folder),
            None => absolute(folder)?,
        };
        let paths = interpreter.prefix_paths(&folder);
        Self::new(interpreter, EnvironmentKind::Prefix, paths, root)
    }

    /// The packages of one user (PEP 370), whose base folder is given. PEP 668 is asked as for the
    /// interpreter's own, but not under a root.
    pub fn user(
        interpreter: Interpreter,
        base: &Path,
        root: Option<&Path>,
        break_system_packages: bool,
    ) -> Result<Self> {
        let paths = interpreter.user_paths(&absolute(base)?);
        if root.is_none() && !break_system_packages && interpreter.venv().is_none() {
            managed::check(interpreter.executable(), &interpreter.paths().stdlib)?;
        }
        let kind = match root {
            None => EnvironmentKind::User,
            Some(_) => EnvironmentKind::Prefix,
        };
        Self::new(interpreter, kind, paths, root)
    }

    /// The interpreter's own folders under a root, as if that were `/`. PEP 668 has no say.
    pub fn rooted(interpreter: Interpreter, root: &Path) -> Result<Self> {
        let paths = interpreter.paths();
        Self::new(interpreter, EnvironmentKind::Prefix, paths, Some(root))
    }
}

impl Paths {
    /// The same folders under another root. The standard library stays: nothing is installed there.
    pub(super) fn under(&self, root: &Path) -> Self {
        let place = |path: &PathBuf| root.join(path.strip_prefix("/").unwrap_or(path));
        Self {
            purelib: place(&self.purelib),
            platlib: place(&self.platlib),
            scripts: place(&self.scripts),
            data: place(&self.data),
            include: place(&self.include),
            stdlib: self.stdlib.clone(),
        }
    }
}

pub(super) fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).map_err(|error| Error::io("resolving", path, error))
}
