//! Where a link of a page may lead.

use std::path::{Component, Path, PathBuf};

use assay_types::{Url, text};

use crate::http::is_loopback;

/// Only https, or http from a page of this machine to this machine.
pub(super) fn check_scheme(url: &Url, page: &Url) -> Result<(), String> {
    match url.scheme() {
        "https" => Ok(()),
        "http" if page.scheme() == "http" && is_loopback(url) => Ok(()),
        "http" => Err("plain HTTP".into()),
        "file" => Err("file: links are not followed from a page".into()),
        scheme => Err(format!("{scheme}: links are not followed")),
    }
}

/// The path of a `file:` link, which must stay below the page's folder. Judged as a path, after
/// `%2F` became a separator.
pub(super) fn path_below(page: &Url, link: &Url) -> Result<PathBuf, String> {
    let path_of = |url: &Url| {
        url.to_file_path()
            .map_err(|()| "names no local file".to_owned())
    };
    let (page, path) = (path_of(page)?, path_of(link)?);
    let below = page.parent().and_then(|it| path.strip_prefix(it).ok());
    let stays = |it: &Path| it.components().all(|it| matches!(it, Component::Normal(_)));
    match below {
        Some(below) if stays(below) => Ok(path),
        _ => Err("leads out of the page's folder".into()),
    }
}

/// The last part of a URL's path, decoded once.
pub(super) fn file_name_of(url: &Url) -> Result<String, String> {
    let last = url.path().rsplit('/').next().unwrap_or_default();
    String::from_utf8(text::percent_decode(last)).map_err(|_| "its name is not UTF-8".to_owned())
}
