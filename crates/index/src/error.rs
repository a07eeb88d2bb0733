//! What can go wrong on the way to an index, told so that a person can act.

use std::{fmt, io, path::PathBuf};

use assay_trust::Refusal;
use assay_types::{Printable, Url, listing::File, requirement::without_credentials};

/// A failure to get something from an index, a link or a path.
///
/// URLs inside are free of credentials; every text from outside is unescaped inside the value and
/// escaped by `Display`.
#[derive(Debug)]
pub enum IndexError {
    /// A rule of this project forbids the transfer: plain HTTP, a redirect that leads astray, a
    /// page that breaks its own format's rules.
    Forbidden {
        /// What was to be fetched.
        url: String,
        /// The fact.
        fact: String,
        /// What helps.
        hint: Option<String>,
    },
    /// The bytes contradict what the index lists.
    Refused(Box<Refusal>),
    /// The server answered with a status that is neither success nor "not found".
    Status {
        /// What was asked for.
        url: String,
        /// The HTTP status.
        status: u16,
        /// Whether credentials were sent.
        with_credentials: bool,
    },
    /// No connection, or one that broke.
    Connection {
        /// What was asked for.
        url: String,
        /// The fact.
        fact: String,
    },
    /// The proxy answered, and does not let us through.
    Proxy {
        /// What was asked for.
        url: String,
        /// The fact.
        fact: String,
    },
    /// The server's certificate, or the handshake, does not hold.
    Tls {
        /// What was asked for.
        url: String,
        /// The fact.
        fact: String,
        /// The roots in force, in words.
        roots: String,
        /// Whether it is the server that refuses ours, or that we showed none.
        by_server: bool,
    },
    /// A stall, the overall deadline or the minimum rate.
    TimedOut {
        /// What was asked for.
        url: String,
        /// Which limit.
        fact: String,
    },
    /// More bytes than the limit or than the index announced.
    TooLarge {
        /// What was asked for.
        url: String,
        /// Which limit, in bytes.
        limit: u64,
        /// Where the limit comes from, such as `the size that the index announces`.
        source: &'static str,
    },
    /// The answer is not what an index may answer.
    Answer {
        /// What was asked for.
        url: String,
        /// The fact.
        fact: String,
    },
    /// The provenance of a file (PEP 740) could not be had, which is not "it has none".
    Provenance {
        /// The file's name.
        file_name: String,
        /// What failed.
        source: Box<IndexError>,
    },
    /// `--offline`, and it is not in the cache.
    Offline {
        /// What was asked for.
        url: String,
    },
    /// A setting that cannot be used: a certificate file, a proxy, an index URL.
    Setting {
        /// The setting and the fact.
        fact: String,
        /// What helps.
        hint: Option<String>,
    },
    /// The `keyring` program was asked and gave no answer that could be used.
    Keyring {
        /// The program.
        program: PathBuf,
        /// The fact; nothing of its answer.
        fact: String,
    },
    /// A repository cannot be had.
    Git {
        /// The repository, as a requirement has it.
        url: String,
        /// The fact; it may hold what git said.
        fact: String,
        /// What helps.
        hint: Option<String>,
    },
    /// A folder of the cache or the state belongs to somebody else, or others can write to it.
    NotPrivate {
        /// The folder.
        folder: PathBuf,
        /// The fact.
        fact: String,
        /// What helps.
        way_out: String,
    },
    /// The file system.
    Io {
        /// The path.
        path: PathBuf,
        /// What was tried, such as `reading`.
        doing: &'static str,
        /// The fact.
        source: io::Error,
    },
}

/// What kind of failure it is; the command line maps it to an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Network, server or disk: exit code 1.
    Failed,
    /// A setting of the user: exit code 2.
    Usage,
    /// A rule of trust: exit code 4.
    Trust,
}

