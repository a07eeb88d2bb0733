//! One wheel: from the store where this user's state remembers it, else fetched; admitted either
//! way before anything opens it.

use assay_archive::{Options, Wheel};
use assay_index::{Buffer, evidence};
use assay_install::{Approved, Error, FetchTurn, Lookup, StoredWheel};
use assay_trust::{Admission, Admitted, Artifact, Evidence, Mode, ReadAt, Staged, admit};
use assay_types::{
    Digests, ProjectName, Sha256,
    listing::{File, Origin},
};

use super::{
    wheel_signature::judge_signature,
    world::{Unusable, World},
};
use crate::failure::{Failure, Result};

impl World<'_> {
    /// The approved wheel behind a candidate; done once, by whoever comes first.
    pub(super) fn wheel(&self, name: &ProjectName, id: usize) -> Result<Approved> {
        self.wheels
            .get(&(name.clone(), id), || self.obtain(name, id))
    }

    fn obtain(&self, name: &ProjectName, id: usize) -> Result<Approved> {
        let file = self.file(name, id)?;
        if Self::is_source(&file) {
            return self.built(name, id, &file);
        }
        let evidence = self.evidence(&file);
        if let Some(approved) = self.stored(&file, id, &evidence)? {
            return Ok(approved);
        }
        // Held until the wheel is in the store. Whoever had it before us may have put it there.
        let _turn = self.turn(&file, &evidence)?;
        if let Some(approved) = self.stored(&file, id, &evidence)? {
            return Ok(approved);
        }
        let wheel = self.fetched(&file, id)?;
        let stored = self.places.store.publish(&wheel, unpack_threads(&file))?;
        Ok(Approved::new(wheel.admission().clone(), stored)?)
    }

    /// The wheel as the store has it, if it has.
    fn stored(&self, file: &File, id: usize, evidence: &[Evidence]) -> Result<Option<Approved>> {
        if self.wants_wheel_signature(file.name.project()) {
            return Ok(None);
        }
        let Some((stored, admission)) = self.remembered(file, evidence)? else {
            return Ok(None);
        };
        match stored.metadata_bytes() {
            Ok(metadata) => self.compare_with_sidecar(file, id, &metadata)?,
            Err(Error::Damaged { sha256, why, .. }) => {
                self.report_damage(file, &why);
                self.places.store.forget(sha256)?;
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        }
        Ok(Some(Approved::new(admission, stored)?))
    }

    fn report_damage(&self, file: &File, why: &str) {
        let what = file.name.as_str();
        self.warn(format!(
            "{what} in the cache is damaged ({why}); it is fetched again"
        ));
    }

    /// Waits while another assay fetches the same wheel into the same store. Without a digest
    /// nobody knows beforehand which wheel that is.
    fn turn(&self, file: &File, evidence: &[Evidence]) -> Result<Option<FetchTurn>> {
        let Some(sha256) = known_sha256(file, evidence) else {
            return Ok(None);
        };
        let what = file.name.as_str();
        let on_wait = || self.places.progress.waiting(what);
        let turn = self.places.store.turn(sha256, file.size, on_wait)?;
        match &turn {
            FetchTurn::Ours(_) => {}
            FetchTurn::TimedOut => self.warn(format!(
                "another assay takes too long to fetch {what}; it was fetched here as well"
            )),
            FetchTurn::NoLocks(why) => self.warn(format!(
                "the cache keeps no locks ({why}): assays that run at the same time may fetch the \
                 same wheel"
            )),
        }
        Ok(Some(turn))
    }

    /// Judges a stored wheel again: its bytes were measured before, but the policy may have
    /// changed.
    fn remembered(
        &self,
        file: &File,
        evidence: &[Evidence],
    ) -> Result<Option<(StoredWheel, Admission)>> {
        let Some(sha256) = known_sha256(file, evidence) else {
            return Ok(None);
        };
        let (stored, memo) = match self.places.store.find(sha256)? {
            Lookup::Hit(stored, memo) => (stored, memo),
            Lookup::Miss => return Ok(None),
            Lookup::Damaged(damage) => {
                self.report_damage(file, &damage.why);
                return Ok(None);
            }
        };
        let name = file.name.wheel();
        let serves = name.is_some_and(|it| stored.serves(it, self.bad_record(file)));
        let staged = Staged::remembered(stored, memo);
        if !serves {
            return Ok(None);
        }
        let judged = self.judged_again(file, sha256, staged)?;
        Ok(judged.map(Admitted::into_parts))
    }

    /// Through the door with what was measured before; `None` where somebody has to have the bytes to
    /// speak for them.
    pub(super) fn judged_again<B>(
        &self,
        file: &File,
        sha256: Sha256,
        staged: Staged<B>,
    ) -> Result<Option<Admitted<B>>> {
        let mut evidence = self.evidence(file);
        if !digests(&evidence).all(|it| staged.measured().covers(it)) {
            return Ok(None);
        }
        let beside = self.beside(file);
        let heard = self.listening(|ears| {
            let hearing = ears.about(file, &beside);
            hearing.map(|it| it.of_stored(sha256)).transpose()
        })?;
        match heard {
            None => {}
            Some(Some(heard)) => evidence.push(heard),
            // A signature that nobody verified takes the bytes, and so does a hook.
            Some(None) => return Ok(None),
        }
        self.judged(staged, file, evidence).map(Some)
    }

    /// Through the door: with who published it, now that its bytes are known.
    fn judged<B>(
        &self,
        staged: Staged<B>,
        file: &File,
        mut evidence: Vec<Evidence>,
    ) -> Result<Admitted<B>> {
        let publishers = self.publishers(file, staged.measured().sha256())?;
        evidence.extend(publishers.map(|it| Evidence::Publishers(Box::new(it))));
        let artifact = Artifact::of(file);
        let admitted = admit(staged, &artifact, &evidence, &self.policy, self.now);
        admitted.map_err(|it| self.note_gap(file, it))
    }

    /// A file fetched and admitted, and not opened.
    pub(super) fn admitted(&self, file: &File) -> Result<Admitted<Buffer>> {
        self.check_words(file)?;
        let evidence = self.evidence(file);
        let expected: Vec<_> = digests(&evidence).collect();
        let task = self.places.progress.download(file.name.as_str(), file.size);
        let progress = |so_far| task.arrived(so_far);
        let staged = self.places.client.fetch_file(file, &expected, &progress)?;
        self.admitted_as(file, staged)
    }

    /// The same of bytes that are there.
    pub(super) fn admitted_as<B: ReadAt>(
        &self,
        file: &File,
        staged: Staged<B>,
    ) -> Result<Admitted<B>> {
        let mut evidence = self.evidence(file);
        let beside = self.beside(file);
        let heard = self.listening(|ears| {
            let hearing = ears.about(file, &beside);
            let heard = hearing.map(|it| it.of_bytes(&staged, &evidence));
            heard.transpose()
        })?;
        evidence.extend(heard);
        self.judged(staged, file, evidence)
    }

    /// A wheel fetched, admitted and opened; its METADATA is what decided the resolution.
    pub(super) fn fetched(&self, file: &File, id: usize) -> Result<Wheel<Buffer>> {
        let admitted = self.admitted(file)?;
        let options = Options {
            bad_record: self.bad_record(file),
        };
        let wheel = Wheel::open(admitted, options)
            .map_err(|error| Failure::archive(file.name.as_str(), &error))?;
        judge_signature(&wheel, &self.policy)?;
        self.compare_with_sidecar(file, id, wheel.metadata_bytes())?;
        Ok(wheel)
    }

    /// Of a file that was chosen: rules of the mode `warn` let it pass and say each time what it lacks;
    /// what is new about its publishers is said once, before it is known.
    pub(super) fn report(&self, admission: &Admission) -> Result<()> {
        let remarks = admission.remarks().iter().cloned();
        let remarks = remarks.chain(self.known_elsewhere(admission)?);
        remarks.for_each(|it| self.warn(it));
        let file = &admission.artifact().file_name;
        let said = admission.unmet().iter().filter(|it| it.mode == Mode::Warn);
        for unmet in said {
            self.warn(format!("{file} was taken without {unmet}"));
        }
        Ok(())
    }

    /// What speaks for a file: its listing, and the digests that the user gave.
    pub(super) fn evidence(&self, file: &File) -> Vec<Evidence> {
        let given = self.places.inputs.hash_evidence(file.name.project());
        evidence(file).into_iter().chain(given).collect()
    }

    /// The digest by which a file is known before anybody fetches it.
    pub(super) fn known_sha256(&self, file: &File) -> Option<Sha256> {
        known_sha256(file, &self.evidence(file))
    }

    pub(super) fn bad_record(&self, file: &File) -> bool {
        self.policy.bad_record.contains(file.name.project())
    }

    /// PEP 658: what the sidecar said decided the resolution, so the wheel must say the same. A
    /// file without one got its metadata from the wheel itself; asking [`Self::known`] for it here
    /// would wait for this very wheel.
    fn compare_with_sidecar(&self, file: &File, id: usize, metadata: &[u8]) -> Result<()> {
        if file.sidecar().is_none() {
            return Ok(());
        }
        let known = match self.known(file.name.project(), id) {
            Ok(known) => known,
            Err(Unusable::Stop(failure)) => return Err(failure),
            Err(Unusable::This(why)) => return Err(Failure::could_not(why)),
        };
        match &known.sidecar {
            Some(sidecar) if sidecar != metadata => Err(Failure::refused(format!(
                "{}: its METADATA is not what the index's metadata file says",
                file.name.as_str()
            ))
            .detail("rule: a sidecar must equal the wheel's METADATA (PEP 658)")
            .hint("do not install it; tell the index's operator")),
            _ => Ok(()),
        }
    }
}

/// Large wheels are unpacked by two threads: they are what a run waits for at its end.
fn unpack_threads(file: &File) -> usize {
    const LARGE: u64 = 8 << 20;
    if file.size.is_some_and(|it| it >= LARGE) {
        2
    } else {
        1
    }
}

/// The digest under which the store would have it: the index's, or the only one the user gave.
/// A file that the user named by path is read anew each time.
fn known_sha256(file: &File, evidence: &[Evidence]) -> Option<Sha256> {
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

pub(super) fn digests(evidence: &[Evidence]) -> impl Iterator<Item = &Digests> {
    evidence.iter().filter_map(|it| match it {
        Evidence::Index { digests, .. } | Evidence::Hash { digests, .. } => Some(digests),
        Evidence::Local { .. }
        | Evidence::Commit { .. }
        | Evidence::Publishers(_)
        | Evidence::Heard(_) => None,
    })
}
