//! Metadata sidecars: authenticated, kept, checked again.

use std::fs;

use assay_index::{ErrorKind, IndexError};
use assay_testkit::server::{Behaviour, Builder, Upload};

use crate::support::{DEMO, Fixture, server};

const SIDECAR: &str = "/files/demo-1.0-py3-none-any.whl.metadata";
const METADATA: &[u8] = b"Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n";

fn offering() -> Builder {
    server().upload(Upload::new(DEMO, b"x").sidecar(METADATA))
}

fn cached(builder: Builder) -> Fixture {
    Fixture::with(builder, |it| {
        it.state = Some(it.cache.with_file_name("state"));
    })
}

#[test]
fn a_sidecar_with_its_hash_arrives_and_is_kept() {
    let fixture = cached(offering());
    let file = fixture.file();
    for _ in 0..2 {
        let bytes = fixture.client.fetch_sidecar(&file).unwrap();
        assert_eq!(bytes.as_deref(), Some(METADATA));
    }
    assert_eq!(fixture.count(SIDECAR), 1);
}

#[test]
fn a_changed_sidecar_is_refused_and_not_kept() {
    let fixture = cached(offering().behave(SIDECAR, Behaviour::Body(b"Name: evil".to_vec())));
    let file = fixture.file();
    for _ in 0..2 {
        let error = fixture.client.fetch_sidecar(&file).unwrap_err();
        assert!(matches!(error, IndexError::Refused(_)), "{error}");
        assert_eq!(error.kind(), ErrorKind::Trust);
    }
    assert_eq!(fixture.count(SIDECAR), 2);
}

#[test]
fn a_kept_sidecar_is_hashed_again() {
    let fixture = cached(offering());
    let file = fixture.file();
    fixture.client.fetch_sidecar(&file).unwrap();
    let kept = fixture.client.config().cache.join("sidecars-v1");
    for entry in fs::read_dir(kept).unwrap() {
        fs::write(entry.unwrap().path(), b"Name: evil").unwrap();
    }
    assert_eq!(
        fixture.client.fetch_sidecar(&file).unwrap().as_deref(),
        Some(METADATA)
    );
    assert_eq!(fixture.count(SIDECAR), 2);
}

#[test]
fn without_a_hash_there_is_none() {
    let upload = Upload::new(DEMO, b"x").sidecar(METADATA).sidecar_hash(None);
    let fixture = Fixture::new(server().upload(upload));
    assert_eq!(fixture.client.fetch_sidecar(&fixture.file()).unwrap(), None);
    assert_eq!(fixture.count(SIDECAR), 0);
}

#[test]
fn a_sidecar_bomb_is_capped() {
    let fixture = Fixture::new(offering().behave(SIDECAR, Behaviour::GzipBomb(9 << 20)));
    let error = fixture.client.fetch_sidecar(&fixture.file()).unwrap_err();
    assert!(matches!(error, IndexError::TooLarge { .. }), "{error}");
}
