//! The base URL of a simple index, free of secrets.

use std::sync::Arc;

use assay_types::{FileName, ProjectName, Url, listing::Origin};

/// The base URL of a simple index, without credentials and with a closing slash. Made by
/// [`crate::Client::index`], which keeps the credentials.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IndexUrl(Arc<Url>);

impl IndexUrl {
    /// `url` must be free of credentials.
    pub(crate) fn new(mut url: Url) -> Self {
        url.set_fragment(None);
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Self(Arc::new(url))
    }

    /// The URL.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// The same place as the origin of files.
    pub fn origin(&self) -> Origin {
        Origin::Index(Arc::clone(&self.0))
    }

    /// The page of one project (PEP 503): `…/name/`.
    pub fn page(&self, project: &ProjectName) -> Url {
        let mut url = (*self.0).clone();
        // A normalised name consists of a-z, 0-9 and "-": nothing to escape.
        let path = format!("{}{project}/", url.path());
        url.set_path(&path);
        url
    }

    /// Where the integrity API (PEP 740) has the provenance of a file:
    /// `…/integrity/<project>/<version>/<file name>/provenance`, beside the index's `simple/`.
    pub(crate) fn provenance(&self, file: &FileName) -> Url {
        let mut url = (*self.0).clone();
        let base = url.path();
        let root = base
            .strip_suffix("/simple/")
            .or_else(|| base.strip_suffix('/'));
        let project = file.project();
        let version = segment(&file.version().to_string());
        let name = segment(file.as_str());
        let path = format!(
            "{}/integrity/{project}/{version}/{name}/provenance",
            root.unwrap_or(base)
        );
        url.set_path(&path);
        url
    }
}

/// One segment of a path: everything escaped but the unreserved characters (RFC 3986, 2.3), so also
/// the `+` of a local version, which some servers take for a space.
fn segment(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provenance(index: &str, name: &str) -> String {
        let project: ProjectName = "demo".parse().unwrap();
        let name = FileName::parse(name, &project).unwrap();
        IndexUrl::new(index.parse().unwrap())
            .provenance(&name)
            .into()
    }

    #[test]
    fn the_integrity_api_lies_beside_simple() {
        let name = "demo-1.0-py3-none-any.whl";
        let tail = format!("integrity/demo/1.0/{name}/provenance");
        for (index, root) in [
            ("https://a.example/simple/", "https://a.example/"),
            ("https://a.example/simple", "https://a.example/"),
            ("https://a.example/b/simple/", "https://a.example/b/"),
            (
                "https://a.example/b/+simple/",
                "https://a.example/b/+simple/",
            ),
            ("https://a.example/nosimple/", "https://a.example/nosimple/"),
            ("https://a.example/", "https://a.example/"),
        ] {
            assert_eq!(provenance(index, name), format!("{root}{tail}"));
        }
    }

    #[test]
    fn segments_are_escaped() {
        let url = provenance("https://a.example/simple/", "demo-1!2.0+x.1.tar.gz");
        let tail = "demo/1%212.0%2Bx.1/demo-1%212.0%2Bx.1.tar.gz/provenance";
        assert_eq!(url, format!("https://a.example/integrity/{tail}"));
    }
}
