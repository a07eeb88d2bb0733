//! The `assay` command: arguments, settings, pipeline, report.
#![forbid(unsafe_code)]
#![allow(
    missing_docs,
    reason = "a binary has no callers; items are documented where it helps"
)]

mod args;
mod commands;
mod failure;
mod inputs;
mod pipeline;
mod report;
mod settings;
mod surroundings;
mod ui;

use std::process::ExitCode;

use clap::Parser as _;

use crate::{args::Arguments, failure::Failure, surroundings::Surroundings, ui::Ui};

/// The exit code for a bug in assay itself.
const BUG: u8 = 255;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Unwinding lets guards take staging folders away before the process ends.
    std::panic::catch_unwind(|| run(arguments)).unwrap_or_else(|_| {
        complain("bug: assay stopped unexpectedly; please report the lines above\n");
        ExitCode::from(BUG)
    })
}

fn run(arguments: Arguments) -> ExitCode {
    let around = match Surroundings::read() {
        Ok(around) => around,
        Err(error) => {
            complain(&format!(
                "could not: the working folder cannot be read: {error}\n"
            ));
            return ExitCode::from(1);
        }
    };
    let ui = Ui::new(&arguments.common, around.no_color);
    match commands::run(arguments, &around, &ui) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => report(&failure, &ui),
    }
}

/// Nothing sensible can be done where standard error is closed; the exit code still tells.
fn complain(text: &str) {
    let _ = std::io::Write::write_all(&mut std::io::stderr().lock(), text.as_bytes());
}

fn report(failure: &Failure, ui: &Ui) -> ExitCode {
    if failure.is_unheard() {
        return ExitCode::from(failure.exit_code());
    }
    complain(&failure.render(ui.colour_err()));
    if ui.json() && ui.json_output(&failure.to_json()).is_err() {
        return ExitCode::from(1);
    }
    ExitCode::from(failure.exit_code())
}
