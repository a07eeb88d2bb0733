//! What others say of a file: keys over its bytes, statements beside it, the sources that the user
//! listens to. Gathered before the door, which judges it.

mod denials;
mod statements;

use std::collections::BTreeSet;

use assay_index::Client;
use assay_trust::{
    Artifact, Claim, Evidence, Heard, Policy, ReadAt, Staged, Testimony, TrustedKey, Word,
    authenticate,
    signature::{Memory, Recalled, Scheme, verify},
};
use assay_types::{Sha256, Timestamp, listing::File};

use super::{
    beside::{Beside, Document},
    programs,
    signers::Signers,
};
use crate::failure::Result;

/// What it takes to listen.
pub struct Ears<'a> {
    pub client: &'a Client,
    pub policy: &'a Policy,
    pub signers: &'a Signers,
    pub now: Timestamp,
    /// Says something to the user.
    pub warn: &'a dyn Fn(String),
}

/// One file's question.
pub struct Hearing<'a> {
    ears: &'a Ears<'a>,
    file: &'a File,
    beside: &'a Beside,
    artifact: Artifact,
    asked: BTreeSet<Word>,
    needed: BTreeSet<Word>,
}

impl<'a> Ears<'a> {
    /// About a file, beside which `beside` looks; `None` where nobody has a say in it.
    pub fn about(&'a self, file: &'a File, beside: &'a Beside) -> Option<Hearing<'a>> {
        let project = file.name.project();
        let asked = self.policy.words_asked(project);
        let is_asked = asked.iter().any(|it| it.label().is_some());
        let is_asked = is_asked || !self.policy.sources_of(project).is_empty();
        is_asked.then(|| Hearing {
            ears: self,
            file,
            beside,
            artifact: Artifact::of(file),
            asked,
            needed: self.policy.words_needed(project),
        })
    }
}

impl Hearing<'_> {
    /// With the bytes at hand, of which every digest has to hold before a signature is looked at.
    pub fn of_bytes<B: ReadAt>(
        &self,
        staged: &Staged<B>,
        evidence: &[Evidence],
    ) -> Result<Evidence> {
        let sha256 = staged.measured().sha256();
        let mut heard = self.statements(sha256)?;
        let mut memory = self.memory(sha256);
        for (scheme, key) in self.signatures() {
            match self.document(scheme, key, &heard)? {
                Document::There(name, document) => {
                    let bytes = authenticate(staged, &self.artifact, evidence)?;
                    let moment = self.ears.signers.moment();
                    let found = verify(&bytes, &self.artifact, scheme, &document, key, moment)
                        .map_err(|it| it.refusal(&self.artifact, &name))?;
                    memory.note(scheme, key, &document, found.as_ref());
                    self.keep(sha256, scheme.ending(), &document);
                    add(&mut heard, found, &name, key);
                }
                away => away.add_to(&mut heard),
            }
        }
        self.remember(sha256, &memory);
        self.ask_programs(staged, evidence, &mut heard)?;
        Ok(said(heard))
    }

    /// Programs are asked last, and not about what somebody denies: they are told what holds, and take
    /// time.
    fn ask_programs<B: ReadAt>(
        &self,
        staged: &Staged<B>,
        evidence: &[Evidence],
        heard: &mut Heard,
    ) -> Result<()> {
        let denies = |it: &Testimony| matches!(it.claim(), Claim::Denies { .. });
        let labels: Vec<_> = self.asked.iter().filter_map(programs::hook).collect();
        if labels.is_empty() || heard.testimonies.iter().any(denies) {
            return Ok(());
        }
        let so_far = [evidence, &[said(heard.clone())]].concat();
        let bytes = authenticate(staged, &self.artifact, &so_far)?;
        let programs = self.ears.signers.programs();
        for label in labels {
            heard
                .testimonies
                .push(programs.ask(label, self.file, &bytes)?);
        }
        Ok(())
    }

    /// Of a wheel in the store, whose bytes are gone: `None` where it takes them.
    pub fn of_stored(&self, sha256: Sha256) -> Result<Option<Evidence>> {
        if self.asked.iter().any(|it| programs::hook(it).is_some()) {
            return Ok(None);
        }
        let (heard, later) = self.without_bytes(sha256)?;
        Ok(later.is_empty().then(|| said(heard)))
    }

