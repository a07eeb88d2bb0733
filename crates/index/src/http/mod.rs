//! The one HTTP client.

mod agents;
mod body;
mod client;
mod config;
mod credentials;
mod failure;
mod keyring;
mod netrc;
mod no_proxy;
mod resolver;
mod retry;
mod rules;
mod tls;

pub(crate) use body::{Transfer, read_capped};
pub use client::Client;
pub(crate) use client::{Answer, Head, Header};
pub use config::{ClientConfig, MinimumRate, Refresh, TlsRoots};
pub(crate) use credentials::Credentials;
pub(crate) use failure::from_io;
pub(crate) use retry::Retries;
pub use rules::check_url;
pub(crate) use rules::{is_loopback, same_origin};
