//! Who a certificate was issued to, for the kinds of publishers that PEP 740's index knows.
//!
//! Everything is read from the extensions that the certificate authority wrote
//! (Fulcio's `oid-info`), nothing from what the index says.

use sigstore_verify::{
    SubjectAltName, VerificationResult,
    crypto::{CertificateInfo, FulcioCiClaims},
};

use super::{Rejection, Rule};

/// What kind of publisher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A workflow of GitHub Actions.
    GitHub,
    /// A pipeline of GitLab.
    GitLab,
    /// A service account of Google Cloud.
    Google,
    /// A pipeline of CircleCI.
    CircleCi,
}

impl Kind {
    /// Its name in PEP 740's publisher objects.
    pub fn name(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub",
            Self::GitLab => "GitLab",
            Self::Google => "Google",
            Self::CircleCi => "CircleCI",
        }
    }

    /// By who vouched for the identity to the certificate authority.
    fn of_issuer(issuer: &str) -> Option<Self> {
        Some(match issuer {
            "https://token.actions.githubusercontent.com" => Self::GitHub,
            "https://gitlab.com" => Self::GitLab,
            "https://accounts.google.com" => Self::Google,
            "https://oidc.circleci.com" => Self::CircleCi,
            _ => return None,
        })
    }
}

/// Who signed: made only by a verification that succeeded, from its certificate. Texts are unescaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedPublisher {
    kind: Kind,
    issuer: String,
    repository: Option<String>,
    repository_id: Option<String>,
    owner_id: Option<String>,
    workflow: Option<String>,
    email: Option<String>,
    environment: Option<String>,
    reference: Option<String>,
    commit: Option<String>,
}

impl VerifiedPublisher {
    /// What kind of publisher.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Who vouched for the identity, a URL.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// `owner/name`, with subgroups on GitLab; CircleCI tells host and path; Google has none.
    pub fn repository(&self) -> Option<&str> {
        self.repository.as_deref()
    }

    /// The repository's number, which a new name does not change; CircleCI's project.
    pub fn repository_id(&self) -> Option<&str> {
        self.repository_id.as_deref()
    }

    /// The number of the repository's owner, which a new name does not change.
    pub fn owner_id(&self) -> Option<&str> {
        self.owner_id.as_deref()
    }

    /// The workflow's file name (GitHub), the path of the pipeline's file (GitLab), the definition
    /// of the pipeline (CircleCI).
    pub fn workflow(&self) -> Option<&str> {
        self.workflow.as_deref()
    }

    /// The service account (Google).
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// The deployment environment; older certificates do not tell it.
    pub fn environment(&self) -> Option<&str> {
        self.environment.as_deref()
    }

    /// The branch or tag that was built, such as `refs/tags/v1.0`.
    pub fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    /// The commit that was built.
    pub fn commit(&self) -> Option<&str> {
        self.commit.as_deref()
    }

    /// Takes the identity out of a certificate that was verified, and of no other.
    pub(super) fn of(verified: &VerificationResult) -> Result<Self, Rejection> {
        let is_proven =
            verified.certificate_verified() && verified.sct_verified() && verified.tlog_verified();
        match verified.certificate() {
            Some(certificate) if is_proven => Self::read(certificate),
            _ => Err(unknown("the certificate was not verified")),
        }
    }

    fn read(certificate: &CertificateInfo) -> Result<Self, Rejection> {
        let issuer = certificate.issuer.as_deref();
        Self::from_parts(
            issuer,
            certificate.identity.as_ref(),
            &certificate.ci_claims,
        )
    }

