//! Transfers of files: whole, broken, continued, too long, encoded.

use std::{
    cell::Cell,
    fs,
    path::Path,
    sync::{Arc, LazyLock},
    time::Duration,
};

use assay_index::{ErrorKind, IndexError, evidence};
use assay_testkit::{
    server::{Behaviour, Builder, Upload},
    wheel::hex,
};
use assay_trust::Evidence;
use assay_types::{
    Digests,
    listing::{Location, Origin},
};
use sha2::{Digest as _, Sha256};

use crate::support::{DEMO, DEMO_PATH, Fixture, server};

/// Large enough for a file, a pattern that shows a wrong offset.
fn large() -> Vec<u8> {
    static PATTERN: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let rows = (0..625_000_u64).map(|it| it.to_le_bytes());
        rows.collect::<Vec<_>>().concat()
    });
    PATTERN.clone()
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn offering(bytes: &[u8], behaviour: Behaviour) -> Builder {
    server().wheel(DEMO, bytes).behave(DEMO_PATH, behaviour)
}

#[test]
fn small_and_large_files_arrive_whole() {
    for bytes in [b"".to_vec(), b"bytes".to_vec(), large()] {
        let fixture = Fixture::new(server().wheel(DEMO, bytes.clone()));
        assert_eq!(fixture.fetch().unwrap(), sha256(&bytes));
        let left = fs::read_dir(fixture.folder.path().join("cache/staging"));
        assert_eq!(
            left.map_or(0, Iterator::count),
            0,
            "staging files have no names"
        );
    }
}

#[test]
fn progress_counts_bytes() {
    let fixture = Fixture::new(server().wheel(DEMO, large()));
    let seen = Cell::new(0);
    let progress = |bytes| {
        assert!(bytes > seen.get());
        seen.set(bytes);
    };
    fixture
        .client
        .fetch_file(&fixture.file(), &[], &progress)
        .unwrap();
    assert_eq!(seen.get(), 5_000_000);
}

#[test]
fn a_broken_transfer_continues_where_it_broke() {
    let builder = offering(&large(), Behaviour::drop_after(1_000_000, 3));
    let fixture = Fixture::with(builder, |it| it.retries = 3);
    assert_eq!(fixture.fetch().unwrap(), sha256(&large()));
    let requests = fixture.server.requests();
    let ranges: Vec<_> = requests
        .iter()
        .filter_map(|it| it.header("range"))
        .collect();
    assert_eq!(
        ranges,
        ["bytes=1000000-", "bytes=2000000-", "bytes=3000000-"]
    );
    assert!(
        requests
            .iter()
            .filter(|it| it.header("range").is_some())
            .all(|it| it.header("if-range").is_some())
    );
}

#[test]
fn answers_at_another_offset_are_never_appended() {
    for wrong in [
        Behaviour::RangeShiftedBack(7),
        Behaviour::IgnoreRange,
        Behaviour::WrongTotal,
    ] {
        let builder =
            offering(&large(), Behaviour::drop_after(1_000_000, 1)).behave(DEMO_PATH, wrong);
        let fixture = Fixture::with(builder, |it| it.retries = 3);
        assert_eq!(fixture.fetch().unwrap(), sha256(&large()));
    }
}

#[test]
fn without_a_validator_the_transfer_starts_over() {
    let weak = Behaviour::Header("ETag".into(), "W/\"x\"".into());
    let builder = offering(&large(), Behaviour::drop_after(1_000_000, 1)).behave(DEMO_PATH, weak);
    let fixture = Fixture::with(builder, |it| it.retries = 1);
    assert_eq!(fixture.fetch().unwrap(), sha256(&large()));
    assert!(
        fixture
            .server
            .requests()
            .iter()
            .all(|it| it.header("range").is_none())
    );
}

#[test]
fn no_retries_left_is_an_error() {
    let fixture = Fixture::new(offering(&large(), Behaviour::drop_after(10, 1)));
    assert!(matches!(
        fixture.fetch(),
        Err(IndexError::Connection { .. })
    ));
}

#[test]
fn more_than_announced_stops_at_once() {
    let announced = |size| {
        let upload = Upload::new(DEMO, large()).size(size);
        Fixture::new(
            server()
                .upload(upload)
                .behave(DEMO_PATH, Behaviour::NoLength),
        )
    };
    assert!(announced(Some(5_000_000)).fetch().is_ok());
    assert!(announced(None).fetch().is_ok());
    let error = announced(Some(4_999_999)).fetch().unwrap_err();
    assert!(
        matches!(
            error,
            IndexError::TooLarge {
                limit: 4_999_999,
                ..
            }
        ),
        "{error}"
    );
    assert!(matches!(
        announced(Some(5_000_001)).fetch(),
        Err(IndexError::Connection { .. })
    ));
}

