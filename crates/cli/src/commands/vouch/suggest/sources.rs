//! Where statements are looked for, and whose count.

use std::{collections::BTreeSet, path::PathBuf};

use assay_trust::{
    Cooldown, Label, Policy, Source, TrustedKey,
    statement::{Bundle, Predicate, Subject, Vouch},
};
use assay_types::Timestamp;

use crate::{
    args::VouchSuggestArgs,
    commands::{
        Context,
        vouch::{
            keys,
            known::EXEMPT,
            looked::Looker,
            set::{Set, refused},
        },
    },
    failure::{Failure, Result},
    pipeline::Reading,
    settings::{At, PolicyFiles},
};

/// Where statements were looked for, and what counts.
pub struct Sources {
    /// Its keys and sources.
    pub(super) policy: Policy,
    pub(super) bundles: Vec<Shared>,
    /// Every vouch in them that somebody signed whose key is known; each is verified once.
    pub(super) vouches: Vec<(Subject, Vouch)>,
    pub(super) now: Timestamp,
    /// How the set is named that new vouches go to.
    set: String,
}

/// A part of a source's set.
pub(super) struct Shared {
    pub source: Label,
    pub place: String,
    pub bundle: Bundle,
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
            vouches: vouches(&bundles, &asked.policy)?,
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
            vouches: vouches(&bundles, &policy)?,
            policy,
            bundles,
            now,
            set: set.shown().to_owned(),
        })
    }
}

fn vouches(bundles: &[Shared], policy: &Policy) -> Result<Vec<(Subject, Vouch)>> {
    let keys: Vec<_> = policy.keys.iter().collect();
    let mut vouches = Vec::new();
    for Shared { place, bundle, .. } in bundles {
        let said = bundle.statements(&keys);
        for it in said.map_err(|it| refused(place, &it))? {
            let statement = it.statement();
            if let (Predicate::Vouches(vouch), [file]) =
                (statement.predicate(), statement.subjects())
            {
                vouches.push((file.clone(), vouch.clone()));
            }
        }
    }
    Ok(vouches)
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
