//! `--all-files`: what the index has of a version.

use std::sync::Arc;

use assay_install::Interpreter;
use assay_resolve::Upgrade;
use assay_trust::Admission;
use assay_types::{ProjectName, Version};

use crate::{
    args::{RequirementArgs, ResolveArgs, ReviewArgs},
    commands::{Context, fitting::Fitting, request::Asked},
    failure::{Failure, Result},
    pipeline,
};

/// Fetches and admits every file of a version; there is one at least.
pub fn of(
    project: &ProjectName,
    version: &Version,
    interpreter: &Interpreter,
    review: &ReviewArgs,
    context: &Context<'_>,
) -> Result<Vec<Admission>> {
    let fitting = Fitting::new(interpreter, &review.platform)?;
    let requirements = RequirementArgs {
        requirements: vec![format!("{project}=={version}")],
        ..RequirementArgs::default()
    };
    let resolve = ResolveArgs {
        no_deps: true,
        choice: review.choice.clone(),
        ..ResolveArgs::default()
    };
    let (policy, index, markers) = (&review.policy, &review.index, &fitting.markers);
    let mut asked = Asked::new(&requirements, &resolve, policy, index, markers, context)?;
    asked.policy = asked.policy.for_review();
    let request = Arc::new(asked.request(&resolve, &fitting, Upgrade::No)?);
    let found = asked.answer(&request, &fitting, context, |world| {
        pipeline::every_file(world, project, version)
    })?;
    asked.note_time(context);
    match found.is_empty() {
        true => Err(Failure::could_not(format!(
            "no index has a file of {project} {version}"
        ))),
        false => Ok(found),
    }
}
