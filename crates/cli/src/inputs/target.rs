//! Paths and URLs in the place of a name.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use assay_types::{
    Digests, ExtraName, FileName, MarkerTree, ProjectName, Requirement, SdistName, Url, WheelName,
    listing::{File, Location, Origin},
    names,
    requirement::{DirectUrl, Wanted, redacted},
    text::{is_steering, percent_decode, without_secrets},
};

use super::{
    Base, Place,
    tree::{self, is_version_control},
};
use crate::failure::{Failure, Result};

/// Archives that pip builds from. Of these `.tar.gz` and `.zip` are sdists (PEP 625).
const SOURCE_ARCHIVES: [&str; 9] = [
    ".tar.gz",
    ".zip",
    ".tar.bz2",
    ".tar.xz",
    ".tgz",
    ".tar",
    ".tbz",
    ".txz",
    ".tar.lzma",
];

/// A path or URL with what stands behind it.
pub struct Target<'a> {
    /// The path or URL.
    pub text: &'a str,
    /// `[extra,…]`.
    pub extras: &'a [String],
    /// `; marker`.
    pub marker: MarkerTree,
}

/// Whether text is a path or URL and not a PEP 508 requirement, by pip's rules.
pub fn is_unnamed(text: &str) -> bool {
    let (target, _) = split_extras(text);
    let before_at = text.split_once('@').map_or(text, |(name, _)| name.trim());
    let name = split_extras(before_at).0.trim_end();
    if before_at != text && names::project(name).is_some() {
        return false;
    }
    let lower = target.to_ascii_lowercase();
    lower.contains("://")
        || lower.starts_with("file:")
        || is_version_control(&lower)
        || target.starts_with('.')
        || (target.contains(std::path::is_separator)
            && !text.contains(';')
            && !text.contains(" @ "))
        || lower.ends_with(".whl")
        || SOURCE_ARCHIVES.iter().any(|it| lower.ends_with(it))
}

/// Takes `[extra,…]` off the end of a path or URL.
pub fn split_extras(text: &str) -> (&str, Vec<String>) {
    let text = text.trim();
    let split = text.strip_suffix(']').and_then(|it| it.rsplit_once('['));
    match split {
        Some((target, extras)) if !target.is_empty() => {
            let extras = extras
                .split(',')
                .map(|it| it.trim().to_owned())
                .filter(|it| !it.is_empty());
            (target, extras.collect())
        }
        _ => (text, Vec::new()),
    }
}

/// The requirement that a named file stands for.
pub fn requirement_for(
    file: &File,
    direct: DirectUrl,
    target: &Target<'_>,
    from: &str,
) -> Result<Requirement> {
    Ok(Requirement {
        name: file.name.project().clone(),
        extras: extras_of(target.extras, from)?,
        wanted: Wanted::Direct(DirectUrl {
            digests: Digests::none(),
            ..direct
        }),
        marker: target.marker.clone(),
    })
}

/// Names of extras, sorted.
pub fn extras_of(extras: &[String], from: &str) -> Result<Vec<ExtraName>> {
    let extras = extras.iter().map(|it| {
        names::extra(it)
            .ok_or_else(|| Failure::usage(format!("{from}: {it} is no name of an extra")))
    });
    let mut extras = extras.collect::<Result<Vec<_>>>()?;
    extras.sort();
    extras.dedup();
    Ok(extras)
}

/// What lies behind a path or URL.
pub enum Found {
    /// Files, each with its URL taken apart.
    Files(Vec<(File, DirectUrl)>),
    /// A source tree.
    Tree(Box<(Place, DirectUrl)>),
}

/// Looks what a path or URL without a name is.
pub fn found(text: &str, base: &Base, from: &str) -> Result<Found> {
    let is_url = text.contains("://") || text.to_ascii_lowercase().starts_with("file:");
    if is_url || is_version_control(text) {
        if text.contains(is_steering) {
            let text = shown(text);
            return Err(Failure::usage(format!(
                "{from}: a control character in {text}"
            )));
        }
        let direct = DirectUrl::parse(text)
            .map_err(|why| Failure::usage(format!("{from}: {}: {why}", shown(text))))?;
        if let Some(place) = tree::of_url(&direct, base, from)? {
            return Ok(Found::Tree(Box::new((place, direct))));
        }
        check_whole(&direct, from)?;
        let file = file_of_url(&direct.url, &direct.digests, base, None, from)?;
        return Ok(Found::Files(vec![(file, direct)]));
    }
    let folder = match base {
        Base::Local(folder) => folder,
        Base::Remote(_) => return Err(local_in_remote(text, from)),
    };
    // Without `.`, as people read it.
    let path: PathBuf = folder.join(text).components().collect();
    if !path.exists() {
        let fact = format!("{from}: there is no file or folder {}", path.display());
        return Err(Failure::could_not(fact));
    }
    if !path.is_dir() {
        let file = file_at(&path, None, from)?;
        return Ok(Found::Files(vec![(file, plain(&path)?)]));
    }
    match tree::is_project(&path) {
        true => {
            let place = tree::folder(&path, None, from)?;
            Ok(Found::Tree(Box::new((place, plain(&path)?))))
        }
        false => wheels_in(&path, from).map(Found::Files),
    }
}

/// An archive is one project, which lies at its top.
pub fn check_whole(direct: &DirectUrl, from: &str) -> Result<()> {
    match &direct.subdirectory {
        None => Ok(()),
        Some(folder) => Err(Failure::usage(format!(
            "{from}: {direct} names the folder {folder} of an archive"
        ))
        .hint("only repositories and folders have projects in folders of theirs (#subdirectory=)")),
    }
}