#[test]
fn without_an_announced_size_there_is_a_limit() {
    for (limit, good) in [(5_000_000, true), (4_999_999, false)] {
        let upload = Upload::new(DEMO, large()).size(None);
        let fixture = Fixture::with(server().upload(upload), |it| it.largest_file = limit);
        assert_eq!(fixture.fetch().is_ok(), good);
    }
}

#[test]
fn an_encoded_file_is_refused() {
    let fixture = Fixture::new(offering(b"bytes", Behaviour::Gzip));
    let error = fixture.fetch().unwrap_err().to_string();
    assert!(error.contains("content encoding gzip"), "{error}");
    let request = fixture.server.requests().pop().unwrap();
    assert_eq!(request.header("accept-encoding"), Some("identity"));
}

#[test]
fn absence_and_refusal_are_errors() {
    for status in [404, 401, 403, 500] {
        let fixture = Fixture::new(offering(b"bytes", Behaviour::Status(status)));
        assert!(
            matches!(fixture.fetch(), Err(IndexError::Status { .. })),
            "{status}"
        );
    }
}

#[test]
fn a_dripping_file_is_given_up() {
    let drip = Behaviour::Drip(Duration::from_millis(50));
    let error = Fixture::new(offering(&large(), drip)).fetch().unwrap_err();
    assert!(matches!(error, IndexError::TimedOut { .. }), "{error}");
}

#[test]
fn longer_digests_are_measured_where_they_are_expected() {
    let fixture = Fixture::new(server().wheel(DEMO, b"bytes"));
    let mut expected = Digests::none();
    expected.insert("sha512", &"00".repeat(64)).unwrap();
    let staged = fixture
        .client
        .fetch_file(&fixture.file(), &[&expected], &|_| {})
        .unwrap();
    assert!(format!("{:?}", staged.measured()).contains("sha512"));
}

#[test]
fn what_the_index_lists_is_evidence() {
    let fixture = Fixture::new(server().wheel(DEMO, b"bytes"));
    let file = fixture.file();
    let [Evidence::Index { origin, digests }] = &evidence(&file)[..] else {
        panic!()
    };
    assert_eq!((origin, digests), (&file.origin, &file.digests));
}

#[test]
fn local_files_are_copied_and_others_refused() {
    let fixture = Fixture::new(server());
    let path = fixture.folder.path().join(DEMO);
    fs::write(&path, large()).unwrap();
    let staged = fixture.client.stage_path(&path, &[], &|_| {}).unwrap();
    fs::write(&path, b"changed").unwrap();
    assert_eq!(staged.measured().sha256().to_string(), sha256(&large()));

    let fifo = fixture.folder.path().join("fifo");
    rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, rustix::fs::Mode::RUSR).unwrap();
    for refused in [fifo.as_path(), fixture.folder.path(), "/dev/zero".as_ref()] {
        let error = fixture
            .client
            .stage_path(refused, &[], &|_| {})
            .unwrap_err();
        assert!(error.to_string().contains("not a regular file"), "{error}");
        assert_eq!(error.kind(), ErrorKind::Failed);
    }
    let missing = fixture.folder.path().join("missing");
    let error = fixture
        .client
        .stage_path(&missing, &[], &|_| {})
        .unwrap_err()
        .to_string();
    assert!(error.contains("missing"), "{error}");
}

#[test]
fn a_path_is_evidence_where_the_user_named_it_and_not_where_an_index_did() {
    let mut file = Fixture::new(server().wheel(DEMO, b"bytes")).file();
    file.location = Location::Path {
        path: "/x".into(),
        named_in: "requirements.txt:3".into(),
    };
    file.digests = Digests::none();
    assert!(evidence(&file).is_empty());
    file.origin = Origin::Direct(Arc::new("https://files.example/x".parse().unwrap()));
    assert!(evidence(&file).is_empty());
    for origin in [
        Origin::Local(Arc::from(Path::new("/x"))),
        Origin::FindLinks("/".into()),
    ] {
        file.origin = origin;
        let [Evidence::Local { named_in }] = &evidence(&file)[..] else {
            panic!()
        };
        assert_eq!(named_in, "requirements.txt:3");
    }
}
