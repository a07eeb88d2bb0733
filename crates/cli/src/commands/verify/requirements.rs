//! `assay verify NAME…`: what an install would take, judged and not installed.

use super::report::Row;
use crate::{
    args::{RequirementArgs, VerifyArgs},
    commands::{Context, admitted, fitting::Fitting, request::Asked, target},
    failure::Result,
};

/// Resolves as for an empty environment; fetches, admits and reads every wheel. The first refusal
/// that no other file gets round is the error.
pub fn judge(
    wanted: &RequirementArgs,
    args: &VerifyArgs,
    context: &Context<'_>,
) -> Result<Vec<Row>> {
    let interpreter = target::interpreter(context.python.as_deref(), context)?;
    let fitting = Fitting::new(&interpreter, &args.platform)?;
    let (resolve, markers) = (&args.resolve, &fitting.markers);
    let mut asked = Asked::new(wanted, resolve, &args.policy, &args.index, markers, context)?;
    asked.settle(&fitting, context)?;
    asked.check_any(wanted, "verify", context)?;
    asked.note_inapplicable(markers, context);
    let outcome = admitted::all(&asked, resolve, &fitting, context)?;
    let approved = outcome.new.iter().filter_map(|it| it.approved.as_ref());
    Ok(approved.map(|it| Row::accepted(it.admission())).collect())
}