/// The file behind a direct URL.
pub fn file_of_url(
    url: &Url,
    digests: &Digests,
    base: &Base,
    project: Option<&ProjectName>,
    from: &str,
) -> Result<File> {
    match url.scheme() {
        "file" => {
            if matches!(base, Base::Remote(_)) {
                return Err(local_in_remote(url.as_str(), from));
            }
            file_at(&path_of(url, from)?, project, from)
        }
        "https" | "http" => {
            let last = url
                .path_segments()
                .and_then(|mut it| it.next_back())
                .unwrap_or_default();
            // What is not UTF-8 then is no file name of a distribution anyway.
            let last = percent_decode(last);
            let name = file_name(&String::from_utf8_lossy(&last), project, from)?;
            let mut clean = redacted(url);
            clean.set_fragment(None);
            let location = Location::Url(url.clone());
            Ok(File {
                digests: digests.clone(),
                ..File::new(name, location, Origin::Direct(Arc::new(clean)))
            })
        }
        other => Err(Failure::usage(format!(
            "{from}: {} has the scheme {other}; https is offered",
            redacted(url)
        ))),
    }
}

/// The path of a `file:` URL.
pub fn path_of(url: &Url, from: &str) -> Result<PathBuf> {
    url.to_file_path()
        .map_err(|()| Failure::usage(format!("{from}: {url} names no local path")))
}

/// A file from the network may lead to files elsewhere only with their digests. They count as given
/// by the user, who named that file; the evidence says where they stand.
pub fn check_hashed(base: &Base, digests: &[&Digests], from: &str) -> Result<()> {
    match base {
        Base::Remote(_) if digests.iter().all(|it| it.is_empty()) => Err(Failure::refused(
            format!("{from}: a file from the network may name a URL only with a hash"),
        )
        .hint("download the file, read it, and use the copy with hashes: URL#sha256=…")),
        _ => Ok(()),
    }
}

fn file_at(path: &Path, project: Option<&ProjectName>, from: &str) -> Result<File> {
    let name = path
        .file_name()
        .and_then(|it| it.to_str())
        .unwrap_or_default();
    let name = file_name(name, project, from)?;
    if !path.is_file() {
        return Err(Failure::could_not(format!(
            "{from}: {} is no file",
            path.display()
        )));
    }
    Ok(local_file(path, name, from))
}

/// A file that a path names; `from` is where the path stands.
fn local_file(path: &Path, name: FileName, from: &str) -> File {
    let location = Location::Path {
        path: path.to_owned(),
        named_in: Arc::from(from),
    };
    File::new(name, location, Origin::Local(Arc::from(path)))
}

/// Every wheel in a folder that the user named and that is no source tree.
fn wheels_in(path: &Path, from: &str) -> Result<Vec<(File, DirectUrl)>> {
    let names = std::fs::read_dir(path)
        .and_then(|entries| {
            entries
                .map(|it| it.map(|it| it.path()))
                .collect::<std::io::Result<Vec<PathBuf>>>()
        })
        .map_err(|error| Failure::could_not(format!("{}: {error}", path.display())))?;
    let mut wheels: Vec<_> = names
        .into_iter()
        .filter(|it| it.extension().is_some_and(|it| it == "whl"))
        .collect();
    if wheels.is_empty() {
        return Err(Failure::usage(format!(
            "{from}: {} holds neither a project (pyproject.toml or setup.py) nor wheels",
            path.display()
        )));
    }
    wheels.sort();
    wheels
        .iter()
        .map(|it| Ok((file_at(it, None, from)?, plain(it)?)))
        .collect()
}

/// The name of a wheel or an sdist.
fn file_name(name: &str, project: Option<&ProjectName>, from: &str) -> Result<FileName> {
    let lower = name.to_ascii_lowercase();
    if SOURCE_ARCHIVES.iter().any(|it| lower.ends_with(it)) {
        let parsed = match project {
            Some(project) => SdistName::parse(name, project),
            None => SdistName::guess(name),
        };
        return parsed.map(FileName::Sdist).map_err(|error| {
            let failure = Failure::usage(format!("{from}: {error}"));
            failure.hint("an sdist is PROJECT-VERSION.tar.gz or .zip; what a repository offers as an archive is named as git+URL@COMMIT")
        });
    }
    let wheel =
        WheelName::parse(name).map_err(|error| Failure::usage(format!("{from}: {error}")))?;
    match project {
        Some(project) if project != wheel.project() => Err(Failure::usage(format!(
            "{from}: {name} is a wheel of {}, not of {project}",
            wheel.project()
        ))),
        _ => Ok(FileName::Wheel(wheel)),
    }
}

pub fn local_in_remote(text: &str, from: &str) -> Failure {
    Failure::refused(format!(
        "{from}: {} is a local path, and a file from the network may not name one",
        shown(text)
    ))
    .hint("download the requirements file, read it, and use the copy")
}

/// The URL of a path.
pub fn plain(path: &Path) -> Result<DirectUrl> {
    let url = Url::from_file_path(path)
        .map_err(|()| Failure::usage(format!("{} is not absolute", path.display())))?;
    Ok(DirectUrl {
        url,
        digests: Digests::none(),
        subdirectory: None,
    })
}

/// Text for a message, without the secrets that it may hold.
pub fn shown(text: &str) -> String {
    match Url::parse(text) {
        Ok(url) => redacted(&url).to_string(),
        Err(_) => without_secrets(text),
    }
}
