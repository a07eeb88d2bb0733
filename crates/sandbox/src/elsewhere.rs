//! Systems without a sandbox: nothing is run.

use std::{ffi::OsString, process::ExitCode};

use crate::{Error, Finding, Outcome, Result, Sandbox};

#[cfg(target_os = "macos")]
const REASON: &str = "what macOS offers (its seatbelt) has not been tried on a Mac, and does not tell when a build is \
     over; build on Linux, or install a wheel";
#[cfg(not(target_os = "macos"))]
const REASON: &str = "only Linux offers what a sandbox needs; build there, or install a wheel";

pub(crate) fn launched(_: Vec<OsString>) -> ExitCode {
    eprintln!("{REASON}");
    ExitCode::from(1)
}

pub(crate) fn run(_: &Sandbox) -> Result<Outcome> {
    Err(Error::Unsupported(REASON))
}

pub(crate) fn findings(_: &std::path::Path) -> Vec<Finding> {
    crate::Tier::ALL
        .map(|tier| Finding {
            tier,
            holds: Err(REASON.to_owned()),
        })
        .into()
}

pub(crate) fn circumstances(_: &std::path::Path) -> Vec<String> {
    Vec::new()
}

pub(crate) fn advice(_: &[Finding]) -> Vec<String> {
    Vec::new()
}
