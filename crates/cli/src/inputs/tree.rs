//! Source trees: folders of the user's, and commits of repositories.

use std::path::{Component, Path, PathBuf};

use assay_types::{
    Digests, ExtraName, MarkerTree, ProjectName, Requirement, SafePath, Url,
    listing::File,
    names,
    repository::Address,
    requirement::{DirectUrl, Wanted},
};

use super::{
    Base, Inputs,
    taking::stated,
    target::{Target, extras_of, local_in_remote, path_of, plain, shown},
};
use crate::{
    failure::{Failure, Result},
    settings::Temporary,
};

const GIT: &str = "git+";
/// What pip asks and assay does not.
const OTHERS: [&str; 3] = ["hg+", "svn+", "bzr+"];
/// What makes a folder a project.
const OF_PROJECTS: [&str; 2] = ["pyproject.toml", "setup.py"];

/// A source tree that was asked for. What is in it nobody has looked at yet.
#[derive(Debug, Clone)]
pub struct AskedTree {
    /// Where it is.
    pub place: Place,
    /// The project that it has to be: it was named, and stands among the requirements already.
    pub name: Option<ProjectName>,
    /// The requirement that it becomes, but for its name.
    pub direct: DirectUrl,
    /// `[extra,…]`.
    pub extras: Vec<ExtraName>,
    /// `; marker`.
    pub marker: MarkerTree,
    /// Whether the target is to run what lies there.
    pub editable: bool,
    /// `requirements.txt:3`.
    pub from: String,
}

/// Where a tree is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder of this machine, absolute, and the project's own in it where that is not the whole.
    Folder(PathBuf, Option<SafePath>),
    /// To be fetched.
    Repository(Address),
}

impl AskedTree {
    /// `name @ url`, which stands among the requirements or constraints.
    pub fn named(requirement: &Requirement, place: Place, direct: &DirectUrl, from: &str) -> Self {
        Self {
            place,
            name: Some(requirement.name.clone()),
            direct: direct.clone(),
            extras: requirement.extras.clone(),
            marker: requirement.marker.clone(),
            editable: false,
            from: from.to_owned(),
        }
    }

    /// The requirement that it is, as one of this project.
    pub fn requirement(&self, name: ProjectName) -> Requirement {
        Requirement {
            name,
            extras: self.extras.clone(),
            wanted: Wanted::Direct(self.direct.clone()),
            marker: self.marker.clone(),
        }
    }
}

/// Whether this is the URL of a version control system.
pub fn is_version_control(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.starts_with(GIT) || OTHERS.iter().any(|it| lower.starts_with(it))
}

/// Whether a folder holds a project. One with neither is a folder of wheels.
pub fn is_project(folder: &Path) -> bool {
    OF_PROJECTS.iter().any(|it| folder.join(it).is_file())
}

/// The tree that a direct URL names: a repository, or a folder. `None` where it is a file.
pub fn of_url(direct: &DirectUrl, base: &Base, from: &str) -> Result<Option<Place>> {
    if is_version_control(direct.url.as_str()) {
        return repository(direct, base, from).map(Some);
    }
    if direct.url.scheme() != "file" {
        return Ok(None);
    }
    if matches!(base, Base::Remote(_)) {
        return Err(local_in_remote(direct.url.as_str(), from));
    }
    let path = path_of(&direct.url, from)?;
    match path.is_dir() {
        true => folder(&path, direct.subdirectory.as_deref(), from).map(Some),
        false => Ok(None),
    }
}

/// A folder that holds a project.
pub fn folder(path: &Path, subdirectory: Option<&str>, from: &str) -> Result<Place> {
    let path = whole(path, from)?;
    let below = subdirectory.map(|it| SafePath::parse(it.trim_end_matches('/')));
    let below = below.transpose().map_err(|error| {
        Failure::usage(format!(
            "{from}: the subdirectory of {}: {error}",
            path.display()
        ))
    })?;
    let project = below
        .as_ref()
        .map_or_else(|| path.clone(), |it| path.join(it.as_str()));
    if is_project(&project) {
        return Ok(Place::Folder(path, below));
    }
    Err(Failure::usage(format!(
        "{from}: {} is no project: it has neither pyproject.toml nor setup.py",
        project.display()
    ))
    .hint("name the folder that holds one of them, or a folder of wheels with --find-links"))
}

/// Without `..`, whose meaning links change.
fn whole(path: &Path, from: &str) -> Result<PathBuf> {
    let has_parents = path.components().any(|it| it == Component::ParentDir);
    match has_parents {
        true => std::fs::canonicalize(path)
            .map_err(|error| Failure::could_not(format!("{from}: {}: {error}", path.display()))),
        false => Ok(path.components().collect()),
    }
}

