//! A run that installs nothing: each chosen file is judged by what its index lists, so that what it
//! says is what an install would do.

use assay_trust::{Artifact, Evidence, Mode, Word, foresee};
use assay_types::ProjectName;

use super::world::World;
use crate::failure::Result;

impl World<'_> {
    /// Judges the file behind a candidate; done once. Without a listed SHA-256 nothing can be said
    /// before the bytes are there.
    pub(super) fn foresee(&self, name: &ProjectName, id: usize) -> Result<()> {
        let key = (name.clone(), id);
        self.foreseen.get(&key, || {
            let file = self.file(name, id)?;
            let Some(sha256) = file.digests.sha256() else {
                return Ok(());
            };
            let mut evidence = self.evidence(&file);
            let publishers = self.publishers(&file, sha256)?;
            evidence.extend(publishers.map(|it| Evidence::Publishers(Box::new(it))));
            let asked = self.policy.words_asked(name).into_iter();
            let later: Vec<_> = asked
                .filter(|it| matches!(it, Word::Key(_) | Word::Hook(_)))
                .collect();
            let foreseen = foresee(&Artifact::of(&file), sha256, &evidence, &self.policy, &later);
            let foreseen = foreseen.map_err(|it| self.note_gap(&file, it))?;
            foreseen.remarks.into_iter().for_each(|it| self.warn(it));
            let said = foreseen.unmet.iter().filter(|it| it.mode == Mode::Warn);
            said.for_each(|it| {
                let name = file.name.as_str();
                self.warn(format!("{name} was taken without {it}"));
            });
            Ok(())
        })
    }
}
