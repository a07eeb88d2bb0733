//! Who a certificate was issued to, for the kinds of publishers that PEP 740's index knows.
//!
//! Everything is read from the extensions that the certificate authority wrote
//! (Fulcio's `oid-info`), nothing from what the index says.

use sigstore_verify::{
    SubjectAltName, VerificationResult,
    crypto::{CertificateInfo, FulcioCiClaims},
};

use super::{Rejection, Rule};
use crate::Identity;

/// What kind of publisher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
    const ALL: [Self; 4] = [Self::GitHub, Self::GitLab, Self::Google, Self::CircleCi];

    /// Its name in PEP 740's publisher objects.
    pub fn name(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub",
            Self::GitLab => "GitLab",
            Self::Google => "Google",
            Self::CircleCi => "CircleCI",
        }
    }

    /// Its name where a person writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::GitHub => "github",
            Self::GitLab => "gitlab",
            Self::Google => "google",
            Self::CircleCi => "circleci",
        }
    }

    /// The kind of this [`word`](Self::word).
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }

    /// Who vouches for its identities to the certificate authority, a URL.
    pub fn issuer(self) -> &'static str {
        match self {
            Self::GitHub => "https://token.actions.githubusercontent.com",
            Self::GitLab => "https://gitlab.com",
            Self::Google => "https://accounts.google.com",
            Self::CircleCi => "https://oidc.circleci.com",
        }
    }

    fn of_issuer(issuer: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.issuer() == issuer)
    }
}

/// Who signed: made only by a verification that succeeded, from its certificate, or from what the state
/// remembers of one. Texts are unescaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedPublisher {
    pub(super) identity: Identity,
    /// CircleCI's repository, which is no part of its identity.
    pub(super) origin: Option<String>,
    pub(super) environment: Option<String>,
    pub(super) reference: Option<String>,
    pub(super) commit: Option<String>,
}

impl VerifiedPublisher {
    /// What tells it from others.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// What kind of publisher.
    pub fn kind(&self) -> Kind {
        self.identity.kind()
    }

    /// Who vouched for the identity, a URL.
    pub fn issuer(&self) -> &'static str {
        self.kind().issuer()
    }

    /// `owner/name`, with subgroups on GitLab; CircleCI tells host and path; Google has none.
    pub fn repository(&self) -> Option<&str> {
        match self.kind() {
            Kind::GitHub | Kind::GitLab => Some(self.identity.name()),
            Kind::Google => None,
            Kind::CircleCi => self.origin.as_deref(),
        }
    }

    /// The repository's number, which a new name does not change; CircleCI's project.
    pub fn repository_id(&self) -> Option<&str> {
        match self.kind() {
            Kind::CircleCi => Some(self.identity.name()),
            _ => self.identity.repository_id(),
        }
    }

    /// The number of the repository's owner, which a new name does not change.
    pub fn owner_id(&self) -> Option<&str> {
        self.identity.owner_id()
    }

    /// The workflow's file name (GitHub), the path of the pipeline's file (GitLab), the definition
    /// of the pipeline (CircleCI).
    pub fn workflow(&self) -> Option<&str> {
        self.identity.workflow()
    }

    /// The service account (Google).
    pub fn email(&self) -> Option<&str> {
        (self.kind() == Kind::Google).then(|| self.identity.name())
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
        let identity = match kind {
            Kind::GitHub => build(claims, kind, "https://github.com/", "/.github/workflows/")?,
            Kind::GitLab => build(claims, kind, "https://gitlab.com/", "//")?,
            Kind::Google => Identity::verified(kind, email(identity)?),
            Kind::CircleCi => pipeline(claims)?,
        };
        let origin = claims.source_repository_uri.clone();
        Ok(Self {
            identity,
            origin: origin.filter(|_| kind == Kind::CircleCi),
            environment: claims.deployment_environment.clone(),
            reference: claims.source_repository_ref.clone(),
            commit: claims.source_repository_digest.clone(),
        })
    }
}

/// GitHub and GitLab: the repository by its URL, the workflow by the URL of the build's
/// configuration, which is `repository` `between` `workflow` `@` and the commit or the reference.
fn build(
    claims: &FulcioCiClaims,
    kind: Kind,
    host: &str,
    between: &str,
) -> Result<Identity, Rejection> {
    let source = claim("source repository URI", &claims.source_repository_uri)?;
    let config = claim("build config URI", &claims.build_config_uri)?;
    let repository = source
        .strip_prefix(host)
        .filter(|it| Identity::is_name(kind, it))
        .ok_or_else(|| odd("source repository URI", source))?;
    let built = [
        &claims.source_repository_digest,
        &claims.source_repository_ref,
    ];
    let workflow = built
        .into_iter()
        .flatten()
        .find_map(|at| {
            let config = config.strip_suffix(at.as_str())?.strip_suffix('@')?;
            config.strip_prefix(source)?.strip_prefix(between)
        })
        .filter(|it| !it.is_empty())
        .ok_or_else(|| odd("build config URI", config))?;
    let id = claim(
        "repository identifier",
        &claims.source_repository_identifier,
    )?;
    let owner = claim(
        "owner identifier",
        &claims.source_repository_owner_identifier,
    )?;
    Ok(Identity::verified(kind, repository)
        .with_workflow(workflow)
        .with_ids(id, owner))
}

/// CircleCI: both ids stand in the URL of the signer; the repository is told where a repository
/// started the pipeline.
fn pipeline(claims: &FulcioCiClaims) -> Result<Identity, Rejection> {
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
    Ok(Identity::verified(Kind::CircleCi, project).with_workflow(pipeline))
}

fn email(identity: Option<&SubjectAltName>) -> Result<&str, Rejection> {
    match identity {
        Some(SubjectAltName::Email(email)) if !email.is_empty() => Ok(email),
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
