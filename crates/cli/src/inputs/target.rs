//! Paths and URLs in the place of a name.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use assay_types::{
    Digests, ExtraName, FileName, MarkerTree, ProjectName, Requirement, Url, WheelName,
    listing::{File, Location, Origin},
    names,
    requirement::{DirectUrl, Wanted, redacted},
    text::{percent_decode, without_secrets},
};

use super::{Base, local_file};
use crate::failure::{Failure, Result};

const VCS: [&str; 4] = ["git+", "hg+", "svn+", "bzr+"];
const SOURCE_ARCHIVES: [&str; 5] = [".tar.gz", ".zip", ".tar.bz2", ".tar.xz", ".tgz"];

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
    if before_at != text && names::project(before_at).is_some() && !before_at.contains('/') {
        return false;
    }
    let lower = target.to_ascii_lowercase();
    lower.contains("://")
        || lower.starts_with("file:")
        || VCS.iter().any(|it| lower.starts_with(it))
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
    let extras: Result<Vec<ExtraName>> = target
        .extras
        .iter()
        .map(|it| {
            names::extra(it)
                .ok_or_else(|| Failure::usage(format!("{from}: {it} is no name of an extra")))
        })
        .collect();
    let mut extras = extras?;
    extras.sort();
    extras.dedup();
    Ok(Requirement {
        name: file.name.project().clone(),
        extras,
        wanted: Wanted::Direct(DirectUrl {
            digests: Digests::none(),
            ..direct
        }),
        marker: target.marker.clone(),
    })
}

/// The files behind a path or URL, each with its URL taken apart.
pub fn files(text: &str, base: &Base, from: &str) -> Result<Vec<(File, DirectUrl)>> {
    if is_version_control(text) {
        return Err(version_control(text, from));
    }
    if text.contains("://") || text.to_ascii_lowercase().starts_with("file:") {
        let direct = DirectUrl::parse(text)
            .map_err(|why| Failure::usage(format!("{from}: {}: {why}", shown(text))))?;
        let file = file_of_url(&direct.url, &direct.digests, base, None, from)?;
        return Ok(vec![(file, direct)]);
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
    if path.is_dir() {
        wheels_in(&path, from)
    } else {
        Ok(vec![(wheel_at(&path, None, from)?, plain(&path)?)])
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
            let path = url
                .to_file_path()
                .map_err(|()| Failure::usage(format!("{from}: {url} names no local path")))?;
            wheel_at(&path, project, from)
        }
        "https" | "http" => {
            let last = url
                .path_segments()
                .and_then(|mut it| it.next_back())
                .unwrap_or_default();
            // What is not UTF-8 then is no file name of a wheel anyway.
            let last = percent_decode(last);
            let name = wheel_name(&String::from_utf8_lossy(&last), project, from)?;
            let mut clean = redacted(url);
            clean.set_fragment(None);
            let location = Location::Url(url.clone());
            Ok(File {
                digests: digests.clone(),
                ..File::new(name, location, Origin::Direct(Arc::new(clean)))
            })
        }
        _ if is_version_control(url.as_str()) => Err(version_control(url.as_str(), from)),
        other => Err(Failure::usage(format!(
            "{from}: {} has the scheme {other}; https is offered",
            redacted(url)
        ))),
    }
}

fn is_version_control(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    VCS.iter().any(|it| lower.starts_with(it))
}

fn version_control(text: &str, from: &str) -> Failure {
    Failure::usage(format!("{from}: {} is a version control URL", shown(text)))
        .hint("installing from version control comes with source builds; name a wheel for now")
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

/// `-e PATH`, given in `from`.
pub fn editable(path: &str, from: &str) -> Failure {
    let path = shown(path);
    Failure::usage(format!(
        "{from}: editable installs are not offered yet: {path}"
    ))
    .hint("they come with source builds; install a wheel for now")
}

fn wheel_at(path: &Path, project: Option<&ProjectName>, from: &str) -> Result<File> {
    let name = path
        .file_name()
        .and_then(|it| it.to_str())
        .unwrap_or_default();
    let name = wheel_name(name, project, from)?;
    if !path.is_file() {
        return Err(Failure::could_not(format!(
            "{from}: {} is no file",
            path.display()
        )));
    }
    Ok(local_file(path, name, from))
}

/// Every wheel in a folder that the user named; a source tree is something else.
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
        return Err(Failure::usage(format!("{from}: {} holds no wheels", path.display()))
            .hint("source trees are not built yet: build a wheel with the project's own tools and name that"));
    }
    wheels.sort();
    wheels
        .iter()
        .map(|it| Ok((wheel_at(it, None, from)?, plain(it)?)))
        .collect()
}

fn wheel_name(name: &str, project: Option<&ProjectName>, from: &str) -> Result<FileName> {
    let lower = name.to_ascii_lowercase();
    if SOURCE_ARCHIVES.iter().any(|it| lower.ends_with(it)) {
        return Err(
            Failure::usage(format!("{from}: {name} is a source distribution"))
                .hint("source distributions are not built yet: name a wheel"),
        );
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

fn local_in_remote(text: &str, from: &str) -> Failure {
    Failure::refused(format!(
        "{from}: {} is a local path, and a file from the network may not name one",
        shown(text)
    ))
    .hint("download the requirements file, read it, and use the copy")
}

/// The URL of a path.
fn plain(path: &Path) -> Result<DirectUrl> {
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
