//! What an index says about a project, in one form for HTML, JSON and folders of wheels.

use std::sync::Arc;

use crate::{
    Digests, FileName, ProjectName, SafePath, Timestamp, Url, Version, VersionSpecifiers,
    repository::Repository, requirement::redacted,
};

/// Where files come from. Cheap to clone; two are equal when they name the same place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A simple index, by its base URL without credentials.
    Index(Arc<Url>),
    /// A page of links or a folder given with `--find-links`, without credentials and query.
    FindLinks(Arc<str>),
    /// A URL in the requirement itself, without credentials, query or fragment.
    Direct(Arc<Url>),
    /// A path that the user named.
    Local(Arc<std::path::Path>),
    /// A commit of a version control repository that the user named.
    Repository(Arc<Repository>),
}

/// PEP 792 status of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Status {
    /// No status, or `active`.
    #[default]
    Active,
    /// `archived`: no more releases expected; a warning at most.
    Archived,
    /// `deprecated`: a warning.
    Deprecated,
    /// `quarantined`: nothing of it may be installed.
    Quarantined,
    /// A word that PEP 792 does not have, unescaped: a warning.
    Unknown(String),
}

/// PEP 592: the file was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yanked {
    /// The reason as the index gives it, unescaped; may be empty.
    pub reason: String,
}

/// Where a file's bytes lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// Fetched with HTTP. No credentials and no fragment in it.
    Url(Url),
    /// Read from the file system.
    Path {
        /// The file.
        path: std::path::PathBuf,
        /// Where the user named it or its folder: `the command line`, `requirements.txt:3`,
        /// `--find-links wheels`. Unescaped.
        named_in: Arc<str>,
    },
    /// A folder with a project's sources, which is no file at all: it is built where a wheel is wanted.
    Tree(Tree),
}

/// A folder with a project's sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// The folder that the build works on, absolute: the user's own, or a checkout.
    pub root: std::path::PathBuf,
    /// The project's own folder in it, where it is not the whole.
    pub subdirectory: Option<SafePath>,
    /// Whether the target is to run what lies in the user's folder (PEP 660).
    pub editable: bool,
    /// Where the user named it. Unescaped.
    pub named_in: Arc<str>,
}

impl Tree {
    /// The project's own folder.
    pub fn project(&self) -> std::path::PathBuf {
        match &self.subdirectory {
            Some(below) => self.root.join(below.as_str()),
            None => self.root.clone(),
        }
    }
}

/// One file of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Parsed name: project, version, tags.
    pub name: FileName,
    /// Where the bytes are.
    pub location: Location,
    /// The digests that the index lists.
    pub digests: Digests,
    /// Size in bytes (PEP 700), where given.
    pub size: Option<u64>,
    /// `requires-python`, where given and well-formed.
    pub requires_python: Option<VersionSpecifiers>,
    /// Upload time (PEP 700), where given.
    pub upload_time: Option<Timestamp>,
    /// PEP 592.
    pub yanked: Option<Yanked>,
    /// Digests of the PEP 658 metadata sidecar; `None` where no *hashed* sidecar is listed.
    pub metadata: Option<Digests>,
    /// Where the page says that the provenance document of this file lies (PEP 740), without
    /// credentials and fragment. `None`: nothing is announced, which says the more where the page
    /// could have: [`Listing::could_announce`].
    pub provenance: Option<Url>,
    /// Whether an OpenPGP signature lies beside it, at its URL followed by `.asc` (PEP 503,
    /// `data-gpg-sig`). `None`: the page does not say, as most do not.
    pub gpg_sig: Option<bool>,
    /// Who lists it.
    pub origin: Origin,
}

impl File {
    /// A file of which nothing is known but where it is: no digest, no size, no time.
    pub fn new(name: FileName, location: Location, origin: Origin) -> Self {
        Self {
            name,
            location,
            digests: Digests::none(),
            size: None,
            requires_python: None,
            upload_time: None,
            yanked: None,
            metadata: None,
            provenance: None,
            gpg_sig: None,
            origin,
        }
    }

