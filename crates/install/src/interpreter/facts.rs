//! What an interpreter says of itself.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use assay_types::{
    MarkerEnvironment,
    python::{Libc, Python},
};
use serde::{Deserialize, Serialize};

use super::{Paths, libc, unusable};
use crate::Result;

/// The answer to `query.py`, and what was found out beside it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Facts {
    markers: MarkerEnvironment,
    /// The real executable: differs from the one that was asked where that is a wrapper.
    pub executable: PathBuf,
    pub prefix: PathBuf,
    platform: String,
    c_library: String,
    free_threaded: bool,
    pointer_width: u8,
    install: SchemePaths,
    venv: SchemePaths,
    prefix_paths: SchemePaths,
    user: SchemePaths,
    /// Below the home folder.
    pub user_base: PathBuf,
    /// Where the installation's own modules lie, beside the standard library.
    pub sites: Vec<PathBuf>,
    pub standard_modules: Vec<String>,
}

/// Paths as sysconfig gives them; those of an environment, a prefix or a user begin with `BASE`.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct SchemePaths {
    purelib: PathBuf,
    platlib: PathBuf,
    scripts: PathBuf,
    data: PathBuf,
    include: PathBuf,
    stdlib: PathBuf,
}

impl Facts {
    /// Runs the interpreter with `-I -S`, so that neither the environment's variables nor any
    /// installed code takes part.
    pub fn ask(executable: &Path) -> Result<Self> {
        let failed = |why: String| unusable(executable, &why);
        let output = Command::new(executable)
            .args(["-I", "-S", "-c", include_str!("query.py")])
            .env_remove("__PYVENV_LAUNCHER__")
            .stdin(Stdio::null())
            .output()
            .map_err(|error| failed(format!("cannot be run: {error}")))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let last = said.lines().last().unwrap_or("it said nothing");
            return Err(failed(format!("failed ({}): {last}", output.status)));
        }
        let mut facts: Self = serde_json::from_slice(&output.stdout)
            .map_err(|error| failed(format!("did not answer as a Python does: {error}")))?;
        if facts.c_library.is_empty() {
            facts.c_library = libc::musl_of(executable);
        }
        facts.executable = facts
            .executable
            .canonicalize()
            .map_err(|error| failed(format!("its own executable is missing: {error}")))?;
        Ok(facts)
    }

    /// The facts as the resolver takes them.
    pub fn python(&self, executable: &Path) -> Result<Python> {
        let version = self.markers.python_full_version().version.clone();
        if version.release().len() < 2 {
            return Err(unusable(executable, "gives no version"));
        }
        Ok(Python {
            version,
            implementation: self.markers.implementation_name().to_owned(),
            markers: self.markers.clone(),
            platform: self.platform.clone(),
            libc: parse_libc(&self.c_library),
            free_threaded: self.free_threaded,
            pointer_width: self.pointer_width,
        })
    }

    pub fn install_paths(&self) -> Paths {
        self.install.rebased("", Path::new("/"), self)
    }

    pub fn prefix_paths(&self, folder: &Path) -> Paths {
        self.prefix_paths.rebased("BASE", folder, self)
    }

    pub fn user_paths(&self, base: &Path) -> Paths {
        self.user.rebased("BASE", base, self)
    }

    pub fn venv_paths(&self, folder: &Path) -> Paths {
        let mut paths = self.venv.rebased("BASE", folder, self);
        // sysconfig points at the base's headers; pip and virtualenv keep an environment's own.
        paths.include = folder
            .join("include/site")
            .join(format!("python{}", self.markers.python_version()));
        paths
    }
}

impl SchemePaths {
    /// Replaces the leading placeholder. The standard library is always the installation's.
    fn rebased(&self, placeholder: &str, base: &Path, facts: &Facts) -> Paths {
        let place = |path: &PathBuf| match path.strip_prefix(placeholder) {
            Ok(rest) if rest.as_os_str().is_empty() => base.to_owned(),
            Ok(rest) => base.join(rest),
            Err(_) => path.clone(),
        };
        Paths {
            purelib: place(&self.purelib),
            platlib: place(&self.platlib),
            scripts: place(&self.scripts),
            data: place(&self.data),
            include: place(&self.include),
            stdlib: facts.install.stdlib.clone(),
        }
    }
}

/// `glibc 2.36` or `musl 1.2`; anything else is no C library that a wheel tag names.
fn parse_libc(text: &str) -> Libc {
    let Some((name, version)) = text.split_once(' ') else {
        return Libc::None;
    };
    let mut numbers = version.split('.').map(str::parse::<u32>);
    match (name, numbers.next(), numbers.next()) {
        ("glibc", Some(Ok(major)), Some(Ok(minor))) => Libc::Glibc(major, minor),
        ("musl", Some(Ok(major)), Some(Ok(minor))) => Libc::Musl(major, minor),
        _ => Libc::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_c_library_is_known_by_name_and_two_numbers() {
        assert_eq!(parse_libc("glibc 2.36"), Libc::Glibc(2, 36));
        assert_eq!(parse_libc("musl 1.2.5"), Libc::Musl(1, 2));
        for unknown in ["", "glibc", "glibc 2", "uclibc 1.0", "glibc x.y"] {
            assert_eq!(parse_libc(unknown), Libc::None, "{unknown}");
        }
    }
}
