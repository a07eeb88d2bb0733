//! A Sigstore of its own: signs PEP 740 attestations that verify under its trusted root alone.
//!
//! ```
//! use assay_testkit::{publisher::{Lie, Publisher, TestSigstore}, wheel::WheelBuilder};
//!
//! let sigstore = TestSigstore::new();                       // a trusted root: sigstore.trusted_root_json()
//! let publisher = Publisher::github("acme/demo").workflow("release.yml");
//! let wheel = WheelBuilder::new("demo", "1.0").build();
//! let honest = sigstore
//!     .attest(&publisher, &wheel.file_name, &wheel.sha256)
//!     .at("2026-01-02T03:04:05Z")
//!     .provenance();                                        // what an index serves
//! let lie = sigstore
//!     .attest(&publisher, &wheel.file_name, &wheel.sha256)
//!     .lie(Lie::NotLogged)
//!     .provenance();
//! assert_ne!(honest, lie);
//! ```
//!
//! It plays Fulcio (certificates of ten minutes, with the extensions that name a publisher), a log of
//! certificates (one SCT in each) and Rekor's first version (entries of kind `dsse` with a promise, a
//! proof of inclusion and a signed checkpoint), and a timestamp authority. Keys are made anew each time and signatures are ring's
//! work; nothing here is secret.

mod attestation;
mod authority;
mod identity;
mod lie;
mod log;
mod timestamp;

use serde_json::{Value, json};

pub use attestation::Attesting;
pub use identity::Publisher;
pub use lie::{Lie, oversized, truncated};

use authority::Authority;
use log::Log;
use timestamp::TimestampAuthority;

/// Everything that a trusted root names, with the private keys.
pub struct TestSigstore {
    authority: Authority,
    log: Log,
    timestamps: TimestampAuthority,
}

impl Default for TestSigstore {
    fn default() -> Self {
        Self::new()
    }
}

impl TestSigstore {
    /// An instance that nobody else trusts.
    pub fn new() -> Self {
        Self {
            authority: Authority::new(),
            log: Log::new(),
            timestamps: TimestampAuthority::new(),
        }
    }

    /// The instance's `trusted_root.json`.
    pub fn trusted_root_json(&self) -> String {
        json!({
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [self.log.trusted()],
            "certificateAuthorities": [self.authority.trusted()],
            "ctlogs": [self.authority.trusted_log()],
            "timestampAuthorities": [self.timestamps.trusted()],
        })
        .to_string()
    }

    /// An attestation by this publisher for the file of this name and SHA-256 (hexadecimal), which
    /// [`Attesting`] finishes.
    pub fn attest<'a>(
        &'a self,
        publisher: &'a Publisher,
        file_name: &str,
        sha256: &str,
    ) -> Attesting<'a> {
        Attesting::new(self, publisher, file_name, sha256)
    }
}

/// PEP 740's provenance object: each publisher as the index names it, with what is said to be theirs.
pub fn provenance(bundles: &[(&Publisher, &[Value])]) -> String {
    let bundles: Vec<Value> = bundles
        .iter()
        .map(|(publisher, attestations)| {
            json!({ "publisher": publisher.object(), "attestations": attestations })
        })
        .collect();
    json!({ "version": 1, "attestation_bundles": bundles }).to_string()
}
