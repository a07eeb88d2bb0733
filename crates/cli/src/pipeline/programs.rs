//! The programs of `[hooks]`, each asked once about a file in a run.

use std::collections::BTreeSet;

use assay_trust::{
    Artifact, Authenticated, Expression, Label, Policy, ReadAt, Required, Stated, Testimony, Word,
};
use assay_types::{
    Sha256,
    listing::{File, Origin},
};

use super::{gaps, slots::Slots};
use crate::{
    failure::{Failure, Result},
    hooks::Hooks,
    settings::Hook,
};

/// Those that policy files name, and what they said.
#[derive(Debug, Default)]
pub struct Programs {
    named: Vec<Hook>,
    hooks: Hooks,
    said: Slots<(Label, Sha256, (Origin, String)), Result<Testimony>>,
}

impl Programs {
    /// Nobody is asked yet.
    pub fn new(named: Vec<Hook>) -> Self {
        Self {
            named,
            ..Self::default()
        }
    }

    /// Refuses where a program that some rule names cannot be asked, or could be somebody else's:
    /// before any file is.
    pub fn check(&self, policy: &Policy) -> Result<()> {
        let rules = policy.rules().filter_map(|it| it.evidence.as_ref());
        let rules = rules.map(
            |Stated {
                 value: Required { expression, .. },
                 ..
             }| expression,
        );
        let words = [&policy.evidence]
            .into_iter()
            .chain(rules)
            .flat_map(Expression::words);
        let labels: BTreeSet<_> = words.filter_map(hook).collect();
        labels
            .into_iter()
            .try_for_each(|it| self.named(it)?.check())
    }

    /// What one says of a file. Fails where it gives no answer.
    pub fn ask<B: ReadAt>(
        &self,
        label: &Label,
        file: &File,
        authenticated: &Authenticated<'_, B>,
    ) -> Result<Testimony> {
        let sha256 = authenticated.measured().sha256();
        let key = (label.clone(), sha256, gaps::key(file));
        self.said.get(&key, || {
            let artifact = Artifact::of(file);
            let hook = self.named(label)?;
            self.hooks
                .ask(hook, &artifact, file.upload_time, authenticated)
        })
    }

    fn named(&self, label: &Label) -> Result<&Hook> {
        let hook = self.named.iter().find(|it| it.label == *label);
        hook.ok_or_else(|| Failure::usage(format!("no policy file has [hooks.{label}]")))
    }
}

/// The program that a word asks.
pub fn hook(word: &Word) -> Option<&Label> {
    match word {
        Word::Hook(label) => Some(label),
        _ => None,
    }
}
