//! The base URL of a simple index, free of secrets.

use std::sync::Arc;

use assay_types::{ProjectName, Url, listing::Origin};

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
}
