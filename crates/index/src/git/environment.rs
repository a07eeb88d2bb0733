//! What git is told, and what it is not.

use std::ffi::OsString;

use assay_types::Url;

use super::GitConfig;
use crate::http::Credentials;

/// The variables that are passed on where they are set: where the user's own settings and keys are, and
/// how the network is reached. Nothing else is; so none of `GIT_SSL_NO_VERIFY`, `GIT_DIR`, `GIT_TRACE`.
pub const VARIABLES: [&str; 20] = [
    "HOME",
    "USER",
    "LOGNAME",
    "XDG_CONFIG_HOME",
    "XDG_RUNTIME_DIR",
    "SSH_AUTH_SOCK",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSH_VARIANT",
    "GIT_ASKPASS",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_SSL_CAINFO",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "no_proxy",
    "NO_PROXY",
];

/// How every git runs here. Texts are in English because some are read.
const FIXED: [(&str, &str); 7] = [
    ("LC_ALL", "C"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_LFS_SKIP_SMUDGE", "1"),
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_ATTR_NOSYSTEM", "1"),
    ("GIT_ADVICE", "0"),
];

/// Settings that go before those of every file.
const SETTINGS: [(&str, &str); 18] = [
    // No program runs because of what a repository or a template holds.
    ("core.hooksPath", "/dev/null"),
    ("core.fsmonitor", "false"),
    ("core.attributesFile", "/dev/null"),
    ("init.templateDir", ""),
    ("protocol.ext.allow", "never"),
    // What comes has to be well-formed, and from where it was asked.
    ("transfer.fsckObjects", "true"),
    ("fetch.fsckObjects", "true"),
    ("transfer.bundleURI", "false"),
    ("http.sslVerify", "true"),
    // Submodules have a step of their own.
    ("submodule.recurse", "false"),
    ("fetch.recurseSubmodules", "false"),
    // The same files for everybody.
    ("core.autocrlf", "false"),
    ("core.sparseCheckout", "false"),
    ("clone.defaultRemoteName", "origin"),
    ("clone.filterSubmodules", "false"),
    ("advice.detachedHead", "false"),
    // Nothing goes on behind our back.
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
];

/// Faults that old commits of well-known projects have, and that mean nothing for a checkout.
const HARMLESS: [&str; 9] = [
    "badDate",
    "badDateOverflow",
    "badEmail",
    "badName",
    "badTimezone",
    "missingEmail",
    "missingNameBeforeEmail",
    "missingSpaceBeforeDate",
    "zeroPaddedFilemode",
];

/// Settings by name, in the form that `GIT_CONFIG_COUNT` gives them: seen by nobody else, and by every
/// git that one starts (git 2.31).
#[derive(Debug, Default)]
pub(super) struct Settings(Vec<(String, String)>);

impl Settings {
    /// Those that every git here has, and what it takes to reach `url`.
    pub(super) fn new(config: &GitConfig, url: &Url) -> Self {
        let fixed = SETTINGS.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut settings = Self(fixed.into());
        for fault in HARMLESS {
            settings.set(&format!("fetch.fsck.{fault}"), "ignore");
        }
        if let Some(proxy) = &config.proxy {
            settings.set("http.proxy", proxy);
        }
        if let Some(file) = config.certificates.as_deref().and_then(|it| it.to_str()) {
            settings.set("http.sslCAInfo", file);
        }
        let mut bare = url.clone();
        match Credentials::split_off(&mut bare) {
            Some(credentials) if matches!(url.scheme(), "https" | "http") => {
                let origin = bare.origin().ascii_serialization();
                let header = format!("Authorization: {}", credentials.header());
                settings.set(&format!("http.{origin}/.extraHeader"), &header);
                // git would send it to wherever the server leads.
                settings.set("http.followRedirects", "false");
            }
            _ => settings.set("http.followRedirects", "initial"),
        }
        settings
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// Turns off a filter that the user's own settings define: the files of a repository say to which of
    /// them it is applied, and those of LFS also whom it asks.
    pub(super) fn without_filter(&mut self, driver: &str) {
        for key in ["clean", "smudge", "process"] {
            self.set(&format!("filter.{driver}.{key}"), "");
        }
        self.set(&format!("filter.{driver}.required"), "false");
    }

    fn variables(&self) -> impl Iterator<Item = (String, OsString)> {
        let count = ("GIT_CONFIG_COUNT".to_owned(), self.0.len().to_string());
        let each = self.0.iter().enumerate().flat_map(|(at, (name, value))| {
            let key = (format!("GIT_CONFIG_KEY_{at}"), name.clone());
            [key, (format!("GIT_CONFIG_VALUE_{at}"), value.clone())]
        });
        let all = std::iter::once(count).chain(each);
        all.map(|(name, value)| (name, value.into()))
    }
}

/// The whole environment. `transports` as `GIT_ALLOW_PROTOCOL` has them; `path` is searched for ssh and
/// helpers.
pub(super) fn environment(
    config: &GitConfig,
    path: &OsString,
    transports: &str,
    settings: &Settings,
) -> Vec<(String, OsString)> {
    let named = config.variables.iter();
    let passed_on = named.filter(|(name, _)| VARIABLES.contains(&name.as_str()));
    let mut all: Vec<_> = passed_on.cloned().collect();
    let fixed = FIXED.map(|(name, value)| (name.to_owned(), value.into()));
    all.extend(fixed);
    all.push(("PATH".to_owned(), path.clone()));
    all.push(("GIT_ALLOW_PROTOCOL".to_owned(), transports.into()));
    all.extend(settings.variables());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str, variables: &[(&str, &str)]) -> Vec<(String, OsString)> {
        let variables = variables.iter();
        let variables = variables.map(|(name, value)| ((*name).to_owned(), (*value).into()));
        let config = GitConfig::new("", variables.collect());
        let settings = Settings::new(&config, &url.parse().unwrap());
        environment(&config, &"/usr/bin".into(), "https:ssh", &settings)
    }

    #[test]
    fn the_environment_is_what_is_named_here() {
        let all = of(
            "https://git.example/demo",
            &[
                ("HOME", "/home/u"),
                ("GIT_SSL_NO_VERIFY", "1"),
                ("GIT_DIR", "/x"),
            ],
        );
        let get = |name: &str| all.iter().find(|it| it.0 == name).map(|it| it.1.clone());
        assert_eq!(get("HOME").unwrap(), "/home/u");
        assert_eq!(get("GIT_SSL_NO_VERIFY"), None);
        assert_eq!(get("GIT_DIR"), None);
        assert_eq!(get("GIT_ALLOW_PROTOCOL").unwrap(), "https:ssh");
    }

    #[test]
    fn credentials_go_to_their_own_host_and_no_further() {
        let all = of("https://user:s3cr3t@git.example:8443/a/demo", &[]);
        let values: Vec<_> = all.iter().map(|it| it.1.to_str().unwrap()).collect();
        let at = |text: &str| values.iter().position(|it| *it == text).unwrap();
        let key = at("http.https://git.example:8443/.extraHeader");
        assert!(values[key + 1].starts_with("Authorization: Basic "));
        assert_eq!(values[at("http.followRedirects") + 1], "false");
        assert!(!values.iter().any(|it| it.contains("s3cr3t")));
        let plain = of("https://git.example/a/demo", &[]);
        assert!(
            !plain
                .iter()
                .any(|it| it.1.to_str().unwrap().contains("extraHeader"))
        );
    }
}
