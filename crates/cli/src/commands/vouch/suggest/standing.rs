//! How a file stands with those who vouch.

use super::{
    From,
    sources::{Shared, Sources},
};
use crate::{
    commands::vouch::{known::EXEMPT, nearest::nearest, present::Present},
    failure::{Failure, Result},
};
use assay_trust::{
    Artifact, Claim, Label, Word,
    statement::{Shown, hear},
};

/// How a file stands.
pub enum Standing {
    /// Somebody looked at it.
    Vouched,
    /// Nobody did, and it is exempt.
    Exempt,
    /// Nobody did.
    Open,
    /// It is not to be installed; a line that says by whose word, and why.
    Denied(String),
}

impl Sources {
    /// How a file stands with all of them.
    pub fn standing(&self, file: &Present) -> Result<Standing> {
        let shown: Vec<_> = self.bundles.iter().map(Shared::shown).collect();
        let artifact = &file.artifact;
        let heard = hear(&shown, artifact, file.sha256, &self.policy, self.now);
        let heard = heard.map_err(|it| Failure::from(it.refusal(artifact)))?;
        let mut standing = Standing::Open;
        for it in &heard.testimonies {
            match it.claim() {
                Claim::Denies { by, reason } => {
                    return Ok(Standing::Denied(format!("{by} says: {reason}")));
                }
                Claim::Supports(Word::Vouch(source)) if self.is_exempting(source) => {
                    if let Standing::Open = standing {
                        standing = Standing::Exempt;
                    }
                }
                Claim::Supports(Word::Vouch(_)) => standing = Standing::Vouched,
                Claim::Supports(_) | Claim::Abstains => {}
            }
        }
        Ok(standing)
    }

    /// The file of the project that somebody looked at and whose version is the nearest.
    pub fn nearest(&self, file: &Present) -> Result<Option<From>> {
        let mut looked_at = Vec::new();
        for it in self.others(file) {
            if let Standing::Vouched = self.standing(&it)? {
                looked_at.push(it);
            }
        }
        let versions = looked_at.iter().map(|it| &it.artifact.version);
        let Some(version) = nearest(&file.artifact.version, versions) else {
            return Ok(None);
        };
        let mut of_version = looked_at
            .iter()
            .filter(|it| it.artifact.version == *version);
        Ok(of_version.next().map(|it| From {
            version: version.clone(),
            sha256: it.sha256,
        }))
    }

    /// Files of other versions of the project that statements are about.
    fn others(&self, file: &Present) -> Vec<Present> {
        let of_project = self
            .vouches
            .iter()
            .filter(|(_, it)| it.project == *file.project());
        let others = of_project.filter(|(_, it)| it.version != file.artifact.version);
        let others = others.map(|(subject, vouch)| Present {
            artifact: Artifact {
                version: vouch.version.clone(),
                file_name: subject.name.clone(),
                size: None,
                ..file.artifact.clone()
            },
            sha256: subject.sha256,
        });
        others.collect()
    }

    fn is_exempting(&self, source: &Label) -> bool {
        let mut sources = self.policy.sources.iter();
        sources.any(|it| it.label == *source && it.criteria.contains(EXEMPT))
    }
}

impl Shared {
    fn shown(&self) -> Shown<'_> {
        Shown {
            document: &self.place,
            source: Some(&self.source),
            bundle: &self.bundle,
        }
    }
}
