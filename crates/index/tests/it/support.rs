//! What all tests share.

use std::{path::Path, time::Duration};

use assay_index::{Client, ClientConfig, IndexError, MinimumRate};
use assay_testkit::server::{Builder, IndexServer};
use assay_types::{
    ProjectName,
    listing::{File, Listing},
};

/// A wheel's name of the project `demo`.
pub const DEMO: &str = "demo-1.0-py3-none-any.whl";
/// Its path on the server.
pub const DEMO_PATH: &str = "/files/demo-1.0-py3-none-any.whl";
/// The path of its page.
pub const PAGE: &str = "/simple/demo/";

pub fn demo() -> ProjectName {
    "demo".parse().unwrap()
}

/// Settings that fail fast.
pub fn config(folder: &Path) -> ClientConfig {
    let mut config = ClientConfig::new(folder.join("cache"));
    config.timeout = Duration::from_millis(500);
    config.retries = 0;
    config.minimum_rate = MinimumRate {
        bytes_per_second: 1024,
        window: Duration::from_millis(300),
    };
    config
}

/// A server and a client with its settings changed.
pub struct Fixture {
    pub server: IndexServer,
    pub client: Client,
    pub folder: tempfile::TempDir,
}

impl Fixture {
    pub fn new(builder: Builder) -> Self {
        Self::with(builder, |_| {})
    }

    pub fn with(builder: Builder, change: impl FnOnce(&mut ClientConfig)) -> Self {
        let server = builder.start();
        let folder = tempfile::tempdir().unwrap();
        let mut config = config(folder.path());
        change(&mut config);
        let client = Client::new(config).unwrap();
        Self {
            server,
            client,
            folder,
        }
    }

    /// Fetches and parses the page of `demo`.
    pub fn page(&self) -> Result<Option<Listing>, IndexError> {
        let index = self.client.index(&self.server.index_url())?;
        self.client.fetch_page(&index, &demo())
    }

    /// The page of `demo`, which must exist.
    pub fn listing(&self) -> Listing {
        self.page().unwrap().unwrap()
    }

    /// The one file of `demo`.
    pub fn file(&self) -> File {
        let mut listing = self.listing();
        assert_eq!(listing.files.len(), 1, "{:?}", listing.skipped);
        listing.files.remove(0)
    }

    /// Fetches the one file of `demo`; gives its SHA-256 as hexadecimal text.
    pub fn fetch(&self) -> Result<String, IndexError> {
        let staged = self.client.fetch_file(&self.file(), &[], &|_| {})?;
        Ok(staged.measured().sha256().to_string())
    }

    /// How many requests a path saw.
    pub fn count(&self, path: &str) -> usize {
        self.server
            .requests()
            .iter()
            .filter(|it| it.path == path)
            .count()
    }
}

/// The only reason on a page for passing over a link.
pub fn only_reason(listing: &Listing) -> &str {
    assert!(listing.files.is_empty(), "{:?}", listing.files);
    assert_eq!(listing.skipped.len(), 1, "{:?}", listing.skipped);
    &listing.skipped[0].why
}

pub fn server() -> Builder {
    IndexServer::builder()
}
