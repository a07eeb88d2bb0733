use std::fs;

use assay_index::ClientConfig;
use assay_testkit::{publisher::TestSigstore, server::IndexServer, tuf::TufRepository};
use tempfile::TempDir;

use super::*;

const NOW: &str = "2026-11-22T12:00:00Z";

/// A user, and a TUF repository on loopback.
struct Place {
    folder: TempDir,
    repository: TufRepository,
    known: KnownTrustRoot,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let repository = TufRepository::new(&TestSigstore::new().trusted_root_json());
        let known = KnownTrustRoot {
            bootstrap: Cow::Owned(repository.first_root()),
            ..KnownTrustRoot::new(folder.path())
        };
        Self {
            folder,
            repository,
            known,
        }
    }

    fn renew(&self, now: &str) -> Result<Renewed> {
        let files = self.repository.files().into_iter();
        let server = files.fold(IndexServer::builder(), |server, (path, bytes)| {
            server.page(&format!("/tuf/{path}"), "application/json", bytes)
        });
        let server = server.start();
        let from = server.url("/tuf/");
        self.known
            .renew(&self.client(), Some(&from), now.parse().unwrap())
    }

    fn client(&self) -> Client {
        let mut config = ClientConfig::new(self.folder.path().join("cache"));
        config.retries = 0;
        Client::new(config).unwrap()
    }

    fn in_force(&self) -> RootInForce {
        self.known.in_force().unwrap()
    }

    fn is_carried(&self) -> bool {
        self.in_force().root.digest() == TrustRoot::production_digest()
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join("sigstore").join(name)
    }

    fn is_due(&self, occasion: Occasion, now: &str) -> bool {
        self.known.is_due(occasion, now.parse().unwrap()).unwrap()
    }
}

#[test]
fn a_renewed_root_is_in_force_and_the_carried_one_before() {
    let mut place = Place::new();
    assert!(place.is_carried());
    let renewed = place.renew(NOW).unwrap();
    assert!(renewed.is_new);
    let found = place.in_force();
    assert_eq!(found.root.digest(), renewed.digest);
    assert_eq!(found.trouble, None);
    let text = fs::read_to_string(place.path(ROOT)).unwrap();
    assert_eq!(text, place.repository.target);

    assert!(!place.renew(NOW).unwrap().is_new);
    place.repository.version = 2;
    place.repository.target = TestSigstore::new().trusted_root_json();
    assert!(place.renew(NOW).unwrap().is_new);
}

#[test]
fn a_failed_renewal_leaves_the_root_in_force_and_what_was_seen() {
    let mut place = Place::new();
    place.renew(NOW).unwrap();
    let before = place.in_force().root.digest();
    place.repository.version = 2;
    place.repository.target = "{}".to_owned();
    assert!(place.renew(NOW).is_err());
    assert_eq!(place.in_force().root.digest(), before);

    place.repository.target = TestSigstore::new().trusted_root_json();
    place.repository.version = 1;
    let error = place.renew(NOW).unwrap_err().to_string();
    assert!(error.contains("rollback"), "{error}");
    place.repository.version = 3;
    assert!(place.renew(NOW).unwrap().is_new);
}

#[test]
fn a_kept_root_counts_as_it_was_verified_and_by_this_assay() {
    let place = Place::new();
    let renewed = place.renew(NOW).unwrap();
    let whole = fs::read_to_string(place.path(ROOT)).unwrap();
    let notes = fs::read_to_string(place.path(NOTES)).unwrap();
    let carried = TrustRoot::production_digest().to_string();
    let other_assay = notes.replace(&carried, &"0".repeat(64));
    for (root, notes, says) in [
        (&whole[..whole.len() / 2], &*notes, "does not count"),
        (
            &*TestSigstore::new().trusted_root_json(),
            &*notes,
            "not the one",
        ),
        (&*whole, "{", "damaged"),
    ] {
        fs::write(place.path(ROOT), root).unwrap();
        fs::write(place.path(NOTES), notes).unwrap();
        assert!(place.is_carried(), "{says}");
        let trouble = place.in_force().trouble.unwrap();
        assert!(trouble.contains(says), "{trouble}");
    }
    fs::write(place.path(ROOT), &whole).unwrap();
    fs::write(place.path(NOTES), other_assay).unwrap();
    assert!(place.is_carried() && place.in_force().trouble.is_none());
    fs::write(place.path(NOTES), &notes).unwrap();
    fs::remove_file(place.path(ROOT)).unwrap();
    assert!(place.is_carried());
    fs::write(place.path(ROOT), &whole).unwrap();
    assert_eq!(place.in_force().root.digest(), renewed.digest);

    fs::write(place.path(NOTES), "{").unwrap();
    assert!(place.renew(NOW).unwrap().is_new);
    assert_eq!(place.in_force().root.digest(), renewed.digest);
}

#[test]
fn by_itself_it_is_renewed_on_need_and_where_it_was_a_week_ago() {
    use Occasion::{Unknown, Weekly};
    let mut place = Place::new();
    assert!(place.is_due(Unknown, NOW));
    assert!(!place.is_due(Weekly, NOW));
    place.renew(NOW).unwrap();
    for (occasion, now, due) in [
        (Unknown, "2026-11-23T11:59:59Z", false),
        (Unknown, "2026-11-23T12:00:00Z", true),
        (Weekly, "2026-11-29T11:59:59Z", false),
        (Weekly, "2026-11-29T12:00:00Z", true),
        // The clock was put back.
        (Weekly, "2026-11-21T12:00:00Z", true),
    ] {
        assert_eq!(place.is_due(occasion, now), due, "{occasion:?} {now}");
    }
    // Another assay carries another root: which of them is newer is for the repository to say.
    let carried = TrustRoot::production_digest().to_string();
    let notes = fs::read_to_string(place.path(NOTES)).unwrap();
    let other = notes.replace(&carried, &"0".repeat(64));
    fs::write(place.path(NOTES), other).unwrap();
    assert!(place.is_due(Weekly, "2026-11-23T12:00:00Z"));
    assert!(!place.is_due(Weekly, "2026-11-23T11:59:59Z"));

    // An attempt that failed is one.
    place.repository.target = "{}".to_owned();
    let later = "2026-12-10T12:00:00Z";
    assert!(place.renew(later).is_err());
    assert!(!place.is_due(Unknown, later));
}

#[test]
fn offline_it_is_not_even_tried() {
    let place = Place::new();
    let mut config = place.client().config().clone();
    config.offline = true;
    let client = Client::new(config).unwrap();
    let now = NOW.parse().unwrap();
    let tried = place.known.renew_if_due(&client, Occasion::Unknown, now);
    assert!(tried.is_none());
    assert!(place.known.renew(&client, None, now).is_err());
}
