//! `assay diff`: two versions of a project, as a reviewer needs them.

mod changes;
mod facts;
mod hunks;
mod lines;
mod native;
mod print;
mod report;
mod row;
mod side;
mod site;
mod startup;
mod text;

use assay_types::ProjectName;

use super::{Context, look::View, target};
use crate::{
    args::DiffArgs,
    failure::{Failure, Result},
    settings::names,
};
pub use report::Report as Differences;
use report::Report;
pub use side::{Side, Wanted};

/// The exit code of `--exit-code`: 1, which other tools have for it, is assay's "could not".
const DIFFERS: u8 = 3;

/// Compares two wheels of a project that an install would take, and installs nothing.
pub fn run(args: &DiffArgs, context: &Context<'_>) -> Result<u8> {
    let name = names("diff", std::slice::from_ref(&args.name))?;
    let [name] = name.as_slice() else {
        return Err(Failure::usage("diff: name one project"));
    };
    let (first, second) = wanted(name, args, context)?;
    let environment = target::inspect(&args.review.target, context)?;
    let (interpreter, review) = (environment.interpreter(), &args.review);
    let find = |wanted| Side::find(name, wanted, interpreter, review, context);
    let (old, new) = (find(&first)?, find(&second)?);
    let max_lines = (!args.stat).then_some(args.max_lines);
    let report = Report::new(&old, &new, max_lines)?;
    if context.ui.json() {
        context.ui.json_output(&report)?;
    } else {
        print::print(&report, context.ui)?;
    }
    Ok(match args.exit_code && report.differs {
        true => DIFFERS,
        false => 0,
    })
}

/// The two that are named; what is not named is what is installed, and the newest.
fn wanted(name: &ProjectName, args: &DiffArgs, context: &Context<'_>) -> Result<(Wanted, Wanted)> {
    match (&args.first, &args.second) {
        (Some(first), Some(second)) => Ok((Wanted::parse(first)?, Wanted::parse(second)?)),
        (Some(only), None) => Ok((installed(name, args, context)?, Wanted::parse(only)?)),
        (None, _) => Ok((installed(name, args, context)?, Wanted::Newest)),
    }
}

fn installed(name: &ProjectName, args: &DiffArgs, context: &Context<'_>) -> Result<Wanted> {
    let view = View::everything(&args.review.target, context)?;
    let version = view.get(name).map(|it| it.version().clone());
    version.map(Wanted::Version).ok_or_else(|| {
        Failure::could_not(format!("{name} is not installed here"))
            .hint(format!("name two versions: assay diff {name} A B"))
    })
}
