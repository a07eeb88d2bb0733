//! Parsed values of Python packaging: names, versions, requirements, markers, tags, file names,
//! digests, safe paths. Nothing here reads a file, a clock, the network or the environment.
//!
//! Text becomes one of these types at the edge of the program and is never a `String` again.
#![forbid(unsafe_code)]

pub mod day;
pub mod digest;
pub mod entry_points;
pub mod file_name;
mod headers;
pub mod listing;
pub mod metadata;
pub mod names;
pub mod path;
pub mod python;
pub mod range;
pub mod record;
pub mod repository;
pub mod requirement;
pub mod requirements_file;
pub mod tags;
pub mod text;
pub mod wheel_info;

pub use digest::{Algorithm, Digest, Digests, Sha256};
pub use file_name::{FileName, SdistName, TreeName, WheelName};
pub use jiff::Timestamp;
pub use path::SafePath;
pub use pep440_rs::{Version, VersionSpecifiers};
pub use pep508_rs::{ExtraName, MarkerEnvironment, MarkerTree, PackageName as ProjectName};
pub use requirement::Requirement;
pub use text::{Printable, shell_word};
pub use url::Url;
