//! Documents beside a file: there, not there, or out of reach.

use std::{fs, sync::Arc};

use assay_index::{ErrorKind, IndexError, place_beside};
use assay_testkit::server::{Behaviour, Builder};
use assay_types::listing::{File, Location, Origin};

use crate::support::{DEMO, DEMO_PATH, Fixture, server};

const ENDING: &str = ".sshsig";
const LIMIT: u64 = 100;

fn path() -> String {
    format!("{DEMO_PATH}{ENDING}")
}

fn with(body: &[u8]) -> Builder {
    let builder = server().wheel(DEMO, b"x");
    builder.beside(&format!("{DEMO}{ENDING}"), body)
}

fn fetch(fixture: &Fixture) -> Result<Option<Vec<u8>>, IndexError> {
    let client = &fixture.client;
    client.fetch_beside(&fixture.file(), ENDING, LIMIT, true)
}

#[test]
fn what_lies_there_arrives_whole_and_what_does_not_is_none() {
    let there = Fixture::new(with(&[7; LIMIT as usize]));
    assert_eq!(fetch(&there).unwrap().unwrap(), [7; LIMIT as usize]);
    assert_eq!(
        place_beside(&there.file(), ENDING),
        there.server.url(&path())
    );
    let fixture = Fixture::new(server().wheel(DEMO, b"x"));
    assert_eq!(fetch(&fixture).unwrap(), None);
    let gone = Fixture::new(with(b"x").behave(&path(), Behaviour::Status(410)));
    assert_eq!(fetch(&gone).unwrap(), None);
}

#[test]
fn whatever_else_is_answered_is_not_none() {
    for status in [401, 403, 406, 500, 503, 204] {
        let fixture = Fixture::new(with(b"x").behave(&path(), Behaviour::Status(status)));
        let error = fetch(&fixture).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Failed);
        assert!(error.to_string().contains(&path()), "{error}");
    }
}

#[test]
fn a_longer_one_is_refused_also_where_it_inflates_to_that() {
    let long = Fixture::new(with(&[7; LIMIT as usize + 1]));
    assert!(fetch(&long).unwrap_err().is_too_large());
    let bomb = Fixture::new(with(b"x").behave(&path(), Behaviour::GzipBomb(1 << 20)));
    assert!(fetch(&bomb).unwrap_err().is_too_large());
}

#[test]
fn what_is_not_needed_is_tried_again_once() {
    for (is_needed, times) in [(true, 3), (false, 2)] {
        let builder = with(b"x").behave(&path(), Behaviour::Status(503));
        let fixture = Fixture::with(builder, |it| it.retries = 2);
        let file = fixture.file();
        let fetched = fixture.client.fetch_beside(&file, ENDING, LIMIT, is_needed);
        assert!(fetched.is_err());
        assert_eq!(fixture.count(&path()), times);
    }
}

#[test]
fn beside_a_path_it_is_read_from_there() {
    let fixture = Fixture::new(server().wheel(DEMO, b"x"));
    let path = fixture.folder.path().join(DEMO);
    let location = Location::Path {
        path: path.clone(),
        named_in: Arc::from("the command line"),
    };
    let origin = Origin::Local(Arc::from(path.as_path()));
    let file = File::new(fixture.file().name, location, origin);
    let fetch = || fixture.client.fetch_beside(&file, ENDING, LIMIT, true);
    assert_eq!(fetch().unwrap(), None);
    let beside = fixture.folder.path().join(format!("{DEMO}{ENDING}"));
    fs::write(&beside, b"signed").unwrap();
    assert_eq!(fetch().unwrap().unwrap(), b"signed");
    fs::write(&beside, [7; LIMIT as usize + 1]).unwrap();
    assert!(fetch().unwrap_err().is_too_large());
    fs::remove_file(&beside).unwrap();
    fs::create_dir(&beside).unwrap();
    assert!(matches!(fetch().unwrap_err(), IndexError::Io { .. }));
}
