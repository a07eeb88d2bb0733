//! What builds a project: `[build-system]` (PEP 518, PEP 517).

use std::path::Path;

use assay_types::{Requirement, SafePath};

use crate::{
    Error, Result,
    names::is_object_reference,
    pyproject::{self, Table},
};

const TABLE: &str = "build-system";
/// What builds a project that does not say.
const LEGACY_REQUIRES: &str = "setuptools>=40.8.0";
const LEGACY_BACKEND: &str = "setuptools.build_meta:__legacy__";

/// Whether a folder of `backend-path` may be one; the error is a clause.
type Check<'a> = &'a dyn Fn(Option<&SafePath>) -> Result<(), String>;

/// What a project says of its build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildSystem {
    /// What has to be installed for the backend to be asked anything, as it is written: one may name a
    /// URL, and whoever resolves them says no.
    pub requires: Vec<Requirement>,
    /// The backend's name: `module(.sub)*[:object(.attr)*]`.
    pub backend: String,
    /// Folders of the project's own that the backend is imported from; `None` is the project's folder
    /// itself. Each existed, and lay inside when this was read.
    pub backend_path: Vec<Option<SafePath>>,
}

impl BuildSystem {
    /// Reads it for the project in that folder. Where there is no `pyproject.toml`, or no such table in
    /// it, setuptools builds it the old way (PEP 517); a folder without `pyproject.toml` and `setup.py`
    /// is no project.
    pub fn read(project: &Path) -> Result<Self> {
        let Some(text) = pyproject::text(project)? else {
            return match project.join("setup.py").symlink_metadata() {
                Ok(_) => Self::legacy(),
                Err(_) => Err(Error::NoProject {
                    folder: project.to_owned(),
                }),
            };
        };
        Self::parse_checked(&text, &|path| exists_in(project, path))
    }

    /// Reads the text of a `pyproject.toml`. Whether the folders of `backend-path` exist is not looked
    /// at.
    pub fn parse(text: &str) -> Result<Self> {
        Self::parse_checked(text, &|_| Ok(()))
    }

    fn parse_checked(text: &str, check: Check<'_>) -> Result<Self> {
        let top = pyproject::parse(text)?;
        let Some(table) = Table::at_top(text, &top, TABLE)? else {
            return Self::legacy();
        };
        let backend = match table.get("build-backend") {
            Some(value) => value.read(backend)?,
            None => LEGACY_BACKEND.to_owned(),
        };
        let backend_path = match table.get("backend-path") {
            Some(value) if table.get("build-backend").is_none() => {
                return Err(value.wrong("is there, but no build-backend"));
            }
            Some(value) => {
                let folders = value.list()?;
                let folders = folders
                    .iter()
                    .map(|it| it.read(|text| in_tree(text, check)));
                folders.collect::<Result<_>>()?
            }
            None => Vec::new(),
        };
        Ok(Self {
            requires: table.required("requires")?.requirements()?,
            backend,
            backend_path,
        })
    }

    fn legacy() -> Result<Self> {
        let setuptools = Requirement::parse(LEGACY_REQUIRES);
        let setuptools = setuptools.map_err(|error| Error::Project {
            place: LEGACY_REQUIRES.to_owned(),
            fact: error.to_string(),
        })?;
        Ok(Self {
            requires: vec![setuptools],
            backend: LEGACY_BACKEND.to_owned(),
            backend_path: Vec::new(),
        })
    }
}

fn backend(text: &str) -> Result<String, String> {
    match is_object_reference(text) {
        true => Ok(text.to_owned()),
        false => Err("not module(.sub)*[:object(.attr)*] (PEP 517)".to_owned()),
    }
}

/// One of `backend-path`, and whether it is where it may be.
fn in_tree(text: &str, check: Check<'_>) -> Result<Option<SafePath>, String> {
    let inside = text.strip_suffix('/').unwrap_or(text);
    let path = match inside.strip_prefix("./").unwrap_or(inside) {
        "." => None,
        inside => {
            Some(SafePath::parse(inside).map_err(|why| format!("outside of the tree: {why}"))?)
        }
    };
    check(path.as_ref())?;
    Ok(path)
}

/// PEP 517: it lies in the tree when links are followed, too. The tree is at rest.
fn exists_in(project: &Path, path: Option<&SafePath>) -> Result<(), String> {
    let Some(path) = path else { return Ok(()) };
    let real = |path: &Path| path.canonicalize().map_err(|error| error.to_string());
    let folder = real(&project.join(path.as_str()))?;
    match folder.starts_with(real(project)?) {
        false => Err("a link leads out of the tree".to_owned()),
        true if !folder.is_dir() => Err("it is no folder".to_owned()),
        true => Ok(()),
    }
}
