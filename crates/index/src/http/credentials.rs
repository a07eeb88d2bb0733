//! User names and passwords, and the only places they may go.

use std::{
    fmt,
    path::Path,
    sync::{PoisonError, RwLock},
};

use assay_types::{Url, requirement::without_credentials};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{keyring::Keyring, netrc, same_origin};
use crate::IndexError;

/// A user name and a password. Neither is ever displayed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Credentials {
    user: String,
    password: Option<String>,
    source: Source,
}

/// Where credentials were found; decides what is tried after they were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// A URL that the user named.
    Url,
    /// netrc's entry for the host.
    Netrc,
    /// netrc's `default`.
    NetrcDefault,
    /// The keyring.
    Keyring,
}

impl Credentials {
    /// As from a URL.
    pub(crate) fn new(user: String, password: Option<String>) -> Self {
        Self {
            user,
            password,
            source: Source::Url,
        }
    }

    /// The same from elsewhere.
    pub(crate) fn from(self, source: Source) -> Self {
        Self { source, ..self }
    }

    /// Takes user name and password out of a URL.
    pub(crate) fn split_off(url: &mut Url) -> Option<Self> {
        let password = url.password().map(percent_decode);
        let credentials = Self::new(percent_decode(url.username()), password);
        *url = without_credentials(url);
        let given = !credentials.user.is_empty() || credentials.password.is_some();
        given.then_some(credentials)
    }

    /// The value of an `Authorization` header (RFC 7617).
    pub(crate) fn header(&self) -> String {
        let password = self.password.as_deref().unwrap_or_default();
        format!(
            "Basic {}",
            STANDARD.encode(format!("{}:{password}", self.user))
        )
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(…)")
    }
}

/// All credentials of a run: those that stood in URLs, netrc's, and the keyring's.
pub(crate) struct Store {
    urls: RwLock<Vec<(Url, Credentials)>>,
    /// One URL of each origin that the user named.
    named: RwLock<Vec<Url>>,
    /// Base URLs of indexes: what a keyring knows passwords by.
    indexes: RwLock<Vec<Url>>,
    /// Those that the user's own settings name: netrc's `default` is for them.
    own: RwLock<Vec<Url>>,
    netrc: netrc::Netrc,
    keyring: Option<Keyring>,
}

impl Store {
    /// `netrc` is the file's text, `keyring` the program.
    pub(crate) fn new(netrc: Option<&str>, keyring: Option<&Path>) -> Self {
        Self {
            urls: RwLock::default(),
            named: RwLock::default(),
            indexes: RwLock::default(),
            own: RwLock::default(),
            netrc: netrc.map(netrc::parse).unwrap_or_default(),
            keyring: keyring.map(|it| Keyring::new(it.to_owned())),
        }
    }

    /// Remembers the base URL of an index, which holds no credentials.
    pub(crate) fn add_index(&self, base: &Url) {
        let mut indexes = self.indexes.write().unwrap_or_else(PoisonError::into_inner);
        if !indexes.contains(base) {
            indexes.push(base.clone());
        }
    }

    /// Remembers that the user's own settings name this index.
    pub(crate) fn add_own(&self, base: &Url) {
        let mut own = self.own.write().unwrap_or_else(PoisonError::into_inner);
        own.push(base.clone());
    }

    /// Remembers that the user named a URL of this origin.
    pub(crate) fn name(&self, url: &Url) {
        let mut named = self.named.write().unwrap_or_else(PoisonError::into_inner);
        if !named.iter().any(|it| same_origin(it, url)) {
            named.push(url.clone());
        }
    }

    /// Remembers credentials for the origin of `base`, which no longer holds them.
    pub(crate) fn add(&self, base: &Url, credentials: Credentials) {
        let mut urls = self.urls.write().unwrap_or_else(PoisonError::into_inner);
        urls.retain(|(known, _)| known != base);
        urls.push((base.clone(), credentials));
    }

    /// What may be sent to this URL: credentials of the same scheme, host and port (where several
    /// indexes share those, of the one whose path is nearest), else netrc's for the host.
    pub(crate) fn for_url(&self, url: &Url) -> Option<Credentials> {
        let urls = self.urls.read().unwrap_or_else(PoisonError::into_inner);
        let nearest = urls
            .iter()
            .filter(|(base, _)| same_origin(base, url))
            .max_by_key(|(base, _)| shared_segments(base, url));
        nearest
            .map(|(_, credentials)| credentials.clone())
            .or_else(|| self.in_netrc(url))
    }

