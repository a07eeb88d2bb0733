//! Pages that are kept: while fresh, when asked again, offline.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use assay_index::{Client, ClientConfig, ErrorKind, IndexError, clear_cache};
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
    config.state = Some(folder.join("state"));
    change(&mut config);
    let client = Client::new(config)?;
    let index = client.index(&server.index_url())?;
    let listing = client.fetch_page(&index, &demo())?;
    Ok(listing.map_or(0, |it| it.files.len()))
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
    ask(&server, folder.path(), |it| it.refresh.all = true).unwrap();
    ask(&server, folder.path(), |it| it.state = None).unwrap();
    assert_eq!(server.requests().len(), 3);
    for (project, requests) in [("demo", 4), ("other", 4)] {
        let name = project.parse().unwrap();
        ask(&server, folder.path(), |it| {
            it.refresh.projects.insert(name);
        })
        .unwrap();
        assert_eq!(server.requests().len(), requests, "{project}");
    }
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
    fs::write(only_file(&pages(folder.path())), b"{}\n").unwrap();
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
    let server = site().start();
    let mut config = config(folder.path());
    config.state = Some(folder.path().join("state"));
    let blocked = config.cache.join("pages-v1");
    let client = Client::new(config).unwrap();
    let index = client.index(&server.index_url()).unwrap();
    assert!(client.cache_trouble().is_none());
    fs::create_dir(blocked.parent().unwrap()).unwrap();
    fs::write(&blocked, "a file, not a folder").unwrap();
    assert!(client.fetch_page(&index, &demo()).is_ok());
    assert!(client.cache_trouble().is_some());
}

#[test]
fn nobody_else_can_look_into_the_cache() {
    let folder = tempfile::tempdir().unwrap();
    plain(&site().start(), folder.path());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for below in [pages(folder.path()), memos(folder.path())] {
        assert_eq!(mode(below.parent().unwrap()), 0o700);
        assert_eq!(mode(&below), 0o700);
        assert_eq!(mode(&only_file(&below)), 0o600);
    }
}

/// What somebody would write into the cache to have other code installed: everything that the
/// page says is said again, but for one digest.
#[test]
fn an_edited_page_is_asked_for_again_as_if_nothing_had_been_kept() {
    let folder = tempfile::tempdir().unwrap();
    let server = site().start();
    plain(&server, folder.path());
    let kept = only_file(&pages(folder.path()));
    let text = fs::read_to_string(&kept).unwrap();
    let fresh = text.replace("\"fresh_for\":0", "\"fresh_for\":86000");
    assert_ne!(fresh, text);
    let digest = text.split("\"sha256\":\"").nth(1).unwrap();
    let other_digest = text.replace(&digest[..64], &"a".repeat(64));
    assert_ne!(other_digest, text);
    for edited in [fresh, other_digest] {
        server.clear_requests();
        fs::write(&kept, edited).unwrap();
        assert_eq!(plain(&server, folder.path()), 1);
        let requests = server.requests();
        assert_eq!(requests.len(), 1);
        assert!(requests[0].header("if-none-match").is_none());
        assert_eq!(fs::read_to_string(&kept).unwrap().len(), text.len());
    }
    assert_eq!(plain(&server, folder.path()), 1);
    assert!(
        server.requests()[1].header("if-none-match").is_some(),
        "what was fetched last is untouched"
    );
}

#[test]
fn an_edited_page_is_not_used_offline_either() {
    let folder = tempfile::tempdir().unwrap();
    plain(&site().start(), folder.path());
    let server = site().start();
    plain(&server, folder.path());
    let offline = || ask(&server, folder.path(), |it| it.offline = true);
    assert_eq!(offline().unwrap(), 1);
    for entry in fs::read_dir(pages(folder.path())).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("1.0", "9.9")).unwrap();
    }
    assert!(matches!(offline(), Err(IndexError::Offline { .. })));
}

#[test]
fn a_page_that_another_state_knows_is_foreign() {
    let folder = tempfile::tempdir().unwrap();
    let other_state = folder.path().join("another-state");
    // "Not found" for a day would hide a private index.
    let hidden = server().max_age(600).start();
    assert_eq!(plain(&hidden, folder.path()), 0);
    let foreign = || {
        ask(&hidden, folder.path(), |it| {
            it.state = Some(other_state.clone());
        })
    };
    assert_eq!(foreign().unwrap(), 0);
    assert_eq!(hidden.requests().len(), 2);
    // Now this state knows it, and the first one knows the same bytes or asks again.
    assert_eq!(foreign().unwrap(), 0);
    assert_eq!(hidden.requests().len(), 2);
}

#[test]
fn a_folder_that_others_can_write_to_is_refused_before_anything_is_asked() {
    let server = site().start();
    for name in ["cache", "state", "cache/pages-v1", "state/page-memo"] {
        let folder = tempfile::tempdir().unwrap();
        plain(&server, folder.path());
        server.clear_requests();
        let path = folder.path().join(name);
        let set_mode = |mode| fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        set_mode(0o770);
        let error = ask(&server, folder.path(), |_| {}).unwrap_err();
        assert!(matches!(error, IndexError::NotPrivate { .. }), "{error}");
        assert_eq!(error.kind(), ErrorKind::Trust);
        assert!(error.to_string().contains(&*path.to_string_lossy()));
        assert!(error.hint().unwrap().starts_with("chmod go-w "));
        assert_eq!(server.requests().len(), 0);
        set_mode(0o750);
        assert_eq!(plain(&server, folder.path()), 1);
    }
}

#[test]
fn clearing_forgets_pages_and_what_is_known_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let server = site().max_age(600).start();
    plain(&server, folder.path());
    let (cache, state) = (folder.path().join("cache"), folder.path().join("state"));
    for other in [cache.join("other"), state.join("other")] {
        fs::write(other, "stays").unwrap();
    }
    clear_cache(&cache, &state).unwrap();
    clear_cache(&cache, &state).unwrap();
    assert_eq!(only_file(&cache), cache.join("other"));
    assert_eq!(only_file(&state), state.join("other"));
    assert_eq!(plain(&server, folder.path()), 1);
    assert_eq!(server.requests().len(), 2);
}

fn pages(folder: &Path) -> PathBuf {
    folder.join("cache/pages-v1")
}

fn memos(folder: &Path) -> PathBuf {
    folder.join("state/page-memo")
}

/// The one file in a folder: nothing is left over from writing.
fn only_file(folder: &Path) -> PathBuf {
    let mut entries = fs::read_dir(folder).unwrap();
    let first = entries.next().unwrap().unwrap().path();
    assert!(entries.next().is_none());
    first
}
