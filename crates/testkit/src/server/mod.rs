//! A package index on 127.0.0.1, well-behaved or hostile, fast enough to measure against.
//!
//! ```
//! use assay_testkit::server::{Behaviour, IndexServer, Upload};
//!
//! let server = IndexServer::builder()
//!     .wheel("demo-1.0-py3-none-any.whl", b"bytes")          // sha256 and size listed
//!     .upload(Upload::new("demo-2.0-py3-none-any.whl", b"x").yanked("broken"))
//!     .behave("/files/demo-1.0-py3-none-any.whl", Behaviour::drop_after(3, 1))
//!     .start();
//! assert!(server.index_url().ends_with("/simple/"));
//! assert!(server.requests().is_empty());
//! ```
//!
//! Paths: `/simple/<project>/` (JSON or HTML, as the `Accept` header asks unless
//! [`Builder::html_only`]), `/files/<name>`, `/files/<name>.metadata` (PEP 658),
//! `/provenance/<name>` and `/integrity/<project>/<version>/<name>/provenance` (PEP 740). All answers
//! carry an ETag and a length, keep the connection alive and honour ranges; [`Behaviour`]s spoil that,
//! per path. With [`Builder::tls`] the server makes its own authority: [`IndexServer::ca_pem`].
//! [`IndexServer::serve_folder`] serves a wheelhouse with sha256 and sidecars computed once.
//! Dropping the server stops it.

mod behaviour;
mod builder;
mod connection;
mod metadata;
mod pages;
mod response;
mod site;
mod tls;
mod upload;

use std::{
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
};

pub use behaviour::{Behaviour, Times};
pub use builder::Builder;
pub use connection::Request;
use site::Site;
pub use upload::Upload;

/// A running server. Every connection has its own thread.
pub struct IndexServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    ca_pem: Option<String>,
    client_pem: String,
    acceptor: Option<JoinHandle<()>>,
}

/// What all connections see.
struct Shared {
    site: Site,
    /// Scheme and address.
    base: String,
    tls: Option<Arc<rustls::ServerConfig>>,
    /// Whether connections begin with CONNECT.
    behind_proxy: bool,
    log: Mutex<Vec<Request>>,
    connections: AtomicUsize,
    stop: AtomicBool,
}

impl IndexServer {
    /// Describes a server.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Serves every wheel and sdist of a folder over plain HTTP. For TLS or a maximum age use
    /// `IndexServer::builder().folder(path)?`.
    pub fn serve_folder(path: &Path) -> io::Result<Self> {
        Ok(Self::builder().folder(path)?.start())
    }

    /// `http://127.0.0.1:PORT/simple/`, or the same with https.
    pub fn index_url(&self) -> String {
        self.url("/simple/")
    }

    /// The URL of a path on this server.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.shared.base)
    }

    /// `http://127.0.0.1:PORT`, for [`Builder::behind_proxy`].
    pub fn proxy_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The authority to trust, as PEM; empty without TLS.
    pub fn ca_pem(&self) -> &str {
        self.ca_pem.as_deref().unwrap_or_default()
    }

    /// A client's certificate and its key, as PEM; empty without TLS.
    pub fn client_pem(&self) -> &str {
        &self.client_pem
    }

    /// All requests so far, in the order of arrival.
    pub fn requests(&self) -> Vec<Request> {
        self.shared
            .log
            .lock()
            .expect("a connection panicked")
            .clone()
    }

    /// How many connections were opened so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Relaxed)
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.shared
            .log
            .lock()
            .expect("a connection panicked")
            .clear();
    }

    fn start(
        listener: TcpListener,
        site: Site,
        tls: Option<tls::Identity>,
        behind_proxy: bool,
    ) -> Self {
        let address = listener.local_addr().expect("a bound address");
        let (config, ca_pem, client_pem) = match tls {
            Some(identity) => (
                Some(identity.config),
                Some(identity.ca_pem),
                identity.client_pem,
            ),
            None => (None, None, String::new()),
        };
        let scheme = if ca_pem.is_some() { "https" } else { "http" };
        let base = format!("{scheme}://{address}");
        let shared = Arc::new(Shared {
            site: site.rendered(&base),
            base,
            tls: config,
            behind_proxy,
            log: Mutex::default(),
            connections: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&shared);
        let acceptor = thread::spawn(move || accept(&listener, &accepting));
        Self {
            address,
            shared,
            ca_pem,
            client_pem,
            acceptor: Some(acceptor),
        }
    }
}

impl Drop for IndexServer {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        // Wakes the acceptor, which then sees the flag.
        let _ = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stop.load(Ordering::Relaxed) {
            return;
        }
        if let Ok(stream) = stream {
            shared.connections.fetch_add(1, Ordering::Relaxed);
            let shared = Arc::clone(shared);
            thread::spawn(move || connection::serve(stream, &shared));
        }
    }
}
