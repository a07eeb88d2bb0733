//! What a server offers and how it misbehaves.

use std::{collections::HashMap, fs, io, net::TcpListener, path::Path};

use super::{
    Behaviour, IndexServer, Upload,
    site::{Body, Page, Site},
    tls::Identity,
};
use crate::{
    publisher::{Publisher, TestSigstore},
    sdist::BuiltSdist,
};

/// A server before it starts.
#[derive(Default)]
pub struct Builder {
    uploads: Vec<Upload>,
    behaviours: HashMap<String, Vec<Behaviour>>,
    raw: HashMap<String, Page>,
    everywhere: Vec<Behaviour>,
    max_age: Option<u64>,
    html_only: bool,
    page_top: String,
    json_top: serde_json::Map<String, serde_json::Value>,
    tls_name: Option<String>,
    behind_proxy: bool,
    client_certificate: bool,
    listener: Option<TcpListener>,
}

impl Builder {
    /// Lists a file with its sha256 and size.
    pub fn wheel(self, file_name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.upload(Upload::new(file_name, bytes))
    }

    /// Lists a source distribution with its sha256 and size.
    pub fn sdist(self, sdist: &BuiltSdist) -> Self {
        self.upload(Upload::new(&sdist.file_name, sdist.bytes.clone()))
    }

    /// Lists a file as the upload says.
    pub fn upload(mut self, upload: Upload) -> Self {
        self.uploads.push(upload);
        self
    }

    /// Lists every wheel and sdist of a folder, wheels with their sidecar.
    pub fn folder(mut self, folder: &Path) -> io::Result<Self> {
        let mut paths = fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect::<io::Result<Vec<_>>>()?;
        paths.sort();
        for path in paths {
            let extension = path.extension().and_then(|it| it.to_str());
            if matches!(extension, Some("whl" | "gz" | "zip")) {
                self.uploads.push(Upload::from_path(&path)?);
            }
        }
        Ok(self)
    }

    /// Gives every file so far that has no provenance an honest attestation: [`Upload::attested`].
    pub fn attested(mut self, sigstore: &TestSigstore, publisher: &Publisher, at: &str) -> Self {
        let attest = |upload: Upload| match upload.provenance {
            None => upload.attested(sigstore, publisher, at),
            Some(_) => upload,
        };
        self.uploads = self.uploads.into_iter().map(attest).collect();
        self
    }

    /// Serves HTML only, whatever is asked for.
    pub fn html_only(mut self) -> Self {
        self.html_only = true;
        self
    }

    /// Adds text to the head of every HTML page, such as a `<meta>` or `<base>` tag.
    pub fn html_head(mut self, text: &str) -> Self {
        self.page_top.push_str(text);
        self
    }

    /// Sets a key at the top of every JSON page, also `name` and `meta`.
    pub fn json_key(mut self, key: &str, value: serde_json::Value) -> Self {
        self.json_top.insert(key.to_owned(), value);
        self
    }

    /// Serves these very bytes at a path.
    pub fn page(mut self, path: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let page = Page::new(content_type, Body::bytes(body.into()));
        self.raw.insert(path.to_owned(), page);
        self
    }

    /// Serves these bytes beside a file that is listed: `demo-1.0-py3-none-any.whl.asc`, say.
    pub fn beside(self, name: &str, body: impl Into<Vec<u8>>) -> Self {
        self.page(&format!("/files/{name}"), "application/octet-stream", body)
    }

    /// Misbehaves at one path; several behaviours apply in the order given.
    pub fn behave(mut self, path: &str, behaviour: Behaviour) -> Self {
        self.behaviours
            .entry(path.to_owned())
            .or_default()
            .push(behaviour);
        self
    }

    /// Asks for a user name and password at every path.
    pub fn auth(mut self, user: &str, password: &str) -> Self {
        self.everywhere.push(Behaviour::auth(user, password));
        self
    }

    /// Sends `Cache-Control: max-age` with every answer, in seconds.
    pub fn max_age(mut self, seconds: u64) -> Self {
        self.max_age = Some(seconds);
        self
    }

    /// Speaks TLS, with a certificate for 127.0.0.1 and localhost.
    pub fn tls(self) -> Self {
        self.tls_named("localhost")
    }

    /// Speaks TLS; the certificate is for this name alone, unless it is `localhost`.
    pub fn tls_named(mut self, name: &str) -> Self {
        self.tls_name = Some(name.to_owned());
        self
    }

    /// Takes only connections with a certificate like [`IndexServer::client_pem`]; needs TLS.
    pub fn demand_certificate(mut self) -> Self {
        self.client_certificate = true;
        self
    }

    /// Plays a proxy and, behind it, the server: takes any CONNECT and then speaks TLS itself.
    pub fn behind_proxy(mut self) -> Self {
        self.behind_proxy = true;
        self
    }

    /// Answers at an address that was taken before, so that another server's pages can name it.
    pub fn at(mut self, listener: TcpListener) -> Self {
        self.listener = Some(listener);
        self
    }

    /// Starts to listen.
    ///
    /// # Panics
    /// Where there is no free port, or no certificate can be made.
    pub fn start(self) -> IndexServer {
        let identity = self.tls_name.as_deref();
        let identity = identity.map(|it| Identity::new(it, self.client_certificate));
        let site = Site {
            uploads: self.uploads,
            pages: self.raw,
            behaviours: self.behaviours,
            everywhere: self.everywhere,
            max_age: self.max_age,
            html_only: self.html_only,
            html_head: self.page_top,
            json_top: self.json_top,
        };
        let any_port = || TcpListener::bind("127.0.0.1:0").expect("a free loopback port");
        let listener = self.listener.unwrap_or_else(any_port);
        IndexServer::start(listener, site, identity, self.behind_proxy)
    }
}
