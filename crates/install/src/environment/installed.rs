//! The distributions of an environment, read from the folders beside their modules.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

use assay_types::{
    ProjectName, Version,
    metadata::{Description, Metadata},
    record::{self, Row},
};

use super::{
    Environment, Place,
    entry_name::{self, Name},
};
use crate::{
    Error, Result,
    sys::{Dir, Kind},
};

/// What is installed.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    /// Sorted by name.
    pub distributions: Vec<Installed>,
    /// Folders that look like metadata but name no project and version: leftovers of an install
    /// that was interrupted, or somebody's notes.
    pub unreadable: Vec<PathBuf>,
}

/// How a distribution is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InstalledKind {
    /// A `.dist-info` folder.
    DistInfo,
    /// A `.egg-info` folder or file: listed, but nobody knows its files.
    EggInfo,
}

/// One installed distribution. Name and version come from the folder's name; everything else is
/// read when it is asked for.
#[derive(Debug, Clone)]
pub struct Installed {
    name: ProjectName,
    version: Version,
    kind: InstalledKind,
    /// The metadata folder's place.
    pub(crate) place: Place,
    site: Arc<Dir>,
}

/// In one environment no two have the same place.
impl PartialEq for Installed {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

impl Environment {
    /// Lists what is installed here; costs one listing of each site-packages folder. A virtual
    /// environment that sees its base's packages lists its own only.
    pub fn installed(&self) -> Result<Inventory> {
        let mut inventory = Inventory::default();
        for site in self.sites() {
            let Some(dir) = self.open_folder(site)?.map(Arc::new) else {
                continue;
            };
            for (entry, kind) in dir.entries()? {
                match entry_name::parse(&entry, kind) {
                    Name::Other => {}
                    Name::Unreadable => inventory.unreadable.push(dir.path().join(entry)),
                    Name::Distribution(name, version, kind) => {
                        inventory.distributions.push(Installed {
                            name,
                            version,
                            kind,
                            place: site.join(&entry),
                            site: Arc::clone(&dir),
                        });
                    }
                }
            }
        }
        inventory.distributions.sort_by(|a, b| {
            (a.name.as_ref() as &str, a.folder()).cmp(&(b.name.as_ref(), b.folder()))
        });
        inventory.unreadable.sort();
        Ok(inventory)
    }
}

impl Inventory {
    /// The distribution of a project, if it is installed. Where a broken environment holds two,
    /// the first by folder name.
    pub fn get(&self, name: &ProjectName) -> Option<&Installed> {
        self.distributions.iter().find(|it| it.name == *name)
    }
}

impl Installed {
    /// Normalised project name.
    pub fn name(&self) -> &ProjectName {
        &self.name
    }

    /// Version, by the folder's name.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// Name of its metadata folder.
    fn folder(&self) -> &str {
        self.place.name()
    }

    /// How it is recorded.
    pub(crate) fn kind(&self) -> InstalledKind {
        self.kind
    }

    /// The site-packages folder it lies in.
    pub fn site(&self) -> &Path {
        self.site.path()
    }

    /// Its metadata folder.
    pub fn path(&self) -> PathBuf {
        self.site().join(self.folder())
    }

    /// METADATA (PKG-INFO of an egg), parsed. It must speak of the project that the folder names.
    pub fn metadata(&self) -> Result<Metadata> {
        let parsed = Metadata::parse(&self.headers()?);
        let metadata = parsed.map_err(|error| self.broken(error.to_string()))?;
        if metadata.name == self.name {
            Ok(metadata)
        } else {
            Err(self.broken(format!("its METADATA names {}", metadata.name)))
        }
    }

    /// What `show` prints of METADATA.
    pub fn description(&self) -> Result<Description> {
        let parsed = Description::parse(&self.headers()?);
        parsed.map_err(|error| self.broken(error.to_string()))
    }

    /// RECORD's rows. Paths are relative to [`Installed::site`].
    pub fn record(&self) -> Result<Vec<Row>> {
        let Some(bytes) = self.file("RECORD")? else {
            return Err(self.broken("it has no RECORD that lists its files".to_owned()));
        };
        record::parse(&bytes).map_err(|error| self.broken(error.to_string()))
    }

    /// The paths in its RECORD; none where it has no RECORD. What does not read as CSV is an error
    /// of its own: the distribution might claim any file.
    pub(crate) fn claims(&self) -> Result<Vec<String>> {
        let Some(bytes) = self.file("RECORD")? else {
            return Ok(Vec::new());
        };
        record::paths(&bytes).map_err(|error| Error::UnknownClaims {
            folder: self.path(),
            why: error.to_string(),
        })
    }