    /// What can be known without the bytes, and the words that take them.
    pub fn foreseen(&self, sha256: Sha256) -> Result<(Evidence, Vec<Word>)> {
        let (heard, mut later) = self.without_bytes(sha256)?;
        let hooks = self.asked.iter().filter(|it| programs::hook(it).is_some());
        later.extend(hooks.cloned());
        Ok((said(heard), later))
    }

    /// A signature that was verified before goes on to hold, and its key is judged again. Others lie
    /// beside the file, or do not.
    fn without_bytes(&self, sha256: Sha256) -> Result<(Heard, Vec<Word>)> {
        let mut heard = self.statements(sha256)?;
        let memory = self.memory(sha256);
        let mut later = Vec::new();
        for (scheme, key) in self.signatures() {
            let recall = |it: &[u8]| memory.recall(scheme, key, it, self.ears.signers.moment());
            let kept = self.kept(sha256, scheme.ending(), Scheme::LARGEST);
            if let Some(Ok(Some(Recalled::Signed(it)))) = kept.as_deref().map(recall) {
                heard.testimonies.push(*it);
                continue;
            }
            match self.document(scheme, key, &heard)? {
                Document::There(name, document) => {
                    let recalled = recall(&document);
                    match recalled.map_err(|it| it.refusal(&self.artifact, &name))? {
                        Some(Recalled::Signed(it)) => heard.testimonies.push(*it),
                        Some(Recalled::Nothing) => add(&mut heard, None, &name, key),
                        None => later.push(Word::Key(key.label.clone())),
                    }
                }
                away => away.add_to(&mut heard),
            }
        }
        Ok((heard, later))
    }

    /// The detached signatures that somebody's word may lie in.
    fn signatures(&self) -> impl Iterator<Item = (Scheme, &TrustedKey)> {
        let keys = self.ears.policy.keys_asked(&self.artifact.project);
        let each = |key: &'_ TrustedKey| key.key.schemes().iter().copied();
        keys.into_iter()
            .flat_map(move |key| each(key).map(move |it| (it, key)))
    }

    /// One that is out of reach is missed where the key said nothing yet in a statement.
    fn document(&self, scheme: Scheme, key: &TrustedKey, heard: &Heard) -> Result<Document> {
        let word = Word::Key(key.label.clone());
        let supports = |it: &Testimony| *it.claim() == Claim::Supports(word.clone());
        let is_heard = heard.testimonies.iter().any(supports);
        let is_needed = self.needed.contains(&word) && !is_heard;
        let client = self.ears.client;
        self.beside.signature(client, self.file, scheme, is_needed)
    }

    fn memory(&self, sha256: Sha256) -> Memory {
        let files = self.ears.signers.signed_files();
        files.memory(&self.artifact.file_name, sha256)
    }

    fn remember(&self, sha256: Sha256, memory: &Memory) {
        if *memory != self.memory(sha256) {
            let files = self.ears.signers.signed_files();
            self.note_keeping(files.remember(sha256, memory));
        }
    }

    /// A document as it lay beside the file when it was fetched last.
    fn kept(&self, sha256: Sha256, ending: &str, limit: usize) -> Option<Vec<u8>> {
        let files = self.ears.signers.signed_files();
        files.document(sha256, ending, limit)
    }

    fn keep(&self, sha256: Sha256, ending: &str, document: &[u8]) {
        let files = self.ears.signers.signed_files();
        self.note_keeping(files.keep(sha256, ending, document));
    }

    fn note_keeping(&self, kept: Result<()>) {
        if let Err(failure) = kept {
            let fact = failure.fact();
            (self.ears.warn)(format!("what was verified is not remembered: {fact}"));
        }
    }
}

/// A signature that holds, or that the document has none by the key.
fn add(heard: &mut Heard, found: Option<Testimony>, document: &str, key: &TrustedKey) {
    match found {
        Some(testimony) => heard.testimonies.push(testimony),
        None => heard
            .absent
            .push(format!("{document}: no signature by key:{}", key.label)),
    }
}

fn said(heard: Heard) -> Evidence {
    Evidence::Heard(Box::new(heard))
}
