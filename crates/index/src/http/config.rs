//! Settings of the client, as plain values. The command line reads options, configuration files
//! and the environment; nothing here does.

use std::{collections::BTreeSet, path::PathBuf, time::Duration};

use assay_types::ProjectName;

/// Which authorities a server's certificate must chain to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsRoots {
    /// The platform's store.
    Platform,
    /// Mozilla's list, compiled in.
    Mozilla,
    /// The certificates in this PEM file and nothing else (`--cert`, `SSL_CERT_FILE`).
    File(PathBuf),
    /// The PEM files in this folder and nothing else (`SSL_CERT_DIR`).
    Folder(PathBuf),
}

/// The slowest transfer that is not given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MinimumRate {
    /// Average over each window.
    pub bytes_per_second: u64,
    /// Length of a window.
    pub window: Duration,
}

/// Whose pages are asked for again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refresh {
    /// Everybody's, those of `--find-links` too.
    pub all: bool,
    /// These projects'.
    pub projects: BTreeSet<ProjectName>,
}

impl Refresh {
    /// Whether a page is to be asked for again: that of a project, or one of anything.
    pub(crate) fn covers(&self, project: Option<&ProjectName>) -> bool {
        self.all || project.is_some_and(|it| self.projects.contains(it))
    }
}

/// All settings of a [`super::Client`].
#[derive(Debug, Clone)]
pub struct ClientConfig {
    /// Trusted authorities.
    pub roots: TlsRoots,
    /// A PEM file with a certificate chain and its private key (`--client-cert`).
    pub client_certificate: Option<PathBuf>,
    /// Proxy for https, such as `http://user:password@host:port` or `socks5://…`. Plain HTTP and
    /// loopback addresses never pass through it.
    pub proxy: Option<String>,
    /// Hosts that are reached without the proxy: `*`, a host, a domain with all hosts below it.
    pub no_proxy: Vec<String>,
    /// Longest wait for any one read, and for connecting.
    pub timeout: Duration,
    /// How often a request is repeated after connection errors, 5xx and 429.
    pub retries: u32,
    /// Longest time for a page, a sidecar or another small answer, with its redirects and retries.
    pub deadline: Duration,
    /// The same for a file; what is too slow ends long before, by the minimum rate.
    pub file_deadline: Duration,
    /// Slower transfers are given up.
    pub minimum_rate: MinimumRate,
    /// The text of a netrc file.
    pub netrc: Option<String>,
    /// The `keyring` program, by an absolute path. Run only after a server that the user named
    /// answered 401 to whatever else there is.
    pub keyring: Option<PathBuf>,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// Send no request at all; pages and sidecars come from the cache, however old.
    pub offline: bool,
    /// Folder of the cache, where staging files lie too. Made with mode 0700 when it is first
    /// needed; one that is not the user's own is refused.
    pub cache: PathBuf,
    /// Folder of the user's state, which alone says that a kept page is what an index answered.
    /// Judged as the cache is. Without it no page and no sidecar is kept.
    pub state: Option<PathBuf>,
    /// Whose pages are asked for again even where a cached one is still fresh.
    pub refresh: Refresh,
    /// Longest artifact in bytes where the index announces no size.
    pub largest_file: u64,
}

impl ClientConfig {
    /// The defaults, with staging files in this cache and nothing kept.
    pub fn new(cache: impl Into<PathBuf>) -> Self {
        Self {
            roots: TlsRoots::Platform,
            client_certificate: None,
            proxy: None,
            no_proxy: Vec::new(),
            timeout: Duration::from_secs(15),
            retries: 5,
            deadline: Duration::from_secs(5 * 60),
            file_deadline: Duration::from_secs(4 * 60 * 60),
            minimum_rate: MinimumRate {
                bytes_per_second: 1024,
                window: Duration::from_secs(10),
            },
            netrc: None,
            keyring: None,
            user_agent: concat!("assay/", env!("CARGO_PKG_VERSION")).to_owned(),
            offline: false,
            cache: cache.into(),
            state: None,
            refresh: Refresh::default(),
            largest_file: 8 << 30,
        }
    }
}
