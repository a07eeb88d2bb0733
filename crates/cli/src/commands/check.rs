//! `assay check`.

use assay_install::Distribution;
use assay_types::{Printable, tags::Tags};

use super::{
    Context,
    conflicts::{unmet, versions},
    look::View,
};
use crate::{args::CheckArgs, failure::Result};

/// Says which requirements of installed distributions are not met, and which of these are built for
/// another platform; exit code 1 if there are any, or one whose metadata cannot be read.
pub fn run(args: &CheckArgs, context: &Context<'_>) -> Result<u8> {
    let view = View::everything(&args.target, context)?;
    let problems = Problems::of(&view);
    if context.ui.json() {
        let all: Vec<_> = problems.unreadable.iter().chain(&problems.found).collect();
        context
            .ui
            .json_output(&serde_json::json!({ "problems": all }))?;
        return Ok(problems.exit_code());
    }
    let unreadable = problems.unreadable.iter();
    unreadable.for_each(|it| context.ui.warn(it));
    if problems.exit_code() == 0 {
        context.ui.line("No broken requirements found.")?;
    }
    let mut found = problems.found.iter();
    found.try_for_each(|it| context.ui.output(Printable(it)))?;
    Ok(problems.exit_code())
}

/// What is wrong, in pip's sentences.
#[derive(Default)]
struct Problems {
    /// With what could be read.
    found: Vec<String>,
    /// What could not be read, for standard error.
    unreadable: Vec<String>,
}

impl Problems {
    fn of(view: &View) -> Self {
        let python = view.environment.interpreter().python();
        let versions = versions(&view.distributions);
        let mut problems = Self::default();
        for distribution in &view.distributions {
            match distribution.metadata() {
                Ok(metadata) => {
                    let unmet = unmet(&metadata, &versions, &python.markers);
                    problems.found.extend(unmet);
                }
                Err(error) => problems.is_unreadable("dependencies", distribution, &error),
            }
        }
        let tags = Tags::of(python);
        for distribution in &view.distributions {
            problems.add_platform(distribution, &tags);
        }
        problems
    }

    /// Somebody may have copied it from another machine. As with pip, a WHEEL that names no tag at
    /// all fits nowhere.
    fn add_platform(&mut self, distribution: &Distribution, tags: &Tags) {
        match distribution.wheel_tags() {
            Ok(Some(rows)) if !rows.iter().any(|it| tags.takes(it)) => {
                let (name, version) = (distribution.spelling(), distribution.version());
                let sentence = format!("{name} {version} is not supported on this platform");
                self.found.push(sentence);
            }
            Ok(_) => {}
            Err(error) => self.is_unreadable("WHEEL", distribution, &error),
        }
    }

    fn is_unreadable(
        &mut self,
        what: &str,
        distribution: &Distribution,
        error: &assay_install::Error,
    ) {
        let name = distribution.name();
        self.unreadable
            .push(format!("Error parsing {what} of {name}: {error}"));
    }

    fn exit_code(&self) -> u8 {
        u8::from(!(self.found.is_empty() && self.unreadable.is_empty()))
    }
}
