//! Options that pip takes with every command.

use super::option::{Action, PipOption as O};

/// pip's general options.
pub const GENERAL: &[O] = &[
    O::on(&["-h", "--help"]),
    O::on(&["--debug"]).no_use("there are no Python exceptions to let through"),
    O::on(&["--isolated"]),
    O::on(&["--require-virtualenv", "--require-venv"]),
    O::one(&["--python"]),
    O::new(&["-v", "--verbose"], Action::Count),
    O::on(&["-V", "--version"]),
    O::new(&["-q", "--quiet"], Action::Count),
    O::one(&["--log", "--log-file", "--local-log"]).path(),
    O::on(&["--no-input"]).safer("always so: nothing is asked"),
    O::one(&["--keyring-provider"]).safer(
        "`auto` asks no keyring and `import` is refused: no Python code runs in this process",
    ),
    O::one(&["--proxy"]),
    O::on(&["--no-proxy-env"]),
    O::one(&["--retries"]),
    O::one(&["--timeout", "--default-timeout"]),
    O::list(&["--exists-action"]).no_use("nothing is checked out from version control"),
    O::list(&["--trusted-host"]).safer(
        "ignored with a note: certificates are always verified; `--cert FILE` names an authority",
    ),
    O::one(&["--cert"]).path(),
    O::one(&["--client-cert"]).path(),
    O::one(&["--cache-dir"])
        .path()
        .sets("cache")
        .safer("the folder must be the user's own, and nobody else may write to it"),
    O::new(&["--no-cache-dir"], Action::Always).sets("cache"),
    O::on(&["--disable-pip-version-check"])
        .safer("always so: no index is asked about assay itself"),
    O::on(&["--no-color"]),
    O::on(&["--no-python-version-warning"]),
    O::list(&["--use-feature"]).no_use("pip's features under trial are its own"),
    O::list(&["--use-deprecated"])
        .no_use("there is one resolver and one way to verify certificates"),
    O::one(&["--resume-retries"]).no_use("--retries counts for broken downloads, too"),
];
