//! `--build-env`: which variables of the user's a build may see. Whatever a build sees it may write into
//! the wheel, so a name that is one of a secret is refused, and no option lifts that.

use std::ffi::OsString;

use assay_types::text::without_secrets;

use crate::{
    failure::{Failure, Result},
    surroundings::Surroundings,
};

/// The variables that were named, with their values.
pub(super) fn read(names: &[String], around: &Surroundings) -> Result<Vec<(String, OsString)>> {
    let mut variables: Vec<(String, OsString)> = Vec::new();
    for name in names {
        let value = value(name, around)?;
        if variables.iter().all(|(earlier, _)| earlier != name) {
            variables.push((name.clone(), value));
        }
    }
    Ok(variables)
}

fn value(name: &str, around: &Surroundings) -> Result<OsString> {
    if !is_name(name) {
        return Err(
            Failure::usage(format!("--build-env: \"{name}\" is no variable's name")).hint(
                "the option takes a name; its value is the one that the variable has where assay runs",
            ),
        );
    }
    if let Some(why) = forbidden(name) {
        let failure = refused(name, why);
        return Err(match why {
            SECRET => failure.hint("if it holds none, hand it over under another name"),
            _ => failure,
        });
    }
    let value = around.raw_variable(name).ok_or_else(|| {
        Failure::usage(format!("--build-env {name}: there is no such variable"))
            .hint("set it where assay runs, and export it")
    })?;
    if value.to_str().is_some_and(|it| without_secrets(it) != it) {
        let why = "its value has a URL with credentials or a query, and a build gets no secrets";
        return Err(refused(name, why).hint("leave them out of the URL"));
    }
    Ok(value)
}

fn refused(name: &str, why: &str) -> Failure {
    Failure::refused(format!("--build-env {name}: {why}"))
        .detail("rule: whatever a build sees it may write into the wheel")
}

fn is_name(text: &str) -> bool {
    let is_part = |c: char| c == '_' || c.is_ascii_alphanumeric();
    !text.is_empty() && !text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(is_part)
}

const SECRET: &str = "a variable of that name may hold a secret, and a build gets none";
const OWN: &str = "the sandbox sets it itself";
const STEERS: &str = "it decides what code programs load";

/// Beginnings of names, after which anything may follow.
const BEGINNINGS: &[(&str, &str)] = &[
    ("AWS_", SECRET),
    ("AZURE_", SECRET),
    ("GCP_", SECRET),
    ("GOOGLE_", SECRET),
    ("GITHUB_", SECRET),
    ("GITLAB_", SECRET),
    ("CI_JOB_", SECRET),
    ("ACTIONS_", SECRET),
    ("DOCKER_", SECRET),
    ("GPG", SECRET),
    ("GNUPG", SECRET),
    ("SSH_", SECRET),
    ("DBUS_", SECRET),
    ("PIP_", SECRET),
    ("UV_", SECRET),
    ("TWINE_", SECRET),
    ("ASSAY_", SECRET),
    ("CARGO_REGISTR", SECRET),
    ("NPM_CONFIG_", SECRET),
    ("LD_", STEERS),
    ("DYLD_", STEERS),
    ("PYTHON", STEERS),
    ("BASH_", STEERS),
];

/// Whole names.
const NAMES: &[(&str, &str)] = &[
    ("HOME", OWN),
    ("PATH", OWN),
    ("PWD", OWN),
    ("TMPDIR", OWN),
    ("TEMP", OWN),
    ("TMP", OWN),
    ("TZ", OWN),
    ("LANG", OWN),
    ("LC_ALL", OWN),
    ("NO_PROXY", OWN),
    ("ENV", STEERS),
    ("IFS", STEERS),
    ("NETRC", SECRET),
];

