//! `assay verify`: an environment, files, or what an install would take.

mod addresses;
mod denied;
mod environment;
mod file;
mod other;
mod report;
mod requirements;

use super::{Context, request::Asked};
use crate::{
    args::{RequirementArgs, VerifyArgs},
    failure::{Failure, Result},
    inputs,
};
pub use file::{heard, listed};
use report::Report;

/// Compares the environment where nothing is named, else judges what is named and installs nothing.
/// Exit code 4 where something is refused.
pub fn run(args: &VerifyArgs, context: &Context<'_>) -> Result<u8> {
    let (files, names) = split(&args.wanted, context);
    check_provenance(args, &files, &names)?;
    if let (Some(path), Some(release)) = (&args.file, &args.release) {
        refuse_others(&files, &names)?;
        refuse_target(args)?;
        let asked = Asked::nothing(&args.policy, &args.index, context)?;
        let mut report = Report::default();
        report.add(other::judge(path, release, args, &asked, context)?);
        return report.print(context);
    }
    if files.is_empty() && is_nothing(&names) {
        return environment::run(&args.target, context);
    }
    refuse_target(args)?;
    let mut report = Report::default();
    if !files.is_empty() {
        let asked = Asked::nothing(&args.policy, &args.index, context)?;
        for it in &files {
            report.add(file::judge(it, args, &asked, context)?);
        }
    }
    if !is_nothing(&names) {
        requirements::judge(&names, args, context)?
            .into_iter()
            .for_each(|it| report.add(it));
    }
    report.print(context)
}

/// The files among the words, and everything else that was named. A word is a path where `install`
/// takes it for one; a folder stands for its wheels, which resolve together.
fn split(wanted: &RequirementArgs, context: &Context<'_>) -> (Vec<String>, RequirementArgs) {
    let is_file = |it: &String| {
        let is_url = it.contains(':') && !it.starts_with(['.', '/']);
        inputs::is_unnamed(it) && !is_url && !context.around.absolute(it.as_ref()).is_dir()
    };
    let (files, requirements) = wanted.requirements.iter().cloned().partition(is_file);
    let names = RequirementArgs {
        requirements,
        ..wanted.clone()
    };
    (files, names)
}

/// Whether nothing is asked for. Constraints alone ask for nothing.
fn is_nothing(wanted: &RequirementArgs) -> bool {
    wanted.requirements.is_empty()
        && wanted.requirement.is_empty()
        && wanted.group.is_empty()
        && wanted.requirements_from_script.is_empty()
        && wanted.editable.is_empty()
}

fn check_provenance(args: &VerifyArgs, files: &[String], names: &RequirementArgs) -> Result<()> {
    if args.provenance.is_none() || files.len() == 1 && is_nothing(names) {
        return Ok(());
    }
    Err(Failure::usage("--provenance is about one FILE")
        .hint("name that file, and nothing else: assay verify FILE --provenance FILE"))
}

fn refuse_others(files: &[String], names: &RequirementArgs) -> Result<()> {
    if files.is_empty() && is_nothing(names) {
        return Ok(());
    }
    Err(Failure::usage("--file names the one file to judge")
        .hint("wheels, sdists and names are judged by another assay verify"))
}

/// Nothing is compared with an environment where files or names are judged.
fn refuse_target(args: &VerifyArgs) -> Result<()> {
    let option = match &args.target {
        it if it.venv.is_some() => "--venv",
        it if it.target.is_some() => "--target",
        _ => return Ok(()),
    };
    Err(Failure::usage(format!(
        "{option} names an environment to verify, and nothing else can be named beside it"
    ))
    .hint("--python says for which Python files are chosen"))
}
