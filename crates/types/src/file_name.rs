//! Names of distribution files (wheels by the binary distribution format, sdists by PEP 625).

use crate::{ProjectName, Version};

/// A parsed wheel file name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WheelName {
    project: ProjectName,
    version: Version,
    build: Option<(u64, String)>,
    python: Vec<String>,
    abi: Vec<String>,
    platform: Vec<String>,
    raw: String,
}

/// A parsed sdist file name (`.tar.gz` or `.zip`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SdistName {
    project: ProjectName,
    version: Version,
    raw: String,
}

/// Either kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FileName {
    /// A wheel.
    Wheel(WheelName),
    /// A source distribution.
    Sdist(SdistName),
}

/// Why a file name is not one of a distribution.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {why}")]
pub struct FileNameError {
    /// The name as it came, unescaped.
    pub name: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl WheelName {
    /// Parses `name-version[-build]-python-abi-platform.whl`, strictly.
    pub fn parse(name: &str) -> Result<Self, FileNameError> {
        let _ = name;
        todo!()
    }
    /// Normalised project name.
    pub fn project(&self) -> &ProjectName {
        &self.project
    }
    /// Version.
    pub fn version(&self) -> &Version {
        &self.version
    }
    /// Build tag, which orders wheels of one version.
    pub fn build(&self) -> Option<&(u64, String)> {
        self.build.as_ref()
    }
    /// Python tags, such as `cp312` or `py2`, `py3`.
    pub fn python(&self) -> &[String] {
        &self.python
    }
    /// ABI tags.
    pub fn abi(&self) -> &[String] {
        &self.abi
    }
    /// Platform tags.
    pub fn platform(&self) -> &[String] {
        &self.platform
    }
    /// The file name as it came.
    pub fn as_str(&self) -> &str {
        &self.raw
    }
    /// Every `python-abi-platform` triple (the product of the compressed sets), as in WHEEL's Tag.
    pub fn tags(&self) -> impl Iterator<Item = String> + '_ {
        self.python.iter().flat_map(move |p| {
            self.abi
                .iter()
                .flat_map(move |a| self.platform.iter().map(move |pl| format!("{p}-{a}-{pl}")))
        })
    }
}

impl SdistName {
    /// Parses `name-version.tar.gz` or `.zip` for a known project (legacy names contain dashes, so
    /// the project decides where the version begins).
    pub fn parse(name: &str, project: &ProjectName) -> Result<Self, FileNameError> {
        let _ = (name, project);
        todo!()
    }
    /// Normalised project name.
    pub fn project(&self) -> &ProjectName {
        &self.project
    }
    /// Version.
    pub fn version(&self) -> &Version {
        &self.version
    }
    /// The file name as it came.
    pub fn as_str(&self) -> &str {
        &self.raw
    }
}

impl FileName {
    /// Parses a wheel or an sdist that belongs to `project`; anything else is an error.
    pub fn parse(name: &str, project: &ProjectName) -> Result<Self, FileNameError> {
        let _ = (name, project);
        todo!()
    }
    /// Normalised project name.
    pub fn project(&self) -> &ProjectName {
        match self {
            Self::Wheel(it) => it.project(),
            Self::Sdist(it) => it.project(),
        }
    }
    /// Version.
    pub fn version(&self) -> &Version {
        match self {
            Self::Wheel(it) => it.version(),
            Self::Sdist(it) => it.version(),
        }
    }
    /// The file name as it came.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Wheel(it) => it.as_str(),
            Self::Sdist(it) => it.as_str(),
        }
    }
    /// The wheel, if it is one.
    pub fn wheel(&self) -> Option<&WheelName> {
        match self {
            Self::Wheel(it) => Some(it),
            Self::Sdist(_) => None,
        }
    }
}
