//! The trusted root from a TUF repository on loopback. What such a repository may say is tested
//! where it is judged; here it is about how its files arrive.

use assay_index::{ErrorKind, IndexError};
use assay_testkit::{
    publisher::TestSigstore,
    server::{Behaviour, Builder, IndexServer},
    tuf::TufRepository,
};
use assay_trust::attestation::KnownMetadata;

use crate::support::Fixture;

const NOW: &str = "2026-11-22T12:00:00Z";

fn repository() -> TufRepository {
    TufRepository::new(&TestSigstore::new().trusted_root_json())
}

fn served(repository: &TufRepository) -> Builder {
    let files = repository.files().into_iter();
    files.fold(IndexServer::builder(), |server, (path, bytes)| {
        server.page(&format!("/tuf/{path}"), "application/json", bytes)
    })
}

fn ask(
    fixture: &Fixture,
    repository: &TufRepository,
    known: &mut KnownMetadata,
) -> Result<String, IndexError> {
    let base = fixture.client.url(&fixture.server.url("/tuf")).unwrap();
    let now = NOW.parse().unwrap();
    let bootstrap = repository.first_root();
    fixture.client.trusted_root(&base, &bootstrap, known, now)
}

fn first(fixture: &Fixture, repository: &TufRepository) -> Result<String, IndexError> {
    ask(fixture, repository, &mut KnownMetadata::default())
}

#[test]
fn it_arrives_in_five_requests_and_the_unchanged_in_three() {
    let repository = repository();
    let fixture = Fixture::new(served(&repository));
    let mut known = KnownMetadata::default();
    let found = ask(&fixture, &repository, &mut known).unwrap();
    assert_eq!(found, repository.target);
    let paths = |fixture: &Fixture| -> Vec<String> {
        let requests = fixture.server.requests();
        requests.into_iter().map(|it| it.path).collect()
    };
    let asked = paths(&fixture);
    let first = [
        "/tuf/2.root.json",
        "/tuf/timestamp.json",
        "/tuf/1.snapshot.json",
    ];
    assert_eq!(asked[..3], first);
    assert_eq!(asked[3], "/tuf/1.targets.json");
    assert!(asked[4].starts_with("/tuf/targets/") && asked.len() == 5);

    fixture.server.clear_requests();
    ask(&fixture, &repository, &mut known).unwrap();
    assert_eq!(paths(&fixture).len(), 3);
}

#[test]
fn what_does_not_hold_is_a_matter_of_trust_and_what_does_not_come_is_not() {
    let mut repository = repository();
    let fixture = Fixture::new(served(&repository));
    let mut known = KnownMetadata::default();
    ask(&fixture, &repository, &mut known).unwrap();
    repository.version = 2;
    let newer = Fixture::new(served(&repository));
    ask(&newer, &repository, &mut known).unwrap();
    let error = ask(&fixture, &repository, &mut known).unwrap_err();
    assert!(matches!(error, IndexError::Forbidden { .. }));
    assert!(error.to_string().contains("rollback"), "{error}");
    assert_eq!(error.kind(), ErrorKind::Trust);

    let broken = served(&repository).behave("/tuf/timestamp.json", Behaviour::Status(500));
    let error = first(&Fixture::new(broken), &repository).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed, "{error}");
    let error = first(&Fixture::new(IndexServer::builder()), &repository).unwrap_err();
    assert!(matches!(error, IndexError::Answer { .. }));
    assert_eq!(error.kind(), ErrorKind::Failed, "{error}");
}

/// TUF calls them endless data and slow retrieval.
#[test]
fn neither_endless_nor_slow_files_are_waited_for() {
    let repository = repository();
    let path = "/tuf/timestamp.json";
    let with = |behaviour| {
        first(
            &Fixture::new(served(&repository).behave(path, behaviour)),
            &repository,
        )
    };
    assert!(with(Behaviour::Gzip).is_ok());
    let error = with(Behaviour::GzipBomb(1 << 20)).unwrap_err();
    assert!(
        matches!(error, IndexError::TooLarge { limit: 16_384, .. }),
        "{error}"
    );
    let pause = std::time::Duration::from_millis(20);
    let error = with(Behaviour::Drip(pause)).unwrap_err();
    assert!(matches!(error, IndexError::TimedOut { .. }), "{error}");
}

/// The end of the chain of roots looks like that at some stores.
#[test]
fn a_file_that_is_forbidden_is_not_there_and_one_that_fails_may_be() {
    let repository = repository();
    let with = |status| {
        let server = served(&repository).behave("/tuf/2.root.json", Behaviour::Status(status));
        first(&Fixture::new(server), &repository)
    };
    assert!(with(403).is_ok());
    assert!(with(404).is_ok());
    assert!(matches!(
        with(500),
        Err(IndexError::Status { status: 500, .. })
    ));
    assert!(matches!(
        with(401),
        Err(IndexError::Status { status: 401, .. })
    ));
}

#[test]
fn offline_nothing_is_asked() {
    let repository = repository();
    let fixture = Fixture::with(served(&repository), |it| it.offline = true);
    let error = first(&fixture, &repository).unwrap_err();
    assert!(matches!(error, IndexError::Offline { .. }));
    assert!(fixture.server.requests().is_empty());
}
