//! Pages that are kept: while fresh, when asked again, offline.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use assay_index::{Client, ClientConfig, IndexError, PageOutcome};
use assay_testkit::server::{Behaviour, Builder, IndexServer};

use crate::support::{DEMO, PAGE, config, demo, server};

fn site() -> Builder {
    server().wheel(DEMO, b"bytes")
}

/// A new client, as a new run of the program would make it.
fn ask(
    server: &IndexServer,
    folder: &Path,
    change: impl FnOnce(&mut ClientConfig),
) -> Result<usize, IndexError> {
    let mut config = config(folder);
    config.cache = Some(folder.join("cache"));
    change(&mut config);
    let client = Client::new(config)?;
    let index = client.index(&server.index_url())?;
    Ok(match client.fetch_page(&index, &demo())? {
        PageOutcome::Listing(listing) => listing.files.len(),
        PageOutcome::NotFound => 0,
    })
}

fn plain(server: &IndexServer, folder: &Path) -> usize {
    ask(server, folder, |_| {}).unwrap()
}

#[test]
fn a_fresh_page_needs_no_request() {
    let folder = tempfile::tempdir().unwrap();
    let server = site().max_age(600).start();
    assert_eq!(
        [plain(&server, folder.path()), plain(&server, folder.path())],
        [1, 1]
    );
    assert_eq!(server.requests().len(), 1);
    ask(&server, folder.path(), |it| it.refresh = true).unwrap();
    ask(&server, folder.path(), |it| it.cache = None).unwrap();
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_stale_page_is_asked_for_by_its_etag() {
    let folder = tempfile::tempdir().unwrap();
    let server = site().start();
    assert_eq!(
        [plain(&server, folder.path()), plain(&server, folder.path())],
        [1, 1]
    );
    let requests = server.requests();
    assert!(requests[0].header("if-none-match").is_none());
    assert!(requests[1].header("if-none-match").is_some());
}

#[test]
fn absence_is_kept_as_long_as_the_server_says() {
    let folder = tempfile::tempdir().unwrap();
    let missing = server().max_age(600).start();
    assert_eq!(
        [
            plain(&missing, folder.path()),
            plain(&missing, folder.path())
        ],
        [0, 0]
    );
    assert_eq!(missing.requests().len(), 1);
}

#[test]
fn offline_serves_old_pages_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let server = site().start();
    plain(&server, folder.path());
    assert_eq!(
        ask(&server, folder.path(), |it| it.offline = true).unwrap(),
        1
    );
    assert_eq!(server.requests().len(), 1);
    let elsewhere = tempfile::tempdir().unwrap();
    let error = ask(&server, elsewhere.path(), |it| it.offline = true).unwrap_err();
    assert!(matches!(error, IndexError::Offline { .. }));
}

#[test]
fn no_store_keeps_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let header = Behaviour::Header("Cache-Control".into(), "no-store".into());
    let server = site().behave(PAGE, header).start();
    plain(&server, folder.path());
    assert!(!folder.path().join("cache").exists());
}

#[test]
fn errors_are_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let server = site()
        .max_age(600)
        .behave(PAGE, Behaviour::fail_times(500, 1))
        .start();
    assert!(ask(&server, folder.path(), |_| {}).is_err());
    assert_eq!(plain(&server, folder.path()), 1);
}

#[test]
fn a_damaged_page_is_fetched_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = site().max_age(600).start();
    plain(&server, folder.path());
    for entry in fs::read_dir(folder.path().join("cache/pages-v1")).unwrap() {
        fs::write(entry.unwrap().path(), b"{}\n").unwrap();
    }
    assert_eq!(plain(&server, folder.path()), 1);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn two_indexes_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (site().max_age(600).start(), server().max_age(600).start());
    assert_eq!(
        [plain(&one, folder.path()), plain(&two, folder.path())],
        [1, 0]
    );
}

#[test]
fn a_cache_that_cannot_be_written_is_told_and_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("blocked");
    fs::write(&blocked, "a file, not a folder").unwrap();
    let server = site().start();
    let mut config = config(folder.path());
    config.cache = Some(blocked);
    let client = Client::new(config).unwrap();
    let index = client.index(&server.index_url()).unwrap();
    assert!(client.cache_trouble().is_none());
    assert!(client.fetch_page(&index, &demo()).is_ok());
    assert!(client.cache_trouble().is_some());
}

#[test]
fn nobody_else_can_look_into_the_cache() {
    let folder = tempfile::tempdir().unwrap();
    plain(&site().start(), folder.path());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let pages = folder.path().join("cache/pages-v1");
    assert_eq!(
        (mode(&folder.path().join("cache")), mode(&pages)),
        (0o700, 0o700)
    );
    let mut kept = fs::read_dir(pages).unwrap();
    assert_eq!(mode(&kept.next().unwrap().unwrap().path()), 0o600);
    assert!(kept.next().is_none(), "nothing is left over from writing");
}
