//! Direct references: the URL and what its fragment says.

use super::DirectUrl;
use crate::{Algorithm, Digests, Url};

/// Algorithms that pip knows in fragments and this project takes for no proof.
const WEAK: [&str; 3] = ["md5", "sha1", "sha224"];

impl DirectUrl {
    /// Parses a URL and takes its fragment apart: `sha256=`, `sha384=` and `sha512=` become
    /// digests, md5, sha1 and sha224 are noted as weak, `subdirectory=` is kept, `egg=` and
    /// unknown keys are passed over as in pip. The error says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut url = Url::parse(text).map_err(|error| format!("not a URL: {error}"))?;
        let fragment = url.fragment().map(str::to_owned);
        url.set_fragment(None);
        let mut direct = Self {
            url,
            digests: Digests::none(),
            subdirectory: None,
        };
        let pieces = fragment.iter().flat_map(|it| it.split('&'));
        for piece in pieces.filter(|it| !it.is_empty()) {
            direct.read_piece(piece)?;
        }
        Ok(direct)
    }

    fn read_piece(&mut self, piece: &str) -> Result<(), String> {
        let (key, value) = piece
            .split_once('=')
            .ok_or("a fragment is made of key=value, as in #sha256=…")?;
        let key = key.to_ascii_lowercase();
        if Algorithm::from_name(&key).is_some() || WEAK.contains(&key.as_str()) {
            return self
                .digests
                .insert(&key, value)
                .map_err(|error| format!("the fragment's {key}: {error}"));
        }
        if key == "subdirectory" && self.subdirectory.replace(value.to_owned()).is_some() {
            return Err("the fragment names two subdirectories".to_owned());
        }
        Ok(())
    }
}

/// The URL without user, password and query, with its digests and subdirectory as a fragment again.
impl std::fmt::Display for DirectUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", redacted(&self.url))?;
        let digests = self.digests.strong().iter();
        let pieces = digests
            .map(|it| it.to_string().replacen(':', "=", 1))
            .chain(
                self.subdirectory
                    .iter()
                    .map(|it| format!("subdirectory={it}")),
            );
        for (index, piece) in pieces.enumerate() {
            let separator = if index == 0 { '#' } else { '&' };
            write!(f, "{separator}{piece}")?;
        }
        Ok(())
    }
}

/// A URL without user, password and query, fit for display and for `direct_url.json`. A query may be
/// a signature or a token, and nobody can tell which is: pip keeps it, we do not.
pub fn redacted(url: &Url) -> Url {
    let mut url = without_credentials(url);
    url.set_query(None);
    url
}

/// A URL without user and password, which still names the same place.
pub fn without_credentials(url: &Url) -> Url {
    let mut url = url.clone();
    // Both fail only for URLs that cannot hold a user at all (`file:`, `data:`).
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}
