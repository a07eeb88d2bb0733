//! Which ages a file must have reached: the options' and the rules' together.

use std::fmt;

use assay_types::{
    Printable, ProjectName,
    listing::{File, Origin},
};

use crate::{Author, CooldownReason, Cutoff, Policy, Rule, Stated};

/// One limit on upload times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeLimit {
    /// From when on uploads wait; never [`Cutoff::None`].
    pub cutoff: Cutoff,
    /// The rule that says so; `None` for an option or the default.
    pub place: Option<String>,
    /// Whether an option of the user can take its place.
    pub may_be_lifted: bool,
}

impl fmt::Display for AgeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cutoff {
            Cutoff::None => f.write_str("no upload waits")?,
            Cutoff::Lenient(moment) => {
                write!(f, "uploads since {moment:.0} wait, unless pinned")?;
            }
            Cutoff::Strict(moment) => write!(f, "uploads since {moment:.0} wait")?,
        }
        match &self.place {
            None => Ok(()),
            Some(place) => write!(f, " ({})", Printable(place)),
        }
    }
}

/// An age that a file has not reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooFresh {
    /// The fact.
    pub reason: CooldownReason,
    /// The limit that it is about.
    pub limit: AgeLimit,
}

impl fmt::Display for TooFresh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.reason)?;
        match &self.limit.place {
            None => Ok(()),
            Some(place) => write!(f, " ({})", Printable(place)),
        }
    }
}

impl Policy {
    /// Pass 1: what the index page alone decides about one file.
    pub fn judge_file(&self, file: &File, pinned: bool) -> Option<TooFresh> {
        let limits = self.ages(file.name.project(), &file.origin);
        limits.into_iter().find_map(|limit| {
            let reason = limit.cutoff.judge(file, pinned)?;
            Some(TooFresh { reason, limit })
        })
    }

    /// The limits on a file, all of which it must keep: what the user says, and besides that what
    /// the machine's and the project's files say. An exemption in a file that the user approved is
    /// the user's word, where their own file has none as specific.
    pub fn ages(&self, project: &ProjectName, origin: &Origin) -> Vec<AgeLimit> {
        let mut limits = self.own_ages(project, origin);
        if !is_named(origin) {
            for author in [Author::Machine, Author::Approved, Author::Project] {
                let stated = self.stated_ages(author, Some(project));
                let stated = stated.or_else(|| self.stated_ages(author, None));
                let binding = stated.into_iter().flatten();
                limits.extend(binding.map(|it| AgeLimit {
                    may_be_lifted: false,
                    ..AgeLimit::stated(it)
                }));
            }
            limits.extend(self.listed_ages(project));
        }
        limits.retain(|it| it.cutoff != Cutoff::None);
        limits
    }

    /// What the user says, the more specific first, and of two that are equally specific the option.
    fn own_ages(&self, project: &ProjectName, origin: &Origin) -> Vec<AgeLimit> {
        let cooldown = &self.cooldown;
        let option = |cutoff: &Cutoff| vec![AgeLimit::option(*cutoff)];
        if let Some(cutoff) = cooldown.by_project.get(project) {
            return option(cutoff);
        }
        if is_named(origin) {
            return Vec::new();
        }
        let rules = |project| {
            let own = self.stated_ages(Author::User, project);
            let ages = own.or_else(|| self.approved_exemptions(project))?;
            Some(ages.into_iter().map(AgeLimit::stated).collect())
        };
        let by_index = cooldown.by_index.iter().find(|(it, _)| is_from(origin, it));
        by_index
            .map(|(_, cutoff)| option(cutoff))
            .or_else(|| rules(Some(project)))
            .or_else(|| cooldown.general.as_ref().map(option))
            .or_else(|| rules(None))
            .or_else(|| {
                let (index, cutoff) = cooldown.default.as_ref()?;
                is_from(origin, index).then(|| option(cutoff))
            })
            .unwrap_or_default()
    }

    /// What requirements files say: all of it, since no line of one stands in for another's.
    fn listed_ages(&self, project: &ProjectName) -> impl Iterator<Item = AgeLimit> {
        let listed = self.rules().filter(|it| it.author == Author::Requirements);
        let covering = listed.filter(|it| it.covers(project));
        let stated = covering.filter_map(|it| it.min_age.as_ref());
        stated.map(|it| AgeLimit {
            may_be_lifted: false,
            ..AgeLimit::stated(it)
        })
    }

    /// What the approved file says, where it exempts and nothing else.
    fn approved_exemptions(&self, project: Option<&ProjectName>) -> Option<Vec<&Stated<Cutoff>>> {
        let stated = self.stated_ages(Author::Approved, project);
        stated.filter(|all| all.iter().all(|it| it.value == Cutoff::None))
    }

    /// The ages of all rules of an author that cover a project, or of their `[policy]`; `None` where
    /// they say nothing.
    fn stated_ages(
        &self,
        author: Author,
        project: Option<&ProjectName>,
    ) -> Option<Vec<&Stated<Cutoff>>> {
        let is_meant = |rule: &&Rule| match project {
            Some(project) => rule.projects.is_some() && rule.covers(project),
            None => rule.projects.is_none(),
        };
        let theirs = self.rules().filter(|it| it.author == author);
        let ages: Vec<_> = theirs
            .filter(is_meant)
            .filter_map(|it| it.min_age.as_ref())
            .collect();
        (!ages.is_empty()).then_some(ages)
    }
}

impl AgeLimit {
    fn option(cutoff: Cutoff) -> Self {
        Self {
            cutoff,
            place: None,
            may_be_lifted: true,
        }
    }

