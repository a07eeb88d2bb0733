//! Which projects may be built from source.

use std::fmt;

use assay_types::{Printable, ProjectName};

use crate::{Policy, SourceBuilds, Stated};

impl Policy {
    /// Which rule says whether a project may be built from source, if any does: the tightest of them.
    pub fn source_builds(&self, project: &ProjectName) -> Option<&Stated<SourceBuilds>> {
        let covering = self.rules.iter().filter(|it| it.covers(project));
        let stated = covering.filter_map(|it| Some((it.author, it.source_builds.as_ref()?)));
        stated
            .min_by_key(|(author, it)| (it.value, *author))
            .map(|it| it.1)
    }

    /// Whether a project may be built from source, which is always done in a sandbox.
    pub fn may_build(&self, project: &ProjectName) -> Result<(), NotBuilt> {
        let Some(stated) = self.source_builds(project) else {
            return Ok(());
        };
        match stated.value {
            SourceBuilds::Sandbox => Ok(()),
            SourceBuilds::Named if self.builds.contains(project) => Ok(()),
            SourceBuilds::Named | SourceBuilds::Never => Err(NotBuilt {
                project: Some(project.clone()),
                stated: stated.clone(),
            }),
        }
    }

    /// Whether a source tree may be built whose project nobody knows before its build tells: only where
    /// no project may not be.
    pub fn may_build_nameless(&self) -> Result<(), NotBuilt> {
        let stated = self.rules.iter();
        let stated = stated.filter_map(|it| Some((it.author, it.source_builds.as_ref()?)));
        match stated.min_by_key(|(author, it)| (it.value, *author)) {
            Some((_, stated)) if stated.value != SourceBuilds::Sandbox => Err(NotBuilt {
                project: None,
                stated: stated.clone(),
            }),
            _ => Ok(()),
        }
    }
}

/// A rule forbids to build a project; completes "only a source distribution, and …".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotBuilt {
    /// Whose code would have run, where that is known.
    pub project: Option<ProjectName>,
    /// The rule.
    pub stated: Stated<SourceBuilds>,
}

impl NotBuilt {
    /// What the user can do about it.
    pub fn way_out(&self) -> String {
        let Some(project) = &self.project else {
            return "its name is not known before it is built: write NAME @ in front of its URL"
                .to_owned();
        };
        match self.stated.value {
            SourceBuilds::Named => {
                format!("to build it in the sandbox, repeat with --allow-build {project}")
            }
            SourceBuilds::Never | SourceBuilds::Sandbox => {
                "no option lifts this: choose a version with a wheel, or change that rule"
                    .to_owned()
            }
        }
    }
}

impl fmt::Display for NotBuilt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Stated { value, place } = &self.stated;
        let place = Printable(place);
        write!(
            f,
            "{place} forbids to build it (source-builds = \"{value}\")"
        )
    }
}

impl std::error::Error for NotBuilt {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Author, Cooldown, Grant, Loosening, Rule};

    fn rule(author: Author, value: SourceBuilds) -> Rule {
        let place = format!("{author:?}:1:1");
        Rule {
            source_builds: Some(Stated { value, place }),
            ..Rule::new(author, None)
        }
    }

    /// Whether `a` may be built.
    #[track_caller]
    fn check(rules: &[(Author, SourceBuilds)], named: &[&str], refused: Option<&str>) {
        let mut policy = Policy::new(Cooldown::none());
        policy.builds = named.iter().map(|it| it.parse().unwrap()).collect();
        for (author, value) in rules {
            policy.add(rule(*author, *value)).unwrap();
        }
        let found = policy.may_build(&"a".parse().unwrap());
        let found = found.err().map(|it| format!("{it}; {}", it.way_out()));
        assert_eq!(found.as_deref(), refused);
    }

    #[test]
    fn without_a_rule_everything_may_be_built_in_the_sandbox() {
        check(&[], &[], None);
        check(&[(Author::Machine, SourceBuilds::Sandbox)], &[], None);
    }

    #[test]
    fn what_is_not_named_is_not_built_where_a_rule_asks_for_names() {
        let named = [(Author::User, SourceBuilds::Named)];
        check(&named, &["a"], None);
        check(
            &named,
            &["b"],
            Some(
                "User:1:1 forbids to build it (source-builds = \"named\"); to build it in the \
                 sandbox, repeat with --allow-build a",
            ),
        );
    }

    #[test]
    fn no_name_lifts_never_and_the_tightest_rule_counts() {
        let never = (Author::Project, SourceBuilds::Never);
        let refused = "Project:1:1 forbids to build it (source-builds = \"never\"); no option lifts \
                       this: choose a version with a wheel, or change that rule";
        check(&[never], &["a"], Some(refused));
        let sandbox = (Author::Machine, SourceBuilds::Sandbox);
        check(&[sandbox, never], &["a"], Some(refused));
    }

    #[test]
    fn what_has_no_name_is_built_only_where_everything_is() {
        let mut policy = Policy::new(Cooldown::none());
        policy
            .add(rule(Author::User, SourceBuilds::Sandbox))
            .unwrap();
        assert_eq!(policy.may_build_nameless(), Ok(()));
        let mut one = rule(Author::User, SourceBuilds::Named);
        one.projects = Some(vec![crate::ProjectPattern::parse("b").unwrap()]);
        policy.add(one).unwrap();
        assert!(policy.may_build(&"a".parse().unwrap()).is_ok());
        let refused = policy.may_build_nameless().unwrap_err();
        assert!(refused.way_out().contains("NAME @"));
    }

    #[test]
    fn a_grant_names_a_project_where_its_author_may_loosen() {
        let granting = |author| Rule {
            grants: vec![Stated {
                value: Grant::Build("a".parse().unwrap()),
                place: "p:2:1".to_owned(),
            }],
            ..Rule::new(author, None)
        };
        let judged = |author| -> Result<bool, Loosening> {
            let mut policy = Policy::new(Cooldown::none());
            policy.add(rule(Author::Machine, SourceBuilds::Named))?;
            policy.add(granting(author))?;
            Ok(policy.may_build(&"a".parse().unwrap()).is_ok())
        };
        assert_eq!(judged(Author::User), Ok(true));
        assert_eq!(judged(Author::Approved), Ok(true));
        assert_eq!(judged(Author::Project).unwrap_err().key, "build");
        assert_eq!(judged(Author::Requirements).unwrap_err().key, "build");
    }
}
