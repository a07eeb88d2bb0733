//! Names of distribution files (wheels by the binary distribution format, sdists by PEP 625).

use std::str::FromStr as _;

use crate::{ProjectName, Version, names, text::is_steering};

/// Longest file name in bytes: what file systems take.
const LONGEST: usize = 255;
/// Most triples that the compressed tag sets of one wheel may stand for. Real wheels have a dozen.
pub const MOST_TAGS: usize = 1000;

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

/// The name of a file of any other kind, with the release that somebody says it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OtherName {
    project: ProjectName,
    version: Version,
    raw: String,
}

/// What stands in the place of a file name for a source tree, which is no file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TreeName {
    project: ProjectName,
    version: Version,
    raw: String,
}

impl TreeName {
    /// The project and version that the tree says it is.
    pub fn new(project: ProjectName, version: Version) -> Self {
        let raw = format!("{project}-{version}");
        Self {
            project,
            version,
            raw,
        }
    }
}

/// Any of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FileName {
    /// A wheel.
    Wheel(WheelName),
    /// A source distribution.
    Sdist(SdistName),
    /// A file of another tool, which nobody here opens. [`FileName::parse`] gives none: no index and no
    /// link has one.
    Other(OtherName),
    /// A source tree; it has no name that is parsed.
    Tree(TreeName),
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
        let error = |why| FileNameError {
            name: name.to_owned(),
            why,
        };
        check_text(name).map_err(error)?;
        let stem = name
            .strip_suffix(".whl")
            .ok_or_else(|| error("a wheel's name ends in .whl"))?;
        let parts: Vec<&str> = stem.split('-').collect();
        let (project, version, build, tags) = match parts[..] {
            [project, version, python, abi, platform] => {
                (project, version, None, [python, abi, platform])
            }
            [project, version, build, python, abi, platform] => {
                (project, version, Some(build), [python, abi, platform])
            }
            _ => return Err(error("a wheel's name has five or six parts between dashes")),
        };
        if tags[0].split('.').any(starts_with_digit) {
            return Err(error("a Python tag is an identifier (PEP 425)"));
        }
        let triples: usize = tags.iter().map(|it| it.split('.').count()).product();
        if triples > MOST_TAGS {
            return Err(error("its tags stand for more than 1,000 combinations"));
        }
        let [python, abi, platform] = tags.map(tag_set);
        Ok(Self {
            project: wheel_project(project).map_err(error)?,
            version: parse_version(version).map_err(error)?,
            build: build.map(build_tag).transpose().map_err(error)?,
            python: python.map_err(error)?,
            abi: abi.map_err(error)?,
            platform: platform.map_err(error)?,
            raw: name.to_owned(),
        })
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
        let error = |why| FileNameError {
            name: name.to_owned(),
            why,
        };
        check_text(name).map_err(error)?;
        let stem = sdist_stem(name).map_err(error)?;
        let version = stem
            .match_indices('-')
            .filter(|(dash, _)| names::project(&stem[..*dash]).as_ref() == Some(project))
            .find_map(|(dash, _)| parse_version(&stem[dash + 1..]).ok())
            .ok_or_else(|| error("not PROJECT-VERSION of this project"))?;
        Ok(Self {
            project: project.clone(),
            version,
            raw: name.to_owned(),
        })
    }
    /// Parses a name where nobody said whose it is: what follows the last dash is the version, as PEP 625
    /// has it. What the archive says of itself is compared with that later.
    pub fn guess(name: &str) -> Result<Self, FileNameError> {
        let error = |why| FileNameError {
            name: name.to_owned(),
            why,
        };
        check_text(name).map_err(error)?;
        let stem = sdist_stem(name).map_err(error)?;
        let (project, version) = stem
            .rsplit_once('-')
            .ok_or_else(|| error("not PROJECT-VERSION"))?;
        Ok(Self {
            project: names::project(project).ok_or_else(|| error("no valid project name"))?,
            version: parse_version(version).map_err(error)?,
            raw: name.to_owned(),
        })
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

impl OtherName {
    /// A file of this name as that release.
    pub fn new(name: &str, project: ProjectName, version: Version) -> Result<Self, FileNameError> {
        check_text(name).map_err(|why| FileNameError {
            name: name.to_owned(),
            why,
        })?;
        Ok(Self {
            project,
            version,
            raw: name.to_owned(),
        })
    }
}

impl FileName {
    /// Parses a wheel or an sdist that belongs to `project`; anything else is an error.
    pub fn parse(name: &str, project: &ProjectName) -> Result<Self, FileNameError> {
        if !name.ends_with(".whl") {
            return SdistName::parse(name, project).map(Self::Sdist);
        }
        let wheel = WheelName::parse(name)?;
        if wheel.project() != project {
            return Err(FileNameError {
                name: name.to_owned(),
                why: "a wheel of another project",
            });
        }
        Ok(Self::Wheel(wheel))
    }
    /// Normalised project name.
    pub fn project(&self) -> &ProjectName {
        match self {
            Self::Wheel(it) => it.project(),
            Self::Sdist(it) => it.project(),
            Self::Other(it) => &it.project,
            Self::Tree(it) => &it.project,
        }
    }
    /// Version.
    pub fn version(&self) -> &Version {
        match self {
            Self::Wheel(it) => it.version(),
            Self::Sdist(it) => it.version(),
            Self::Other(it) => &it.version,
            Self::Tree(it) => &it.version,
        }
    }
    /// The file name as it came.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Wheel(it) => it.as_str(),
            Self::Sdist(it) => it.as_str(),
            Self::Other(it) => &it.raw,
            Self::Tree(it) => &it.raw,
        }
    }
    /// The wheel, if it is one.
    pub fn wheel(&self) -> Option<&WheelName> {
        match self {
            Self::Wheel(it) => Some(it),
            Self::Sdist(_) | Self::Other(_) | Self::Tree(_) => None,
        }
    }
}

