//! What has to be known of a target interpreter, as plain values.

mod sought;

use crate::{MarkerEnvironment, Version};
pub use sought::{NoVersion, Sought};

/// The target interpreter: filled by asking it (`install::interpreter`) or from options.
#[derive(Debug, Clone)]
pub struct Python {
    /// `3.12.1`.
    pub version: Version,
    /// PEP 508 marker values.
    pub markers: MarkerEnvironment,
    /// `cpython`, `pypy`.
    pub implementation: String,
    /// `sysconfig.get_platform()`, such as `linux-x86_64` or `win-amd64`. On macOS the running
    /// system's version and architecture (`platform.mac_ver()`), such as `macosx-14.5-arm64`:
    /// sysconfig tells those of the build there.
    pub platform: String,
    /// The C library that the interpreter runs on.
    pub libc: Libc,
    /// Whether this is a free-threaded build (`cp313t`).
    pub free_threaded: bool,
    /// 64 or 32.
    pub pointer_width: u8,
}

/// The C library, for manylinux (PEP 600) and musllinux (PEP 656) tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Libc {
    /// GNU libc, major and minor.
    Glibc(u32, u32),
    /// musl, major and minor.
    Musl(u32, u32),
    /// macOS, Windows or unknown.
    None,
}
