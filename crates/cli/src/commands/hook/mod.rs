//! `assay hook`: programs that the policy asks, tried by who writes them.

mod check;
mod made_up;
mod run;
mod situations;

use super::Context;
use crate::{args::HookCommand, failure::Result};

/// Checks or asks.
pub fn run(command: &HookCommand, context: &Context<'_>) -> Result<u8> {
    match command {
        HookCommand::Check(args) => check::run(args, context),
        HookCommand::Run(args) => run::run(args, context),
    }
}
