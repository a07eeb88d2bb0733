//! `--pre`, `--all-releases` and `--only-final`.

use assay_resolve::Prereleases;

use super::named::Named;
use crate::{
    args::ChoiceArgs,
    failure::{Failure, Result},
};

/// Whose pre-releases count. What requirements files say counts where the command line says nothing
/// of a project.
///
/// pip reads the options in the order in which they were typed, and the last word on a project
/// counts. Here the order does not matter: the same project in both is an error.
pub fn prereleases(typed: &ChoiceArgs, in_files: &ChoiceArgs) -> Result<Prereleases> {
    if typed.pre && !(typed.all_releases.is_empty() && typed.only_final.is_empty()) {
        return Err(Failure::usage(
            "--pre cannot be used with --all-releases or --only-final",
        ));
    }
    let (typed, mut all) = (read(typed)?, read(in_files)?);
    if typed.others.is_some() {
        return Ok(typed);
    }
    all.by_project.extend(typed.by_project);
    Ok(all)
}

fn read(args: &ChoiceArgs) -> Result<Prereleases> {
    let admitted = Named::read("--all-releases", &args.all_releases)?;
    let left_out = Named::read("--only-final", &args.only_final)?;
    if let Some(twice) = admitted.first_shared(&left_out) {
        return Err(Failure::usage(format!(
            "--all-releases and --only-final both name {twice}"
        )));
    }
    let others = match (admitted.all || args.pre, left_out.all) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    };
    let admitted = admitted.projects.into_iter().map(|it| (it, true));
    let left_out = left_out.projects.into_iter().map(|it| (it, false));
    Ok(Prereleases {
        by_project: admitted.chain(left_out).collect(),
        others,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(all_releases: &[&str], only_final: &[&str]) -> ChoiceArgs {
        let owned = |it: &[&str]| it.iter().map(ToString::to_string).collect();
        ChoiceArgs {
            all_releases: owned(all_releases),
            only_final: owned(only_final),
            ..ChoiceArgs::default()
        }
    }

    fn pre() -> ChoiceArgs {
        ChoiceArgs {
            pre: true,
            ..ChoiceArgs::default()
        }
    }

    /// What is said of the projects `a` and `b`.
    fn both(typed: &ChoiceArgs, in_files: &ChoiceArgs) -> Option<[Option<bool>; 2]> {
        let read = prereleases(typed, in_files).ok()?;
        Some(["a", "b"].map(|it| read.of(&it.parse().unwrap())))
    }

    #[track_caller]
    fn check(all_releases: &[&str], only_final: &[&str], expected: [Option<bool>; 2]) {
        let typed = choice(all_releases, only_final);
        assert_eq!(both(&typed, &ChoiceArgs::default()), Some(expected));
    }

    #[test]
    fn a_name_counts_for_more_than_all() {
        let (yes, no) = (Some(true), Some(false));
        check(&[], &[], [None, None]);
        check(&["A,b"], &["c"], [yes, yes]);
        check(&[":all:"], &["a"], [no, yes]);
        check(&["a"], &[":all:"], [yes, no]);
        check(&["a", ":none:,b"], &[], [None, yes]);
        check(&["a,:all:,:none:"], &[], [None, None]);
        assert_eq!(both(&pre(), &ChoiceArgs::default()), Some([yes, yes]));
    }

    #[test]
    fn a_file_yields_to_the_command_line() {
        let (yes, no) = (Some(true), Some(false));
        assert_eq!(both(&choice(&[], &["a"]), &pre()), Some([no, yes]));
        assert_eq!(both(&choice(&[], &[":all:"]), &pre()), Some([no, no]));
        let in_files = choice(&["a"], &["b"]);
        assert_eq!(both(&ChoiceArgs::default(), &in_files), Some([yes, no]));
        assert_eq!(both(&choice(&["b"], &[]), &in_files), Some([yes, yes]));
        assert_eq!(both(&pre(), &in_files), Some([yes, yes]));
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let nothing = ChoiceArgs::default();
        for refused in [
            choice(&["a"], &["A"]),
            choice(&[":all:"], &[":all:"]),
            choice(&["no name"], &[]),
        ] {
            assert_eq!(both(&refused, &nothing), None);
            assert_eq!(both(&nothing, &refused), None);
        }
        let with_pre = ChoiceArgs {
            pre: true,
            ..choice(&["a"], &[])
        };
        assert_eq!(both(&with_pre, &nothing), None);
    }
}
