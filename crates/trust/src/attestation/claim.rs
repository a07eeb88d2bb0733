//! Whom the index names as publisher (PEP 740). It is the index's word; [`Claim::check`] holds it
//! against the certificate's.

use serde::Deserialize;

use super::{Kind, Rejection, Rule, VerifiedPublisher};

/// The publisher object of an attestation bundle. A kind that is not listed here is refused where the
/// document is read; keys that are not listed, such as `claims`, are not read.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind")]
pub(super) enum Claim {
    GitHub {
        repository: String,
        workflow: String,
        environment: Option<String>,
    },
    GitLab {
        repository: String,
        workflow_filepath: String,
        environment: Option<String>,
    },
    Google {
        email: String,
    },
    CircleCI {
        project_id: String,
        pipeline_definition_id: String,
        vcs_origin: Option<String>,
        vcs_ref: Option<String>,
    },
}

impl Claim {
    /// Whether the certificate says the same, wherever the index says anything.
    pub(super) fn check(&self, publisher: &VerifiedPublisher) -> Result<(), Rejection> {
        let differs = |what: &str, claimed: &str, found: Option<&str>| {
            let fact = "the index names another publisher than the certificate";
            Err(Rejection::new(Rule::Publisher, fact)
                .found(format!(
                    "{what} {} in the certificate",
                    found.unwrap_or("absent")
                ))
                .missing(format!("{what} {claimed}, as the index has it")))
        };
        let kind = self.kind();
        if kind != publisher.kind() {
            return differs("kind", kind.name(), Some(publisher.kind().name()));
        }
        for (what, claimed, found) in self.pairs(publisher) {
            if found != Some(claimed) {
                return differs(what, claimed, found);
            }
        }
        match (self.environment(), publisher.environment()) {
            // Their names have no case, and older certificates do not tell any.
            (Some(claimed), Some(found)) if !claimed.eq_ignore_ascii_case(found) => {
                differs("environment", claimed, Some(found))
            }
            _ => Ok(()),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::GitHub { .. } => Kind::GitHub,
            Self::GitLab { .. } => Kind::GitLab,
            Self::Google { .. } => Kind::Google,
            Self::CircleCI { .. } => Kind::CircleCi,
        }
    }

    /// What is claimed, and what the certificate has there.
    fn pairs<'a>(
        &'a self,
        publisher: &'a VerifiedPublisher,
    ) -> Vec<(&'static str, &'a str, Option<&'a str>)> {
        let repository = publisher.repository();
        let workflow = publisher.workflow();
        match self {
            Self::GitHub {
                repository: claimed,
                workflow: file,
                ..
            }
            | Self::GitLab {
                repository: claimed,
                workflow_filepath: file,
                ..
            } => vec![
                ("repository", claimed, repository),
                ("workflow", file, workflow),
            ],
            Self::Google { email } => vec![("email", email, publisher.email())],
            Self::CircleCI {
                project_id,
                pipeline_definition_id,
                vcs_origin,
                vcs_ref,
            } => {
                let origin = given(vcs_origin).map(|it| ("origin", it, repository));
                let reference = given(vcs_ref).map(|it| ("ref", it, publisher.reference()));
                let mut pairs = vec![
                    ("project", project_id.as_str(), publisher.repository_id()),
                    ("pipeline", pipeline_definition_id, workflow),
                ];
                pairs.extend(origin);
                pairs.extend(reference);
                pairs
            }
        }
    }

    fn environment(&self) -> Option<&str> {
        match self {
            Self::GitHub { environment, .. } | Self::GitLab { environment, .. } => {
                given(environment)
            }
            Self::Google { .. } | Self::CircleCI { .. } => None,
        }
    }
}

/// Indexes write null or nothing at all for what a publisher does not restrict.
fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{
        super::identity::tests::{circleci, github, google},
        *,
    };

    fn agrees(claim: Value, publisher: &VerifiedPublisher) -> bool {
        let claim: Claim = serde_json::from_value(claim).unwrap();
        claim
            .check(publisher)
            .map_err(|it| assert_eq!(it.rule, Rule::Publisher))
            .is_ok()
    }

    #[test]
    fn the_index_may_name_nobody_but_the_signer() {
        let whole = json!({
            "kind": "GitHub", "repository": "owner/name", "workflow": "release.yml",
            "environment": "Release", "claims": null,
        });
        assert!(agrees(whole.clone(), &github()));
        for nothing in [Value::Null, "".into()] {
            let mut less = whole.clone();
            less["environment"] = nothing;
            assert!(agrees(less, &github()));
        }
        for (key, other) in [
            ("repository", "owner/other"),
            ("repository", "Owner/name"),
            ("workflow", "other.yml"),
            ("environment", "staging"),
        ] {
            let mut claim = whole.clone();
            claim[key] = other.into();
            assert!(!agrees(claim, &github()), "{key} {other}");
        }
        assert!(!agrees(whole, &google()));
    }

    #[test]
    fn an_account_and_a_pipeline_are_compared_too() {
        let account = |email: &str| json!({ "kind": "Google", "email": email });
        assert!(agrees(account("a@example.com"), &google()));
        assert!(!agrees(account("b@example.com"), &google()));
        let whole = json!({
            "kind": "CircleCI", "project_id": "p1", "pipeline_definition_id": "d1",
            "vcs_origin": "github.com/owner/name", "vcs_ref": "refs/heads/main",
        });
        assert!(agrees(whole.clone(), &circleci()));
        for key in [
            "project_id",
            "pipeline_definition_id",
            "vcs_origin",
            "vcs_ref",
        ] {
            let mut claim = whole.clone();
            claim[key] = "other".into();
            assert!(!agrees(claim, &circleci()), "{key}");
        }
        let mut less = whole;
        less["vcs_ref"] = Value::Null;
        assert!(agrees(less, &circleci()));
    }

    #[test]
    fn a_kind_that_nobody_knows_is_refused() {
        let claim = |kind: &str| json!({ "kind": kind, "email": "a@example.com" });
        assert!(serde_json::from_value::<Claim>(claim("Google")).is_ok());
        assert!(serde_json::from_value::<Claim>(claim("Example")).is_err());
    }
}
