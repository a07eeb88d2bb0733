//! Statements: what is heard in which bundle, from whom, of which file, and when.

mod admits;
mod bundles;
mod certifies;
mod denies;
mod drafts;
mod installed;
mod oss_rebuild;
mod payloads;
mod properties;
mod publishes;
mod securesystemslib;
mod sets;
mod signatures;
mod times;
mod vouches;
mod witnesses;
mod world;
