//! What a requirement says of a repository: `git+URL@REVISION#subdirectory=…`.

use core::net::IpAddr;
use std::fmt;

use super::{Commit, public};
use crate::{
    SafePath, Url,
    requirement::DirectUrl,
    text::{is_steering, percent_decode},
};

/// What git takes in no name of a branch or tag (git-check-ref-format), or reads as an expression.
const NOT_IN_NAMES: [char; 9] = ['^', '~', ':', '?', '*', '[', '\\', ' ', '{'];
/// Longest revision in bytes: what git takes for the name of a branch or tag.
const LONGEST: usize = 255;

/// Where a repository lies, what of it is asked for, and where in it the project lies.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    /// `https`, `ssh` or `file`; `http` and `git` only with a full commit id, which alone says what
    /// comes. Credentials may still be in it; never display it unredacted.
    pub url: Url,
    /// `None` for what the repository gives.
    pub revision: Option<Revision>,
    /// `#subdirectory=`.
    pub subdirectory: Option<SafePath>,
}

/// The name of a branch or tag, a reference, or the id of a commit, whole or cut short. Nothing that git
/// could take for an option or an expression.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Revision(String);

impl Revision {
    /// Checks the rules above; the error says what is wrong.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() {
            return Err("an empty revision behind @");
        }
        if text.len() > LONGEST {
            return Err("a revision of more than 255 bytes");
        }
        if text.starts_with('-') {
            return Err("a revision that begins with - would be an option");
        }
        let is_bad = |c: char| is_steering(c) || c.is_whitespace() || NOT_IN_NAMES.contains(&c);
        if text.contains(is_bad) || text.contains("..") || text.contains("@{") || text == "@" {
            return Err("a revision is the name of a branch or tag, or the id of a commit");
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The commit, where this is the full id of one.
    pub fn commit(&self) -> Option<Commit> {
        Commit::parse(&self.0.to_ascii_lowercase())
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Address {
    /// Takes a direct URL apart; the error says what is wrong. As in pip the revision follows the last
    /// `@` of the path.
    pub fn parse(direct: &DirectUrl) -> Result<Self, String> {
        let (mut url, revision) = split(&direct.url)?;
        let is_pinned = revision.as_ref().is_some_and(|it| it.commit().is_some());
        check_url(&url, is_pinned)?;
        url.set_fragment(None);
        let subdirectory = direct.subdirectory.as_deref();
        // pip joins it to the folder, which takes a closing slash.
        let subdirectory = subdirectory.map(|it| SafePath::parse(it.trim_end_matches('/')));
        Ok(Self {
            url,
            revision,
            subdirectory: subdirectory
                .transpose()
                .map_err(|error| format!("its subdirectory: {error}"))?,
        })
    }

    /// The URL as it may be shown and kept: without credentials and query.
    pub fn public_url(&self) -> Url {
        public(&self.url)
    }

    /// The commit, where nothing but one can come.
    pub fn commit(&self) -> Option<Commit> {
        self.revision.as_ref()?.commit()
    }
}

/// As a requirement has it, without credentials.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "git+{}", public(&self.url))?;
        if let Some(revision) = &self.revision {
            write!(f, "@{revision}")?;
        }
        match &self.subdirectory {
            Some(folder) => write!(f, "#subdirectory={folder}"),
            None => Ok(()),
        }
    }
}

/// The URL without `git+` and revision, and the revision.
fn split(direct: &Url) -> Result<(Url, Option<Revision>), String> {
    let text = direct.as_str();
    let text = text.strip_prefix("git+").ok_or("not a git+ URL")?;
    let mut url = Url::parse(text).map_err(|error| format!("not a URL: {error}"))?;
    let path = url.path().to_owned();
    let Some((path, revision)) = path.rsplit_once('@') else {
        return Ok((url, None));
    };
    let revision = String::from_utf8(percent_decode(revision)).map_err(|_| "no UTF-8 behind @")?;
    let revision = Revision::parse(&revision)?;
    url.set_path(path);
    Ok((url, Some(revision)))
}

