//! The one place that reads the process's environment.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use crate::settings::pip::Preset;

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
    /// `CONDA_PREFIX`, unless `CONDA_DEFAULT_ENV` says that it is conda's own environment (`base`),
    /// which many shells have active all day and nobody chose.
    pub conda_env: Option<PathBuf>,
    /// `HOME`.
    pub home: Option<PathBuf>,
    /// `PYTHONUSERBASE`: where Python looks for what was installed for this user (PEP 370).
    pub user_base: Option<PathBuf>,
    /// `PYTHONNOUSERSITE`: Python does not look there.
    pub no_user_site: bool,
    /// `SSL_CERT_FILE`, kept when empty: an empty one is an error, not "the default".
    pub ssl_cert_file: Option<OsString>,
    /// `SSL_CERT_DIR`.
    pub ssl_cert_dir: Option<PathBuf>,
    /// `NETRC`, or `~/.netrc`.
    pub netrc: Option<PathBuf>,
    /// `PATH`.
    pub path: Option<OsString>,
    /// `SSH_AUTH_SOCK`: where ssh-agent listens.
    pub ssh_auth_sock: Option<PathBuf>,
    /// Proxies by scheme.
    pub proxies: Proxies,
    /// `NO_COLOR`, or a terminal that cannot show colours.
    pub no_color: bool,
    /// `PIP_CONFIG_FILE`.
    pub pip_config_file: PipConfigFile,
    /// Variables that begin with `PIP_`, with their values.
    pub pip_variables: Vec<(String, OsString)>,
    /// `XDG_CONFIG_HOME`, or its default.
    pub config_home: Option<PathBuf>,
    /// `XDG_CONFIG_DIRS`, or its default.
    pub config_dirs: Vec<PathBuf>,
    /// `VISUAL`, or `EDITOR`.
    pub editor: Option<String>,
    /// What pip's settings say for the command in use; filled in once that is known.
    pub pip: Preset,
    /// The environment whose pip.conf counts; filled in with it.
    pub settings_environment: Option<PathBuf>,
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

/// `PIP_CONFIG_FILE`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PipConfigFile {
    /// Not set, or empty.
    #[default]
    Unset,
    /// The null device: no file of settings is read.
    Nothing,
    /// One more file, and the user's own are not read if it is there.
    File(PathBuf),
}

impl PipConfigFile {
    fn read() -> Self {
        match folder("PIP_CONFIG_FILE") {
            None => Self::Unset,
            Some(path) if path == Path::new("/dev/null") => Self::Nothing,
            Some(path) => Self::File(path),
        }
    }
}

/// Every variable of pip's but two that pip passes over, too; sorted by name.
fn pip_variables() -> Vec<(String, OsString)> {
    let ignored = ["PIP_VERSION", "PIP_HELP"];
    let mut variables: Vec<_> = raw_variables()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
        .filter(|(name, _)| name.starts_with("PIP_"))
        .filter(|(name, _)| !ignored.contains(&name.to_uppercase().as_str()))
        .collect();
    variables.sort();
    variables
}

/// The variables that requirements files may name with `${…}`, and `--build-env` by their names.
#[derive(Debug, Clone, Default)]
struct Variables(std::collections::HashMap<String, OsString>);

impl Surroundings {
    /// Reads everything once.
    pub fn read() -> std::io::Result<Self> {
        let home = folder("HOME");
        let under_home = |rest: &str| home.as_deref().map(|it| it.join(rest));
        Ok(Self {
            cache_home: absolute("XDG_CACHE_HOME").or_else(|| under_home(".cache")),
            state_home: absolute("XDG_STATE_HOME").or_else(|| under_home(".local/state")),
            virtual_env: folder("VIRTUAL_ENV"),
            conda_env: folder("CONDA_PREFIX").filter(|_| !is_conda_base()),
            user_base: folder("PYTHONUSERBASE"),
            no_user_site: folder("PYTHONNOUSERSITE").is_some(),
            ssl_cert_file: variable("SSL_CERT_FILE"),
            ssl_cert_dir: folder("SSL_CERT_DIR"),
            netrc: folder("NETRC").or_else(|| under_home(".netrc")),
            path: variable("PATH"),
            ssh_auth_sock: folder("SSH_AUTH_SOCK"),
            proxies: Proxies {
                https: text(&["https_proxy", "HTTPS_PROXY"]),
                all: text(&["all_proxy", "ALL_PROXY"]),
                none: text(&["no_proxy", "NO_PROXY"]),
            },
            no_color: text(&["NO_COLOR"]).is_some() || text(&["TERM"]).as_deref() == Some("dumb"),
            pip_config_file: PipConfigFile::read(),
            pip_variables: pip_variables(),
            config_home: absolute("XDG_CONFIG_HOME").or_else(|| under_home(".config")),
            config_dirs: config_dirs(),
            editor: text(&["VISUAL", "EDITOR"]),
            pip: Preset::default(),
            settings_environment: None,
            working_dir: env::current_dir()?,
            home,
            variables: Variables(all_variables()),
        })
    }

    /// Looks up a variable that a requirements file names.
    pub fn variable(&self, name: &str) -> Option<String> {
        self.variables.0.get(name)?.clone().into_string().ok()
    }

    /// A variable that the user names on the command line.
    pub fn raw_variable(&self, name: &str) -> Option<OsString> {
        self.variables.0.get(name).cloned()
    }

    #[cfg(test)]
    pub fn with_variables(mut self, variables: &[(&str, &str)]) -> Self {
        let variables = variables.iter();
        let variables = variables.map(|(name, value)| ((*name).to_owned(), OsString::from(value)));
        self.variables = Variables(variables.collect());
        self
    }

    /// Makes a path absolute without touching the file system.
    pub fn absolute(&self, path: &Path) -> PathBuf {
        self.working_dir.join(path)
    }
}

fn is_conda_base() -> bool {
    text(&["CONDA_DEFAULT_ENV"]).is_some_and(|it| matches!(it.as_str(), "base" | "root"))
}

#[expect(clippy::disallowed_methods, reason = "the one place")]
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name)
}

#[expect(clippy::disallowed_methods, reason = "the one place")]
fn raw_variables() -> env::VarsOs {
    env::vars_os()
}

fn all_variables() -> std::collections::HashMap<String, OsString> {
    raw_variables()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
        .collect()
}

fn folder(name: &str) -> Option<PathBuf> {
    variable(name)
        .filter(|it| !it.is_empty())
        .map(PathBuf::from)
}

/// The machine's folders for settings.
fn config_dirs() -> Vec<PathBuf> {
    let named = variable("XDG_CONFIG_DIRS").unwrap_or_default();
    let named: Vec<_> = env::split_paths(&named)
        .filter(|it| it.is_absolute())
        .collect();
    if named.is_empty() {
        vec![PathBuf::from("/etc/xdg")]
    } else {
        named
    }
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
