//! `--pre`, `--all-releases` and `--only-final`.

use std::collections::BTreeSet;

use assay_resolve::Prereleases;
use assay_types::ProjectName;

use super::names;
use crate::{
    args::ChoiceArgs,
    failure::{Failure, Result},
};

const ALL: &str = ":all:";
const NONE: &str = ":none:";

/// Whose pre-releases count. `in_file` says whether a requirements file has `--pre`, which yields
/// to whatever the command line says of a project.
///
/// pip reads the two options in the order in which they were typed, and the last word on a project
/// counts. Here the order does not matter: the same project in both is an error.
pub fn prereleases(args: &ChoiceArgs, in_file: bool) -> Result<Prereleases> {
    let admitted = Named::read("--all-releases", &args.all_releases)?;
    let left_out = Named::read("--only-final", &args.only_final)?;
    if args.pre && !(admitted.is_empty() && left_out.is_empty()) {
        return Err(Failure::usage(
            "--pre cannot be used with --all-releases or --only-final",
        ));
    }
    if let Some(twice) = admitted.first_shared(&left_out) {
        return Err(Failure::usage(format!(
            "--all-releases and --only-final both name {twice}"
        )));
    }
    let others = match (admitted.all || args.pre, left_out.all) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => in_file.then_some(true),
    };
    let admitted = admitted.projects.into_iter().map(|it| (it, true));
    let left_out = left_out.projects.into_iter().map(|it| (it, false));
    Ok(Prereleases {
        by_project: admitted.chain(left_out).collect(),
        others,
    })
}

/// The values of one option.
#[derive(Default)]
struct Named {
    all: bool,
    projects: BTreeSet<ProjectName>,
}

impl Named {
    /// `:all:` and `:none:` take back what stands before them.
    fn read(option: &str, values: &[String]) -> Result<Self> {
        let mut named = Self::default();
        for value in values.iter().flat_map(|it| it.split(',')) {
            match value.trim() {
                ALL => {
                    named = Self {
                        all: true,
                        ..Self::default()
                    }
                }
                NONE => named = Self::default(),
                name => named.projects.extend(names(option, &[name.to_owned()])?),
            }
        }
        Ok(named)
    }

    fn is_empty(&self) -> bool {
        !self.all && self.projects.is_empty()
    }

    fn first_shared(&self, other: &Self) -> Option<String> {
        let shared = self.projects.intersection(&other.projects).next();
        let both_all = self.all && other.all;
        shared
            .map(ToString::to_string)
            .or_else(|| both_all.then(|| ALL.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of the projects `a` and `b`.
    fn read(all: &[&str], only: &[&str], pre: bool, file: bool) -> Option<[Option<bool>; 2]> {
        let owned = |it: &[&str]| it.iter().map(ToString::to_string).collect();
        let args = ChoiceArgs {
            pre,
            all_releases: owned(all),
            only_final: owned(only),
            ..ChoiceArgs::default()
        };
        let read = prereleases(&args, file).ok()?;
        Some(["a", "b"].map(|it| read.of(&it.parse().unwrap())))
    }

    #[test]
    fn a_name_counts_for_more_than_all() {
        assert_eq!(read(&[], &[], false, false), Some([None, None]));
        assert_eq!(read(&[], &[], true, false), Some([Some(true), Some(true)]));
        assert_eq!(
            read(&["A,b"], &["c"], false, false),
            Some([Some(true), Some(true)])
        );
        assert_eq!(
            read(&[":all:"], &["a"], false, false),
            Some([Some(false), Some(true)])
        );
        assert_eq!(
            read(&["a"], &[":all:"], false, false),
            Some([Some(true), Some(false)])
        );
        assert_eq!(
            read(&["a", ":none:,b"], &[], false, false),
            Some([None, Some(true)])
        );
        assert_eq!(
            read(&["a,:all:,:none:"], &[], false, false),
            Some([None, None])
        );
    }

    #[test]
    fn a_file_yields_to_the_command_line() {
        assert_eq!(
            read(&[], &["a"], false, true),
            Some([Some(false), Some(true)])
        );
        assert_eq!(
            read(&[], &[":all:"], false, true),
            Some([Some(false), Some(false)])
        );
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        assert_eq!(read(&["a"], &["A"], false, false), None);
        assert_eq!(read(&[":all:"], &[":all:"], false, false), None);
        assert_eq!(read(&["a"], &[], true, false), None);
        assert_eq!(read(&["no name"], &[], false, false), None);
    }
}
