//! The one place that reads the process's environment.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

/// What the process finds around it. Empty variables count as absent, except where an empty value
/// must be an error.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// `XDG_CACHE_HOME`, or its default.
    pub cache_home: Option<PathBuf>,
    /// `XDG_STATE_HOME`, or its default.
    pub state_home: Option<PathBuf>,
    /// `VIRTUAL_ENV`.
    pub virtual_env: Option<PathBuf>,
    /// `SSL_CERT_FILE`, kept when empty: an empty one is an error, not "the default".
    pub ssl_cert_file: Option<OsString>,
    /// `SSL_CERT_DIR`.
    pub ssl_cert_dir: Option<PathBuf>,
    /// `NETRC`, or `~/.netrc`.
    pub netrc: Option<PathBuf>,
    /// `PATH`.
    pub path: Option<OsString>,
    /// Proxies by scheme.
    pub proxies: Proxies,
    /// `NO_COLOR`, or a terminal that cannot show colours.
    pub no_color: bool,
    /// pip's variables that decide whom to ask and what suffices.
    pub pip: PipVariables,
    /// The working folder.
    pub working_dir: PathBuf,
    variables: Variables,
}

/// `https_proxy`, `all_proxy` and `no_proxy`, in lower or upper case. Plain HTTP reaches nothing but
/// this machine, so `http_proxy` has no use.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    /// For https URLs.
    pub https: Option<String>,
    /// For both, where the specific one is absent.
    pub all: Option<String>,
    /// Hosts that are reached directly.
    pub none: Option<String>,
}

/// What pip's own variables say. Others of pip's are not read yet.
#[derive(Debug, Clone, Default)]
pub struct PipVariables {
    /// `PIP_INDEX_URL`.
    pub index_url: Option<String>,
    /// `PIP_EXTRA_INDEX_URL`, separated by spaces.
    pub extra_index_url: Vec<String>,
    /// `PIP_NO_INDEX`.
    pub no_index: bool,
    /// `PIP_FIND_LINKS`, separated by spaces.
    pub find_links: Vec<String>,
    /// `PIP_CONSTRAINT`, separated by spaces.
    pub constraint: Vec<String>,
    /// `PIP_REQUIRE_HASHES`.
    pub require_hashes: bool,
}

impl PipVariables {
    fn read() -> Self {
        let list = |name| {
            let text = text(&[name]).unwrap_or_default();
            text.split_whitespace().map(str::to_owned).collect()
        };
        Self {
            index_url: text(&["PIP_INDEX_URL"]),
            extra_index_url: list("PIP_EXTRA_INDEX_URL"),
            no_index: is_on("PIP_NO_INDEX"),
            find_links: list("PIP_FIND_LINKS"),
            constraint: list("PIP_CONSTRAINT"),
            require_hashes: is_on("PIP_REQUIRE_HASHES"),
        }
    }
}

/// pip's words for no; everything else means yes, which is the stricter answer for both switches.
fn is_on(name: &str) -> bool {
    let no = ["0", "false", "no", "off", "n", "f"];
    text(&[name]).is_some_and(|it| !no.contains(&it.to_ascii_lowercase().as_str()))
}

/// The variables that requirements files may name with `${…}`.
#[derive(Debug, Clone, Default)]
struct Variables(std::collections::HashMap<String, String>);

impl Surroundings {
    /// Reads everything once.
    pub fn read() -> std::io::Result<Self> {
        let home = folder("HOME");
        let under_home = |rest: &str| home.as_deref().map(|it| it.join(rest));
        Ok(Self {
            cache_home: absolute("XDG_CACHE_HOME").or_else(|| under_home(".cache")),
            state_home: absolute("XDG_STATE_HOME").or_else(|| under_home(".local/state")),
            virtual_env: folder("VIRTUAL_ENV"),
            ssl_cert_file: variable("SSL_CERT_FILE"),
            ssl_cert_dir: folder("SSL_CERT_DIR"),
            netrc: folder("NETRC").or_else(|| under_home(".netrc")),
            path: variable("PATH"),
            proxies: Proxies {
                https: text(&["https_proxy", "HTTPS_PROXY"]),
                all: text(&["all_proxy", "ALL_PROXY"]),
                none: text(&["no_proxy", "NO_PROXY"]),
            },
            no_color: text(&["NO_COLOR"]).is_some() || text(&["TERM"]).as_deref() == Some("dumb"),
            pip: PipVariables::read(),
            working_dir: env::current_dir()?,
            variables: Variables(all_variables()),
        })
    }

    /// Looks up a variable that a requirements file names.
    pub fn variable(&self, name: &str) -> Option<String> {
        self.variables.0.get(name).cloned()
    }

    /// Makes a path absolute without touching the file system.
    pub fn absolute(&self, path: &Path) -> PathBuf {
        self.working_dir.join(path)
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place")]
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name)
}

#[expect(clippy::disallowed_methods, reason = "the one place")]
fn all_variables() -> std::collections::HashMap<String, String> {
    env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

fn folder(name: &str) -> Option<PathBuf> {
    variable(name)
        .filter(|it| !it.is_empty())
        .map(PathBuf::from)
}

/// XDG base directories must be absolute; relative ones are to be ignored.
fn absolute(name: &str) -> Option<PathBuf> {
    folder(name).filter(|it| it.is_absolute())
}

fn text(names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| {
        variable(name)?
            .into_string()
            .ok()
            .filter(|it| !it.is_empty())
    })
}
