//! Programs and collections that tests compare with: found, or skipped with a printed line. With
//! `ASSAY_PEERS=required` a missing one fails the test.

use std::{
    ffi::OsString,
    path::PathBuf,
    process::{Command, Stdio},
};

/// A Python that runs: `ASSAY_PEER_PYTHON`, else the first `python3` on the `PATH`.
pub fn python() -> Option<PathBuf> {
    let named = variable("ASSAY_PEER_PYTHON").map(PathBuf::from);
    found(named.or_else(|| on_path("python3")), "python3")
}

/// The same, if this program exits with success in it; `what` says what it looks for.
pub fn python_with(program: &str, what: &str) -> Option<PathBuf> {
    let python = python()?;
    let mut command = Command::new(&python);
    command
        .args(["-I", "-c", program])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let fits = command.status().is_ok_and(|it| it.success());
    found(fits.then_some(python), what)
}

/// uv: `ASSAY_PEER_UV`, else the first on the `PATH`.
pub fn uv() -> Option<PathBuf> {
    let named = variable("ASSAY_PEER_UV").map(PathBuf::from);
    found(named.or_else(|| on_path("uv")), "uv")
}

/// A folder with the last release of wheel that signs, named by `ASSAY_OLD_WHEEL`.
pub fn old_wheel() -> Option<PathBuf> {
    let named = variable("ASSAY_OLD_WHEEL").map(PathBuf::from);
    found(named.filter(|it| it.join("wheel").is_dir()), "wheel 0.31.1")
}

/// A program on the `PATH`, such as a shell.
pub fn program(name: &str) -> Option<PathBuf> {
    found(on_path(name), name)
}

/// A program on the `PATH` that no machine has to have: the test says what it does without. pyenv puts
/// stand-ins there that do not run, so it must tell its version.
pub fn extra(name: &str) -> Option<PathBuf> {
    let runs = |path: &PathBuf| {
        let mut command = Command::new(path);
        command.arg("--version").stdout(Stdio::null());
        let status = command.stderr(Stdio::null()).status();
        status.is_ok_and(|it| it.success())
    };
    on_path(name).filter(runs)
}

/// A file or folder that lies beside the checkout where assay is developed, named by a variable;
/// a user's clone has none, so it is never required.
pub fn collection(name: &str) -> Option<PathBuf> {
    let path = variable(name).map(PathBuf::from);
    if path.is_none() {
        println!("skipped: {name} names no collection");
    }
    path
}

/// The machine's `PATH`, for tests that scrub everything else.
pub fn search_path() -> OsString {
    variable("PATH").unwrap_or_default()
}

fn on_path(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&search_path())
        .map(|it| it.join(name))
        .find(|it| it.is_file())
}

fn found(path: Option<PathBuf>, what: &str) -> Option<PathBuf> {
    if path.is_none() {
        let required = variable("ASSAY_PEERS").is_some_and(|it| it == "required");
        assert!(!required, "no {what}, and ASSAY_PEERS=required");
        println!("skipped: no {what}");
    }
    path
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told by the environment where peers are"
)]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}