    fn stated(stated: &Stated<Cutoff>) -> Self {
        Self {
            cutoff: stated.value,
            place: Some(stated.place.clone()),
            may_be_lifted: true,
        }
    }
}

/// The user named these bytes themselves; nobody can have slipped them in since.
fn is_named(origin: &Origin) -> bool {
    matches!(
        origin,
        Origin::Local(_) | Origin::Direct(_) | Origin::Repository(_)
    )
}

fn is_from(origin: &Origin, index: &assay_types::Url) -> bool {
    matches!(origin, Origin::Index(url) if url.as_ref() == index)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{Cooldown, ProjectPattern};

    fn hours(count: i64) -> Cutoff {
        Cutoff::Strict(assay_types::Timestamp::from_second(count * 3600).unwrap())
    }

    fn index() -> assay_types::Url {
        "https://index.example/simple/".parse().unwrap()
    }

    fn add(policy: &mut Policy, author: Author, pattern: Option<&str>, cutoff: Cutoff) {
        let parse = |it| vec![ProjectPattern::parse(it).unwrap()];
        let stated = Stated {
            value: cutoff,
            place: format!("{author:?}"),
        };
        let rule = Rule {
            min_age: Some(stated),
            ..Rule::new(author, pattern.map(parse))
        };
        policy.add(rule).unwrap();
    }

    fn of(policy: &Policy, origin: &Origin) -> Vec<Cutoff> {
        let limits = policy.ages(&"acme-core".parse().unwrap(), origin);
        limits.iter().map(|it| it.cutoff).collect()
    }

    #[test]
    fn of_what_the_user_says_the_most_specific_counts() {
        let origin = Origin::Index(Arc::new(index()));
        let mut policy = Policy::new(Cooldown {
            default: Some((index(), hours(1))),
            ..Cooldown::none()
        });
        assert_eq!(of(&policy, &origin), [hours(1)]);
        add(&mut policy, Author::User, None, hours(2));
        assert_eq!(of(&policy, &origin), [hours(2)]);
        policy.cooldown.general = Some(hours(3));
        assert_eq!(of(&policy, &origin), [hours(3)]);
        add(&mut policy, Author::User, Some("acme-*"), hours(4));
        add(&mut policy, Author::User, Some("other"), hours(40));
        assert_eq!(of(&policy, &origin), [hours(4)]);
        policy.cooldown.by_index.push((index(), hours(5)));
        assert_eq!(of(&policy, &origin), [hours(5)]);
        let project = "acme-core".parse().unwrap();
        policy.cooldown.by_project.insert(project, Cutoff::None);
        assert_eq!(of(&policy, &origin), []);
    }

    #[test]
    fn an_approved_file_exempts_where_ones_own_does_not_say_otherwise() {
        let origin = Origin::Index(Arc::new(index()));
        let mut policy = Policy::new(Cooldown {
            default: Some((index(), hours(1))),
            ..Cooldown::none()
        });
        add(&mut policy, Author::User, None, hours(2));
        add(&mut policy, Author::Approved, None, Cutoff::None);
        assert_eq!(of(&policy, &origin), [hours(2)]);
        add(&mut policy, Author::Approved, Some("acme-*"), Cutoff::None);
        assert_eq!(of(&policy, &origin), []);
        // Its longer ages are kept besides, as any project's, and the machine's are not lifted.
        add(&mut policy, Author::Approved, Some("acme-core"), hours(6));
        assert_eq!(of(&policy, &origin), [hours(2), hours(6)]);
        add(&mut policy, Author::Machine, None, hours(9));
        assert_eq!(of(&policy, &origin), [hours(2), hours(9), hours(6)]);
        add(&mut policy, Author::User, Some("acme-core"), hours(5));
        assert_eq!(of(&policy, &origin), [hours(5), hours(9), hours(6)]);
    }

    #[test]
    fn no_line_of_a_requirements_file_stands_in_for_another_rule() {
        let origin = Origin::Index(Arc::new(index()));
        let mut policy = Policy::new(Cooldown::none());
        add(&mut policy, Author::Project, None, hours(9));
        add(
            &mut policy,
            Author::Requirements,
            Some("acme-core"),
            hours(8),
        );
        add(&mut policy, Author::Requirements, None, hours(7));
        add(&mut policy, Author::Requirements, Some("other"), hours(6));
        assert_eq!(of(&policy, &origin), [hours(9), hours(8), hours(7)]);
    }

    #[test]
    fn what_the_machine_and_the_project_say_is_kept_besides() {
        let origin = Origin::Index(Arc::new(index()));
        let mut policy = Policy::new(Cooldown::general(Cutoff::None));
        add(&mut policy, Author::Machine, None, hours(9));
        add(&mut policy, Author::Project, None, hours(8));
        add(&mut policy, Author::User, Some("*"), Cutoff::None);
        assert_eq!(of(&policy, &origin), [hours(9), hours(8)]);
        // Within one file its rules go before its `[policy]`, and an exemption is no limit.
        add(&mut policy, Author::Machine, Some("acme-*"), Cutoff::None);
        assert_eq!(of(&policy, &origin), [hours(8)]);
        add(&mut policy, Author::Machine, Some("*"), hours(7));
        assert_eq!(of(&policy, &origin), [hours(7), hours(8)]);
        // Nobody slipped in what the user named.
        let named = Origin::Local(std::path::PathBuf::from("/w.whl").into());
        assert_eq!(of(&policy, &named), []);
    }
}
