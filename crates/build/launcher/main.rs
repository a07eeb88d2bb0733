//! A program that is nothing but the helper of the sandbox, for the tests of assay-build.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    assay_sandbox::launcher(std::env::args_os()).unwrap_or_else(|| {
        eprintln!("this program only serves the tests of assay-build");
        ExitCode::from(2)
    })
}
