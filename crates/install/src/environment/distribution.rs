//! One distribution as its metadata folder describes it.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use assay_types::{
    ProjectName, Requirement, Sha256, Url, Version,
    metadata::{self, Description, FieldValue, Metadata},
    wheel_info::{self, WheelInfo},
};

use super::{
    entry_name::{self, Name},
    read,
    requires_txt::{self, Requires},
};
use crate::{
    Error, Result,
    sys::{Dir, Kind},
};

/// How a distribution is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InstalledKind {
    /// A `.dist-info` folder.
    DistInfo,
    /// An `.egg-info` folder: setuptools keeps no list of its files that proves anything.
    EggInfo,
    /// An `.egg-info` that is a file, as distutils wrote it, or leads elsewhere: its metadata and
    /// nothing else.
    EggFile,
}

/// One distribution, for reading. Name and version come from the folder's name; everything else is
/// read when it is asked for.
#[derive(Debug, Clone)]
pub struct Distribution {
    name: ProjectName,
    version: Version,
    kind: InstalledKind,
    /// Name of its metadata folder.
    folder: String,
    site: Arc<Dir>,
    /// The folder of the `.egg-link` that led to it, where one did.
    linked_from: Option<PathBuf>,
}

/// What an entry of a folder beside modules is.
pub(super) enum Entry {
    Distribution(Distribution),
    /// It looks like metadata and names no project and version.
    Unreadable(PathBuf),
    Other,
}

impl Entry {
    /// Judges an entry by its name.
    pub fn new(site: &Arc<Dir>, entry: String, kind: Kind) -> Self {
        match entry_name::parse(&entry, kind) {
            Name::Other => Self::Other,
            Name::Unreadable => Self::Unreadable(site.path().join(entry)),
            Name::Distribution(name, version, kind) => Self::Distribution(Distribution {
                name,
                version,
                kind,
                folder: entry,
                site: Arc::clone(site),
                linked_from: None,
            }),
        }
    }
}

impl Distribution {
    /// The name as METADATA spells it. A distribution whose METADATA is broken goes by its folder's.
    pub fn spelling(&self) -> String {
        self.metadata()
            .map_or_else(|_| self.name.to_string(), |it| it.display_name)
    }

    /// Normalised project name.
    pub fn name(&self) -> &ProjectName {
        &self.name
    }

    /// Version, by the folder's name.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// Name of its metadata folder.
    pub(super) fn folder(&self) -> &str {
        &self.folder
    }

    /// Found by way of an `.egg-link` in this folder. A developer's egg-info has no version in its
    /// name, so METADATA's counts where it can be read.
    pub(super) fn linked_from(mut self, folder: &Path) -> Self {
        if let Ok(metadata) = self.metadata() {
            self.version = metadata.version;
        }
        self.linked_from = Some(folder.to_owned());
        self
    }

    /// How it is recorded.
    pub(crate) fn kind(&self) -> InstalledKind {
        self.kind
    }

    /// The folder that its metadata folder lies in: site-packages, or a developer's project.
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
        let mut metadata = parsed.map_err(|error| self.broken(error.to_string()))?;
        if self.kind != InstalledKind::DistInfo && metadata.requires_dist.is_empty() {
            // Old tools wrote lines that PEP 508 does not have: nobody can meet those.
            let lines = self.requires()?.dist;
            let lines = lines.iter().map(|it| Requirement::parse(it));
            metadata.requires_dist = lines.filter_map(std::result::Result::ok).collect();
        }
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

    /// Every field of METADATA, unescaped, by its JSON name.
    pub fn fields(&self) -> Result<Vec<(String, FieldValue)>> {
        let bytes = self.read(self.metadata_name(), read::whole)?;
        let fields = metadata::fields(&bytes.unwrap_or_default());
        let fields = fields.map_err(|error| self.broken(error.to_string()))?;
        match self.kind {
            InstalledKind::DistInfo => Ok(fields),
            InstalledKind::EggInfo | InstalledKind::EggFile => self.with_requires(fields),
        }
    }

    /// An egg's metadata says nothing of what it requires; `requires.txt` does.
    fn with_requires(
        &self,
        mut fields: Vec<(String, FieldValue)>,
    ) -> Result<Vec<(String, FieldValue)>> {
        let requires = self.requires()?;
        let additions = [
            ("requires_dist", requires.dist),
            ("provides_extra", requires.extras),
        ];
        for (name, values) in additions {
            let is_there = fields.iter().any(|(it, _)| it == name);
            if !is_there && !values.is_empty() {
                fields.push((name.to_owned(), FieldValue::Many(values)));
            }
        }
        Ok(fields)
    }

