//! Builds source distributions and source trees, well-formed unless a hook says otherwise, and the
//! backends that build them: in the tree, or a wheel that an index has.
//!
//! ```
//! use assay_testkit::{sdist::{Backend, SdistBuilder}, server::IndexServer};
//!
//! let built = SdistBuilder::new("demo", "1.0")
//!     .file("demo/__init__.py", b"x = 1\n")
//!     .in_tree(&Backend::new())                    // needs nothing from an index
//!     .build();
//! let server = IndexServer::builder().sdist(&built).start();
//! assert_eq!(built.file_name, "demo-1.0.tar.gz");
//! ```

mod backend;
mod code;

use std::{fs, io, path::Path};

use sha2::{Digest as _, Sha256};

use crate::{
    tar,
    wheel::hex,
    zip::{self, DEFLATED},
};
pub use backend::{Backend, setuptools};
pub use code::{attempt, c_library};

/// A finished source distribution.
#[derive(Debug, Clone)]
pub struct BuiltSdist {
    /// Such as `flask-1.0.tar.gz`.
    pub file_name: String,
    /// The archive.
    pub bytes: Vec<u8>,
    /// SHA-256 of `bytes` in hexadecimal.
    pub sha256: String,
}

/// Describes a source distribution step by step; [`SdistBuilder::build`] writes it.
pub struct SdistBuilder {
    name: String,
    version: String,
    metadata_version: String,
    headers: Vec<String>,
    pkg_info: Option<Vec<u8>>,
    pyproject: String,
    files: Vec<(String, Vec<u8>)>,
    zip: bool,
}

impl SdistBuilder {
    /// One with a PKG-INFO of version 2.2, where everything is static (PEP 643), and nothing else.
    pub fn new(name: &str, version: &str) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            metadata_version: "2.2".into(),
            headers: Vec::new(),
            pkg_info: None,
            pyproject: String::new(),
            files: Vec::new(),
            zip: false,
        }
    }

    /// The same with a package that holds its version.
    pub fn simple(name: &str, version: &str) -> Self {
        let module = format!("{}/__init__.py", escape(name));
        let code = format!("__version__ = {version:?}\n");
        Self::new(name, version).file(&module, code.as_bytes())
    }

    /// Adds a regular file, by its path in the tree.
    pub fn file(mut self, path: &str, content: &[u8]) -> Self {
        self.files.push((path.into(), content.to_vec()));
        self
    }

    /// Adds a backend in the tree, and the table that says so; it needs nothing.
    pub fn in_tree(self, backend: &Backend) -> Self {
        self.in_tree_with(backend, &[])
    }

    /// The same, with requirements of the build.
    pub fn in_tree_with(self, backend: &Backend, requires: &[&str]) -> Self {
        self.file("backend/in_tree.py", backend.source().as_bytes())
            .table(&format!(
                "[build-system]\nrequires = {requires:?}\nbuild-backend = \"in_tree\"\n\
                 backend-path = [\"backend\"]\n"
            ))
    }

    /// Says what the build requires, and which backend of that it uses.
    pub fn built_with(self, requires: &[&str], backend: &str) -> Self {
        self.table(&format!(
            "[build-system]\nrequires = {requires:?}\nbuild-backend = {backend:?}\n"
        ))
    }

    /// Adds lines to pyproject.toml, which is there when it has any.
    pub fn table(mut self, lines: &str) -> Self {
        self.pyproject.push_str(lines);
        self
    }

    /// Adds `[project]` with name and version, and these lines below.
    pub fn project(self, lines: &str) -> Self {
        let (name, version) = (&self.name, &self.version);
        let table = format!("[project]\nname = {name:?}\nversion = {version:?}\n{lines}\n");
        self.table(&table)
    }

    /// Adds a setup.py that says name and version to setuptools, and these further arguments.
    pub fn setup_py(self, arguments: &str) -> Self {
        let (name, version) = (&self.name, &self.version);
        let code = format!(
            "from setuptools import setup\nsetup(name={name:?}, version={version:?}, {arguments})\n"
        );
        self.file("setup.py", code.as_bytes())
    }

    /// Adds `Requires-Dist` to PKG-INFO.
    pub fn requires(self, requirement: &str) -> Self {
        self.header(&format!("Requires-Dist: {requirement}"))
    }

    /// Says that a build may change this field of PKG-INFO.
    pub fn dynamic(self, field: &str) -> Self {
        self.header(&format!("Dynamic: {field}"))
    }

    /// Adds any line to the headers of PKG-INFO.
    pub fn header(mut self, line: &str) -> Self {
        self.headers.push(line.into());
        self
    }

    /// Another version of the metadata: before 2.2 nothing of it counts without a build.
    pub fn metadata_version(mut self, version: &str) -> Self {
        self.metadata_version = version.into();
        self
    }

    /// Hook: this PKG-INFO instead.
    pub fn pkg_info(mut self, content: &[u8]) -> Self {
        self.pkg_info = Some(content.to_vec());
        self
    }

    /// A ZIP archive instead of a compressed tar.
    pub fn zip(mut self) -> Self {
        self.zip = true;
        self
    }

    /// Writes the archive. The same description gives the same bytes.
    pub fn build(&self) -> BuiltSdist {
        let top = format!("{}-{}", escape(&self.name), self.version);
        let files = self.all_files().into_iter();
        let files = files.map(|(path, content)| (format!("{top}/{path}"), content));
        let (ending, bytes) = if self.zip {
            let entry = |it: (String, Vec<u8>)| zip::Entry::file(&it.0, &it.1, DEFLATED, 0o644);
            let archive = zip::Archive::new(files.map(entry).collect());
            ("zip", archive.write())
        } else {
            let entries: Vec<_> = files.map(|it| tar::Entry::file(&it.0, &it.1)).collect();
            ("tar.gz", tar::gzip(&tar::write(&entries)))
        };
        BuiltSdist {
            file_name: format!("{top}.{ending}"),
            sha256: hex(&Sha256::digest(&bytes)),
            bytes,
        }
    }

    /// Writes the tree as its author has it, without PKG-INFO, into a folder.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write_tree(&self, folder: &Path) -> io::Result<()> {
        for (path, content) in self.all_files() {
            let path = folder.join(path);
            if !path.ends_with("PKG-INFO") {
                fs::create_dir_all(path.parent().unwrap_or(folder))?;
                fs::write(path, content)?;
            }
        }
        Ok(())
    }

    fn all_files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = vec![("PKG-INFO".to_owned(), self.own_pkg_info())];
        if !self.pyproject.is_empty() {
            let content = self.pyproject.clone().into_bytes();
            files.push(("pyproject.toml".to_owned(), content));
        }
        files.extend(self.files.iter().cloned());
        files
    }

    fn own_pkg_info(&self) -> Vec<u8> {
        if let Some(content) = &self.pkg_info {
            return content.clone();
        }
        let (metadata, name, version) = (&self.metadata_version, &self.name, &self.version);
        let mut text = format!("Metadata-Version: {metadata}\nName: {name}\nVersion: {version}\n");
        for line in &self.headers {
            text.push_str(line);
            text.push('\n');
        }
        text.into_bytes()
    }
}

/// A project name as file names write it (PEP 625).
fn escape(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|it| !it.is_empty());
    parts.collect::<Vec<_>>().join("_").to_lowercase()
}