    /// The URL of the wheel beside whose METADATA sidecar (PEP 658) lies, and the sidecar's digests;
    /// `None` where no hashed one is listed. A path has none, whatever its page says.
    pub fn sidecar(&self) -> Option<(&Url, &Digests)> {
        match &self.location {
            Location::Url(url) => Some((url, self.metadata.as_ref()?)),
            Location::Path { .. } | Location::Tree(_) => None,
        }
    }

    /// The version in the file's name.
    pub fn version(&self) -> &Version {
        self.name.version()
    }
}

/// What a project's page says about the same project elsewhere (PEP 708). Each URL is that of a
/// project's page: without credentials, query and fragment, the name normalised, a closing slash.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Relations {
    /// `tracks`: pages of the projects that this one extends, by the word of the index's operator.
    pub tracks: Vec<Url>,
    /// `alternate-locations`: pages of the same project, by the word of its owner.
    pub alternate_locations: Vec<Url>,
    /// Why what the page says counts as nothing said; unescaped. The two lists are empty then.
    pub malformed: Option<String>,
}

impl Relations {
    /// Relations that cannot be relied on, and why.
    pub fn malformed(why: impl Into<String>) -> Self {
        Self {
            malformed: Some(why.into()),
            ..Self::default()
        }
    }

    /// Whether either list has this page.
    pub fn name(&self, page: &Url) -> bool {
        self.tracks.contains(page) || self.alternate_locations.contains(page)
    }
}

/// Another index whose files stand in a listing too (PEP 708).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The index.
    pub origin: Origin,
    /// Whether its page names the first index too, so that it is more than the first one's word.
    pub is_mutual: bool,
    /// As [`Listing::announces`], of this index's page.
    pub announces: bool,
}

/// All files of one project on one index, and on those that it may be joined with.
#[derive(Debug, Clone)]
pub struct Listing {
    /// The project that was asked for.
    pub project: ProjectName,
    /// Who answered.
    pub origin: Origin,
    /// PEP 792.
    pub status: Status,
    /// The reason for the status, unescaped.
    pub status_reason: Option<String>,
    /// The files whose names could be parsed and belong to this project.
    pub files: Vec<File>,
    /// Links that were passed over, with the reason (for `-v` and explanations).
    pub skipped: Vec<Skipped>,
    /// What the page of `origin` says about other indexes (PEP 708).
    pub relations: Relations,
    /// Whether the page of `origin` is of an API that can announce provenance (PEP 740): it says
    /// that it is of version 1.3 or later, or announces some.
    pub announces: bool,
    /// The other indexes whose files stand here.
    pub joined: Vec<Joined>,
}

impl Listing {
    /// These files of an active project.
    pub fn new(project: ProjectName, origin: Origin, files: Vec<File>) -> Self {
        Self {
            project,
            origin,
            status: Status::Active,
            status_reason: None,
            files,
            skipped: Vec::new(),
            relations: Relations::default(),
            announces: false,
            joined: Vec::new(),
        }
    }

    /// Whether a file without [`File::provenance`] has none by its page's word. Where this is
    /// false, the page that lists it knows no provenance, and what it leaves out says nothing: an
    /// older index, a proxy, a folder.
    pub fn could_announce(&self, file: &File) -> bool {
        if file.origin == self.origin {
            return self.announces;
        }
        let mut joined = self.joined.iter().filter(|it| it.origin == file.origin);
        joined.any(|it| it.announces)
    }
}

/// A link on a page that is not a usable file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// File name or link text, unescaped.
    pub what: String,
    /// Why.
    pub why: String,
}

/// The place as a person names it: a URL without query, in which secrets may be, or a path.
impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Index(url) | Self::Direct(url) => write!(f, "{}", redacted(url)),
            Self::FindLinks(text) => f.write_str(text),
            Self::Local(path) => write!(f, "{}", path.display()),
            Self::Repository(it) => write!(f, "{it}"),
        }
    }
}
