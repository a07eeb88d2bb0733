//! Linux: who does what.
//!
//! ```text
//! host ── starts ──> supervisor ── starts ──> init ── starts ──> the program, under all rules
//!                    enters the name          pid 1 of the       in its own session
//!                    spaces                   name space, or
//!                                             a sub-reaper
//! ```
//!
//! Each holds the end of a pipe to the next, which is how the request is handed on and how the next
//! learns that the one before it died: then everything below ends. With name spaces the init is a fork of
//! the supervisor and knows the request already. The init watches the limits that no
//! resource limit expresses, kills what is left, and says how it ended.
//!
//! What they say to the host goes up one channel, with the descriptors of what they opened for it: the
//! name server and the way out of the program's network, and the system calls that ask for one. The host
//! answers these itself, so that it can say what a build wanted.

mod advice;
mod also;
mod bubblewrap;
mod channel;
mod confine;
mod disk;
mod eyes;
mod filter;
mod group;
mod host;
mod init;
mod lend;
mod loopback;
mod machine;
mod message;
mod raw;
mod root;
mod rules;
mod sight;
mod spaces;
mod supervisor;
mod tree;
mod trial;

use std::{ffi::OsString, process::ExitCode};

pub(crate) use advice::advice;
pub(crate) use host::run;
pub(crate) use machine::circumstances;
pub(crate) use trial::findings;

use message::{Message, Report};

const SUPERVISE: &str = "supervise";
const INIT: &str = "init";
const TRY: &str = "try";

/// The helper, by the part that it has.
pub(crate) fn launched(arguments: Vec<OsString>) -> ExitCode {
    let part = arguments.first().and_then(|it| it.to_str());
    match part {
        Some(SUPERVISE) => supervisor::supervise(),
        Some(INIT) => init::init(),
        Some(TRY) => trial::inside(&arguments[1..]),
        _ => {
            eprintln!("this is a part of assay that only assay starts");
            ExitCode::from(2)
        }
    }
}

/// Tells the host why nothing was run.
fn not_set_up(fault: message::Fault) -> ExitCode {
    let message = Message::Report(Report::NotSetUp(fault));
    match message::send(&mut std::io::stdout(), &message) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
