//! From a source tree to a wheel: what the tree says of its build, and its backend in the sandbox.
//!
//! A tree is laid out in a [`Workshop`], says in `pyproject.toml` what builds it ([`BuildSystem`]), and
//! has that backend's hooks run by [`Workshop::run`], where they reach nothing else. Nothing of a tree is
//! run outside of the sandbox, what it says is hostile text, and what its hooks leave behind is looked at
//! only when every process is dead. Whether a tree may be built, and what its build may use, is decided
//! by whoever calls.
#![forbid(unsafe_code)]

mod build_system;
mod config_settings;
mod error;
mod names;
mod project_table;
mod pyproject;
mod run;
mod said;
mod static_metadata;
mod workshop;

pub use build_system::BuildSystem;
pub use config_settings::ConfigSettings;
pub use error::{Error, Failed, Result};
pub use project_table::ProjectTable;
pub use run::{Hook, Order, SOURCE_DATE_EPOCH, environment_as_seen};
pub use said::Said;
pub use static_metadata::static_metadata;
pub use workshop::{LaidOut, MadeInPlace, NativeModule, Workshop, remove_all};
