//! What others say of a file: keys over its bytes, statements beside it, the sources that the user
//! listens to. Gathered before the door, which judges it.

use std::collections::BTreeSet;

use assay_index::Client;
use assay_trust::{
    Artifact, Claim, Evidence, Heard, Policy, ReadAt, Staged, Testimony, TrustedKey, Word, authenticate,
    signature::{Memory, Recalled, Scheme, verify},
    statement::{Bundle, Shown, hear},
};
use assay_types::{Sha256, Timestamp, listing::File};

use super::{
    beside::{Beside, Document},
    programs,
    sets::{Reading, keys_of},
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
            match self.document(scheme, key)? {
                Document::There(name, document) => {
                    let bytes = authenticate(staged, &self.artifact, evidence)?;
                    let now = self.ears.now;
                    let found = verify(&bytes, &self.artifact, scheme, &document, key, now)
                        .map_err(|it| it.refusal(&self.artifact, &name))?;
                    memory.note(scheme, key, &document, found.as_ref());
                    add(&mut heard, found, &name, key);
                }
                absent => heard.trouble.extend(absent.trouble().map(str::to_owned)),
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

    /// A signature that was verified before goes on to hold. Others lie beside the file, or do not.
    fn without_bytes(&self, sha256: Sha256) -> Result<(Heard, Vec<Word>)> {
        let mut heard = self.statements(sha256)?;
        let memory = self.memory(sha256);
        let mut later = Vec::new();
        for (scheme, key) in self.signatures() {
            if let Some(testimony) = memory.signed(scheme, key) {
                heard.testimonies.push(testimony);
                continue;
            }
            match self.document(scheme, key)? {
                Document::There(name, document) => match memory.recall(scheme, key, &document) {
                    Some(Recalled::Signed(it)) => heard.testimonies.push(it),
                    Some(Recalled::Nothing) => add(&mut heard, None, &name, key),
                    None => later.push(Word::Key(key.label.clone())),
                },
                absent => heard.trouble.extend(absent.trouble().map(str::to_owned)),
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

    fn document(&self, scheme: Scheme, key: &TrustedKey) -> Result<Document> {
        let is_needed = self.needed.contains(&Word::Key(key.label.clone()));
        let client = self.ears.client;
        self.beside.signature(client, self.file, scheme, is_needed)
    }

    /// What is said in statements, beside the file and in the sets of all sources: each may deny it.
    fn statements(&self, sha256: Sha256) -> Result<Heard> {
        let policy = self.ears.policy;
        let sources = policy.sources_of(&self.artifact.project);
        let reading = Reading {
            client: self.ears.client,
            policy,
            now: self.ears.now,
            latest: self.ears.signers.latest(),
        };
        let all = self.ears.signers.sets();
        let beside = self.statements_beside(sha256)?;
        if let Ok((name, bundle)) = &beside {
            for source in &sources {
                all.remember_denials(source, bundle, &keys_of(source, policy))
                    .map_err(|it| it.detail(format!("in {name}")))?;
            }
        }
        let sets = sources
            .iter()
            .map(|it| Ok((&it.label, all.of(it, reading)?)));
        let sets: Vec<_> = sets.collect::<Result<_>>()?;
        let parts = sets.iter().flat_map(|(label, set)| {
            set.parts.iter().map(|part| Shown {
                document: &part.document,
                source: Some(*label),
                bundle: &part.bundle,
            })
        });
        let near = beside.as_ref().ok().map(|(name, bundle)| Shown {
            document: name,
            source: None,
            bundle,
        });
        let shown: Vec<_> = near.into_iter().chain(parts).collect();
        let heard = hear(&shown, &self.artifact, sha256, policy, self.ears.now);
        let mut heard = heard.map_err(|it| it.refusal(&self.artifact))?;
        heard.trouble.extend(beside.err().flatten());
        for remark in sets.iter().flat_map(|(_, set)| &set.remarks) {
            (self.ears.warn)(remark.clone());
            heard.trouble.push(remark.clone());
        }
        Ok(heard)
    }

    /// The bundle beside the file, or what is to be said of its absence. Where it cannot be had the one
    /// that lay there before will do: what is in it is judged anew.
    fn statements_beside(
        &self,
        sha256: Sha256,
    ) -> Result<std::result::Result<(String, Bundle), Option<String>>> {
        if !self.listens_beside() {
            return Ok(Err(None));
        }
        let is_needed = self.needed.iter().any(|it| self.may_be_stated(it));
        let client = self.ears.client;
        let files = self.ears.signers.signed_files();
        let found = self.beside.statements(client, self.file, is_needed);
        let (name, bytes) = match found {
            Ok(Document::There(name, bytes)) => {
                let kept = files.statements(sha256);
                if kept.as_deref() != Some(&bytes[..]) {
                    self.note_keeping(files.keep_statements(sha256, &bytes));
                }
                (name, bytes.to_vec())
            }
            Ok(Document::Missing(said)) => return Ok(Err(Some(said))),
            failed => match (files.statements(sha256), failed) {
                (Some(bytes), _) => {
                    let name = self.file.name.as_str();
                    (format!("{name}{} as kept", Bundle::ENDING), bytes)
                }
                (None, Err(failure)) => return Err(failure),
                (None, Ok(absent)) => return Ok(Err(absent.trouble().map(str::to_owned))),
            },
        };
        let bundle = Bundle::parse(&bytes).map_err(|it| it.refusal(&self.artifact, &name))?;
        Ok(Ok((name, bundle)))
    }

    fn listens_beside(&self) -> bool {
        self.asked.iter().any(|it| self.may_be_stated(it))
    }

    /// Whether a statement can say that.
    fn may_be_stated(&self, word: &Word) -> bool {
        match word {
            Word::Key(label) => {
                let key = self.ears.policy.key(label);
                key.is_some_and(|it| it.covers(&self.artifact.project) && it.key.raw().is_some())
            }
            Word::Vouch(_) | Word::Notary(_) | Word::Rebuilt(_) | Word::Certified(_) => true,
            Word::Index | Word::Local | Word::Hash | Word::Publisher(_) | Word::Hook(_) => false,
        }
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
            .trouble
            .push(format!("{document}: no signature by key:{}", key.label)),
    }
}

fn said(heard: Heard) -> Evidence {
    Evidence::Heard(Box::new(heard))
}
