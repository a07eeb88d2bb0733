//! The user's folder that an editable install puts on the import path: what lies there now, outside of
//! the environment. What comes there later is the user's own doing.

use std::{fs, path::Path};

use assay_trust::{
    Policy,
    startup::{self, Kind, Reads},
};
use assay_types::ProjectName;

use super::{Incoming, Plan};
use crate::{Error, Result};

/// Refuses what Python would run from there whenever it starts, and metadata of other projects, unless
/// the user lets the project run code at start-up.
pub(super) fn check(plan: &Plan<'_>, policy: &Policy) -> Result<()> {
    for site in plan.environment.sites() {
        let items = plan.tree.find(site).map(|it| it.items.iter());
        for item in items.into_iter().flatten() {
            let wheel = plan.wheel(*item);
            let Some(folder) = wheel.editable() else {
                continue;
            };
            let is_pth = Kind::of(wheel.file_name(item.source)) == Some(Kind::Pth);
            if !is_pth || policy.startup.contains(wheel.project()) {
                continue;
            }
            for path in Reads::of(&wheel.content(item.source)?).paths {
                let path = Path::new(path.trim());
                // Others were refused, or lie in site-packages.
                if path.starts_with(&folder) {
                    check_there(wheel, path)?;
                    check_path(wheel.project(), Path::new(&folder), path, policy)?;
                }
            }
        }
    }
    Ok(())
}

/// A build that made what it leads to did so in a copy: nothing could be imported, and nothing would
/// say why.
fn check_there(wheel: &Incoming, path: &Path) -> Result<()> {
    let is_there = path
        .try_exists()
        .map_err(|error| Error::io("reading", path, error))?;
    match is_there {
        true => Ok(()),
        false => Err(wheel.broken(&format!(
            "its editable install leads to {}, which is not there: if its build made that, it did so in \
             a copy of the folder",
            path.display()
        ))),
    }
}

fn check_path(project: &ProjectName, folder: &Path, path: &Path, policy: &Policy) -> Result<()> {
    let want = |path: &Path, fact: &str| {
        startup::require_permission(project, &path.to_string_lossy(), fact, policy)
    };
    let failed = |error| Error::io("reading", path, error);
    let real = fs::canonicalize(path).map_err(failed)?;
    let root = fs::canonicalize(folder).map_err(failed)?;
    if !real.starts_with(&root) {
        let fact = format!(
            "is put on the import path by a .pth file, and leads to {} by way of a symlink",
            real.display()
        );
        return Ok(want(path, &fact)?);
    }
    if !real.is_dir() {
        return Ok(want(path, Kind::Archive.fact())?);
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(&real).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        names.push(name.to_string_lossy().into_owned());
    }
    // Which refusal comes first must not depend on the file system.
    names.sort_unstable();
    let own_name = real.file_name().unwrap_or_default().to_string_lossy();
    for name in names {
        match Kind::on_path(&own_name, &name) {
            Some(Kind::Metadata) if is_of(&name, project) => {}
            Some(kind) => want(&path.join(&name), kind.fact())?,
            None => {}
        }
    }
    Ok(())
}

/// Whether a name of metadata is this project's, as tools read it: a build with setuptools leaves
/// `demo.egg-info` beside its sources.
fn is_of(name: &str, project: &ProjectName) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |it| it.0);
    let own = stem.split('-').next().unwrap_or(stem);
    own.parse::<ProjectName>().is_ok_and(|it| it == *project)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_projects_own_metadata_is_told_from_others() {
        let project = "my-demo".parse().unwrap();
        for name in [
            "my_demo.egg-info",
            "My_Demo-1.0.dist-info",
            "my.demo-1.0-py3.12.egg-info",
        ] {
            assert!(is_of(name, &project), "{name}");
        }
        for name in [
            "my.egg-info",
            "demo.egg-info",
            "my_demos.egg-info",
            "EGG-INFO",
        ] {
            assert!(!is_of(name, &project), "{name}");
        }
    }
}
