//! A file behind a URL of which whoever asks has an earlier copy.

use assay_types::Url;

use crate::{Client, IndexError};

/// What a server has now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revision {
    /// What the copy is of.
    Same,
    /// Something else.
    Other {
        /// All of it.
        bytes: Vec<u8>,
        /// Its name for this content, to ask with the next time.
        etag: Option<String>,
    },
}

impl Client {
    /// Asks for a file of at most `limit` bytes, or whether it is still the one that the server called
    /// `etag`. `url` comes from [`Client::foreign_url`]; a file that is not there is an error, as
    /// whatever else is answered. Nothing is kept.
    pub fn fetch_revision(
        &self,
        url: &Url,
        etag: Option<&str>,
        limit: u64,
    ) -> Result<Revision, IndexError> {
        let mut headers = vec![("accept-encoding", "gzip")];
        headers.extend(etag.map(|it| ("if-none-match", it)));
        let accept = |status| matches!(status, 200 | 304);
        let (head, bytes) = self.get(url, &headers, accept, limit)?;
        self.note_time(&head);
        match head.status {
            304 if etag.is_some() => Ok(Revision::Same),
            304 => Err(IndexError::answer(url, "answers 304 to a plain request")),
            _ => Ok(Revision::Other {
                bytes,
                etag: head.header("etag").map(str::to_owned),
            }),
        }
    }
}
