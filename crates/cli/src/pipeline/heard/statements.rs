//! What is said in statements: beside the file, and in the sets of all sources, each of which may deny it.

use std::sync::Arc;

use assay_trust::{
    Heard, Label, Source, Word,
    statement::{Bundle, Shown, hear},
};
use assay_types::Sha256;

use super::Hearing;
use crate::{
    failure::{Failure, Result},
    pipeline::{
        beside::Document,
        sets::{Reading, Set, keys_of},
    },
};

/// What lies beside the file.
#[derive(Default)]
struct Near {
    /// A bundle, with its name for messages.
    bundle: Option<(String, Bundle)>,
    /// What is to be said of it, or of its absence.
    remark: Option<String>,
}

impl Near {
    fn nothing(remark: String) -> Self {
        Self {
            bundle: None,
            remark: Some(remark),
        }
    }
}

impl Hearing<'_> {
    /// What keys and sources say; denials among it are remembered.
    pub(super) fn statements(&self, sha256: Sha256) -> Result<Heard> {
        let policy = self.ears.policy;
        let sources = policy.sources_of(&self.artifact.project);
        let near = self.near(sha256)?;
        self.remember_denials(&near, &sources)?;
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
        let shown: Vec<_> = near_shown.chain(parts).collect();
        let heard = hear(&shown, &self.artifact, sha256, policy, self.ears.now);
        let mut heard = heard.map_err(|it| it.refusal(&self.artifact))?;
        heard.trouble.extend(near.remark);
        for remark in sets.iter().flat_map(|(_, set)| &set.remarks) {
            (self.ears.warn)(remark.clone());
            heard.trouble.push(remark.clone());
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
        let sets = sources
            .iter()
            .map(|it| Ok((&it.label, all.of(it, reading)?)));
        sets.collect()
    }

    fn remember_denials(&self, near: &Near, sources: &[&Source]) -> Result<()> {
        let Some((name, bundle)) = &near.bundle else {
            return Ok(());
        };
        let all = self.ears.signers.sets();
        sources.iter().try_for_each(|source| {
            let keys = keys_of(source, self.ears.policy);
            all.remember_denials(source, name, bundle, &keys)
        })
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
        let (name, bytes, remark) = match found {
            Ok(Document::There(name, bytes)) => {
                self.keep(sha256, Bundle::ENDING, &bytes);
                (name, bytes.to_vec(), None)
            }
            Ok(Document::Missing(remark)) => {
                // That there was nothing is known from now on, too.
                self.keep(sha256, Bundle::ENDING, b"");
                return Ok(Near::nothing(remark));
            }
            Err(failure) if failure.is_refusal() => return Err(failure),
            away => match (self.kept(sha256, Bundle::ENDING, Bundle::LARGEST), away) {
                (Some(bytes), _) => {
                    let name = format!("{}{}", self.artifact.file_name, Bundle::ENDING);
                    let remark = format!("{name} cannot be had; what was there before is used");
                    (name, bytes, Some(remark))
                }
                (None, Ok(absent)) => {
                    let remark = absent.trouble().unwrap_or_default();
                    return Ok(Near::nothing(remark.to_owned()));
                }
                (None, Err(failure)) => return Err(failure),
            },
        };
        let bundle =
            Bundle::parse(&bytes).map_err(|it| Failure::from(it.refusal(&self.artifact, &name)))?;
        Ok(Near {
            bundle: Some((name, bundle)),
            remark,
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
