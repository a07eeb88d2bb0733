//! Copying a folder of the user's, and listing what was copied.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs::{self, DirEntry, File, FileTimes, Metadata},
    io::{self, Read as _},
    os::unix::{
        ffi::OsStrExt as _,
        fs::{MetadataExt as _, PermissionsExt as _, symlink},
    },
    path::{Path, PathBuf},
};

use assay_types::Sha256;
use rustix::fs::{CWD, OFlags};
use sha2::Digest as _;

use super::{
    brought_back::is_module,
    files,
    git::{self, Repository},
    make,
};
use crate::{Error, Result};

/// A tree has no more entries.
const MOST_ENTRIES: usize = 250_000;
/// A tree has no more bytes.
const MOST_BYTES: u64 = 4 << 30;
/// Folders that tools fill again, and that no build asks for.
const CACHES: [&str; 8] = [
    "__pycache__",
    ".mypy_cache",
    ".nox",
    ".pytest_cache",
    ".ruff_cache",
    ".tox",
    ".venv",
    "node_modules",
];
/// Where git keeps what is not the tree itself.
const GIT: &str = ".git";
/// What git's version tools read there besides objects, which these name.
const GIT_STATE: [&str; 5] = ["HEAD", "index", "packed-refs", "refs", "shallow"];

/// What else of it is copied.
const GIT_KEPT: [&str; 8] = [
    "HEAD",
    "index",
    "info",
    "modules",
    "objects",
    "packed-refs",
    "refs",
    "shallow",
];

/// A tree that was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaidOut {
    /// What it holds, in an order and form of its own: a line for each entry with its kind, the length
    /// of its path, its path, and the SHA-256 of its content or where the link leads. Of `.git` only what
    /// names a state is listed. The last line is the project's own folder, where that is not the whole.
    /// Trees with the same list are built alike.
    pub listing: Vec<u8>,
    /// Sockets, pipes and devices, which were left out.
    pub left_out: Vec<PathBuf>,
    /// Why version tools will find no repository, though the tree says that there is one.
    pub no_repository: Option<String>,
}

/// Modules, which an editable build may add to, by their path in the tree.
pub type Modules = BTreeMap<PathBuf, Sha256>;

/// Copies the tree, but for these folders.
pub fn copy<'a>(
    root: &Path,
    to: &Path,
    but: impl Iterator<Item = &'a Path>,
) -> Result<(LaidOut, Modules)> {
    let reading = |path: &Path, error| Error::io("reading", path, error);
    let key = |path: &Path| match path.metadata() {
        Ok(found) => Ok((found.dev(), found.ino())),
        Err(error) => Err(reading(path, error)),
    };
    let but = but.map(key).collect::<Result<_>>()?;
    let mut copy = Copy {
        root: root.to_owned(),
        to,
        at: PathBuf::new(),
        but,
        entries: 0,
        bytes: 0,
        lines: Vec::new(),
        left_out: Vec::new(),
        modules: Modules::new(),
    };
    let is_elsewhere = root
        .join(GIT)
        .symlink_metadata()
        .is_ok_and(|it| it.is_file());
    let repository = is_elsewhere.then(|| Repository::of(root));
    let is_found = matches!(repository, Some(Ok(_)));
    copy.all(|name| !(is_found && name == GIT))?;
    let no_repository = match repository {
        Some(Ok(repository)) => {
            copy.add(&repository)?;
            None
        }
        Some(Err(why)) => Some(why),
        None => None,
    };
    copy.lines.sort_unstable();
    let laid_out = LaidOut {
        listing: copy.lines.concat(),
        left_out: copy.left_out,
        no_repository,
    };
    Ok((laid_out, copy.modules))
}

struct Copy<'a> {
    root: PathBuf,
    to: &'a Path,
    /// The folder of the copy that the root's content goes to.
    at: PathBuf,
    but: Vec<(u64, u64)>,
    entries: usize,
    bytes: u64,
    lines: Vec<Vec<u8>>,
    left_out: Vec<PathBuf>,
    modules: Modules,
}

