//! `assay vouch`: what somebody looked at, signed, for everybody who listens to them.

mod base;
mod deny;
mod every_file;
mod init;
mod keys;
mod known;
mod list;
mod looked;
mod make;
mod nearest;
mod present;
mod report;
mod saying;
mod set;
mod signing;
mod suggest;
mod word;

use super::Context;
use crate::{
    args::{VouchArgs, VouchCommand},
    failure::Result,
};

/// Vouches for files, or does what a further word says with a set of statements.
pub fn run(args: &VouchArgs, context: &Context<'_>) -> Result<u8> {
    match args {
        VouchArgs::Files(args) => make::run(args, context)?,
        VouchArgs::Set(VouchCommand::Deny(args)) => deny::run(args, context)?,
        VouchArgs::Set(VouchCommand::Init(args)) => init::run(args, context)?,
        VouchArgs::Set(VouchCommand::Suggest(args)) => suggest::run(args, context)?,
        VouchArgs::Set(VouchCommand::List(args)) => list::list(args, context)?,
        VouchArgs::Set(VouchCommand::Check(args)) => return list::check(args, context),
    }
    Ok(0)
}
