//! Virtual environments (PEP 405), made without running anything.

mod activate;
mod claim;
mod made;

use std::{fs, io, path::Path};

use crate::{Error, Interpreter, Result, sys};
pub(crate) use activate::scripts;
pub use claim::{Claim, claim};
use made::Made;

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
/// On an error everything goes again that was made here. A process that is killed leaves a folder
/// that the next call takes for its own and completes.
pub fn create(
    path: &Path,
    base: &Interpreter,
    options: &Options,
    state_dir: &Path,
) -> Result<Interpreter> {
    let folder = std::path::absolute(path).map_err(|error| Error::io("resolving", path, error))?;
    let mut made = Made::default();
    let built = made
        .folder(&folder)
        .and_then(|()| build(&folder, base, options, &mut made));
    if built.is_err() {
        made.undo();
    }
    built?;
    Interpreter::of_environment(&folder, state_dir)
}

/// Whether an environment can be made in a folder: one is there, was begun, or nothing lies there.
pub fn check(folder: &Path) -> Result<()> {
    let refused = |why: &str| Error::Environment {
        path: folder.to_owned(),
        why: why.to_owned(),
    };
    if folder.symlink_metadata().is_err() {
        return Ok(());
    }
    if !folder.is_dir() {
        return Err(refused("is there already and is no folder"));
    }
    let is_environment = [CONFIG, BEGUN].iter().any(|it| folder.join(it).is_file());
    let mut entries = fs::read_dir(folder)
        .map_err(|error| Error::io("looking at", folder, error))?
        .filter(|it| {
            !it.as_ref()
                .is_ok_and(|it| it.file_name() == sys::LockFile::NAME)
        });
    if !is_environment && entries.next().is_some() {
        return Err(refused("is there already and is no virtual environment"));
    }
    Ok(())
}

/// Makes an environment in a folder that is there; notes what is new.
fn build(folder: &Path, base: &Interpreter, options: &Options, made: &mut Made) -> Result<()> {
    check(folder)?;
    if options.clear {
        clear(folder)?;
    }
    let mut builder = Builder {
        folder,
        base,
        options,
        made,
    };
    builder.build()
}

fn clear(folder: &Path) -> Result<()> {
    let context = |error| Error::io("looking at", folder, error);
    begin(folder, "")?;
    for entry in fs::read_dir(folder).map_err(context)? {
        let entry = entry.map_err(context)?;
        let name = entry.file_name();
        if name == BEGUN || name == sys::LockFile::NAME {
            continue;
        }
        match entry.file_type().map_err(context)?.is_dir() {
            true => fs::remove_dir_all(entry.path()),
            false => fs::remove_file(entry.path()),
        }
        .map_err(|error| Error::io("removing", entry.path(), error))?;
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
    made: &'a mut Made,
}

impl Builder<'_> {
    fn build(&mut self) -> Result<()> {
        let paths = self.base.paths_in(self.folder);
        self.made.file(&self.folder.join(BEGUN));
        begin(self.folder, &self.config()?)?;
        for folder in [
            &paths.scripts,
            &paths.purelib,
            &paths.platlib,
            &self.folder.join("include"),
        ] {
            self.check_inside(folder)?;
            self.made.folder(folder)?;
        }
        self.link_lib64()?;
        self.link_interpreter(&paths.scripts)?;
        for (name, text) in activate::scripts(self.folder, &self.prompt()) {
            self.write(&paths.scripts.join(name), &text)?;
        }
        let ignored = self.folder.join(".gitignore");
        if ignored.symlink_metadata().is_err() {
            self.write(&ignored, "*\n")?;
        }
        // Last, because this file is what makes the folder an environment; whole or not at all.
        let config = self.folder.join(CONFIG);
        self.made.file(&config);
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
    fn link_lib64(&mut self) -> Result<()> {
        let python = self.base.python();
        let link = self.folder.join("lib64");
        let is_wanted = cfg!(target_os = "linux") && python.pointer_width == 64;
        if is_wanted && link.symlink_metadata().is_err() {
            self.made.file(&link);
            sys::symlink(Path::new("lib"), &link)?;
        }
        Ok(())
    }

    fn link_interpreter(&mut self, scripts: &Path) -> Result<()> {
        let executable = self.base.base_executable();
        self.relink(executable, &scripts.join("python"))?;
        self.relink(Path::new("python"), &scripts.join("python3"))?;
        let numbered = format!("python{}", self.base.short_version());
        self.relink(Path::new("python"), &scripts.join(numbered))?;
        if self.base.python().implementation != "cpython"
            && let Some(name) = executable.file_name()
        {
            self.relink(Path::new("python"), &scripts.join(name))?;
        }
        Ok(())
    }

    /// Puts a symlink in place of whatever file or link is there.
    fn relink(&mut self, target: &Path, link: &Path) -> Result<()> {
        if fs::read_link(link).is_ok_and(|it| it == target) {
            return Ok(());
        }
        self.made.file(link);
        remove(link)?;
        sys::symlink(target, link)
    }

    /// Writes a file that must not be reached through a symlink.
    fn write(&mut self, path: &Path, text: &str) -> Result<()> {
        self.made.file(path);
        remove(path)?;
        let mut file =
            fs::File::create_new(path).map_err(|error| Error::io("making", path, error))?;
        io::Write::write_all(&mut file, text.as_bytes())
            .map_err(|error| Error::io("writing", path, error))
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

/// Removes a file or link that is there; a folder, which is somebody's, is an error.
fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::io("removing", path, error))
        }
        _ => Ok(()),
    }
}
