//! The `assay` binary.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    // A build's helper is this binary, started anew: it has to come before any thread.
    match assay_sandbox::launcher(std::env::args_os()) {
        Some(code) => code,
        None => assay_cli::main(),
    }
}
