//! Wheels that a rule wants signed inside of themselves (RECORD.jws), judged after they were admitted and
//! opened, before anything is stored or installed.

use std::collections::BTreeSet;

use assay_archive::Wheel;
use assay_trust::{
    Label, Policy, ReadAt,
    signature::wheel::{LARGEST, Signed, judge},
};
use assay_types::ProjectName;

use super::world::World;
use crate::failure::{Failure, Result};

/// Judges an opened wheel by every rule that asks for its signature; gives who signed it.
pub fn judge_signature<B: ReadAt>(wheel: &Wheel<B>, policy: &Policy) -> Result<BTreeSet<Label>> {
    let artifact = wheel.admission().artifact();
    let asking = policy.wheel_signatures(&artifact.project);
    if asking.is_empty() {
        return Ok(BTreeSet::new());
    }
    let document = wheel.record_signature(LARGEST as u64).map_err(|error| {
        let failure = Failure::archive(wheel.name().as_str(), &error);
        let rules = asking.iter().map(|it| &it.place);
        rules.fold(failure, |failure, place| {
            failure.detail(format!("read for: wheel-signature ({place})"))
        })
    })?;
    let signed = Signed {
        record: wheel.record_sha256(),
        binds_files: wheel.is_record_verified(),
        document: document.as_deref(),
    };
    Ok(judge(policy, artifact, &signed)?)
}

impl World<'_> {
    /// Whether a rule asks for the signature of a project's wheels. The store keeps no RECORD, so such a
    /// wheel is fetched each time.
    pub(super) fn wants_wheel_signature(&self, project: &ProjectName) -> bool {
        !self.policy.wheel_signatures(project).is_empty()
    }
}
