//! Runs one program where it can reach nothing but its work folder: no network, no home, no other
//! process, no privilege, and an end to everything that it may use up.
//!
//! The program, and whatever it starts, is taken for hostile. What holds it is set up by a helper: the
//! same binary, started again with [`LAUNCHER_WORD`] as its first argument, because name spaces are
//! entered by processes with one thread. Whoever uses [`Sandbox`] has to call [`launcher`] first in
//! `main`.
//!
//! Of the [tiers](Tier) none is ever weakened on the way: what one needs and the system does not
//! give is an error, and [`probe`] tells beforehand which of them hold on this machine.

mod error;
mod limits;
#[cfg(target_os = "linux")]
mod log;
mod network;
mod outcome;
mod report;
mod sandbox;
#[cfg(any(test, target_os = "macos"))]
pub mod seatbelt;
mod tier;

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(not(target_os = "linux"))]
use elsewhere as system;
#[cfg(target_os = "linux")]
use linux as system;

pub use error::{Error, Result};
pub use limits::Limits;
pub use network::{Denied, Host, InvalidHost};
pub use outcome::{Ending, Limit, Outcome, Output};
pub use report::{Finding, Report, circumstances, probe};
pub use sandbox::Sandbox;
pub use tier::Tier;

/// The first argument with which a binary is the sandbox's helper, and nothing else.
pub const LAUNCHER_WORD: &str = "sandbox-launcher";

/// The helper's entry, to be called first in `main`, before any thread is started, with all arguments
/// of the process. `None` where these do not begin with [`LAUNCHER_WORD`]; else the exit code to return.
///
/// The helper is harmless to call by hand: what it does with the rights of whoever calls it, it only
/// does to itself.
pub fn launcher(
    arguments: impl Iterator<Item = std::ffi::OsString>,
) -> Option<std::process::ExitCode> {
    let mut arguments = arguments.skip(1);
    if arguments.next()? != LAUNCHER_WORD {
        return None;
    }
    Some(system::launched(arguments.collect()))
}
