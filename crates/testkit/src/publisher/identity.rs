//! Who publishes: what a certificate says of them (Fulcio's `oid-info`), and what an index does.

use rcgen::{CustomExtension, SanType};
use serde_json::{Value, json};

const GITHUB: &str = "https://token.actions.githubusercontent.com";
const GITLAB: &str = "https://gitlab.com";
const GOOGLE: &str = "https://accounts.google.com";
const CIRCLECI: &str = "https://oidc.circleci.com";

/// The arc under which Fulcio writes claims.
const CLAIMS: [u64; 8] = [1, 3, 6, 1, 4, 1, 57264, 1];

/// A publisher of one of PEP 740's kinds, honest in every part that is not set otherwise.
#[derive(Debug, Clone)]
pub struct Publisher {
    kind: Kind,
    /// `owner/name`, an e-mail address or a project's id.
    name: String,
    workflow: String,
    repository_id: String,
    owner_id: String,
    environment: Option<String>,
    reference: String,
    commit: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    GitHub,
    GitLab,
    Google,
    CircleCi,
}

impl Publisher {
    /// The workflow `release.yml` of `owner/name`, run for the tag `v1.0`. Both ids follow from the
    /// names, so that another repository or owner has other ones.
    pub fn github(repository: &str) -> Self {
        Self::new(Kind::GitHub, repository, "release.yml")
    }

    /// The pipeline `.gitlab-ci.yml` of `group/…/name`, run for the tag `v1.0`; ids as on GitHub.
    pub fn gitlab(repository: &str) -> Self {
        Self::new(Kind::GitLab, repository, ".gitlab-ci.yml")
    }

    /// A service account of Google Cloud.
    pub fn google(email: &str) -> Self {
        Self::new(Kind::Google, email, "")
    }

    /// A pipeline definition of a project of CircleCI, both by id.
    pub fn circleci(project: &str, pipeline: &str) -> Self {
        Self::new(Kind::CircleCi, project, pipeline)
    }

    fn new(kind: Kind, name: &str, workflow: &str) -> Self {
        let owner = name.split('/').next().unwrap_or_default();
        let id = |text: &str| crc32fast::hash(text.as_bytes()).to_string();
        Self {
            kind,
            name: name.to_owned(),
            workflow: workflow.to_owned(),
            repository_id: id(name),
            owner_id: id(owner),
            environment: None,
            reference: "refs/tags/v1.0".to_owned(),
            commit: "0123456789abcdef0123456789abcdef01234567".to_owned(),
        }
    }

    /// Another workflow file or pipeline.
    pub fn workflow(mut self, name: &str) -> Self {
        self.workflow = name.to_owned();
        self
    }

    /// Another number of the repository, such as the one it had under another name.
    pub fn repository_id(mut self, id: &str) -> Self {
        self.repository_id = id.to_owned();
        self
    }

    /// Another number of the owner.
    pub fn owner_id(mut self, id: &str) -> Self {
        self.owner_id = id.to_owned();
        self
    }

    /// A deployment environment.
    pub fn environment(mut self, name: &str) -> Self {
        self.environment = Some(name.to_owned());
        self
    }

    /// What was built: a reference such as `refs/heads/main`, and a commit.
    pub fn built(mut self, reference: &str, commit: &str) -> Self {
        self.reference = reference.to_owned();
        self.commit = commit.to_owned();
        self
    }

    /// The publisher object of PEP 740, as an honest index has it.
    pub fn object(&self) -> Value {
        match self.kind {
            Kind::GitHub => json!({
                "kind": "GitHub",
                "repository": self.name,
                "workflow": self.workflow,
                "environment": self.environment,
            }),
            Kind::GitLab => json!({
                "kind": "GitLab",
                "repository": self.name,
                "workflow_filepath": self.workflow,
                "environment": self.environment,
            }),
            Kind::Google => json!({ "kind": "Google", "email": self.name }),
            Kind::CircleCi => json!({
                "kind": "CircleCI",
                "project_id": self.name,
                "pipeline_definition_id": self.workflow,
            }),
        }
    }

    /// The name in a certificate.
    pub(super) fn san(&self) -> SanType {
        let (kind, name): (fn(_) -> _, _) = match self.kind {
            Kind::Google => (SanType::Rfc822Name, self.name.clone()),
            _ => (SanType::URI, self.signer()),
        };
        kind(name.try_into().expect("an ASCII name"))
    }

    /// The claims in a certificate.
    pub(super) fn extensions(&self) -> Vec<CustomExtension> {
        let mut claims = vec![(8, self.issuer().to_owned())];
        if matches!(self.kind, Kind::GitHub | Kind::GitLab) {
            claims.extend([
                (9, self.signer()),
                (10, self.commit.clone()),
                (12, self.repository()),
                (13, self.commit.clone()),
                (14, self.reference.clone()),
                (15, self.repository_id.clone()),
                (17, self.owner_id.clone()),
                (18, self.signer()),
                (19, self.commit.clone()),
            ]);
            claims.extend(self.environment.clone().map(|it| (23, it)));
        } else if self.kind == Kind::CircleCi {
            claims.push((9, self.signer()));
        }
        claims
            .into_iter()
            .map(|(number, text)| claim(number, text_in_der(&text)))
            // The issuer's older form is the bare text.
            .chain([claim(1, self.issuer().into())])
            .collect()
    }

    fn issuer(&self) -> &'static str {
        match self.kind {
            Kind::GitHub => GITHUB,
            Kind::GitLab => GITLAB,
            Kind::Google => GOOGLE,
            Kind::CircleCi => CIRCLECI,
        }
    }

    fn repository(&self) -> String {
        let host = if self.kind == Kind::GitHub {
            "github.com"
        } else {
            "gitlab.com"
        };
        format!("https://{host}/{}", self.name)
    }

    /// The URL of what asked for the certificate.
    fn signer(&self) -> String {
        let (name, workflow) = (&self.name, &self.workflow);
        match self.kind {
            Kind::GitHub => {
                format!(
                    "{}/.github/workflows/{workflow}@{}",
                    self.repository(),
                    self.reference
                )
            }
            Kind::GitLab => format!("{}//{workflow}@{}", self.repository(), self.reference),
            Kind::CircleCi => {
                format!(
                    "https://circleci.com/api/v2/projects/{name}/pipeline-definitions/{workflow}"
                )
            }
            Kind::Google => name.clone(),
        }
    }
}

fn claim(number: u64, content: Vec<u8>) -> CustomExtension {
    let mut oid = CLAIMS.to_vec();
    oid.push(number);
    CustomExtension::from_oid_content(&oid, content)
}

/// As all claims are written from number 8 on.
fn text_in_der(text: &str) -> Vec<u8> {
    yasna::construct_der(|writer| writer.write_utf8_string(text))
}
