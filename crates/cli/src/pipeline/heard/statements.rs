//! What is said in statements: beside the file, and in the sets of all sources, each of which may deny it.

use std::{collections::BTreeSet, sync::Arc};

use assay_trust::{
    Heard, Label, Source, Word,
    statement::{Bundle, Shown, hear},
};
use assay_types::Sha256;

use super::{Hearing, denials::KeptDenials};
use crate::{
    failure::{Failure, Result},
    pipeline::{
        beside::Document,
        sets::{Reading, Set},
    },
};

/// What lies beside the file.
#[derive(Default)]
struct Near {
    /// A bundle, with its name for messages.
    bundle: Option<(String, Bundle)>,
    /// What is to be said of it, or of its absence.
    remarks: Heard,
}

impl Near {
    fn nothing(document: Document) -> Self {
        let mut near = Self::default();
        document.add_to(&mut near.remarks);
        near
    }
}

impl Hearing<'_> {
    /// What keys and sources say; denials among it are remembered.
    pub(super) fn statements(&self, sha256: Sha256) -> Result<Heard> {
        let policy = self.ears.policy;
        let sources = policy.sources_of(&self.artifact.project);
        let near = self.near(sha256)?;
        if let Some((name, bundle)) = &near.bundle {
            self.remember_denials(name, bundle, &sources)?;
        }
        let sets = self.sets(&sources)?;
        let near_shown = near.bundle.iter().map(|(name, bundle)| Shown {
            document: name,
            source: None,
            bundle,
        });
        let parts = sets.iter().flat_map(|(label, set)| {
            set.parts.iter().map(|part| Shown {
                document: &part.document,
                source: Some(*label),
                bundle: &part.bundle,
            })
        });
        let mut shown: Vec<_> = near_shown.chain(parts).collect();
        let kept = self.kept_denials(&shown, &sources, sha256)?;
        shown.extend(kept.iter().map(KeptDenials::shown));
        let heard = hear(
            &shown,
            &self.artifact,
            sha256,
            policy,
            self.ears.signers.moment(),
        );
        let mut heard = heard.map_err(|it| it.refusal(&self.artifact))?;
        heard.trouble.extend(near.remarks.trouble);
        heard.absent.extend(near.remarks.absent);
        self.tell_kept(&kept, &heard, sha256);
        let remarks = sets.iter().flat_map(|(_, set)| &set.remarks);
        for remark in remarks.collect::<BTreeSet<_>>() {
            (self.ears.warn)(remark.clone());
        }
        Ok(heard)
    }

    fn sets<'a>(&self, sources: &[&'a Source]) -> Result<Vec<(&'a Label, Arc<Set>)>> {
        let reading = Reading {
            client: self.ears.client,
            policy: self.ears.policy,
            now: self.ears.now,
            latest: self.ears.signers.latest(),
        };
        let all = self.ears.signers.sets();
        let sets = sources.iter().map(|it| {
            let set = all.of(it, reading);
            let project = &self.artifact.project;
            let set = set.map_err(|why| why.detail(format!("needed for {project}")))?;
            Ok((&it.label, set))
        });
        sets.collect()
    }

    /// The bundle beside the file. Where it cannot be had the one that lay there before will do: what is
    /// in it is judged anew.
    fn near(&self, sha256: Sha256) -> Result<Near> {
        if !self.asked.iter().any(|it| self.may_be_stated(it)) {
            return Ok(Near::default());
        }
        let is_needed = self.needed.iter().any(|it| self.may_be_stated(it));
        let client = self.ears.client;
        let found = self.beside.statements(client, self.file, is_needed);
        let mut remarks = Heard::default();
        let (name, bytes) = match found {
            Ok(Document::There(name, bytes)) => {
                self.keep(sha256, Bundle::ENDING, &bytes);
                (name, bytes.to_vec())
            }
            Ok(missing @ Document::Missing(_)) => {
                // That there was nothing is known from now on, too.
                self.keep(sha256, Bundle::ENDING, b"");
                return Ok(Near::nothing(missing));
            }
            Err(failure) if failure.is_refusal() => return Err(failure),
            away => match (self.kept(sha256, Bundle::ENDING, Bundle::LARGEST), away) {
                (Some(bytes), _) => {
                    let name = format!("{}{}", self.artifact.file_name, Bundle::ENDING);
                    let remark = format!("{name} cannot be had; what was there before is used");
                    remarks.trouble.push(remark);
                    (name, bytes)
                }
                (None, Ok(absent)) => return Ok(Near::nothing(absent)),
                (None, Err(failure)) => return Err(failure),
            },
        };
        let bundle =
            Bundle::parse(&bytes).map_err(|it| Failure::from(it.refusal(&self.artifact, &name)))?;
        Ok(Near {
            bundle: Some((name, bundle)),
            remarks,
        })
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
}
