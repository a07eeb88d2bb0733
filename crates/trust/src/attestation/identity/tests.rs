use super::*;

const SHA: &str = "0123456789012345678901234567890123456789";

fn text(it: impl Into<String>) -> Option<String> {
    Some(it.into())
}

/// What a certificate of GitHub's or GitLab's claims.
fn claims(repository: &str, config: &str) -> FulcioCiClaims {
    let mut claims = FulcioCiClaims::default();
    claims.source_repository_uri = text(repository);
    claims.source_repository_identifier = text("1");
    claims.source_repository_owner_identifier = text("2");
    claims.source_repository_digest = text(SHA);
    claims.source_repository_ref = text("refs/tags/v1");
    claims.build_config_uri = text(format!("{repository}{config}"));
    claims
}

pub fn github() -> VerifiedPublisher {
    let mut claims = claims(
        "https://github.com/owner/name",
        "/.github/workflows/release.yml@refs/tags/v1",
    );
    claims.deployment_environment = text("release");
    read("https://token.actions.githubusercontent.com", &claims).unwrap()
}

pub fn circleci() -> VerifiedPublisher {
    read("https://oidc.circleci.com", &pipeline()).unwrap()
}

pub fn google() -> VerifiedPublisher {
    let email = SubjectAltName::Email("a@example.com".to_owned());
    let issuer = Some("https://accounts.google.com");
    VerifiedPublisher::from_parts(issuer, Some(&email), &FulcioCiClaims::default()).unwrap()
}

fn pipeline() -> FulcioCiClaims {
    let mut claims = FulcioCiClaims::default();
    claims.build_signer_uri =
        text("https://circleci.com/api/v2/projects/p1/pipeline-definitions/d1");
    claims.source_repository_uri = text("github.com/owner/name");
    claims.source_repository_ref = text("refs/heads/main");
    claims
}

fn read(issuer: &str, claims: &FulcioCiClaims) -> Result<VerifiedPublisher, Rule> {
    VerifiedPublisher::from_parts(Some(issuer), None, claims).map_err(|it| it.rule)
}

#[test]
fn a_workflow_belongs_to_its_repository_at_its_commit_or_reference() {
    let issuer = "https://token.actions.githubusercontent.com";
    let built = |repository: &str, config: &str| read(issuer, &claims(repository, config));
    let here = "https://github.com/owner/name";
    for at in ["refs/tags/v1", SHA] {
        let found = built(here, &format!("/.github/workflows/release.yml@{at}")).unwrap();
        assert_eq!(found.repository(), Some("owner/name"));
        assert_eq!(found.workflow(), Some("release.yml"));
        assert_eq!(found.repository_id(), Some("1"));
        assert_eq!(found.owner_id(), Some("2"));
        assert_eq!(found.commit(), Some(SHA));
    }
    for (repository, config) in [
        (here, "/.github/workflows/release.yml@refs/heads/main"),
        (here, "/.github/workflows/@refs/tags/v1"),
        (here, "/other/release.yml@refs/tags/v1"),
        (here, "2/.github/workflows/release.yml@refs/tags/v1"),
        (
            "https://github.com/owner",
            "/.github/workflows/r.yml@refs/tags/v1",
        ),
        (
            "https://github.com/owner/",
            "/.github/workflows/r.yml@refs/tags/v1",
        ),
        (
            "https://github.com.example.com/o/n",
            "/.github/workflows/r.yml@refs/tags/v1",
        ),
    ] {
        assert_eq!(
            built(repository, config),
            Err(Rule::Identity),
            "{repository}{config}"
        );
    }
}

#[test]
fn what_identifies_a_repository_for_ever_has_to_be_there() {
    let issuer = "https://token.actions.githubusercontent.com";
    let whole = claims(
        "https://github.com/owner/name",
        "/.github/workflows/r.yml@refs/tags/v1",
    );
    assert!(read(issuer, &whole).is_ok());
    let without = |change: fn(&mut FulcioCiClaims)| {
        let mut claims = whole.clone();
        change(&mut claims);
        assert_eq!(read(issuer, &claims), Err(Rule::Identity));
    };
    without(|it| it.source_repository_identifier = None);
    without(|it| it.source_repository_owner_identifier = text(""));
    without(|it| it.source_repository_uri = None);
    without(|it| it.build_config_uri = None);
    without(|it| (it.source_repository_digest, it.source_repository_ref) = (None, None));
}

#[test]
fn gitlab_has_subgroups_and_paths() {
    let config = "//ci/release.yml@refs/tags/v1";
    let found = |host: &str| read("https://gitlab.com", &claims(host, config));
    let publisher = found("https://gitlab.com/a/b/c").unwrap();
    assert_eq!(publisher.repository(), Some("a/b/c"));
    assert_eq!(publisher.workflow(), Some("ci/release.yml"));
    assert_eq!(found("https://github.com/a/b"), Err(Rule::Identity));
}

#[test]
fn google_is_an_address_and_circleci_a_pipeline() {
    assert_eq!(google().email(), Some("a@example.com"));
    let uri = SubjectAltName::Uri("a@example.com".to_owned());
    let issuer = Some("https://accounts.google.com");
    let none = FulcioCiClaims::default();
    assert!(VerifiedPublisher::from_parts(issuer, Some(&uri), &none).is_err());
    assert_eq!(circleci().repository_id(), Some("p1"));
    assert_eq!(circleci().workflow(), Some("d1"));
    let mut deeper = pipeline();
    deeper.build_signer_uri = deeper.build_signer_uri.map(|it| it + "/more");
    assert_eq!(
        read("https://oidc.circleci.com", &deeper),
        Err(Rule::Identity)
    );
}

#[test]
fn an_issuer_that_nobody_knows_names_nobody() {
    assert_eq!(
        read("https://oidc.example.com", &pipeline()),
        Err(Rule::Identity)
    );
    let nobody = VerifiedPublisher::from_parts(None, None, &pipeline());
    assert_eq!(nobody.unwrap_err().rule, Rule::Identity);
}
