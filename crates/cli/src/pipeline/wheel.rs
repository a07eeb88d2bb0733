//! One wheel: from the store where this user's state remembers it, else fetched; admitted either
//! way before anything opens it.

use assay_archive::{Options, Wheel};
use assay_index::evidence;
use assay_install::{Approved, Lookup};
use assay_trust::{Artifact, Evidence, Staged, admit};
use assay_types::{
    Digests, ProjectName,
    listing::{File, Origin},
};

use super::world::World;
use crate::failure::{Failure, Result};

impl World<'_> {
    /// The approved wheel behind a candidate; done once, by whoever comes first.
    pub(super) fn wheel(&self, name: &ProjectName, id: usize) -> Result<Approved> {
        self.wheels
            .get(&(name.clone(), id), || self.obtain(name, id))
    }

    fn obtain(&self, name: &ProjectName, id: usize) -> Result<Approved> {
        let file = self.file(name, id)?;
        let artifact = artifact(&file);
        let evidence: Vec<_> = evidence(&file)
            .into_iter()
            .chain(self.inputs.hash_evidence(name))
            .collect();
        let approved = match self.remembered(&file, &artifact, &evidence)? {
            Some(approved) => approved,
            None => self.fetched(&file, &artifact, &evidence)?,
        };
        self.compare_with_sidecar(name, id, &approved)?;
        Ok(approved)
    }

    /// Judges a stored wheel again: its bytes were measured before, but the policy may have
    /// changed.
    fn remembered(
        &self,
        file: &File,
        artifact: &Artifact,
        evidence: &[Evidence],
    ) -> Result<Option<Approved>> {
        let Some(sha256) = known_sha256(file, evidence) else {
            return Ok(None);
        };
        let (stored, memo) = match self.store.find(sha256)? {
            Lookup::Hit(stored, memo) => (stored, memo),
            Lookup::Miss => return Ok(None),
            Lookup::Damaged(damage) => {
                self.warn(format!(
                    "{} in the cache was changed ({}); it is fetched again",
                    file.name.as_str(),
                    damage.why
                ));
                return Ok(None);
            }
        };
        let serves = file
            .name
            .wheel()
            .is_some_and(|name| stored.serves(name, self.bad_record(file)));
        let staged = Staged::remembered(stored, memo);
        if !serves || stored_lacks(&staged, evidence) {
            return Ok(None);
        }
        let admitted = admit(staged, artifact, evidence, &self.policy, self.now)?;
        let (stored, admission) = admitted.into_parts();
        Ok(Some(Approved::new(admission, stored)?))
    }

    fn fetched(&self, file: &File, artifact: &Artifact, evidence: &[Evidence]) -> Result<Approved> {
        let expected: Vec<_> = digests(evidence).collect();
        let task = self.progress.download(file.name.as_str(), file.size);
        let staged = self
            .client
            .fetch_file(file, &expected, &|so_far| task.arrived(so_far))?;
        drop(task);
        let admitted = admit(staged, artifact, evidence, &self.policy, self.now)?;
        let options = Options {
            bad_record: self.bad_record(file),
        };
        let wheel = Wheel::open(admitted, options).map_err(|error| broken(file, &error))?;
        let stored = self.store.publish(&wheel, self.unpack_threads(file))?;
        Ok(Approved::new(wheel.admission().clone(), stored)?)
    }

    fn bad_record(&self, file: &File) -> bool {
        self.policy.bad_record.contains(file.name.project())
    }

    /// Large wheels are unpacked by two threads: they are what a run waits for at its end.
    fn unpack_threads(&self, file: &File) -> usize {
        const LARGE: u64 = 8 << 20;
        if file.size.is_some_and(|it| it >= LARGE) {
            2
        } else {
            1
        }
    }

    /// PEP 658: what the sidecar said decided the resolution, so the wheel must say the same.
    fn compare_with_sidecar(
        &self,
        name: &ProjectName,
        id: usize,
        approved: &Approved,
    ) -> Result<()> {
        // A file without a sidecar got its metadata from this very wheel.
        if self.file(name, id)?.metadata.is_none() {
            return Ok(());
        }
        let known = match self.known(name, id) {
            Ok(known) => known,
            Err(super::world::Unusable::Stop(failure)) => return Err(failure),
            Err(super::world::Unusable::This(why)) => return Err(Failure::could_not(why)),
        };
        let Some(sidecar) = &known.sidecar else {
            return Ok(());
        };
        if approved.stored().metadata_bytes()? == *sidecar {
            return Ok(());
        }
        let file_name = approved.stored().name().as_str();
        Err(Failure::refused(format!(
            "{file_name}: its METADATA is not what the index's metadata file says"
        ))
        .detail("rule: a sidecar must equal the wheel's METADATA (PEP 658)")
        .hint("do not install it; tell the index's operator"))
    }
}

pub(super) fn artifact(file: &File) -> Artifact {
    Artifact {
        project: file.name.project().clone(),
        version: file.version().clone(),
        file_name: file.name.as_str().to_owned(),
        origin: file.origin.clone(),
        size: file.size,
    }
}

/// The digest under which the store would have it: the index's, or the only one the user gave.
/// A file that the user named by path is read anew each time.
fn known_sha256(file: &File, evidence: &[Evidence]) -> Option<assay_types::Sha256> {
    if matches!(file.origin, Origin::Local(_)) {
        return None;
    }
    file.digests
        .sha256()
        .or_else(|| match digests(evidence).collect::<Vec<_>>().as_slice() {
            [only] if only.strong().len() == 1 => only.sha256(),
            _ => None,
        })
}

fn stored_lacks<B>(staged: &Staged<B>, evidence: &[Evidence]) -> bool {
    evidence.iter().any(|it| match it {
        Evidence::Index { digests, .. } => !staged.measured().covers(digests),
        // Any one of these may match; one that was not measured might have been the one.
        Evidence::Hash { digests, .. } => !staged.measured().covers(digests),
        Evidence::Local => false,
    })
}

pub(super) fn digests(evidence: &[Evidence]) -> impl Iterator<Item = &Digests> {
    evidence.iter().filter_map(|it| match it {
        Evidence::Index { digests, .. } | Evidence::Hash { digests, .. } => Some(digests),
        Evidence::Local => None,
    })
}

fn broken(file: &File, error: &assay_archive::ArchiveError) -> Failure {
    let failure = Failure::refused(format!("{}: {error}", file.name.as_str()));
    failure.detail("rule: archives that two readers could read differently are not opened")
}