/// What the words of a name may not be or end with.
const WORDS: &[&str] = &[
    "TOKEN",
    "TOKENS",
    "SECRET",
    "SECRETS",
    "PASSWORD",
    "PASSWORDS",
    "PASSWD",
    "PASSPHRASE",
    "PASS",
    "PWD",
    "PW",
    "PIN",
    "PAT",
    "KEY",
    "KEYS",
    "CREDENTIAL",
    "CREDENTIALS",
    "CREDS",
    "AUTH",
    "COOKIE",
    "COOKIES",
    "JWT",
    "DSN",
];

/// Words that may not stand anywhere in a name, since names are often written together.
const PARTS: &[&str] = &[
    "TOKEN",
    "SECRET",
    "PASSW",
    "PASSPHRASE",
    "CREDENTIAL",
    "APIKEY",
];

/// Why a build may not see a variable of this name, in any case of its letters.
fn forbidden(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_uppercase();
    if name.ends_with("_PROXY") {
        return Some("a build reaches no network but through --allow-build-network NAME=HOST");
    }
    if let Some((_, why)) = NAMES.iter().find(|(it, _)| *it == name) {
        return Some(why);
    }
    if let Some((_, why)) = BEGINNINGS.iter().find(|(it, _)| name.starts_with(it)) {
        return Some(why);
    }
    let mut words = name.split('_');
    let is_secret = words.any(|word| WORDS.contains(&word) || word.ends_with("KEY"))
        || PARTS.iter().any(|it| name.contains(it));
    is_secret.then_some(SECRET)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_refused_and_their_neighbours_are_not() {
        for (name, fragment) in [
            ("GITHUB_TOKEN", "secret"),
            ("HF_TOKEN", "secret"),
            ("my_secret", "secret"),
            ("DBPASSWORD", "secret"),
            ("SIGNING_KEY", "secret"),
            ("OPENAIAPIKEY", "secret"),
            ("AWS_REGION", "secret"),
            ("SSH_AUTH_SOCK", "secret"),
            ("GPG_TTY", "secret"),
            ("PIP_INDEX_URL", "secret"),
            ("https_proxy", "--allow-build-network"),
            ("LD_PRELOAD", "what code programs load"),
            ("PYTHONPATH", "what code programs load"),
            ("HOME", "sandbox sets it"),
        ] {
            let why = forbidden(name).unwrap_or_else(|| panic!("{name} is taken"));
            assert!(why.contains(fragment), "{name}: {why}");
        }
        for name in [
            "CC",
            "CFLAGS",
            "LDFLAGS",
            "KEYBOARD",
            "SETUPTOOLS_SCM_PRETEND_VERSION",
            "SOURCE_DATE_EPOCH",
            "MAX_JOBS",
            "PKG_CONFIG_PATH",
            "NUMPY_BUILD_PYTHON",
        ] {
            assert_eq!(forbidden(name), None, "{name}");
        }
    }

    #[test]
    fn a_variable_has_to_be_there_and_hold_no_credentials() {
        let around = Surroundings::default().with_variables(&[
            ("CFLAGS", "-O2"),
            ("MIRROR", "https://user:word@files.example.com/"),
            ("PLAIN_MIRROR", "https://files.example.com/"),
        ]);
        let read = |names: &[&str]| {
            let names: Vec<_> = names.iter().map(|it| (*it).to_owned()).collect();
            read(&names, &around).map_err(|failure| failure.fact().to_owned())
        };
        let variables = read(&["CFLAGS", "PLAIN_MIRROR", "CFLAGS"]).unwrap();
        let names: Vec<_> = variables.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["CFLAGS", "PLAIN_MIRROR"]);
        assert_eq!(variables[0].1, "-O2");
        for (name, fragment) in [
            ("MIRROR", "credentials"),
            ("ABSENT", "no such variable"),
            ("A=B", "no variable's name"),
            ("", "no variable's name"),
            ("1A", "no variable's name"),
        ] {
            let fact = read(&[name]).unwrap_err();
            assert!(fact.contains(fragment), "{name}: {fact}");
            assert!(!fact.contains("word"), "{fact}");
        }
    }
}
