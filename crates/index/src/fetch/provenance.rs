//! Provenance documents (PEP 740): announced by a page, or asked for at the integrity API. Nothing
//! of them is believed here; `assay_trust::attestation` reads and verifies them.

use assay_trust::attestation::Provenance;
use assay_types::{
    Url,
    listing::{File, Origin},
};

use crate::{
    Client, IndexError, IndexUrl,
    http::{Head, Header, Retries, same_origin},
};

/// Longest document in bytes, inflated.
const LONGEST: u64 = Provenance::LARGEST as u64;

const HEADERS: [Header<'static>; 2] = [
    (
        "accept",
        "application/vnd.pypi.integrity.v1+json, application/json;q=0.1",
    ),
    ("accept-encoding", "gzip"),
];

impl Client {
    /// The provenance document that the file's page announces; `None`, without asking anybody,
    /// where it announces none. One that is announced and cannot be had is an error
    /// ([`IndexError::Provenance`]), also at 404: whoever can make it go away must not make the file
    /// pass as one that never had any. Asks each time; nothing is kept.
    /// What is not needed is not waited for: one retry, and some seconds.
    pub fn fetch_provenance(
        &self,
        file: &File,
        is_needed: bool,
    ) -> Result<Option<Vec<u8>>, IndexError> {
        let Some(url) = &file.provenance else {
            return Ok(None);
        };
        let config = self.config();
        let retries = match is_needed {
            true => Retries::new(config, config.deadline),
            false => Retries::few(config),
        };
        let (_, bytes) = self
            .get_with(retries, url, &HEADERS, |status| status == 200, LONGEST)
            .map_err(|error| error.of_provenance(file))?;
        Ok(Some(bytes))
    }

    /// The provenance document that the integrity API of the file's index has, for files whose page
    /// could not announce any ([`assay_types::listing::Listing::could_announce`]). `None` where the
    /// index answers that it has none, or has no such API (404, 410), and for files that no index
    /// lists. Everything else is an error ([`IndexError::Provenance`]): a refusal, a failure, a page
    /// to log in, somebody else's "not found". Asks each time; nothing is kept.
    pub fn ask_integrity(&self, file: &File) -> Result<Option<Vec<u8>>, IndexError> {
        let Origin::Index(base) = &file.origin else {
            return Ok(None);
        };
        let url = IndexUrl::new((**base).clone()).provenance(&file.name);
        let accept = |status| matches!(status, 200 | 404 | 410);
        self.get(&url, &HEADERS, accept, LONGEST)
            .and_then(|(head, bytes)| judge(&url, &head, bytes))
            .map_err(|error| error.of_provenance(file))
    }
}

fn judge(asked: &Url, head: &Head, bytes: Vec<u8>) -> Result<Option<Vec<u8>>, IndexError> {
    if head.status != 200 {
        if same_origin(asked, &head.url) {
            return Ok(None);
        }
        let fact =
            "a redirect led elsewhere, and what is there answers that it has no such document";
        return Err(IndexError::answer(asked, fact));
    }
    let content_type = head.header("content-type").unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    match essence.to_ascii_lowercase().as_str() {
        "application/vnd.pypi.integrity.v1+json" | "application/json" => Ok(Some(bytes)),
        other => {
            let fact = format!("answers with the content type \"{other}\", which is no provenance");
            Err(IndexError::answer(asked, fact))
        }
    }
}
