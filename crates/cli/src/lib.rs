//! The `assay` command: arguments, settings, pipeline, report.
//!
//! A library so that fuzzing reaches the parser of policy files, which is part of the settings. Nobody
//! else should build on it: what is public here is [`main`] and that parser.
#![forbid(unsafe_code)]
#![allow(
    missing_docs,
    reason = "but for two items nobody calls it; they are documented where it helps"
)]

mod args;
mod commands;
mod compatibility;
mod failure;
mod hooks;
mod inputs;
mod known;
mod pipeline;
mod report;
mod settings;
mod signing;
mod surroundings;
mod turns;
mod ui;

use std::{ffi::OsString, process::ExitCode};

pub use crate::settings::{Mistake, check_policy_text};
use crate::{
    failure::Failure,
    settings::pip::{self, CommandLine, Stop},
    surroundings::Surroundings,
    ui::Ui,
};

/// The exit code for a bug in assay itself.
const BUG: u8 = 255;
/// The exit code where what was typed is wrong.
const USAGE: u8 = 2;

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    assay_files::spare_the_owner();
    // Unwinding lets guards take staging folders away before the process ends.
    std::panic::catch_unwind(run).unwrap_or_else(|_| {
        complain("bug: assay stopped unexpectedly; please report the lines above\n");
        ExitCode::from(BUG)
    })
}

fn run() -> ExitCode {
    let mut around = match Surroundings::read() {
        Ok(around) => around,
        Err(error) => {
            complain(&format!(
                "could not: the working folder cannot be read: {error}\n"
            ));
            return ExitCode::from(1);
        }
    };
    let words: Vec<_> = std::env::args_os().collect();
    let line = match pip::read(&words, &around) {
        Ok(line) => line,
        Err(stop) => return stopped(stop, &words, &around),
    };
    let CommandLine {
        arguments,
        preset,
        environment,
        notes,
        details,
    } = line;
    around.pip = preset;
    around.settings_environment = environment;
    let mut ui = Ui::new(&arguments.common, around.no_color);
    let log = arguments.common.log.as_deref();
    if let Err(failure) = log.map_or(Ok(()), |it| ui.log_to(it)) {
        return report(&failure, &ui);
    }
    notes.iter().for_each(|it| ui.note(it));
    details.iter().for_each(|it| ui.detail(it));
    match commands::run(arguments, &around, &ui) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => report(&failure, &ui),
    }
}

/// No command was run.
fn stopped(stop: Stop, words: &[OsString], around: &Surroundings) -> ExitCode {
    match stop {
        Stop::Clap(error) => {
            // Where nobody listens, the exit code still tells.
            let _ = error.print();
            ExitCode::from(if error.use_stderr() { USAGE } else { 0 })
        }
        Stop::Failure(failure) => match pip::common(words) {
            Some(common) => report(&failure, &Ui::new(&common, around.no_color)),
            None => {
                complain(&failure.render(false));
                ExitCode::from(failure.exit_code())
            }
        },
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
    ui.log(&failure.render(false));
    complain(&failure.render(ui.colour_err()));
    if ui.json() && ui.json_output(&failure.to_json()).is_err() {
        return ExitCode::from(1);
    }
    ExitCode::from(failure.exit_code())
}