    /// What is tried after the server answered 401 to what was sent: netrc's `default`, where the
    /// user's own settings name an index there, for that secret tells no host from another; then the
    /// keyring, as pip asks it: by the URL of the nearest index of that host, then by the host. Only
    /// for scheme, host and port of a URL that the user named: pages and redirects lead anywhere.
    pub(crate) fn after_refusal(
        &self,
        url: &Url,
        sent: Option<&Credentials>,
    ) -> Result<Option<Credentials>, IndexError> {
        if !self.is_named(url) {
            return Ok(None);
        }
        match sent.map(|it| (it.source, &it.password)) {
            Some((Source::Keyring, _) | (Source::Url, Some(_))) => return Ok(None),
            None if self.netrc.default.is_some() && has_origin(&self.own, url) => {
                return Ok(self.netrc.default.clone());
            }
            None | Some(_) => {}
        }
        let Some(keyring) = &self.keyring else {
            return Ok(None);
        };
        // Whoever stands in netrc was refused; a URL's user without a password is who is meant.
        let user = sent.filter(|it| it.source == Source::Url);
        let user = user.map(|it| it.user.as_str());
        for (service, base) in self.services(url) {
            if let Some(found) = keyring.get(&service, user)? {
                self.add(&base, found.clone());
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The names under which a keyring may know a server, each with the URL that its credentials
    /// are for.
    fn services(&self, url: &Url) -> Vec<(String, Url)> {
        let indexes = self.indexes.read().unwrap_or_else(PoisonError::into_inner);
        let nearest = indexes
            .iter()
            .filter(|it| same_origin(it, url))
            .max_by_key(|it| shared_segments(it, url));
        let mut services: Vec<_> = nearest
            .map(|it| (it.to_string(), it.clone()))
            .into_iter()
            .collect();
        if let (Some(host), Ok(root)) = (url.host_str(), url.join("/")) {
            let port = url.port().map(|it| format!(":{it}"));
            let service = format!("{host}{}", port.unwrap_or_default());
            services.push((service, nearest.cloned().unwrap_or(root)));
        }
        services
    }

    fn is_named(&self, url: &Url) -> bool {
        has_origin(&self.named, url)
    }

    /// netrc knows hosts and no ports. A page could lead to another service of the same host, so
    /// another port than the scheme's own has to be one that the user named.
    fn in_netrc(&self, url: &Url) -> Option<Credentials> {
        if url.port().is_some() && !self.is_named(url) {
            return None;
        }
        self.netrc.machines.get(url.host_str()?).cloned()
    }
}

fn has_origin(urls: &RwLock<Vec<Url>>, url: &Url) -> bool {
    let urls = urls.read().unwrap_or_else(PoisonError::into_inner);
    urls.iter().any(|it| same_origin(it, url))
}

fn shared_segments(a: &Url, b: &Url) -> usize {
    let pairs = a
        .path_segments()
        .into_iter()
        .flatten()
        .zip(b.path_segments().into_iter().flatten());
    pairs.take_while(|(a, b)| a == b).count()
}

/// Decodes `%XX` once; bytes that are not UTF-8 become replacement characters, which no server
/// will accept.
fn percent_decode(text: &str) -> String {
    String::from_utf8_lossy(&assay_types::text::percent_decode(text)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn they_go_to_their_own_scheme_host_and_port() {
        let store = Store::new(Some("machine files.example login n password m"), None);
        let mut base = url("https://user:p%40ss@index.example/a/simple/");
        let own = Credentials::split_off(&mut base).unwrap();
        assert_eq!(base.as_str(), "https://index.example/a/simple/");
        assert_eq!(own, Credentials::new("user".into(), Some("p@ss".into())));
        store.add(&base, own.clone());
        assert_eq!(
            store.for_url(&url("https://index.example/files/x")),
            Some(own)
        );
        for other in [
            "http://index.example/a/simple/",
            "https://index.example:8443/a/simple/",
            "https://index.example.evil.example/a/simple/",
            "https://evil.example/",
        ] {
            assert_eq!(store.for_url(&url(other)), None, "{other}");
        }
        assert!(store.for_url(&url("https://files.example/x")).is_some());
    }

    #[test]
    fn two_indexes_on_one_host_keep_their_own() {
        let store = Store::new(None, None);
        let [a, b] = ["a", "b"].map(|it| Credentials::new(it.into(), None));
        store.add(&url("https://host.example/projects/1/simple/"), a.clone());
        store.add(&url("https://host.example/projects/2/simple/"), b.clone());
        assert_eq!(
            store.for_url(&url("https://host.example/projects/1/files/x")),
            Some(a)
        );
        assert_eq!(
            store.for_url(&url("https://host.example/projects/2/files/x")),
            Some(b)
        );
    }

    #[test]
    fn nothing_is_displayed() {
        let text = format!(
            "{:?}",
            Credentials::new("alice".into(), Some("secret".into()))
        );
        assert!(!text.contains("alice") && !text.contains("secret"));
    }
}