    /// What `requires.txt` says, where an egg-info is a folder that has one.
    fn requires(&self) -> Result<Requires> {
        let text = self.file("requires.txt")?.unwrap_or_default();
        Ok(requires_txt::parse(&String::from_utf8_lossy(&text)))
    }

    /// Who installed it, such as `pip`: the first line of INSTALLER that says anything, unescaped.
    pub fn installer(&self) -> Result<Option<String>> {
        let Some(bytes) = self.file("INSTALLER")? else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(&bytes);
        let mut lines = text.lines().map(str::trim);
        Ok(lines.find(|it| !it.is_empty()).map(str::to_owned))
    }

    /// Whether the user asked for it by name (REQUESTED, PEP 376); `None` for an egg, of which
    /// nobody knows.
    pub fn requested(&self) -> Result<Option<bool>> {
        match self.kind {
            InstalledKind::DistInfo => Ok(Some(self.file("REQUESTED")?.is_some())),
            InstalledKind::EggInfo | InstalledKind::EggFile => Ok(None),
        }
    }

    /// The build tag of its wheel, where it had one and WHEEL can be read.
    pub fn build(&self) -> Result<Option<String>> {
        let bytes = self.file("WHEEL")?;
        Ok(bytes.and_then(|it| WheelInfo::parse(&it).ok()?.build))
    }

    /// The tags that WHEEL names, whatever else is wrong with it; `None` where there is no WHEEL.
    pub fn wheel_tags(&self) -> Result<Option<Vec<String>>> {
        Ok(self.file("WHEEL")?.map(|it| wheel_info::tags(&it)))
    }

    /// The lines of `entry_points.txt`, unescaped; none where there is no such file.
    pub fn entry_points(&self) -> Result<Vec<String>> {
        let bytes = self.file("entry_points.txt")?.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// `direct_url.json` (PEP 610), where it was not installed from an index.
    pub fn direct_url(&self) -> Result<Option<serde_json::Value>> {
        self.json("direct_url.json")
    }

    /// `assay.json`, our receipt, where this program installed it.
    pub fn receipt(&self) -> Result<Option<serde_json::Value>> {
        self.json("assay.json")
    }

    /// The wheel that it came from, by its receipt's word; `None` where there is no receipt, or one that
    /// does not say.
    pub fn wheel_sha256(&self) -> Option<Sha256> {
        let receipt = self.receipt().ok()??;
        Sha256::from_hex(receipt["sha256"].as_str()?)
    }

    pub(crate) fn has_receipt(&self) -> Result<bool> {
        Ok(self.file("assay.json")?.is_some())
    }

    /// Where an editable install's project lies: by `dir_info.editable` of PEP 610, else the folder
    /// that an `.egg-link` names.
    pub fn editable_project(&self) -> Result<Option<PathBuf>> {
        let Some(json) = self.direct_url()? else {
            return Ok(self.linked_from.as_ref().map(|_| self.site().to_owned()));
        };
        let is_editable = json["dir_info"]["editable"].as_bool() == Some(true);
        let url = json["url"].as_str().filter(|_| is_editable);
        let url = url.and_then(|it| Url::parse(it).ok());
        Ok(url.and_then(|it| it.to_file_path().ok()))
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

    /// METADATA up to its description, or PKG-INFO.
    fn headers(&self) -> Result<Vec<u8>> {
        let found = self.read(self.metadata_name(), read::headers)?;
        found.ok_or_else(|| self.broken("it has no METADATA".to_owned()))
    }

    /// The file with the metadata; `None` where the `.egg-info` is that itself.
    fn metadata_name(&self) -> Option<&'static str> {
        match self.kind {
            InstalledKind::DistInfo => Some("METADATA"),
            InstalledKind::EggInfo => Some("PKG-INFO"),
            InstalledKind::EggFile => None,
        }
    }

    /// A file of the metadata folder; `None` where there is none.
    pub(crate) fn file(&self, name: &str) -> Result<Option<Vec<u8>>> {
        match self.kind {
            InstalledKind::EggFile => Ok(None),
            _ => self.read(Some(name), read::whole),
        }
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
