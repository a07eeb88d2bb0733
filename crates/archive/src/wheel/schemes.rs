//! The `.data` folder: files that go elsewhere.

use assay_types::{SafePath, names};

use super::folders::{DIST_INFO, Folders, is_egg};
use crate::{
    ArchiveError, Kind, Limits, Names,
    error::{refused, require},
    zip::Entry,
};

const SCHEMES: [&str; 5] = ["purelib", "platlib", "scripts", "headers", "data"];
/// Folders of an environment that hold commands, in any case.
const COMMAND_FOLDERS: [&str; 2] = ["bin", "scripts"];
/// Folders of an environment that hold other distributions, in any case.
const LIBRARY_FOLDERS: [&str; 2] = ["site-packages", "dist-packages"];

/// Checks where the files below `.data` would go, as far as the wheel alone tells.
pub(super) fn check(entries: &[Entry], folders: &Folders) -> Result<(), ArchiveError> {
    let Some(data) = &folders.data else {
        return Ok(());
    };
    let mut library = Vec::new();
    for entry in entries {
        if let Some(below) = entry.path.strip_prefix(data) {
            library.extend(check_below(entry, &below)?);
        }
    }
    if library.is_empty() {
        return Ok(());
    }
    let root = entries
        .iter()
        .filter(|it| it.kind != Kind::Directory && it.path.strip_prefix(data).is_none());
    library.extend(root.map(|it| it.path.clone()));
    check_places(&library)
}

/// Checks one entry below `.data`, and gives its place where that is among the libraries.
fn check_below(entry: &Entry, below: &SafePath) -> Result<Option<SafePath>, ArchiveError> {
    let scheme = below.parts().next().filter(|it| SCHEMES.contains(it));
    let scheme = scheme.ok_or_else(|| refused("scheme", format!("{}: unknown", entry.path)))?;
    let is_file = entry.kind != Kind::Directory;
    let Some(target) = below.strip_prefix(scheme) else {
        require(!is_file, "scheme", || format!("{} is a file", entry.path))?;
        return Ok(None);
    };
    match scheme {
        "scripts" => check_script(entry, &target)?,
        "data" => check_data(entry, &target)?,
        "purelib" | "platlib" => {
            check_library(entry, &target)?;
            return Ok(is_file.then_some(target));
        }
        _ => {}
    }
    Ok(None)
}

/// The root of the wheel, `purelib` and `platlib` are one folder in most environments: no path may
/// come from two of them, nor be a file in one and a folder in another.
fn check_places(library: &[SafePath]) -> Result<(), ArchiveError> {
    let mut names = Names::new(Limits::DEFAULT.names);
    library.iter().try_for_each(|path| {
        names
            .add(path, false)
            .map_err(|why| refused("two files for one place", why))
    })
}

/// Scripts lie side by side: no real wheel has folders among them, and pip has no place for such.
fn check_script(entry: &Entry, target: &SafePath) -> Result<(), ArchiveError> {
    require(
        target.parent().is_none() && entry.kind != Kind::Directory,
        "script name",
        || format!("{}: a folder among the scripts", entry.path),
    )?;
    refuse_interpreter(entry, target.as_str())
}

/// `data` is the root of the environment: it must not bring what another rule governs.
fn check_data(entry: &Entry, target: &SafePath) -> Result<(), ArchiveError> {
    let parts: Vec<&str> = target.parts().collect();
    let is = |part: &str, names: &[&str]| names.iter().any(|it| it.eq_ignore_ascii_case(part));
    if let [folder, name, ..] = parts.as_slice()
        && is(folder, &COMMAND_FOLDERS)
    {
        refuse_interpreter(entry, name)?;
    }
    require(
        !is(parts[0], &["pyvenv.cfg"]),
        "environment's own file",
        || &entry.path,
    )?;
    let into_library = parts.iter().any(|it| is(it, &LIBRARY_FOLDERS))
        || matches!(parts.as_slice(), [lib, of, ..] if is_lib(lib) && is_versioned(of));
    require(!into_library, "data into a library folder", || &entry.path)
}

/// `lib`, `lib64`, in any case.
fn is_lib(name: &str) -> bool {
    name.get(..3)
        .is_some_and(|it| it.eq_ignore_ascii_case("lib"))
}

/// `python3.12`, `pypy3.11`: the folder of an interpreter's own library.
fn is_versioned(name: &str) -> bool {
    let name = name.to_lowercase();
    let rest = name.strip_prefix("python").or(name.strip_prefix("pypy"));
    rest.is_some_and(|it| it.starts_with(|c: char| c.is_ascii_digit()))
}

/// A library folder below `.data` must not bring metadata: this wheel's lies at its top, another
/// distribution's is not its business.
fn check_library(entry: &Entry, target: &SafePath) -> Result<(), ArchiveError> {
    let is_metadata = |it: &str| it.to_lowercase().ends_with(DIST_INFO) || is_egg(it);
    let is_metadata = target.parts().next().is_some_and(is_metadata);
    require(!is_metadata, "metadata below the data folder", || {
        &entry.path
    })
}

fn refuse_interpreter(entry: &Entry, name: &str) -> Result<(), ArchiveError> {
    require(
        !names::governs_interpreter(name),
        "interpreter's name",
        || &entry.path,
    )
}