impl IndexError {
    /// The kind, which decides the exit code.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Forbidden { .. } | Self::Refused(_) | Self::NotPrivate { .. } => ErrorKind::Trust,
            Self::Setting { .. } => ErrorKind::Usage,
            // What should speak for a file came, and is none.
            Self::Provenance { .. } if self.is_too_large() => ErrorKind::Trust,
            Self::Provenance { source, .. } => source.kind(),
            _ => ErrorKind::Failed,
        }
    }

    /// Whether an answer came that is longer than such an answer may be.
    pub fn is_too_large(&self) -> bool {
        match self {
            Self::TooLarge { .. } => true,
            Self::Provenance { source, .. } => source.is_too_large(),
            _ => false,
        }
    }

    /// What would help, where something is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Forbidden { hint, .. } | Self::Setting { hint, .. } | Self::Git { hint, .. } => {
                hint.clone()
            }
            Self::Refused(refusal) => refusal.hint.clone(),
            Self::Provenance { source, .. } => source.hint(),
            Self::Tls {
                by_server: true, ..
            } => Some(
                "the server wants a client's certificate that it knows: --client-cert FILE names \
                 one, with its key"
                    .into(),
            ),
            Self::Tls { roots, .. } => Some(format!(
                "trusted are {roots}; if your network has its own authority, name its certificate \
                 with --cert FILE"
            )),
            Self::Status {
                status: 401 | 403,
                with_credentials: false,
                ..
            } => Some(
                "put credentials into the index URL or into ~/.netrc, or have them asked for with \
                 --keyring-provider subprocess"
                    .into(),
            ),
            Self::Status {
                status: 401 | 403,
                with_credentials: true,
                ..
            } => Some(
                "the credentials of the index URL, of ~/.netrc or of the keyring were sent and not \
                 accepted"
                    .into(),
            ),
            Self::Proxy { .. } => Some(
                "the proxy is that of --proxy, https_proxy or all_proxy; its password goes into \
                 its URL: http://user:password@host:port"
                    .into(),
            ),
            Self::TimedOut { .. } => Some("--timeout SECONDS waits longer for each read".into()),
            Self::NotPrivate { way_out, .. } => Some(way_out.clone()),
            Self::Keyring { .. } => Some("--keyring-provider disabled does without it".into()),
            Self::Offline { .. } => Some("run once without --offline".into()),
            _ => None,
        }
    }

    pub(crate) fn forbidden(url: &Url, fact: impl Into<String>) -> Self {
        Self::Forbidden {
            url: redacted(url),
            fact: fact.into(),
            hint: None,
        }
    }

    /// An index that neither has a name for certain nor certainly does not have it, so that the
    /// next one may not be asked.
    pub(crate) fn no_way_on(page: &Url, fact: impl Into<String>) -> Self {
        Self::Forbidden {
            url: redacted(page),
            fact: fact.into(),
            hint: Some(
                "an index answers 404 for what it does not have; one that does otherwise can only \
                 be the last: give it with --index-url, and the others with --extra-index-url"
                    .to_owned(),
            ),
        }
    }

    pub(crate) fn answer(url: &Url, fact: impl Into<String>) -> Self {
        Self::Answer {
            url: redacted(url),
            fact: fact.into(),
        }
    }

    pub(crate) fn of_provenance(self, file: &File) -> Self {
        Self::Provenance {
            file_name: file.name.as_str().to_owned(),
            source: Box::new(self),
        }
    }

    pub(crate) fn setting(fact: impl Into<String>) -> Self {
        Self::Setting {
            fact: fact.into(),
            hint: None,
        }
    }

    pub(crate) fn io(path: impl Into<PathBuf>, doing: &'static str, source: io::Error) -> Self {
        Self::Io {
            path: path.into(),
            doing,
            source,
        }
    }
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden { url, fact, .. }
            | Self::Connection { url, fact }
            | Self::Proxy { url, fact }
            | Self::Tls { url, fact, .. }
            | Self::TimedOut { url, fact }
            | Self::Git { url, fact, .. }
            | Self::Answer { url, fact } => write!(f, "{}: {}", Printable(url), Printable(fact)),
            Self::Refused(refusal) => write!(f, "{refusal}"),
            Self::Status { url, status, .. } => {
                write!(f, "{}: the server answers {status}", Printable(url))?;
                match reason(*status) {
                    "" => Ok(()),
                    words => write!(f, " ({words})"),
                }
            }
            Self::TooLarge { url, limit, source } => {
                write!(
                    f,
                    "{}: more than {limit} bytes, which is {source}",
                    Printable(url)
                )
            }
            Self::Provenance { file_name, source } => {
                write!(f, "the provenance of {}: {source}", Printable(file_name))
            }
            Self::Offline { url } => {
                write!(
                    f,
                    "{}: not in the cache, and --offline is on",
                    Printable(url)
                )
            }
            Self::Setting { fact, .. } => write!(f, "{}", Printable(fact)),
            Self::Keyring { program, fact } => {
                let program = program.display().to_string();
                write!(f, "{}: {}", Printable(&program), Printable(fact))
            }
            Self::NotPrivate { folder, fact, .. } => {
                let folder = folder.display().to_string();
                write!(f, "{} {fact}", Printable(&folder))
            }
            Self::Io {
                path,
                doing,
                source,
            } => {
                let path = path.display().to_string();
                write!(f, "{doing} {}: {source}", Printable(&path))
            }
        }
    }
}

impl std::error::Error for IndexError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Refused(refusal) => Some(refusal.as_ref()),
            Self::Provenance { source, .. } => Some(source.as_ref()),
            _ => None,
        }
    }
}

impl From<Refusal> for IndexError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<assay_files::Error> for IndexError {
    fn from(error: assay_files::Error) -> Self {
        use assay_files::Error;
        match error {
            Error::NotPrivate {
                folder,
                fact,
                way_out,
            } => Self::NotPrivate {
                folder,
                fact,
                way_out,
            },
            Error::Io {
                path,
                doing,
                source,
            } => Self::io(path, doing, source),
        }
    }
}

/// The URL without user name, password and query, which may hold tokens.
pub(crate) fn redacted(url: &Url) -> String {
    let mut url = without_credentials(url);
    if url.query().is_some() {
        url.set_query(Some("…"));
    }
    url.set_fragment(None);
    url.into()
}

fn reason(status: u16) -> &'static str {
    match status {
        401 => "credentials needed",
        403 => "forbidden",
        404 => "not found",
        429 => "too many requests",
        500..=599 => "server error",
        _ => "",
    }
}