    fn from_parts(
        issuer: Option<&str>,
        identity: Option<&SubjectAltName>,
        claims: &FulcioCiClaims,
    ) -> Result<Self, Rejection> {
        let issuer = issuer.ok_or_else(|| unknown("the certificate names no issuer"))?;
        let kind = Kind::of_issuer(issuer).ok_or_else(|| {
            unknown("the certificate's issuer is none that PEP 740's publishers use").found(issuer)
        })?;
        let mut publisher = Self {
            kind,
            issuer: issuer.to_owned(),
            repository: None,
            repository_id: claims.source_repository_identifier.clone(),
            owner_id: claims.source_repository_owner_identifier.clone(),
            workflow: None,
            email: None,
            environment: claims.deployment_environment.clone(),
            reference: claims.source_repository_ref.clone(),
            commit: claims.source_repository_digest.clone(),
        };
        match kind {
            Kind::GitHub => {
                publisher.build(claims, "https://github.com/", "/.github/workflows/")?
            }
            Kind::GitLab => publisher.build(claims, "https://gitlab.com/", "//")?,
            Kind::Google => publisher.email = Some(email(identity)?),
            Kind::CircleCi => publisher.pipeline(claims)?,
        }
        Ok(publisher)
    }

    /// GitHub and GitLab: the repository by its URL, the workflow by the URL of the build's
    /// configuration, which is `repository` `between` `workflow` `@` and the commit or the reference.
    fn build(
        &mut self,
        claims: &FulcioCiClaims,
        host: &str,
        between: &str,
    ) -> Result<(), Rejection> {
        let source = claim("source repository URI", &claims.source_repository_uri)?;
        let config = claim("build config URI", &claims.build_config_uri)?;
        let repository = source
            .strip_prefix(host)
            .filter(|it| it.split('/').count() >= 2 && it.split('/').all(|part| !part.is_empty()))
            .ok_or_else(|| odd("source repository URI", source))?;
        let workflow = [&self.commit, &self.reference]
            .into_iter()
            .flatten()
            .find_map(|at| {
                let config = config.strip_suffix(at.as_str())?.strip_suffix('@')?;
                config.strip_prefix(source)?.strip_prefix(between)
            })
            .filter(|it| !it.is_empty())
            .ok_or_else(|| odd("build config URI", config))?;
        for (what, id) in [
            ("repository identifier", &self.repository_id),
            ("owner identifier", &self.owner_id),
        ] {
            claim(what, id)?;
        }
        self.repository = Some(repository.to_owned());
        self.workflow = Some(workflow.to_owned());
        Ok(())
    }

    /// CircleCI: both ids stand in the URL of the signer; the repository is told where a repository
    /// started the pipeline.
    fn pipeline(&mut self, claims: &FulcioCiClaims) -> Result<(), Rejection> {
        let signer = claim("build signer URI", &claims.build_signer_uri)?;
        let (project, pipeline) = signer
            .strip_prefix("https://circleci.com/api/v2/projects/")
            .and_then(|it| it.split_once("/pipeline-definitions/"))
            .filter(|(project, pipeline)| {
                [project, pipeline]
                    .iter()
                    .all(|it| !it.is_empty() && !it.contains('/'))
            })
            .ok_or_else(|| odd("build signer URI", signer))?;
        self.repository.clone_from(&claims.source_repository_uri);
        self.repository_id = Some(project.to_owned());
        self.workflow = Some(pipeline.to_owned());
        Ok(())
    }
}

fn email(identity: Option<&SubjectAltName>) -> Result<String, Rejection> {
    match identity {
        Some(SubjectAltName::Email(email)) => Ok(email.clone()),
        _ => Err(unknown("the certificate names no e-mail address")),
    }
}

fn claim<'a>(what: &str, value: &'a Option<String>) -> Result<&'a str, Rejection> {
    let value = value.as_deref().filter(|it| !it.is_empty());
    value.ok_or_else(|| unknown("the certificate does not tell its publisher").missing(what))
}

fn odd(what: &str, value: &str) -> Rejection {
    unknown(format!(
        "the certificate's {what} is not of its publisher's form"
    ))
    .found(value)
}

fn unknown(fact: impl Into<String>) -> Rejection {
    Rejection::new(Rule::Identity, fact)
}

#[cfg(test)]
pub(super) mod tests;
