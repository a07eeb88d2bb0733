//! Everything that can be asked for, rendered before the first request.

use std::{
    collections::{BTreeMap, HashMap},
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use sha2::{Digest as _, Sha256};

use super::{Behaviour, Upload, pages};
use crate::wheel::hex;

/// The content of an answer. Cheap to clone.
#[derive(Clone)]
pub(super) enum Body {
    Bytes(Arc<Vec<u8>>),
    File { path: PathBuf, size: u64 },
}

impl Body {
    pub(super) fn bytes(bytes: Vec<u8>) -> Self {
        Self::Bytes(Arc::new(bytes))
    }

    pub(super) fn file(path: &Path, size: u64) -> Self {
        Self::File {
            path: path.to_owned(),
            size,
        }
    }

    pub(super) fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File { size, .. } => *size,
        }
    }

    /// All of it in memory, for behaviours that change it.
    pub(super) fn read(&self) -> io::Result<Vec<u8>> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.to_vec()),
            Self::File { path, .. } => fs::read(path),
        }
    }
}

/// One resource.
#[derive(Clone)]
pub(super) struct Page {
    pub(super) content_type: String,
    pub(super) body: Body,
    pub(super) etag: String,
}

impl Page {
    pub(super) fn new(content_type: &str, body: Body) -> Self {
        let etag = match &body {
            Body::Bytes(bytes) => hex(&Sha256::digest(bytes.as_slice())[..8]),
            Body::File { path, size } => hex(&Sha256::digest(format!("{path:?}{size}"))[..8]),
        };
        Self {
            content_type: content_type.to_owned(),
            body,
            etag: format!("\"{etag}\""),
        }
    }
}

/// The whole server's content and conduct.
pub(super) struct Site {
    pub(super) uploads: Vec<Upload>,
    pub(super) pages: HashMap<String, Page>,
    pub(super) behaviours: HashMap<String, Vec<Behaviour>>,
    pub(super) everywhere: Vec<Behaviour>,
    pub(super) max_age: Option<u64>,
    pub(super) html_only: bool,
    pub(super) html_head: String,
    pub(super) json_top: serde_json::Map<String, serde_json::Value>,
}

/// Marks the HTML rendering of a project's page among [`Site::pages`].
const HTML: &str = "#html";

impl Site {
    /// Renders all pages, now that scheme and address are known.
    pub(super) fn rendered(mut self, base: &str) -> Self {
        let mut projects: BTreeMap<String, Vec<&Upload>> = BTreeMap::new();
        let mut rendered = Vec::new();
        for upload in &self.uploads {
            projects.entry(upload.project()).or_default().push(upload);
            let path = format!("/files/{}", upload.file_name);
            if let Some(sidecar) = &upload.sidecar {
                let page = Page::new("application/octet-stream", Body::bytes(sidecar.clone()));
                rendered.push((format!("{path}.metadata"), page));
            }
            rendered.extend(provenance_pages(upload));
            rendered.push((
                path,
                Page::new("application/octet-stream", upload.body.clone()),
            ));
        }
        for (project, uploads) in &projects {
            let json = pages::json(project, uploads, base, &self.json_top);
            let html = pages::html(project, uploads, base, &self.html_head);
            let path = format!("/simple/{project}/");
            let html = Page::new("text/html; charset=utf-8", Body::bytes(html));
            let json = Page::new("application/vnd.pypi.simple.v1+json", Body::bytes(json));
            rendered.push((format!("{path}{HTML}"), html));
            rendered.push((path, json));
        }
        for (path, page) in rendered {
            self.pages.entry(path).or_insert(page);
        }
        self
    }

    /// The resource at a path, in the format that the request accepts.
    pub(super) fn find(&self, path: &str, accept: &str) -> Option<&Page> {
        let html = self.html_only || !accept.contains("json");
        let as_html = html
            .then(|| self.pages.get(&format!("{path}{HTML}")))
            .flatten();
        as_html.or_else(|| self.pages.get(path))
    }
}

/// The document at the address that pages announce, and at that of the integrity API (PEP 740).
fn provenance_pages(upload: &Upload) -> Vec<(String, Page)> {
    let Some(document) = &upload.provenance else {
        return Vec::new();
    };
    let body = Body::bytes(document.clone().into_bytes());
    let page = Page::new("application/vnd.pypi.integrity.v1+json", body);
    let (project, version, file) = (upload.project(), upload.version(), &upload.file_name);
    let by_version = format!("/integrity/{project}/{version}/{file}/provenance");
    vec![
        (format!("/provenance/{file}"), page.clone()),
        (by_version, page),
    ]
}
