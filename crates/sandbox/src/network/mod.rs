//! A build's network: what it may reach, what it wanted, and what it got.

mod denied;
mod host;

#[cfg(target_os = "linux")]
mod address;
#[cfg(target_os = "linux")]
mod names;
#[cfg(target_os = "linux")]
mod open;
#[cfg(target_os = "linux")]
mod proxy;
#[cfg(target_os = "linux")]
mod request;
#[cfg(all(test, target_os = "linux"))]
mod tests;
#[cfg(target_os = "linux")]
mod tunnel;
#[cfg(target_os = "linux")]
mod witness;

pub use denied::Denied;
pub use host::{Host, InvalidHost};

#[cfg(target_os = "linux")]
pub use self::{
    names::refuse,
    proxy::{Bounds, Proxy},
    witness::Witness,
};
