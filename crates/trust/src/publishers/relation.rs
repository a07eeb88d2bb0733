//! Whether a publisher is one that is known.

use super::Identity;
use crate::attestation::Kind;

/// What a publisher that signed is to one that is known, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// It is that one.
    Same,
    /// The same repository of the same owner, by their numbers, under another name.
    Moved,
    /// The same repository of the same owner, another workflow.
    NewWorkflow,
    /// The same repository, by its number, with another owner.
    Transferred,
    /// The name of a known repository, now that of another one: the old one was removed or renamed.
    Reused,
    /// Somebody else.
    Foreign,
}

impl Relation {
    /// What `seen` is to `known`. What is not said of the known one is not compared: where a user
    /// accepted a name without numbers, the name decides.
    pub fn of(known: &Identity, seen: &Identity) -> Self {
        if known.kind() != seen.kind() {
            return Self::Foreign;
        }
        let repository = match known.kind() {
            Kind::GitHub | Kind::GitLab => Self::of_repository(known, seen),
            Kind::Google | Kind::CircleCi if known.has_name_of(seen) => Self::Same,
            Kind::Google | Kind::CircleCi => Self::Foreign,
        };
        let has_workflow = known.workflow().is_none() || known.workflow() == seen.workflow();
        match repository {
            Self::Same | Self::Moved if !has_workflow => Self::NewWorkflow,
            other => other,
        }
    }

    fn of_repository(known: &Identity, seen: &Identity) -> Self {
        let has_name = known.has_name_of(seen);
        let has_owner = known.owner_id().is_none() || known.owner_id() == seen.owner_id();
        let has_number = match known.repository_id() {
            None => has_name,
            id => id == seen.repository_id(),
        };
        match (has_number, has_owner, has_name) {
            (true, true, true) => Self::Same,
            (true, true, false) => Self::Moved,
            (true, false, _) => Self::Transferred,
            (false, _, true) => Self::Reused,
            (false, _, false) => Self::Foreign,
        }
    }

    /// What it is to the nearest of several; with none of them it is somebody else.
    pub fn to_any<'a>(known: impl IntoIterator<Item = &'a Identity>, seen: &Identity) -> Self {
        let all = known.into_iter().map(|it| Self::of(it, seen));
        all.min().unwrap_or(Self::Foreign)
    }

    /// Whether it is the known publisher, if under a new name: nobody has to decide anything.
    pub fn is_known(self) -> bool {
        matches!(self, Self::Same | Self::Moved)
    }

    /// The fact, of a file that such a publisher signed.
    pub(super) fn fact(self) -> &'static str {
        match self {
            Self::Same => "its publisher is the known one",
            Self::Moved => "its publisher's repository has a new name",
            Self::NewWorkflow => "another workflow of the known repository published it",
            Self::Transferred => "the repository that publishes it belongs to somebody else now",
            Self::Reused => {
                "another repository published it, which has the name that the known one had"
            }
            Self::Foreign => "another publisher signed it than the known one",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &str = "github:owner/name:r.yml:repository-id=1:owner-id=2";

    fn relation(known: &str, seen: &str) -> Relation {
        Relation::of(&known.parse().unwrap(), &seen.parse().unwrap())
    }

    #[test]
    fn numbers_decide_over_names() {
        for (seen, is) in [
            (KNOWN, Relation::Same),
            (
                "github:Owner/Name:r.yml:repository-id=1:owner-id=2",
                Relation::Same,
            ),
            (
                "github:owner/new:r.yml:repository-id=1:owner-id=2",
                Relation::Moved,
            ),
            (
                "github:owner/name:s.yml:repository-id=1:owner-id=2",
                Relation::NewWorkflow,
            ),
            (
                "github:owner/new:s.yml:repository-id=1:owner-id=2",
                Relation::NewWorkflow,
            ),
            (
                "github:other/name:r.yml:repository-id=1:owner-id=3",
                Relation::Transferred,
            ),
            (
                "github:owner/name:r.yml:repository-id=1:owner-id=3",
                Relation::Transferred,
            ),
            (
                "github:owner/name:r.yml:repository-id=9:owner-id=2",
                Relation::Reused,
            ),
            ("github:owner/name:r.yml", Relation::Reused),
            (
                "github:other/name:r.yml:repository-id=9:owner-id=2",
                Relation::Foreign,
            ),
            (
                "gitlab:owner/name:r.yml:repository-id=1:owner-id=2",
                Relation::Foreign,
            ),
            ("google:a@example.com", Relation::Foreign),
        ] {
            assert_eq!(relation(KNOWN, seen), is, "{seen}");
        }
    }

    #[test]
    fn what_was_accepted_without_numbers_is_known_by_its_name() {
        assert_eq!(relation("github:owner/name", KNOWN), Relation::Same);
        assert_eq!(
            relation("github:owner/name:s.yml", KNOWN),
            Relation::NewWorkflow
        );
        assert_eq!(relation("github:owner/other", KNOWN), Relation::Foreign);
        assert_eq!(
            relation("github:owner/name:owner-id=3", KNOWN),
            Relation::Transferred
        );
    }

    #[test]
    fn an_address_is_all_and_a_project_has_definitions() {
        let google = "google:a@example.com";
        assert_eq!(relation(google, google), Relation::Same);
        assert_eq!(relation(google, "google:b@example.com"), Relation::Foreign);
        assert_eq!(relation("circleci:p:d", "circleci:p:d"), Relation::Same);
        assert_eq!(
            relation("circleci:p:d", "circleci:p:e"),
            Relation::NewWorkflow
        );
        assert_eq!(relation("circleci:p:d", "circleci:q:d"), Relation::Foreign);
    }

    #[test]
    fn the_nearest_of_several_counts() {
        let known: Vec<Identity> = ["github:a/b", "github:owner/name"]
            .map(|it| it.parse().unwrap())
            .into();
        let seen = KNOWN.parse().unwrap();
        assert_eq!(Relation::to_any(&known, &seen), Relation::Same);
        assert_eq!(Relation::to_any(&known[..1], &seen), Relation::Foreign);
        assert_eq!(Relation::to_any([], &seen), Relation::Foreign);
    }
}