    /// Who installed it, such as `pip`; unescaped.
    pub fn installer(&self) -> Result<Option<String>> {
        let text = self.file("INSTALLER")?;
        Ok(text.map(|it| String::from_utf8_lossy(&it).trim().to_owned()))
    }

    /// `direct_url.json` (PEP 610), where it was not installed from an index.
    pub fn direct_url(&self) -> Result<Option<serde_json::Value>> {
        self.json("direct_url.json")
    }

    /// `assay.json`, our receipt, where this program installed it.
    pub fn receipt(&self) -> Result<Option<serde_json::Value>> {
        self.json("assay.json")
    }

    pub(crate) fn has_receipt(&self) -> Result<bool> {
        Ok(self.file("assay.json")?.is_some())
    }

    /// Where an editable install's project lies (PEP 610 `dir_info.editable`), as a URL.
    pub fn editable_location(&self) -> Result<Option<String>> {
        let Some(json) = self.direct_url()? else {
            return Ok(None);
        };
        let is_editable = json["dir_info"]["editable"].as_bool() == Some(true);
        let url = json["url"].as_str().map(str::to_owned);
        Ok(url.filter(|_| is_editable))
    }

    pub(crate) fn broken(&self, why: String) -> Error {
        Error::Distribution {
            name: format!("{} {}", self.name, self.version),
            why,
        }
    }

    fn json(&self, name: &str) -> Result<Option<serde_json::Value>> {
        let Some(bytes) = self.file(name)? else {
            return Ok(None);
        };
        let parsed = serde_json::from_slice(&bytes);
        parsed
            .map(Some)
            .map_err(|error| self.broken(format!("{name}: {error}")))
    }

    /// METADATA up to its description, or PKG-INFO: an `.egg-info` is a folder with that file, or
    /// the file itself.
    fn headers(&self) -> Result<Vec<u8>> {
        let name = match self.kind {
            InstalledKind::DistInfo => Some("METADATA"),
            InstalledKind::EggInfo => {
                let is_folder = self.site.kind(self.folder())? == Some(Kind::Folder);
                is_folder.then_some("PKG-INFO")
            }
        };
        let found = self.read(name, read_headers)?;
        found.ok_or_else(|| self.broken("it has no METADATA".to_owned()))
    }

    /// A file of the metadata folder; `None` where there is none.
    fn file(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.read(Some(name), read_whole)
    }

    /// A file of the metadata folder, or what lies in its place; `None` where there is none.
    fn read(
        &self,
        name: Option<&str>,
        read: impl FnOnce(File) -> io::Result<Vec<u8>>,
    ) -> Result<Option<Vec<u8>>> {
        let relative = match name {
            Some(name) => format!("{}/{name}", self.folder()),
            None => self.folder().to_owned(),
        };
        match self.site.read(&relative).and_then(read) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("reading", self.site().join(relative), error)),
        }
    }
}

/// Far above any RECORD or METADATA.
const LARGEST: u64 = 256 * 1024 * 1024;

fn read_whole(file: File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(file.metadata()?.len().min(LARGEST) as usize + 1);
    file.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Everything up to the first empty line. Descriptions are ten times as long as the rest.
fn read_headers(file: File) -> io::Result<Vec<u8>> {
    let mut lines = BufReader::new(file.take(LARGEST));
    let mut bytes = Vec::new();
    loop {
        let start = bytes.len();
        let count = lines.read_until(b'\n', &mut bytes)?;
        if count == 0 || matches!(&bytes[start..], b"\n" | b"\r\n") {
            return Ok(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_up_to_the_first_empty_line_wherever_it_lies() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("METADATA");
        let read = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            read_headers(File::open(&path).unwrap()).unwrap()
        };
        // Around the end of a buffer, too.
        for length in [3, 100, 8189, 8190, 8191, 8192, 16383, 16384] {
            for end in ["\n\n", "\n\r\n"] {
                let head = format!("Name: {}", "a".repeat(length));
                let text = format!("{head}{end}{}", "b".repeat(40_000));
                assert_eq!(read(text.as_bytes()), format!("{head}{end}").as_bytes());
            }
            let whole = "x\n".repeat(length);
            assert_eq!(read(whole.as_bytes()), whole.as_bytes());
        }
    }
}
