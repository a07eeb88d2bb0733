//! Files of a TUF repository, for the trusted root that `assay_trust::attestation::renew` asks for.

use assay_trust::attestation::{KnownMetadata, RenewalError, renew};
use assay_types::{Timestamp, Url};

use crate::{Client, IndexError, error::redacted};

impl Client {
    /// The `trusted_root.json` that a TUF repository of Sigstore lists now. `repository` is its base,
    /// without credentials ([`Client::url`]); the rest is as in [`renew`], and `known` is to be kept
    /// after a failure too.
    ///
    /// Fails with [`IndexError::Forbidden`] where what it serves does not hold, and with
    /// [`IndexError::Answer`] where it is no such repository.
    pub fn trusted_root(
        &self,
        repository: &Url,
        bootstrap: &[u8],
        known: &mut KnownMetadata,
        now: Timestamp,
    ) -> Result<String, IndexError> {
        let base = with_slash(repository);
        let fetch = |path: &str, limit: u64| self.tuf_file(&base, path, limit);
        renew(bootstrap, known, now, fetch).map_err(|error| match error {
            RenewalError::Fetch(error) => error,
            RenewalError::NoRepository(fact) => IndexError::answer(&base, fact),
            error @ (RenewalError::Refused(_) | RenewalError::Unusable(_)) => {
                IndexError::Forbidden {
                    url: redacted(&base),
                    fact: format!("the trusted root of Sigstore is not renewed: {error}"),
                    hint: Some("the one in use so far stays; try later, or another mirror".into()),
                }
            }
        })
    }

    /// One file of at most `limit` bytes; `None` where the server says that there is none. Some
    /// stores answer 403 for what they do not have.
    fn tuf_file(&self, base: &Url, path: &str, limit: u64) -> Result<Option<Vec<u8>>, IndexError> {
        let url = base.join(path).map_err(|error| {
            IndexError::answer(base, format!("names a file that has no URL: {error}"))
        })?;
        let is_answer = |status| matches!(status, 200 | 403 | 404);
        let (head, bytes) = self.get(&url, &[], is_answer, limit)?;
        Ok((head.status == 200).then_some(bytes))
    }
}

fn with_slash(url: &Url) -> Url {
    let mut url = url.clone();
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    url
}
