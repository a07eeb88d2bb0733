//! What the policy in force would say today, by what a receipt records.

use assay_index::Indexes;
use assay_trust::{IndexPins, Policy, Recorded, Word};
use assay_types::{ProjectName, Timestamp};
use serde::Serialize;

use super::receipt::Receipt;
use crate::{
    args::PolicyArgs,
    commands::Context,
    failure::Result,
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

/// The rules that files and settings state.
pub struct Rules {
    policy: Policy,
    pins: IndexPins,
}

impl Rules {
    /// Those in force where nothing is being installed: no option adds to them.
    pub fn in_force(now: Timestamp, context: &Context<'_>) -> Result<Self> {
        let files = PolicyFiles::in_force(context.around, &context.folders, now)?;
        let set = &context.around.pip;
        let (args, pypi) = (PolicyArgs::default(), index::pypi()?);
        Ok(Self {
            policy: settings::policy(&args, set, set.require_hashes, &files, &pypi, now)?,
            pins: files.pins(&Indexes::default())?,
        })
    }

    /// Judges what a receipt says of a project.
    pub fn judge(&self, project: &ProjectName, receipt: &Receipt) -> Today {
        let recorded = Recorded {
            project,
            words: &receipt.known_words(),
            origin: &receipt.origin,
        };
        let hindsight = self.policy.judge_recorded(recorded, &self.pins);
        Today {
            accepted: hindsight.refusing.is_empty(),
            refusing: hindsight.refusing,
            missing: hindsight.missing,
        }
    }
}

impl Today {
    /// In sentences.
    pub fn lines(&self) -> Vec<String> {
        let verdict = match self.accepted {
            true => "would accept what the receipt says",
            false => "would refuse it, by what the receipt says",
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
}
