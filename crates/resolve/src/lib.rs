//! Requirements to a resolution, or an explanation why there is none.
//!
//! Pure: what projects exist and what their metadata says comes from a [`Source`]; nothing here
//! opens a file, a socket or a clock. The search is PubGrub's; what pip decides about
//! pre-releases, yanked files, extras, constraints and installed versions is decided here.
//!
//! [`select`] turns an index page into a [`Project`], one version at a time and only on demand.
#![forbid(unsafe_code)]

mod admission;
mod candidates;
mod edges;
mod explain;
mod failure;
mod order;
mod package;
mod project;
mod provider;
mod questions;
mod request;
mod resolution;
mod search;
pub mod select;
mod source;

pub use admission::Prereleases;
pub use failure::Failure;
pub use project::{Candidate, LeftOut, Objection, Project, Why};
pub use request::{Direct, Request, Stated, TwoUrls, Upgrade};
pub use resolution::{Pin, Resolution};
pub use search::resolve;
pub use source::{Source, Trouble};
pub use version_ranges::Ranges;
