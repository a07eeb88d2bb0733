//! A line that asks for something: a named requirement, or a path or URL without a name.

use super::{Entry, LineOptions, Mistake};
use crate::{MarkerTree, Requirement};

/// Archives that pip would install from a path.
const ARCHIVES: [&str; 13] = [
    ".whl",
    ".zip",
    ".tar.gz",
    ".tgz",
    ".tar",
    ".tar.bz2",
    ".tbz",
    ".tar.xz",
    ".txz",
    ".tlz",
    ".tar.lz",
    ".tar.lzma",
    ".egg",
];
/// Schemes that make a line a URL; VCS ones have the tool's name and `+` before them.
const SCHEMES: [&str; 4] = ["http", "https", "file", "ftp"];
const VCS: [&str; 4] = ["git+", "hg+", "svn+", "bzr+"];

/// Reads the part of a line before its options.
pub(super) fn entry(text: &str, options: LineOptions) -> Result<Entry, Mistake> {
    if is_unnamed(text) {
        return unnamed(text, options);
    }
    let requirement = Requirement::parse(text).map_err(|error| {
        let at = byte_offset(text, error.column);
        Mistake {
            at,
            length: byte_offset(&text[at..], error.width),
            why: error.why,
        }
    })?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let text = text.trim_start();
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    Ok(Entry::Named {
        requirement,
        spelling: text[..end].to_owned(),
        options,
    })
}

fn byte_offset(text: &str, characters: usize) -> usize {
    let at = text.char_indices().nth(characters).map(|(at, _)| at);
    at.unwrap_or(text.len())
}

fn is_unnamed(text: &str) -> bool {
    if is_url(text) {
        return true;
    }
    let (before, _) = text.split_once(';').unwrap_or((text, ""));
    let before = before.trim();
    // `name @ url` is a named requirement, whatever its URL looks like.
    if let Some((name, _)) = before.split_once('@')
        && !looks_like_path(name)
    {
        return false;
    }
    let (path, _) = split_extras(before);
    looks_like_path(path) || is_archive(path)
}

fn is_url(text: &str) -> bool {
    let Some((scheme, _)) = text.split_once(':') else {
        return false;
    };
    let scheme = scheme.to_ascii_lowercase();
    SCHEMES.contains(&scheme.as_str()) || VCS.iter().any(|it| scheme.starts_with(it))
}

fn looks_like_path(text: &str) -> bool {
    text.starts_with('.') || text.contains(['/', '\\'])
}

fn is_archive(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ARCHIVES.iter().any(|it| text.ends_with(it))
}

/// A marker follows `;`, or `; ` behind a URL, which may hold a semicolon itself.
fn unnamed(text: &str, options: LineOptions) -> Result<Entry, Mistake> {
    let separator = if is_url(text) { "; " } else { ";" };
    let (target, marker) = match text.split_once(separator) {
        Some((target, _)) => (target, parse_marker(text, target.len() + separator.len())?),
        None => (text, MarkerTree::TRUE),
    };
    let (target, extras) = split_extras(target.trim());
    let extras = extras.split(',').map(str::trim);
    Ok(Entry::Unnamed {
        target: target.to_owned(),
        extras: extras
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect(),
        marker,
        options,
    })
}

fn parse_marker(text: &str, at: usize) -> Result<MarkerTree, Mistake> {
    // Through the same gate as every marker: the name is only a place-holder.
    let prefix = "x ;";
    let requirement = Requirement::parse(&format!("{prefix}{}", &text[at..]));
    requirement.map(|it| it.marker).map_err(|error| {
        let start = at + byte_offset(&text[at..], error.column.saturating_sub(prefix.len()));
        Mistake {
            at: start,
            length: byte_offset(&text[start..], error.width),
            why: error.why,
        }
    })
}

/// `path[extra,…]`: the path and what stands between the brackets.
fn split_extras(text: &str) -> (&str, &str) {
    let inner = text.strip_suffix(']').and_then(|it| it.rsplit_once('['));
    match inner {
        Some((path, extras)) if !path.is_empty() && !extras.contains(']') => (path, extras),
        _ => (text, ""),
    }
}
