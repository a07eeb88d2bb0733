//! Virtual environments (PEP 405), made without running anything.

mod activate;
mod claim;

use std::{fs, io, path::Path};

use crate::{Error, Interpreter, Result, sys};
pub(crate) use activate::scripts;
pub use claim::{Claim, claim};

/// How to make one.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether the base's packages are seen too.
    pub system_site_packages: bool,
    /// Shown by the activate scripts in place of the folder's name.
    pub prompt: Option<String>,
    /// Empty the folder first, if it is an environment.
    pub clear: bool,
}

/// Makes a virtual environment for `base` (or for what `base` rests on, when it is one itself) and
/// gives its interpreter. A folder that holds anything but an environment is refused; an
/// environment that exists is kept as it is, its interpreter and scripts are written anew.
///
/// On an error the folder is removed again, if it was made here. A process that is killed leaves a
/// folder that the next call takes for its own and completes.
pub fn create(
    path: &Path,
    base: &Interpreter,
    options: &Options,
    state_dir: &Path,
) -> Result<Interpreter> {
    let folder = std::path::absolute(path).map_err(|error| Error::io("resolving", path, error))?;
    let existed = folder.symlink_metadata().is_ok();
    if existed {
        check_existing(&folder, options.clear)?;
    }
    let made = Builder {
        folder: &folder,
        base,
        options,
    }
    .build();
    if made.is_err() && !existed {
        // The error that matters is the first one.
        let _ = fs::remove_dir_all(&folder);
    }
    made?;
    Interpreter::of_environment(&folder, state_dir)
}

/// What lies there already must be an environment or nothing.
fn check_existing(folder: &Path, clear: bool) -> Result<()> {
    let refused = |why: &str| Error::Environment {
        path: folder.to_owned(),
        why: why.to_owned(),
    };
    let context = |error| Error::io("looking at", folder, error);
    if !folder.is_dir() {
        return Err(refused("is there already and is no folder"));
    }
    let is_environment = [CONFIG, BEGUN].iter().any(|it| folder.join(it).is_file());
    let is_empty = fs::read_dir(folder).map_err(context)?.next().is_none();
    if !is_environment && !is_empty {
        return Err(refused("is there already and is no virtual environment"));
    }
    if clear {
        begin(folder, "")?;
        for entry in fs::read_dir(folder).map_err(context)? {
            let entry = entry.map_err(context)?;
            if entry.file_name() != BEGUN {
                remove(&entry.path())?;
            }
        }
    }
    Ok(())
}

/// What makes a folder an environment.
const CONFIG: &str = "pyvenv.cfg";
/// The same file until everything else is there: what it lies in is ours, and no environment yet.
const BEGUN: &str = ".assay-pyvenv.cfg";

struct Builder<'a> {
    folder: &'a Path,
    base: &'a Interpreter,
    options: &'a Options,
}

