//! `--from`: the file from which on somebody looked at what changed.

use std::collections::BTreeSet;

use assay_trust::{
    Admission, Claim, Label, Word,
    statement::{Base, Shown, hear},
};
use assay_types::{Printable, shell_word};

use super::{known::Known, looked::Looker, set::Set};
use crate::{
    commands::{Context, diff::Wanted},
    failure::{Failure, Result},
};

/// Where bases are looked for, and who rests on them.
pub struct Bases<'a> {
    pub set: &'a Set,
    pub known: &'a Known<'a>,
    pub looker: &'a Looker<'a>,
    /// The key that signs.
    pub own: &'a Label,
    /// What it says that it did.
    pub criteria: BTreeSet<String>,
}

impl Bases<'_> {
    /// The file that `--from` names, where the set vouches for it.
    pub fn find(&self, from: &str, of: &Admission, context: &Context<'_>) -> Result<Base> {
        let project = &of.artifact().project;
        let side = self.looker.side(project, &Wanted::parse(from)?)?;
        let (found, version) = (side.admission(), side.wheel().version().clone());
        if found.sha256() == of.sha256() {
            return Err(Failure::usage(format!("--from {from} is that very file")));
        }
        self.known.refuse_denied(found)?;
        let mut looked_at = self.known.looked_at(project);
        if !looked_at.any(|it| it.file.sha256 == found.sha256()) {
            return Err(self.unknown(found));
        }
        self.tell_where_it_does_not_count(found, context)?;
        Ok(Base {
            version,
            sha256: found.sha256(),
        })
    }

    fn unknown(&self, base: &Admission) -> Failure {
        let (artifact, set) = (base.artifact(), self.set.shown());
        let (file, project, version) = (&artifact.file_name, &artifact.project, &artifact.version);
        Failure::usage(format!("--from: nobody vouches in {set} for {file}"))
            .detail(format!("sha256:{}", base.sha256()))
            .hint(format!(
                "look at it first: assay vouch {project}=={version} --set {} …",
                shell_word(set)
            ))
    }

    /// An install takes both ends from one source. The set may hold the word of people to whom no source
    /// listens that listens to this one.
    fn tell_where_it_does_not_count(&self, base: &Admission, context: &Context<'_>) -> Result<()> {
        let (artifact, asked) = (base.artifact(), &self.looker.asked);
        let sources = asked.policy.sources_of(&artifact.project).into_iter();
        let counts = |it: &&assay_trust::Source| {
            it.keys.contains(self.own) && it.criteria.is_subset(&self.criteria)
        };
        let sources: Vec<_> = sources.filter(counts).map(|it| &it.label).collect();
        let lines = sources.iter().flat_map(|source| {
            self.set.readable().map(|(document, bundle)| Shown {
                document,
                source: Some(source),
                bundle,
            })
        });
        let shown: Vec<_> = lines.collect();
        let heard = hear(&shown, artifact, base.sha256(), &asked.policy, asked.now);
        let heard = heard.map_err(|it| Failure::from(it.refusal(artifact)))?;
        let vouched = heard.testimonies.iter().any(|it| match it.claim() {
            Claim::Supports(Word::Vouch(source)) => sources.contains(&source),
            _ => false,
        });
        if !vouched && !sources.is_empty() {
            let (own, file) = (self.own, Printable(&artifact.file_name));
            let names: Vec<_> = sources.iter().map(|it| format!("vouch:{it}")).collect();
            context.ui.warn(&format!(
                "an install will not count this: {own} speaks for {}, which does not vouch for {file}",
                names.join(", ")
            ));
        }
        Ok(())
    }
}