impl Copy<'_> {
    /// Copies everything; of the root itself only what is wanted by its name.
    fn all(&mut self, is_wanted: impl Fn(&OsStr) -> bool) -> Result<()> {
        let mut folders = vec![PathBuf::new()];
        while let Some(folder) = folders.pop() {
            let path = self.root.join(&folder);
            let reading = |error| Error::io("reading", &path, error);
            let is_root = folder.as_os_str().is_empty();
            for entry in fs::read_dir(&path).map_err(reading)? {
                let entry = entry.map_err(reading)?;
                if !is_root || is_wanted(&entry.file_name()) {
                    folders.extend(self.take(&folder, &entry)?);
                }
            }
        }
        Ok(())
    }

    /// Copies a repository that lies elsewhere to where it would lie in the tree.
    fn add(&mut self, repository: &Repository) -> Result<()> {
        let at = Path::new(GIT);
        let folder = self.to.join(at);
        make(&folder)?;
        let config = folder.join("config");
        let written = repository.write_config(&config);
        written.map_err(|error| Error::io("writing", &config, error))?;
        for (root, names) in repository.parts() {
            (self.root, self.at) = (root.to_owned(), at.to_owned());
            self.all(|name| names.iter().any(|it| name == *it))?;
        }
        Ok(())
    }

    /// Copies one entry; a folder's content is yet to come.
    fn take(&mut self, folder: &Path, entry: &DirEntry) -> Result<Option<PathBuf>> {
        let inner = folder.join(entry.file_name());
        let path = self.at.join(&inner);
        let (from, to) = (self.root.join(&inner), self.to.join(&path));
        let failed = |error| Error::io("copying", &from, error);
        let metadata = entry.metadata().map_err(failed)?;
        let kind = metadata.file_type();
        if kind.is_dir() && self.leaves_out(&from, &entry.file_name(), &metadata) {
            return Ok(None);
        }
        let of_git = OfGit::of(&path);
        if of_git == OfGit::History {
            return Ok(None);
        }
        self.entries += 1;
        self.check_entries()?;
        if kind.is_dir() {
            make(&to)?;
            self.list(b'd', &path, b"");
            return Ok(Some(inner));
        }
        if kind.is_symlink() {
            let leads_to = fs::read_link(&from).map_err(failed)?;
            symlink(&leads_to, &to).map_err(failed)?;
            self.list(b'l', &path, leads_to.as_os_str().as_bytes());
        } else if kind.is_file() && of_git == OfGit::Settings {
            git::copy_settings(&from, &to).map_err(failed)?;
        } else if kind.is_file() {
            self.bytes += metadata.len();
            self.check_bytes()?;
            let (digest, executable) = file(&from, &to).map_err(failed)?;
            let mark = if executable { b'x' } else { b'f' };
            self.list(mark, &path, digest.to_string().as_bytes());
            if entry.file_name().to_str().is_some_and(is_module) {
                self.modules.insert(path, digest);
            }
        } else {
            self.left_out.push(path);
        }
        Ok(None)
    }

    fn leaves_out(&self, path: &Path, name: &OsStr, metadata: &Metadata) -> bool {
        let is_environment = || path.join("pyvenv.cfg").symlink_metadata().is_ok();
        CACHES.iter().any(|it| name == *it)
            || self.but.contains(&(metadata.dev(), metadata.ino()))
            || is_environment()
    }

    fn check_entries(&self) -> Result<()> {
        self.check(self.entries <= MOST_ENTRIES, || {
            format!("{MOST_ENTRIES} files and folders")
        })
    }

    fn check_bytes(&self) -> Result<()> {
        self.check(self.bytes <= MOST_BYTES, || {
            format!("{} GiB", MOST_BYTES >> 30)
        })
    }

    fn check(&self, holds: bool, most: impl FnOnce() -> String) -> Result<()> {
        match holds {
            true => Ok(()),
            false => Err(Error::TooLarge {
                tree: self.root.clone(),
                most: most(),
            }),
        }
    }

    fn list(&mut self, mark: u8, path: &Path, content: &[u8]) {
        if !is_state(path) {
            return;
        }
        let path = path.as_os_str().as_bytes();
        let mut line = vec![mark];
        for field in [path, content] {
            // No name can be taken for the end of its own.
            line.extend(format!(" {} ", field.len()).as_bytes());
            line.extend(field);
        }
        line.push(b'\n');
        self.lines.push(line);
    }
}

/// What an entry is to git.
#[derive(PartialEq, Eq)]
enum OfGit {
    /// What version tools read, and what is no part of a repository.
    Content,
    /// Where remotes are and how they are reached: tokens lie there.
    Settings,
    /// What was done here, hooks, and what only the user's own git asks for.
    History,
}

impl OfGit {
    fn of(path: &Path) -> Self {
        let mut parts = path.iter().skip_while(|it| *it != GIT).skip(1);
        let Some(first) = parts.next() else {
            return Self::Content;
        };
        // A submodule's is like the whole's.
        let last = parts.last().filter(|_| first == "modules").unwrap_or(first);
        let is_kept = |it: &OsStr| GIT_KEPT.iter().any(|kept| it == *kept);
        match last.to_str() {
            Some("config") => Self::Settings,
            Some("config.worktree" | "hooks" | "logs" | "FETCH_HEAD") => Self::History,
            _ if is_kept(first) => Self::Content,
            _ => Self::History,
        }
    }
}

/// Whether an entry belongs to what a build sees of the tree: of git's only what is no store.
fn is_state(path: &Path) -> bool {
    let mut parts = path.iter().skip_while(|it| *it != GIT);
    match (parts.next(), parts.next()) {
        (Some(_), Some(state)) => GIT_STATE.iter().any(|it| state == *it),
        _ => true,
    }
}

/// Copies a file with its time, whole and at once where the file system can. The digest is the copy's.
fn file(from: &Path, to: &Path) -> io::Result<(Sha256, bool)> {
    let mut source = files::open_regular(CWD, from, OFlags::empty())?;
    let metadata = source.metadata()?;
    let executable = metadata.permissions().mode() & 0o100 != 0;
    let mut copy = files::create(to, executable)?;
    if !cloned(&copy, &source) {
        io::copy(&mut source, &mut copy)?;
    }
    copy.set_times(FileTimes::new().set_modified(metadata.modified()?))?;
    Ok((digest(File::open(to)?)?, executable))
}

#[cfg(target_os = "linux")]
fn cloned(copy: &File, source: &File) -> bool {
    rustix::fs::ioctl_ficlone(copy, source).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn cloned(_: &File, _: &File) -> bool {
    false
}

/// The digest of all that is left to read.
pub fn digest(mut file: File) -> io::Result<Sha256> {
    let mut hasher = sha2::Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(Sha256(hasher.finalize().into())),
            read => hasher.update(&piece[..read]),
        }
    }
}
