//! `assay check`.

use std::collections::HashMap;

use assay_types::Printable;

use super::{Context, conflicts::unmet, look::View};
use crate::{args::CheckArgs, failure::Result};

/// Says which requirements of installed distributions are not met; exit code 1 if there are any.
pub fn run(args: &CheckArgs, context: &Context<'_>) -> Result<u8> {
    let view = View::everything(&args.target, context)?;
    let versions: HashMap<_, _> = view
        .distributions
        .iter()
        .map(|it| (it.name(), it.version()))
        .collect();
    let markers = &view.environment.interpreter().python().markers;
    let mut problems = Vec::new();
    for distribution in &view.distributions {
        match distribution.metadata() {
            Ok(metadata) => problems.extend(unmet(&metadata, &versions, markers)),
            Err(error) => problems.push(error.to_string()),
        }
    }
    if context.ui.json() {
        context
            .ui
            .json_output(&serde_json::json!({ "problems": problems }))?;
    } else if problems.is_empty() {
        context.ui.line("No broken requirements found.")?;
    } else {
        problems
            .iter()
            .try_for_each(|it| context.ui.output(Printable(it)))?;
    }
    Ok(u8::from(!problems.is_empty()))
}