impl Builder<'_> {
    fn build(&self) -> Result<()> {
        let paths = self.base.paths_in(self.folder);
        let make = |folder: &Path| {
            fs::create_dir_all(folder).map_err(|error| Error::io("making", folder, error))
        };
        make(self.folder)?;
        begin(self.folder, &self.config()?)?;
        for folder in [
            &paths.scripts,
            &paths.purelib,
            &paths.platlib,
            &self.folder.join("include"),
        ] {
            self.check_inside(folder)?;
            make(folder)?;
        }
        self.link_lib64()?;
        self.link_interpreter(&paths.scripts)?;
        for (name, text) in activate::scripts(self.folder, &self.prompt()) {
            write(&paths.scripts.join(name), &text)?;
        }
        write(&self.folder.join(".gitignore"), "*\n")?;
        // Last, because this file is what makes the folder an environment; whole or not at all.
        let config = self.folder.join(CONFIG);
        fs::rename(self.folder.join(BEGUN), &config)
            .map_err(|error| Error::io("writing", config, error))
    }

    /// An environment that is made anew may hold symlinks that lead out of it; what lies there is
    /// not its own.
    fn check_inside(&self, folder: &Path) -> Result<()> {
        let real = |path: &Path| {
            let real = path.canonicalize();
            real.map_err(|error| Error::io("resolving", path, error))
        };
        let there = folder.ancestors().find(|it| it.exists());
        let there = there.unwrap_or(self.folder);
        if real(there)?.starts_with(real(self.folder)?) {
            return Ok(());
        }
        Err(Error::Environment {
            path: there.to_owned(),
            why: "leads out of the environment by a symbolic link".to_owned(),
        })
    }

    /// 64-bit Linux distributions look in `lib64`; CPython's own `venv` makes the same link.
    fn link_lib64(&self) -> Result<()> {
        let python = self.base.python();
        let link = self.folder.join("lib64");
        let is_wanted = cfg!(target_os = "linux") && python.pointer_width == 64;
        if is_wanted && link.symlink_metadata().is_err() {
            sys::symlink(Path::new("lib"), &link)?;
        }
        Ok(())
    }

    fn link_interpreter(&self, scripts: &Path) -> Result<()> {
        let executable = self.base.base_executable();
        relink(executable, &scripts.join("python"))?;
        relink(Path::new("python"), &scripts.join("python3"))?;
        let numbered = format!("python{}", self.base.short_version());
        relink(Path::new("python"), &scripts.join(numbered))?;
        if self.base.python().implementation != "cpython"
            && let Some(name) = executable.file_name()
        {
            relink(Path::new("python"), &scripts.join(name))?;
        }
        Ok(())
    }

    fn config(&self) -> Result<String> {
        let executable = self.base.base_executable();
        let home = executable.parent().unwrap_or(Path::new("/"));
        let mut config = format!(
            "home = {}\ninclude-system-site-packages = {}\nversion = {}\nexecutable = {}\n",
            self.line(home)?,
            self.options.system_site_packages,
            self.base.python().version,
            self.line(executable)?,
        );
        if let Some(prompt) = &self.options.prompt {
            config.push_str(&format!("prompt = {}\n", self.line(Path::new(prompt))?));
        }
        Ok(config)
    }

    /// A value of pyvenv.cfg takes one line of UTF-8.
    fn line<'p>(&self, value: &'p Path) -> Result<&'p str> {
        let text = value.to_str().filter(|it| !it.contains(['\n', '\r']));
        text.ok_or_else(|| Error::Environment {
            path: self.folder.to_owned(),
            why: format!("pyvenv.cfg cannot hold {value:?}"),
        })
    }

    fn prompt(&self) -> String {
        let prompt = self.options.prompt.clone();
        prompt.unwrap_or_else(|| default_prompt(self.folder))
    }
}

/// What the prompt shows where nothing else was asked for.
pub(crate) fn default_prompt(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Says that a folder is ours although it is no environment yet. The file is there from the first
/// change to the last, so it is never removed to be written anew.
fn begin(folder: &Path, config: &str) -> Result<()> {
    let path = folder.join(BEGUN);
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    sys::no_symlink(&mut options)
        .open(&path)
        .and_then(|mut file| io::Write::write_all(&mut file, config.as_bytes()))
        .map_err(|error| Error::io("writing", path, error))
}

/// Puts a symlink in place of whatever file or link is there.
fn relink(target: &Path, link: &Path) -> Result<()> {
    if fs::read_link(link).is_ok_and(|it| it == target) {
        return Ok(());
    }
    remove(link)?;
    sys::symlink(target, link)
}

/// Writes a file that must not be reached through a symlink.
fn write(path: &Path, text: &str) -> Result<()> {
    remove(path)?;
    let mut file = fs::File::create_new(path).map_err(|error| Error::io("making", path, error))?;
    io::Write::write_all(&mut file, text.as_bytes())
        .map_err(|error| Error::io("writing", path, error))
}

fn remove(path: &Path) -> Result<()> {
    let removed = match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(stat) if stat.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
    };
    removed.map_err(|error| Error::io("removing", path, error))
}
