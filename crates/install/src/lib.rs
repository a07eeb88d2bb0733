//! Environments and what lies in them: the interpreter, the store of unpacked wheels, the plan of
//! the final state, its atomic commit, and uninstalling.
//!
//! The way of an install: [`Interpreter::query`] and [`Environment`] say where, [`Store`] gives
//! unpacked wheels, [`Approved`] ties each to its admission, [`Plan::build`] decides everything
//! before the first write, [`Plan::commit`] stages and renames. This crate reads no environment
//! variable and reaches no network.
#![forbid(unsafe_code)]

mod approved;
mod audit;
mod commit;
mod environment;
mod error;
mod hash;
mod interpreter;
mod ledger;
mod link_mode;
mod plan;
mod store;
mod sys;
pub mod venv;
mod workers;

pub use approved::Approved;
pub use audit::{
    Audit, Audited, Contradiction, Fact, Finding, NotCovered, Standing, StartUp, Unknown, Verdict,
};
pub use commit::{CommitOptions, Leftover, Outcome, Unfinished};
pub use environment::{
    Distribution, Environment, EnvironmentLock, Installed, Inventory, Scope, Seen,
};
pub use error::{Error, Result};
pub use interpreter::{Interpreter, Paths};
pub use ledger::LedgerTrouble;
pub use link_mode::LinkMode;
pub use plan::{Addition, Change, Notice, Plan, Reference, WhyKept};
pub use store::{
    Damage, FetchTurn, Lookup, Store, StoreInfo, StoredFile, StoredWheel, Verification,
};
