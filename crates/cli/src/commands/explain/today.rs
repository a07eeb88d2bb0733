//! What the policy in force would say today, by what a receipt records and by what those say to whom it
//! listens, as far as that is at hand.

use std::{path::PathBuf, sync::Arc};

use assay_index::Indexes;
use assay_install::Distribution;
use assay_trust::{
    Artifact, Claim, Heard, IndexPins, Policy, Recorded, Word,
    statement::{Bundle, Installed, Shown, hear},
};
use assay_types::{Sha256, Timestamp, listing::Origin};
use serde::Serialize;

use super::receipt::Receipt;
use crate::{
    args::PolicyArgs,
    commands::Context,
    failure::{Failure, Result},
    known::SignedFiles,
    pipeline::{AtHand, Sets},
    settings::{self, PolicyFiles, index},
};

/// A judgement on recorded evidence: no byte is measured and no signature verified for it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Today {
    pub accepted: bool,
    /// Why not.
    pub refusing: Vec<String>,
    /// What rules of mode `warn` or `report` miss.
    pub missing: Vec<String>,
}

/// The rules that files and settings state, and what their sources say.
pub struct Rules {
    policy: Policy,
    pins: IndexPins,
    heard: AtHand,
    state: PathBuf,
    now: Timestamp,
}

impl Rules {
    /// Those in force for these where nothing is being installed: no option adds to them.
    pub fn in_force(
        distributions: &[Distribution],
        now: Timestamp,
        context: &Context<'_>,
    ) -> Result<Self> {
        let files = PolicyFiles::in_force(context.around, &context.folders, now)?;
        let set = &context.around.pip;
        let (args, pypi) = (PolicyArgs::default(), index::pypi()?);
        let policy = settings::policy(&args, set, set.require_hashes, &files, &pypi, now)?;
        let state = context.folders.state().to_owned();
        let sets = Sets::new(files.statements(), state.clone());
        let heard = sets.at_hand(distributions.iter().map(|it| it.name()), &policy, now);
        Ok(Self {
            pins: files.pins(&Indexes::default())?,
            policy,
            heard,
            state,
            now,
        })
    }

    /// What could not be heard, or needs to be said; unescaped.
    pub fn remarks(&self) -> impl Iterator<Item = &str> {
        let unheard = self.heard.unheard.iter().map(Failure::fact);
        unheard.chain(self.heard.remarks().map(String::as_str))
    }

    /// Judges a distribution by what its receipt says, where that counts, and by who denies it; `None`
    /// where there is neither.
    pub fn judge(
        &mut self,
        distribution: &Distribution,
        receipt: Option<&Receipt>,
    ) -> Option<Today> {
        let mut refusing = self.denials(distribution, receipt);
        let Some(receipt) = receipt else {
            return (!refusing.is_empty()).then(|| Today::refused(refusing));
        };
        let mut words = receipt.known_words();
        match self.hear(distribution, receipt) {
            Ok(heard) => weigh(&heard, &mut words, &mut refusing),
            Err(why) => refusing.push(why),
        }
        let recorded = Recorded {
            project: distribution.name(),
            words: &words,
            origin: &receipt.origin,
        };
        let hindsight = self.policy.judge_recorded(recorded, &self.pins);
        refusing.extend(hindsight.refusing);
        Some(Today {
            missing: hindsight.missing,
            ..Today::refused(refusing)
        })
    }

    fn denials(&mut self, distribution: &Distribution, receipt: Option<&Receipt>) -> Vec<String> {
        let installed = Installed {
            project: distribution.name(),
            version: distribution.version(),
            sha256: receipt.and_then(Receipt::sha256),
        };
        let denials = self.heard.denials(installed, &self.policy, self.now);
        denials
            .iter()
            .map(|it| denied(&it.by, &it.reason))
            .collect()
    }

    /// What the sets say of the wheel, and what lay beside it when it was fetched. Fails where one of
    /// them would have it refused.
    fn hear(&self, distribution: &Distribution, receipt: &Receipt) -> Result<Heard, String> {
        let Some(sha256) = receipt.sha256() else {
            return Ok(Heard::default());
        };
        let artifact = Artifact {
            project: distribution.name().clone(),
            version: distribution.version().clone(),
            file_name: receipt.file.clone(),
            origin: Origin::FindLinks(Arc::from(receipt.origin.as_str())),
            size: None,
        };
        let name = format!("{}{}", receipt.file, Bundle::ENDING);
        let files = SignedFiles::new(&self.state);
        let beside = files.document(sha256, Bundle::ENDING, Bundle::LARGEST);
        let beside = Bundle::parse(&beside.unwrap_or_default());
        let beside = beside.map_err(|it| format!("{name}: {it}"))?;
        let near = Shown {
            document: &name,
            source: None,
            bundle: &beside,
        };
        let shown: Vec<_> = std::iter::once(near).chain(self.heard.shown()).collect();
        hear(&shown, &artifact, sha256, &self.policy, self.now)
            .map_err(|it| format!("{}: {}", it.document, it.rejection))
    }
}

/// Adds what was heard to what speaks for a file, and to what speaks against it.
fn weigh(heard: &Heard, words: &mut Vec<Word>, refusing: &mut Vec<String>) {
    for it in &heard.testimonies {
        match it.claim() {
            Claim::Supports(word) if !words.contains(word) => words.push(word.clone()),
            Claim::Denies { by, reason } => {
                let line = denied(by, reason);
                if !refusing.contains(&line) {
                    refusing.push(line);
                }
            }
            Claim::Supports(_) | Claim::Abstains => {}
        }
    }
}

fn denied(by: &Word, reason: &str) -> String {
    format!("{by} denies it: {reason}")
}

impl Today {
    /// Refused where there is any reason.
    fn refused(refusing: Vec<String>) -> Self {
        Self {
            accepted: refusing.is_empty(),
            refusing,
            missing: Vec::new(),
        }
    }

    /// In sentences.
    pub fn lines(&self) -> Vec<String> {
        let verdict = match self.accepted {
            true => "would accept what the receipt says",
            false => "would refuse it",
        };
        let missing = self.missing.iter().map(|it| format!("missing: {it}"));
        let why = self.refusing.iter().cloned().chain(missing);
        std::iter::once(verdict.to_owned()).chain(why).collect()
    }
}

impl Receipt {
    /// The kinds of evidence that this assay knows. A word that nobody knows speaks for nothing.
    pub fn known_words(&self) -> Vec<Word> {
        let words = self.words.iter();
        words.filter_map(|it| Word::parse(it).ok()).collect()
    }

    fn sha256(&self) -> Option<Sha256> {
        Sha256::from_hex(&self.sha256)
    }
}
