//! PEP 740: who published a file, by a signature that a public log holds.
//!
//! Bytes and a moment come in, a verdict goes out. [`Provenance::parse`] reads what an index serves,
//! [`verify`] holds it against a file that was measured, and alone makes an [`Attested`] and the
//! [`VerifiedPublisher`] in it. Signatures, certificates and log proofs are sigstore-verify's work,
//! which accepts any signer, any subject and any predicate; what those must be is decided here.
//!
//! sigstore-verify looks at the clock for one question: keys whose time has not begun are left out.
//! That can only refuse.
//!
//! What was verified once may be kept, by whoever has a place that nobody else writes to: [`memory`]
//! writes it down and [`remembered`] reads it, for the same file, bytes and trusted root.

mod claim;
mod document;
mod identity;
mod memory;
mod rejection;
mod renewal;
mod ring;
mod root;
mod signature;
mod statement;

use assay_types::{FileName, Sha256, Timestamp};

pub use document::Provenance;
pub use identity::{Kind, VerifiedPublisher};
pub use memory::{memory, remembered};
pub use rejection::{Rejection, Rule};
pub use renewal::{KnownMetadata, PUBLIC_TUF_ROOT, RenewalError, renew};
pub use ring::Ring;
pub use root::{TrustRoot, TrustRootError};
pub use statement::Predicate;

/// One attestation that holds for a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attested {
    file_name: String,
    sha256: Sha256,
    predicate: Predicate,
    publisher: VerifiedPublisher,
    logged: Timestamp,
}

impl Attested {
    /// The file that it holds for, by name.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    /// The bytes that it holds for, and for no others.
    pub fn sha256(&self) -> Sha256 {
        self.sha256
    }

    /// What was attested.
    pub fn predicate(&self) -> Predicate {
        self.predicate
    }

    /// Who signed.
    pub fn publisher(&self) -> &VerifiedPublisher {
        &self.publisher
    }

    /// When the signature was logged, or the earliest proven time of it.
    pub fn logged(&self) -> Timestamp {
        self.logged
    }
}

/// Verifies every attestation of a provenance for the file of this name and digest. All have to hold,
/// with at most one of each predicate: one that is broken speaks against the others. Whether a file
/// has that digest is for [`admit`](crate::admit) to say.
pub fn verify(
    file: &FileName,
    sha256: Sha256,
    provenance: &Provenance,
    root: &TrustRoot,
    now: Timestamp,
) -> Result<Vec<Attested>, Rejection> {
    let mut all: Vec<Attested> = Vec::new();
    for attestation in &provenance.attestations {
        let predicate = statement::check(&attestation.statement, file, sha256)?;
        if all.iter().any(|it| it.predicate == predicate) {
            let fact = "two attestations of a file have the same predicate";
            return Err(Rejection::new(Rule::Predicate, fact).found(predicate.uri()));
        }
        let (verified, logged) = signature::verify(attestation, sha256, root, now)?;
        let publisher = VerifiedPublisher::of(&verified)?;
        if let Some(claim) = &attestation.claim {
            claim.check(&publisher)?;
        }
        all.push(Attested {
            file_name: file.as_str().to_owned(),
            sha256,
            predicate,
            publisher,
            logged,
        });
    }
    Ok(all)
}
