//! The rules of this crate against a loopback index, each with a refused case and its neighbour.

mod announcements;
mod beside;
mod cache;
mod credentials;
mod files;
mod indexes;
mod pages;
mod properties;
mod provenance;
mod proxies;
mod relations;
mod requests;
mod revisions;
mod sidecars;
mod support;
mod tls;
mod trust_root;
