//! `--only-binary`, `--no-binary` and `--prefer-binary`.

use std::collections::BTreeMap;

use assay_types::ProjectName;

use super::named::Named;
use crate::{
    args::ChoiceArgs,
    failure::{Failure, Result},
};

/// Which kinds of files the user wants of which projects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Formats {
    by_project: BTreeMap<ProjectName, Only>,
    others: Option<Only>,
    /// Versions with wheels come before those that have to be built.
    pub prefer_wheels: bool,
}

/// One kind of files alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// `--only-binary`.
    Wheels,
    /// `--no-binary`.
    Sources,
}

impl Formats {
    /// What is wanted of a project alone, if that was said.
    pub fn of(&self, project: &ProjectName) -> Option<Only> {
        self.by_project.get(project).copied().or(self.others)
    }
}

/// What was typed and what requirements files say. A name counts for more than `:all:`, and what files
/// say counts where the command line says nothing of a project.
///
/// pip reads the options in the order in which they were typed, and lets files go before the command
/// line. Here the order does not matter: the same project in both options is an error.
pub fn formats(typed: &ChoiceArgs, in_files: &ChoiceArgs) -> Result<Formats> {
    let (typed, mut all) = (read(typed)?, read(in_files)?);
    let prefer_wheels = typed.prefer_wheels || all.prefer_wheels;
    if typed.others.is_some() {
        return Ok(Formats {
            prefer_wheels,
            ..typed
        });
    }
    all.by_project.extend(typed.by_project);
    Ok(Formats {
        prefer_wheels,
        ..all
    })
}

fn read(args: &ChoiceArgs) -> Result<Formats> {
    let wheels = Named::read("--only-binary", &args.only_binary)?;
    let sources = Named::read("--no-binary", &args.no_binary)?;
    if let Some(twice) = wheels.first_shared(&sources) {
        return Err(Failure::usage(format!(
            "--only-binary and --no-binary both name {twice}"
        )));
    }
    let others = match (wheels.all, sources.all) {
        (true, _) => Some(Only::Wheels),
        (_, true) => Some(Only::Sources),
        _ => None,
    };
    let wheels = wheels.projects.into_iter().map(|it| (it, Only::Wheels));
    let sources = sources.projects.into_iter().map(|it| (it, Only::Sources));
    Ok(Formats {
        by_project: wheels.chain(sources).collect(),
        others,
        prefer_wheels: args.prefer_binary,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(only_binary: &[&str], no_binary: &[&str]) -> ChoiceArgs {
        let owned = |it: &[&str]| it.iter().map(ToString::to_string).collect();
        ChoiceArgs {
            only_binary: owned(only_binary),
            no_binary: owned(no_binary),
            ..ChoiceArgs::default()
        }
    }

    /// What is said of the projects `a` and `b`.
    fn both(typed: &ChoiceArgs, in_files: &ChoiceArgs) -> Option<[Option<Only>; 2]> {
        let read = formats(typed, in_files).ok()?;
        Some(["a", "b"].map(|it| read.of(&it.parse().unwrap())))
    }

    #[test]
    fn a_name_counts_for_more_than_all() {
        let (wheels, sources) = (Some(Only::Wheels), Some(Only::Sources));
        let check = |only: &[&str], no: &[&str], expected| {
            let found = both(&choice(only, no), &ChoiceArgs::default());
            assert_eq!(found, Some(expected), "{only:?} {no:?}");
        };
        check(&[], &[], [None, None]);
        check(&["A,b"], &["c"], [wheels, wheels]);
        check(&[":all:"], &["a"], [sources, wheels]);
        check(&["a"], &[":all:"], [wheels, sources]);
        check(&[], &["a", ":none:,b"], [None, sources]);
        check(&[], &[":none:"], [None, None]);
        check(&["a", ":all:", ":none:"], &[], [None, None]);
    }

    #[test]
    fn a_file_yields_to_the_command_line() {
        let (wheels, sources) = (Some(Only::Wheels), Some(Only::Sources));
        let nothing = ChoiceArgs::default();
        let in_file = choice(&["a"], &["b"]);
        assert_eq!(both(&nothing, &in_file), Some([wheels, sources]));
        assert_eq!(both(&choice(&["b"], &[]), &in_file), Some([wheels, wheels]));
        let all_wheels = choice(&[":all:"], &[]);
        assert_eq!(both(&all_wheels, &in_file), Some([wheels, wheels]));
        let prefer = ChoiceArgs {
            prefer_binary: true,
            ..ChoiceArgs::default()
        };
        assert!(formats(&prefer, &nothing).unwrap().prefer_wheels);
        assert!(formats(&all_wheels, &prefer).unwrap().prefer_wheels);
        assert!(!formats(&all_wheels, &nothing).unwrap().prefer_wheels);
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let nothing = ChoiceArgs::default();
        for refused in [
            choice(&["a"], &["A"]),
            choice(&[":all:"], &[":all:"]),
            choice(&["no name"], &[]),
            choice(&[], &["no name"]),
        ] {
            assert_eq!(both(&refused, &nothing), None);
            assert_eq!(both(&nothing, &refused), None);
        }
    }
}