/// The name becomes a path part and is printed, so it holds neither separators nor steering
/// characters nor space, and is no longer than a path part can be.
fn check_text(name: &str) -> Result<(), &'static str> {
    if name.len() > LONGEST {
        return Err("a file name of more than 255 bytes");
    }
    if name.contains(['/', '\\', ':']) {
        return Err("a path separator in a file name");
    }
    if name.chars().any(|c| is_steering(c) || c.is_whitespace()) {
        return Err("white space or a control character in a file name");
    }
    Ok(())
}

fn sdist_stem(name: &str) -> Result<&str, &'static str> {
    if let Some(stem) = name
        .strip_suffix(".tar.gz")
        .or_else(|| name.strip_suffix(".zip"))
    {
        return Ok(stem);
    }
    Err(match name.rsplit('.').next().unwrap_or_default() {
        "egg" => "an egg; only wheels, .tar.gz and .zip are read",
        "exe" | "msi" => "an installer for Windows; only wheels, .tar.gz and .zip are read",
        "rpm" | "deb" | "dmg" => "a package of an operating system",
        "bz2" | "xz" | "Z" | "tar" | "tgz" | "tbz" | "lzma" => {
            "an sdist that is neither .tar.gz nor .zip (PEP 527, PEP 625)"
        }
        "asc" | "sig" | "metadata" | "provenance" => "a companion of a distribution",
        _ => "neither a wheel nor an sdist",
    })
}

/// The escaped name (dashes became `_`); older wheels kept dots and upper case in it.
fn wheel_project(text: &str) -> Result<ProjectName, &'static str> {
    if text.contains("__") {
        return Err("two underscores in the project's name");
    }
    names::project(text).ok_or("no valid project name")
}

fn parse_version(text: &str) -> Result<Version, &'static str> {
    Version::from_str(text).map_err(|_| "no valid version (PEP 440)")
}

/// Digits and a rest; the number orders, the rest breaks ties.
fn build_tag(text: &str) -> Result<(u64, String), &'static str> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = text.split_at(digits);
    let number = number
        .parse()
        .map_err(|_| "a build tag must start with a number")?;
    Ok((number, rest.to_owned()))
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// A compressed tag set (PEP 425): tags between dots.
fn tag_set(text: &str) -> Result<Vec<String>, &'static str> {
    let is_tag =
        |tag: &str| !tag.is_empty() && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    text.split('.')
        .map(|tag| is_tag(tag).then(|| tag.to_ascii_lowercase()))
        .collect::<Option<_>>()
        .ok_or("a tag that is empty or holds other than letters, digits and _")
}