fn repository(direct: &DirectUrl, base: &Base, from: &str) -> Result<Place> {
    let text = shown(direct.url.as_str());
    let lower = direct.url.scheme().to_ascii_lowercase();
    if let Some(other) = OTHERS
        .iter()
        .find(|it| format!("{lower}+").starts_with(*it))
    {
        let other = other.trim_end_matches('+');
        return Err(
            Failure::usage(format!("{from}: {text}: {other} is not offered")).hint(
                "check it out by hand and name the folder: git is the one system that is asked",
            ),
        );
    }
    let address = Address::parse(direct).map_err(|why| {
        let failure = Failure::usage(format!("{from}: {text}: {why}"));
        failure.hint("write git+https://HOST/PATH@COMMIT, or git+ssh://git@HOST/PATH@COMMIT")
    })?;
    match base {
        Base::Remote(_) if address.url.scheme() == "file" => Err(local_in_remote(&text, from)),
        Base::Remote(_) if address.commit().is_none() => Err(Failure::refused(format!(
            "{from}: a file from the network may name a repository only with the full id of a commit"
        ))
        .hint("download the file, read it, and use the copy; write @COMMIT behind the URL")),
        _ => Ok(Place::Repository(address)),
    }
}

/// A tree has no bytes that a digest could be of.
pub fn check_no_hash(place: &Place, digests: &[&Digests], from: &str) -> Result<()> {
    if digests.iter().all(|it| it.is_empty()) {
        return Ok(());
    }
    let (what, hint) = match place {
        Place::Folder(path, _) => (
            format!("the folder {}", path.display()),
            "leave the hash out, or name an sdist of the project",
        ),
        Place::Repository(address) => (
            address.to_string(),
            "the full id of a commit says what comes: write @COMMIT in place of the hash",
        ),
    };
    Err(Failure::usage(format!(
        "{from}: a hash is that of a file, and {what} is none"
    ))
    .hint(hint))
}

/// `-e`: a folder that holds a project, by path or URL.
pub fn editable(text: &str, base: &Base, from: &str) -> Result<AskedTree> {
    let (text, extras) = super::target::split_extras(text);
    if is_version_control(text) {
        let name = Url::parse(text).ok().and_then(|it| egg(&it));
        let name = name.map_or_else(|| "project".to_owned(), |it| it.to_string());
        let fact = format!(
            "{from}: -e {}: nothing is checked out to be worked on",
            shown(text)
        );
        return Err(Failure::usage(fact)
            .hint(format!("git clone it to ./{name} and install -e ./{name}"))
            .hint("without -e the project is built from the repository"));
    }
    let Base::Local(folder) = base else {
        return Err(local_in_remote(text, from));
    };
    let lower = text.to_ascii_lowercase();
    let direct = match text.contains("://") || lower.starts_with("file:") {
        true => DirectUrl::parse(text)
            .map_err(|why| Failure::usage(format!("{from}: {}: {why}", shown(text))))?,
        false => plain(&folder.join(text))?,
    };
    if direct.url.scheme() != "file" {
        return Err(Failure::usage(format!(
            "{from}: -e {} is no folder of this machine",
            shown(text)
        ))
        .hint("download and unpack it, and name its folder"));
    }
    let path = path_of(&direct.url, from)?;
    if !path.is_dir() {
        let fact = format!("{from}: -e {}: there is no such folder", path.display());
        return Err(Failure::could_not(fact));
    }
    let place = self::folder(&path, direct.subdirectory.as_deref(), from)?;
    let target = Target {
        text,
        extras: &extras,
        marker: MarkerTree::TRUE,
    };
    Ok(AskedTree {
        editable: true,
        ..unnamed(place, direct, &target, from)?
    })
}

/// A tree that was asked for by its place alone; `#egg=` may say which project it is.
pub fn unnamed(
    place: Place,
    direct: DirectUrl,
    target: &Target<'_>,
    from: &str,
) -> Result<AskedTree> {
    let direct = match &place {
        Place::Folder(path, _) => DirectUrl {
            subdirectory: direct.subdirectory,
            ..plain(path)?
        },
        Place::Repository(_) => direct,
    };
    Ok(AskedTree {
        place,
        name: Url::parse(target.text).ok().and_then(|it| egg(&it)),
        direct,
        extras: extras_of(target.extras, from)?,
        marker: target.marker.clone(),
        editable: false,
        from: from.to_owned(),
    })
}

/// The project of `#egg=NAME`.
fn egg(url: &Url) -> Option<ProjectName> {
    let pieces = url.fragment()?.split('&');
    let name = pieces.filter_map(|it| it.strip_prefix("egg=")).next()?;
    names::project(name.split('[').next().unwrap_or(name))
}

/// What became of the trees.
#[derive(Debug, Default)]
pub struct Settled {
    /// Each tree that is for the target, as a file of its project.
    pub files: Vec<(AskedTree, File)>,
    /// Where the checkouts are, for as long as this is there.
    pub checkouts: Option<Temporary>,
}

impl Inputs {
    /// Takes trees in among what is named. That two of one project were named is the resolver's to say;
    /// of the same folder, once to be worked on and once not, the editable one counts.
    pub fn settle(&mut self, settled: Settled) {
        let (editable, others): (Vec<_>, Vec<_>) = settled
            .files
            .into_iter()
            .partition(|(tree, _)| tree.editable);
        for (tree, file) in editable.into_iter().chain(others) {
            let project = file.name.project().clone();
            if tree.name.is_none() {
                let requirement = tree.requirement(project);
                self.roots.push(stated(requirement, tree.from));
            }
            self.name_file(file);
        }
        self.trees.clear();
        self.checkouts = settled.checkouts;
    }
}

#[cfg(test)]
mod tests;
