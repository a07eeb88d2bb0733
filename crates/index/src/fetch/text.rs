//! Small texts that the user named by URL, such as a requirements file.

use assay_types::Url;

use crate::{Client, IndexError};

/// Longest text in bytes.
const LONGEST_TEXT: u64 = 16 << 20;

impl Client {
    /// Gets a text whole. `url` comes from [`Client::url`]; every status but 200 is an error.
    pub fn fetch_text(&self, url: &Url) -> Result<Vec<u8>, IndexError> {
        let headers = [("accept-encoding", "gzip")];
        let (_, bytes) = self.get(url, &headers, |status| status == 200, LONGEST_TEXT)?;
        Ok(bytes)
    }
}
