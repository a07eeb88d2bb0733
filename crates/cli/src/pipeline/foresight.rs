//! Before the bytes are there: a file is judged by what its index lists, so that what a run says that
//! installs nothing is what an install would do, and nothing is fetched in vain.

use assay_trust::{Artifact, Evidence, Foresight, Mode, foresee};
use assay_types::{ProjectName, listing::File};

use super::{programs, world::World};
use crate::failure::Result;

impl World<'_> {
    /// Judges the file behind a candidate; done once.
    pub(super) fn foresee(&self, name: &ProjectName, id: usize) -> Result<()> {
        let key = (name.clone(), id);
        self.foreseen.get(&key, || {
            let file = self.file(name, id)?;
            let Some(foreseen) = self.foresight(&file)? else {
                return Ok(());
            };
            foreseen.remarks.into_iter().for_each(|it| self.warn(it));
            for word in self.policy.words_asked(name) {
                if programs::hook(&word).is_some() {
                    self.warn(format!(
                        "{word} is asked when files are fetched, and may refuse them"
                    ));
                }
            }
            let said = foreseen.unmet.iter().filter(|it| it.mode == Mode::Warn);
            said.for_each(|it| {
                let name = file.name.as_str();
                self.warn(format!("{name} was taken without {it}"));
            });
            Ok(())
        })
    }

    /// Whether the words of others that a rule asks for are there, as far as that can be known: a large
    /// file is not fetched to learn that nobody signed it.
    pub(super) fn check_words(&self, file: &File) -> Result<()> {
        let asked = self.policy.words_asked(file.name.project());
        if asked.iter().any(|it| it.label().is_some()) {
            self.foresight(file)?;
        }
        Ok(())
    }

    /// Without a listed SHA-256 nothing can be said before the bytes are there.
    fn foresight(&self, file: &File) -> Result<Option<Foresight>> {
        let Some(sha256) = file.digests.sha256() else {
            return Ok(None);
        };
        let mut evidence = self.evidence(file);
        let publishers = self.publishers(file, sha256)?;
        evidence.extend(publishers.map(|it| Evidence::Publishers(Box::new(it))));
        let beside = self.beside(file);
        let heard = self.listening(|ears| {
            let hearing = ears.about(file, &beside);
            hearing.map(|it| it.foreseen(sha256)).transpose()
        })?;
        let (heard, later) = heard.map_or((None, Vec::new()), |(it, later)| (Some(it), later));
        evidence.extend(heard);
        let foreseen = foresee(&Artifact::of(file), sha256, &evidence, &self.policy, &later);
        foreseen.map(Some).map_err(|it| self.note_gap(file, it))
    }
}
