//! Settings that follow from options, requirements files and surroundings.

mod builds;
mod clock;
mod cooldown;
mod folders;
mod formats;
mod git;
pub mod index;
mod keyring;
mod named;
pub mod pip;
mod plain_path;
mod policy;
mod policy_file;
mod releases;
mod sandbox;
mod state;
mod temporary;
mod written_rules;

pub use builds::BuildSettings;
pub use folders::{Folders, Purpose};
pub use formats::{Formats, Only, formats};
pub use git::git;
pub use plain_path::plain;
pub use policy::{check_principals, name, names, policy};
pub use policy_file::{
    Approval, Approvals, At, Hook, KeyText, LONGEST as LONGEST_POLICY, Mistake, NamedPublishers,
    PolicyFile, PolicyFiles, Section, Statements, TrustedRoot, check_policy_text, hook_timeout,
};
pub use releases::prereleases;
pub use sandbox::{check as check_sandbox, forget as forget_sandbox, tier as sandbox_tier};
pub use temporary::Temporary;
pub use written_rules::add_lines;
