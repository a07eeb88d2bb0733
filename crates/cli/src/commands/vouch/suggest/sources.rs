//! Who vouches for what, today.

use std::{collections::BTreeSet, path::PathBuf};

use assay_trust::{
    Artifact, Claim, Cooldown, Label, Policy, Source, TrustedKey, Word,
    statement::{Bundle, Predicate, Shown, hear},
};
use assay_types::{Sha256, Timestamp, Version};

use super::From;
use crate::{
    args::VouchSuggestArgs,
    commands::{
        Context,
        vouch::{
            keys,
            known::EXEMPT,
            looked::Looker,
            nearest::nearest,
            present::Present,
            set::{self, Set},
        },
    },
    failure::{Failure, Result},
    pipeline::Reading,
    settings::{At, PolicyFiles},
};

/// Where statements were looked for, and what counts.
pub struct Sources {
    /// Its keys and sources.
    policy: Policy,
    bundles: Vec<Shared>,
    now: Timestamp,
    /// How the set is named that new vouches go to.
    set: String,
}

/// A part of a source's set.
struct Shared {
    source: Label,
    place: String,
    bundle: Bundle,
}

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
    /// Those of the policy, or the set that is named.
    pub fn new(
        args: &VouchSuggestArgs,
        looker: &Looker<'_>,
        context: &Context<'_>,
    ) -> Result<Self> {
        let asked = &looker.asked;
        match &args.set {
            Some(folder) => {
                let keys = keys::named_or(&args.key, &asked.policy.keys, context)?;
                Self::of_set(&Set::read(folder, context)?, keys, asked.now)
            }
            None => Self::of_policy(looker, context),
        }
    }

    /// Where whoever looks next would put what they say.
    pub fn set(&self) -> String {
        self.set.clone()
    }

    fn of_policy(looker: &Looker<'_>, context: &Context<'_>) -> Result<Self> {
        let asked = &looker.asked;
        if asked.policy.sources.is_empty() {
            return Err(Failure::usage("no policy file in force has [statements]")
                .hint("name a set with --set FOLDER --key FILE, or begin one: assay vouch init"));
        }
        let reading = Reading {
            client: &asked.client,
            policy: &asked.policy,
            now: asked.now,
            latest: asked.signers.latest(),
        };
        let mut bundles = Vec::new();
        for source in &asked.policy.sources {
            let set = asked.signers.sets().of(source, reading)?;
            set.remarks.iter().for_each(|it| context.ui.warn(it));
            bundles.extend(set.parts.iter().map(|part| Shared {
                source: source.label.clone(),
                place: part.document.clone(),
                bundle: part.bundle.clone(),
            }));
        }
        Ok(Self {
            policy: asked.policy.clone(),
            bundles,
            now: asked.now,
            set: folder(asked.now, context)?,
        })
    }

    /// A set that no policy file names: what was looked at, and what is exempt.
    fn of_set(set: &Set, keys: Vec<TrustedKey>, now: Timestamp) -> Result<Self> {
        let labels: BTreeSet<_> = keys.iter().map(|it| it.label.clone()).collect();
        let mut policy = Policy::new(Cooldown::none());
        policy.keys = keys;
        let mut bundles = Vec::new();
        for criterion in ["looked-at", EXEMPT] {
            let label: Label = criterion.parse().map_err(Failure::usage)?;
            bundles.extend(shared(&label, set)?);
            policy.sources.push(Source {
                label,
                keys: labels.clone(),
                projects: None,
                criteria: BTreeSet::from([criterion.to_owned()]),
                place: set.shown().to_owned(),
            });
        }
        Ok(Self {
            policy,
            bundles,
            now,
            set: set.shown().to_owned(),
        })
    }

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
        for it in self.others(file)? {
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
    fn others(&self, file: &Present) -> Result<Vec<Present>> {
        let mut others = Vec::new();
        for shared in &self.bundles {
            let keys: Vec<_> = self.policy.keys.iter().collect();
            let said = shared
                .bundle
                .statements(&keys)
                .map_err(|it| set::refused(&shared.place, &it))?;
            for it in said {
                let statement = it.statement();
                if let (Predicate::Vouches(vouch), [subject]) =
                    (statement.predicate(), statement.subjects())
                    && vouch.project == *file.project()
                    && vouch.version != file.artifact.version
                {
                    others.push(other(file, &vouch.version, &subject.name, subject.sha256));
                }
            }
        }
        Ok(others)
    }

    fn is_exempting(&self, source: &Label) -> bool {
        let mut sources = self.policy.sources.iter();
        sources.any(|it| it.label == *source && it.criteria.contains(EXEMPT))
    }
}

fn other(file: &Present, version: &Version, name: &str, sha256: Sha256) -> Present {
    Present {
        artifact: Artifact {
            version: version.clone(),
            file_name: name.to_owned(),
            size: None,
            ..file.artifact.clone()
        },
        sha256,
    }
}

/// The first folder that a policy file names: somebody else's set is elsewhere.
fn folder(now: Timestamp, context: &Context<'_>) -> Result<String> {
    let files = PolicyFiles::in_force(context.around, &context.folders, now)?;
    let folder = files.statements().into_iter().find_map(|it| match it.at {
        At::Folder(path) => Some(path),
        At::Https(_) => None,
    });
    let Some(folder) = folder else {
        return Ok("FOLDER".to_owned());
    };
    // The way from a policy file elsewhere may be long. One that cannot be found is shown as it is.
    let plain = |it: PathBuf| std::fs::canonicalize(&it).unwrap_or(it);
    let (folder, here) = (plain(folder), plain(context.around.working_dir.clone()));
    let shown = folder.strip_prefix(here).unwrap_or(&folder);
    Ok(shown.display().to_string())
}

fn shared(source: &Label, set: &Set) -> Result<Vec<Shared>> {
    set.check()?;
    let all = set.readable().map(|(place, bundle)| Shared {
        source: source.clone(),
        place: place.to_owned(),
        bundle: bundle.clone(),
    });
    Ok(all.collect())
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
