use std::{fs, os::unix::fs::PermissionsExt as _, thread};

use assay_trust::{PublisherPin, Term};
use assay_types::{Timestamp, Url, names};

use super::*;

struct Place {
    _folder: tempfile::TempDir,
    known: KnownPublishers,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let known = KnownPublishers::new(&folder.path().join("state"));
        Self {
            _folder: folder,
            known,
        }
    }

    fn path(&self) -> std::path::PathBuf {
        self.known.state.path().join(NAME)
    }

    fn pin(&self, project: &str) {
        self.known.update(|pins| set(pins, project)).unwrap();
    }

    fn pinned(&self) -> Vec<String> {
        let pins = self.known.read().unwrap();
        pins.iter().map(|it| it.1.to_string()).collect()
    }
}

fn set(pins: &mut PublisherPins, project: &str) {
    let mut pin = PublisherPin::new(Timestamp::UNIX_EPOCH);
    pin.identities
        .insert("github:o/n".parse().unwrap(), Term::Forever);
    let index = Url::parse("https://index.example/simple/").unwrap();
    pins.set(index, names::project(project).unwrap(), pin);
}

#[test]
fn none_where_there_is_no_file_and_what_was_written_afterwards() {
    let place = Place::new();
    assert!(place.pinned().is_empty());
    place.known.update(|_| ()).unwrap();
    assert!(!place.path().exists(), "what did not change is not written");
    place.pin("demo");
    assert_eq!(place.pinned(), ["demo"]);
    let before = fs::metadata(place.path()).unwrap().modified().unwrap();
    place.pin("demo");
    let after = fs::metadata(place.path()).unwrap().modified().unwrap();
    assert_eq!(before, after);
    let mode = fs::metadata(place.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(fs::read_dir(place.known.state.path()).unwrap().count(), 1);
}

#[test]
fn a_damaged_file_stops_and_stays_and_moving_it_aside_helps() {
    let place = Place::new();
    place.pin("demo");
    let whole = fs::read(place.path()).unwrap();
    let half = &whole[..whole.len() / 2];
    for bad in [&b""[..], half, b"garbage", b"[]", b"{}"] {
        fs::write(place.path(), bad).unwrap();
        for failure in [
            place.known.read().unwrap_err(),
            place.known.update(|pins| set(pins, "other")).unwrap_err(),
        ] {
            let text = failure.render(false);
            assert_eq!(failure.exit_code(), 1, "{text}");
            assert!(
                text.contains("is damaged: ") && text.contains("mv "),
                "{text}"
            );
        }
        assert_eq!(fs::read(place.path()).unwrap(), bad);
    }
    fs::remove_file(place.path()).unwrap();
    fs::create_dir(place.path()).unwrap();
    let failure = place.known.read().unwrap_err();
    assert!(failure.fact().contains("is damaged"), "{failure}");
    fs::remove_dir(place.path()).unwrap();
    assert!(place.pinned().is_empty());
}

#[test]
fn what_could_not_be_read_again_is_not_written() {
    let place = Place::new();
    place.pin("demo");
    let nobody = |pins: &mut PublisherPins| {
        let (index, project) = pins
            .iter()
            .next()
            .map(|it| (it.0.clone(), it.1.clone()))
            .unwrap();
        pins.set(index, project, PublisherPin::new(Timestamp::UNIX_EPOCH));
    };
    let failure = place.known.update(nobody).unwrap_err();
    assert!(failure.fact().contains("was not written"), "{failure}");
    assert_eq!(place.pinned(), ["demo"]);
}

#[test]
fn what_others_can_write_to_is_refused() {
    let place = Place::new();
    place.pin("demo");
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let state = place.known.state.path();
    for (path, bad, good) in [(state, 0o777, 0o755), (&place.path(), 0o666, 0o644)] {
        mode(path, bad);
        assert_eq!(place.known.read().unwrap_err().exit_code(), 4, "{path:?}");
        let changed = place.known.update(|pins| set(pins, "other"));
        assert_eq!(changed.unwrap_err().exit_code(), 4, "{path:?}");
        mode(path, good);
        assert_eq!(place.pinned(), ["demo"], "{path:?}");
    }
}

#[test]
fn of_several_at_once_none_loses_the_others_pins() {
    let place = Place::new();
    // One that was killed left this.
    place.known.state.write(LOCK, b"").unwrap();
    thread::scope(|scope| {
        for number in 0..16 {
            let place = &place;
            scope.spawn(move || place.pin(&format!("demo-{number}")));
        }
    });
    assert_eq!(place.pinned().len(), 16);
}
