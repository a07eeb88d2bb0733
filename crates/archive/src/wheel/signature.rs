//! RECORD and its signature, for whoever is asked to verify that.

use assay_trust::ReadAt;
use assay_types::Sha256;

use super::{Wheel, open};
use crate::ArchiveError;

impl<B> Wheel<B> {
    /// SHA-256 of RECORD as it lies in the archive.
    pub fn record_sha256(&self) -> Sha256 {
        self.record
    }
}

impl<B: ReadAt> Wheel<B> {
    /// RECORD.jws, where there is one: of not more than `limit` bytes. It is not listed in RECORD, so
    /// nothing is compared but its CRC-32.
    pub fn record_signature(&self, limit: u64) -> Result<Option<Vec<u8>>, ArchiveError> {
        let entry = self.record_signature.as_ref();
        let body = self.admitted.body();
        entry
            .map(|it| open::small(body, it, None, limit))
            .transpose()
    }
}
