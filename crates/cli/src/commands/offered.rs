//! Asking the indexes what they offer, under the rules that an install would follow.

use std::sync::Arc;

use assay_install::Interpreter;
use assay_resolve::Request;
use assay_types::ProjectName;

use super::{Context, fitting::Fitting, request::Asked};
use crate::{
    args::{ChoiceArgs, IndexArgs, PlatformArgs, PolicyArgs},
    failure::Result,
    pipeline::{self, Offers},
    settings::{self, BuildSettings},
};

/// How to ask.
#[derive(Clone, Copy)]
pub struct How<'a> {
    pub platform: &'a PlatformArgs,
    pub ignore_requires_python: bool,
    pub choice: &'a ChoiceArgs,
    pub policy: &'a PolicyArgs,
    pub index: &'a IndexArgs,
}

/// What is offered of each project, in their order.
pub fn ask(
    projects: &[&ProjectName],
    interpreter: &Interpreter,
    how: How<'_>,
    context: &Context<'_>,
) -> Result<Vec<Result<Offers>>> {
    let fitting = Fitting::new(interpreter, how.platform)?;
    let mut asked = Asked::nothing(how.policy, how.index, context)?;
    asked.builds = BuildSettings::of_choice(how.choice)?;
    let request = Arc::new(Request {
        prereleases: settings::prereleases(how.choice, &ChoiceArgs::default())?,
        ignore_requires_python: how.ignore_requires_python,
        ..Request::new(fitting.markers.clone(), fitting.python.clone())
    });
    Ok(asked.answer(&request, &fitting, context, |world| {
        pipeline::offers(world, projects)
    }))
}