fn check_url(url: &Url, is_pinned: bool) -> Result<(), String> {
    match url.scheme() {
        "https" | "ssh" | "file" => {}
        "http" | "git" if is_pinned => {}
        scheme @ ("http" | "git") => {
            return Err(format!(
                "{scheme} lets anybody on the way change what comes; name the full id of the commit \
                 behind @, or use https or ssh"
            ));
        }
        scheme => {
            return Err(format!(
                "git is asked over https, ssh or file, not {scheme}"
            ));
        }
    }
    let host = url.host_str().unwrap_or_default();
    match url.scheme() {
        "file" if !host.is_empty() => {
            return Err("a file: URL names a path of this machine: file:///path".to_owned());
        }
        "file" => {}
        _ if host.is_empty() => return Err("a URL without a host".to_owned()),
        _ => {}
    }
    // ssh and git would take them for options.
    if host.starts_with('-') || url.username().starts_with('-') {
        return Err("a host or user that begins with - would be an option".to_owned());
    }
    if url.scheme() == "ssh" && url.password().is_some() {
        return Err("ssh takes no password from a URL: use a key".to_owned());
    }
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    if matches!(url.scheme(), "http" | "git") && has_credentials && !is_loopback(url) {
        return Err("anybody on the way could read its credentials: use https or ssh".to_owned());
    }
    let decoded = percent_decode(url.as_str());
    if decoded.iter().any(u8::is_ascii_control) {
        return Err("a control character in the URL".to_owned());
    }
    Ok(())
}

/// Whether nobody is on the way: the host is this machine, by name or address.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let address = address.parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|it| it.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef01234567";

    fn parse(text: &str) -> Result<Address, String> {
        Address::parse(&DirectUrl::parse(text)?)
    }

    #[test]
    fn credentials_go_where_nobody_can_read_them() {
        let at = |place: &str| parse(&format!("git+{place}/a/demo@{ID}")).map(drop);
        for good in [
            "https://u:p@git.example",
            "ssh://git@git.example",
            "http://git.example",
            "git://git.example",
            "http://u:p@localhost:8080",
            "http://u:p@127.0.0.1",
            "http://u:p@[::1]:80",
        ] {
            assert_eq!(at(good), Ok(()), "{good}");
        }
        for bad in [
            "http://u:p@git.example",
            "http://token@git.example",
            "http://:p@git.example",
            "git://u@git.example",
            "http://u:p@127.example",
            "http://u:p@10.0.0.1",
        ] {
            assert!(at(bad).unwrap_err().contains("credentials"), "{bad}");
        }
    }

    #[test]
    fn a_url_is_taken_apart_as_pip_does() {
        for (text, url, revision, shown) in [
            (
                "git+https://git.example/a/demo.git",
                "https://git.example/a/demo.git",
                None,
                "git+https://git.example/a/demo.git",
            ),
            (
                "git+https://u:p@git.example/demo@v1.0#egg=demo",
                "https://u:p@git.example/demo",
                Some("v1.0"),
                "git+https://git.example/demo@v1.0",
            ),
            (
                "git+ssh://git@git.example/demo.git@feature/x#subdirectory=python/",
                "ssh://git@git.example/demo.git",
                Some("feature/x"),
                "git+ssh://git@git.example/demo.git@feature/x#subdirectory=python",
            ),
            (
                "git+file:///home/u/a@b/demo@main",
                "file:///home/u/a@b/demo",
                Some("main"),
                "git+file:///home/u/a@b/demo@main",
            ),
        ] {
            let address = parse(text).unwrap();
            assert_eq!(address.url.as_str(), url, "{text}");
            assert_eq!(address.revision.as_ref().map(Revision::as_str), revision);
            assert_eq!(address.to_string(), shown);
            assert_eq!(address.commit(), None);
        }
    }

    #[test]
    fn what_anybody_could_change_on_the_way_needs_the_full_id() {
        for scheme in ["http", "git"] {
            let url = format!("git+{scheme}://git.example/demo");
            for revision in ["", "@main", &format!("@{}", &ID[..12])] {
                assert!(
                    parse(&format!("{url}{revision}")).is_err(),
                    "{url}{revision}"
                );
            }
            let pinned = parse(&format!("{url}@{ID}")).unwrap();
            assert_eq!(pinned.commit().unwrap().as_str(), ID);
        }
    }

    #[test]
    fn nothing_can_become_an_option_or_an_expression() {
        for bad in [
            "git+https://git.example/demo@",
            "git+https://git.example/demo@-upload-pack=x",
            "git+https://git.example/demo@%2Dx",
            "git+https://git.example/demo@main:path",
            "git+https://git.example/demo@main~1",
            "git+https://git.example/demo@a..b",
            "git+https://git.example/demo@main%0Ax",
            "git+https://git.example/de%0Amo",
            "git+ssh://-oProxyCommand=x/demo",
            "git+ssh://-u@git.example/demo",
            "git+ssh://u:p@git.example/demo",
            "git+ext::sh -c x",
            "git+fd://17/demo",
            "git+file://elsewhere/demo",
            "git+https://git.example/demo#subdirectory=../x",
            "git+https://git.example/demo#subdirectory=/x",
            "hg+https://hg.example/demo",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        for good in [
            "git+https://git.example/de-mo@a-b",
            "git+ssh://git@git.example/~u/demo@refs/pull/1/head",
            "git+https://git.example/demo#subdirectory=x..y",
        ] {
            assert!(parse(good).is_ok(), "{good}");
        }
    }
}
