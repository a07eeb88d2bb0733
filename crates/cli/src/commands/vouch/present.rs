//! Files that are installed, or that an install would take: what has to be vouched for.

use std::sync::Arc;

use assay_install::Interpreter;
use assay_resolve::Upgrade;
use assay_trust::Artifact;
use assay_types::{ProjectName, Sha256, Timestamp, Version, listing::Origin};

use crate::{
    args::{ResolveArgs, ReviewArgs, VouchWantedArgs},
    commands::{
        Context,
        explain::{self, Explained},
        fitting::Fitting,
        look::View,
        request::Asked,
        target,
    },
    failure::Result,
    pipeline,
};

/// One file whose bytes are known by their digest. None of it is at hand.
#[derive(Debug, Clone)]
pub struct Present {
    pub artifact: Artifact,
    pub sha256: Sha256,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    pub files: Vec<Present>,
    /// Distributions of which nobody knows which file they came from, and why.
    pub unknown: Vec<(String, String)>,
}

/// What is installed, or with `-r` what an install would take.
pub fn find(wanted: &VouchWantedArgs, review: &ReviewArgs, context: &Context<'_>) -> Result<Found> {
    match wanted.is_empty() {
        true => installed(review, context),
        false => resolved(wanted, review, context),
    }
}

/// By the receipts that the user's state vouches for: anybody's installed code could write others.
fn installed(review: &ReviewArgs, context: &Context<'_>) -> Result<Found> {
    let view = View::everything(&review.target, context)?;
    let mut found = Found::default();
    for it in explain::all(&view, Timestamp::now(), context)? {
        match of_receipt(&it) {
            Ok(file) => found.files.push(file),
            Err(why) => {
                let name = format!("{} {}", it.project, it.version);
                found.unknown.push((name, why.to_owned()));
            }
        }
    }
    Ok(found)
}

fn of_receipt(it: &Explained) -> Result<Present, &'static str> {
    let receipt = match &it.receipt {
        None => return Err("there is no receipt: something else than assay installed it"),
        Some(_) if it.is_unvouched() => {
            return Err("nothing but the environment knows the receipt");
        }
        Some(_) if it.is_changed() => return Err("changed since the install"),
        Some(receipt) => receipt,
    };
    let unreadable = "the receipt cannot be read";
    let version: Version = it.version.parse().map_err(|_| unreadable)?;
    let sha256 = Sha256::from_hex(&receipt.sha256).ok_or(unreadable)?;
    Ok(Present {
        artifact: Artifact {
            project: it.project.clone(),
            version,
            file_name: receipt.file.clone(),
            origin: Origin::Local(Arc::from(std::path::Path::new(&receipt.origin))),
            size: None,
        },
        sha256,
    })
}

/// Resolves as for an empty environment, and fetches no wheel that has its metadata beside it.
fn resolved(wanted: &VouchWantedArgs, review: &ReviewArgs, context: &Context<'_>) -> Result<Found> {
    let environment = target::inspect(&review.target, context)?;
    let interpreter: &Interpreter = environment.interpreter();
    let fitting = Fitting::new(interpreter, &review.platform)?;
    let resolve = ResolveArgs {
        ignore_requires_python: review.ignore_requires_python,
        choice: review.choice.clone(),
        ..ResolveArgs::default()
    };
    let requirements = wanted.requirements();
    let (policy, index, markers) = (&review.policy, &review.index, &fitting.markers);
    let mut asked = Asked::new(&requirements, &resolve, policy, index, markers, context)?;
    asked.policy = asked.policy.for_review();
    asked.check_any(&requirements, "vouch for", context)?;
    let request = Arc::new(asked.request(&resolve, &fitting, Upgrade::No)?);
    let outcome = asked.answer(&request, &fitting, context, pipeline::run);
    let mut found = Found::default();
    for new in outcome?.new {
        let artifact = Artifact::of(&new.file);
        match new.file.digests.sha256() {
            Some(sha256) => found.files.push(Present { artifact, sha256 }),
            None => {
                let why = "the index lists no sha256".to_owned();
                found.unknown.push((artifact.file_name, why));
            }
        }
    }
    Ok(found)
}

impl Present {
    /// As people name it.
    pub fn name(&self) -> String {
        let (project, version) = (self.project(), &self.artifact.version);
        format!("{project} {version}")
    }

    /// Its project.
    pub fn project(&self) -> &ProjectName {
        &self.artifact.project
    }
}
