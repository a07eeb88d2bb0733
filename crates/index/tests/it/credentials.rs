//! Where user names and passwords go, and where they do not.

use std::{
    fs,
    path::{Path, PathBuf},
};

use assay_index::{IndexError, IndexUrl};
use assay_testkit::{
    program,
    server::{Behaviour, Upload},
};
use assay_types::listing::{Location, Origin};

use crate::support::{DEMO, DEMO_PATH, Fixture, PAGE, demo, server};

const SECRET: &str = "s3cr3t";

fn with_credentials(fixture: &Fixture) -> IndexUrl {
    let url = fixture
        .server
        .index_url()
        .replace("://", &format!("://alice:{SECRET}@"));
    fixture.client.index(&url).unwrap()
}

fn authorized(server: &assay_testkit::server::IndexServer) -> Vec<bool> {
    let requests = server.requests();
    requests
        .iter()
        .map(|it| it.header("authorization").is_some())
        .collect()
}

#[test]
fn an_index_gets_its_own_for_pages_and_files() {
    let fixture = Fixture::new(server().wheel(DEMO, b"bytes").auth("alice", SECRET));
    let index = with_credentials(&fixture);
    assert_eq!(index.url().as_str(), fixture.server.index_url());
    assert!(fixture.client.fetch_page(&index, &demo()).is_ok());
    assert!(fixture.fetch().is_ok());
    let file = fixture.file();
    let Location::Url(url) = &file.location else {
        panic!()
    };
    assert!(!url.as_str().contains(SECRET));
    assert!(matches!(&file.origin, Origin::Index(url) if !url.as_str().contains("alice")));
}

#[test]
fn without_them_the_hint_says_so() {
    let fixture = Fixture::new(server().wheel(DEMO, b"bytes").auth("alice", SECRET));
    let error = fixture.page().unwrap_err();
    assert!(matches!(
        error,
        IndexError::Status {
            status: 401,
            with_credentials: false,
            ..
        }
    ));
    assert!(error.hint().unwrap().contains("netrc"));
}

#[test]
fn wrong_ones_are_not_shown() {
    let fixture = Fixture::new(server().wheel(DEMO, b"bytes").auth("alice", "other"));
    let index = with_credentials(&fixture);
    let error = fixture.client.fetch_page(&index, &demo()).unwrap_err();
    let text = format!("{error} {error:?} {:?} {index:?}", error.hint());
    assert!(!text.contains(SECRET) && !text.contains("alice"), "{text}");
    let error = fixture
        .client
        .url(&format!("http://alice:{SECRET}@example.com/"))
        .unwrap_err();
    assert!(!format!("{error} {error:?}").contains(SECRET));
}

#[test]
fn another_port_of_the_same_host_gets_none() {
    let other = server().wheel(DEMO, b"bytes").start();
    let upload = Upload::new(DEMO, b"bytes").href(&other.url(DEMO_PATH));
    let fixture = Fixture::new(server().upload(upload));
    with_credentials(&fixture);
    fixture.fetch().unwrap();
    assert_eq!(authorized(&fixture.server), [true]);
    assert_eq!(authorized(&other), [false]);
}

#[test]
fn a_redirect_elsewhere_drops_them_and_one_within_keeps_them() {
    let other = server().wheel(DEMO, b"bytes").start();
    let away = server()
        .wheel(DEMO, b"bytes")
        .behave(PAGE, Behaviour::Redirect(other.url(PAGE)));
    let fixture = Fixture::new(away);
    let index = with_credentials(&fixture);
    fixture.client.fetch_page(&index, &demo()).unwrap();
    assert_eq!(authorized(&fixture.server), [true]);
    assert_eq!(authorized(&other), [false]);

    let within = server()
        .page("/moved", "text/html", "<a>")
        .behave(PAGE, Behaviour::Redirect("HOST/moved".into()));
    let fixture = Fixture::new(within);
    let index = with_credentials(&fixture);
    fixture.client.fetch_page(&index, &demo()).unwrap();
    assert_eq!(authorized(&fixture.server), [true, true]);
}

#[test]
fn a_redirect_cannot_choose_credentials() {
    let other = server().wheel(DEMO, b"bytes").start();
    let target = other.url(PAGE).replace("://", "://mallory:x@");
    let fixture = Fixture::new(server().behave(PAGE, Behaviour::Redirect(target)));
    fixture.page().unwrap();
    assert_eq!(authorized(&other), [false]);
}

#[test]
fn netrc_serves_its_machine_only() {
    let protected = || server().wheel(DEMO, b"bytes").auth("alice", SECRET);
    for (machine, good) in [("127.0.0.1", true), ("example.com", false)] {
        let netrc = format!("machine {machine} login alice password {SECRET}");
        let fixture = Fixture::with(protected(), |it| it.netrc = Some(netrc));
        assert_eq!(fixture.page().is_ok(), good, "{machine}");
    }
}

#[test]
fn netrcs_default_goes_to_an_own_index_that_demands_credentials_and_nowhere_else() {
    let default = Some(format!("default login alice password {SECRET}"));
    let own = |fixture: &Fixture| {
        fixture
            .client
            .own_index(&fixture.server.index_url())
            .unwrap()
    };
    let open = Fixture::with(server().wheel(DEMO, b"bytes"), |it| {
        it.netrc = default.clone()
    });
    own(&open);
    open.fetch().unwrap();
    assert_eq!(authorized(&open.server), [false, false]);

    let files = server().wheel(DEMO, b"bytes").auth("alice", SECRET).start();
    let upload = Upload::new(DEMO, b"bytes").href(&files.url(DEMO_PATH));
    let protected = server().upload(upload).auth("alice", SECRET);
    let fixture = Fixture::with(protected, |it| it.netrc = default);
    // As a requirements file would name it.
    assert!(fixture.page().is_err());
    assert_eq!(authorized(&fixture.server), [false]);
    own(&fixture);
    fixture.client.url(&files.url(DEMO_PATH)).unwrap();
    assert!(fixture.fetch().is_err());
    assert_eq!(authorized(&fixture.server), [false, false, true]);
    assert_eq!(authorized(&files), [false]);
}

/// A program that knows alice's password for every service, and notes what it is asked.
fn keyring(folder: &Path, password: &str) -> PathBuf {
    let program = folder.join("keyring");
    let script = format!(
        "#!/bin/sh\nshift 3\necho \"$*\" >> '{}'\n\
         echo '{{\"username\": \"alice\", \"password\": \"{password}\"}}'\n",
        folder.join("asked").display()
    );
    program::script(&program, &script);
    program
}

fn asked(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("asked")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_keyring_is_asked_once_and_only_where_the_server_demands_it() {
    let folder = tempfile::tempdir().unwrap();
    let program = Some(keyring(folder.path(), SECRET));
    let open = Fixture::with(server().wheel(DEMO, b"bytes"), |it| {
        it.keyring = program.clone()
    });
    open.fetch().unwrap();
    assert!(asked(folder.path()).is_empty());

    let protected = server().wheel(DEMO, b"bytes").auth("alice", SECRET);
    let fixture = Fixture::with(protected, |it| it.keyring = program.clone());
    fixture.fetch().unwrap();
    assert_eq!(asked(folder.path()), [fixture.server.index_url()]);
    assert_eq!(authorized(&fixture.server), [false, true, true]);

    // A user name in the URL is passed on; a password there is the last word.
    for (userinfo, expected) in [("alice", Some(" alice")), ("alice:wrong", None)] {
        fs::remove_file(folder.path().join("asked")).unwrap_or_default();
        let protected = server().wheel(DEMO, b"bytes").auth("alice", SECRET);
        let fixture = Fixture::with(protected, |it| it.keyring = program.clone());
        let url = fixture.server.index_url();
        let index = url.replace("://", &format!("://{userinfo}@"));
        let index = fixture.client.index(&index).unwrap();
        assert_eq!(
            fixture.client.fetch_page(&index, &demo()).is_ok(),
            expected.is_some()
        );
        let asked_for = expected.map(|user| format!("{url}{user}"));
        assert_eq!(asked(folder.path()), Vec::from_iter(asked_for));
    }
}

#[test]
fn what_the_keyring_knows_and_the_server_refuses_is_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let program = keyring(folder.path(), "stale-secret");
    let protected = server().wheel(DEMO, b"bytes").auth("alice", SECRET);
    let fixture = Fixture::with(protected, |it| it.keyring = Some(program));
    let error = fixture.page().unwrap_err();
    assert!(matches!(
        error,
        IndexError::Status {
            status: 401,
            with_credentials: true,
            ..
        }
    ));
    assert!(!format!("{error} {error:?}").contains("stale"), "{error}");
    assert!(error.hint().unwrap().contains("keyring"));
    assert_eq!(authorized(&fixture.server), [false, true]);
}

#[test]
fn a_keyring_is_not_asked_for_a_server_that_only_a_page_or_a_redirect_names() {
    let folder = tempfile::tempdir().unwrap();
    let program = keyring(folder.path(), SECRET);
    let files = server().wheel(DEMO, b"bytes").auth("alice", SECRET).start();
    let upload = Upload::new(DEMO, b"bytes").href(&files.url(DEMO_PATH));
    let fixture = Fixture::with(server().upload(upload), |it| {
        it.keyring = Some(program.clone())
    });
    assert!(fixture.fetch().is_err());
    let away = server().behave(PAGE, Behaviour::Redirect(files.url(PAGE)));
    let fixture = Fixture::with(away, |it| it.keyring = Some(program));
    assert!(fixture.page().is_err());
    assert!(asked(folder.path()).is_empty());
    assert_eq!(authorized(&files), [false, false]);
}

#[test]
fn netrc_serves_no_port_that_only_a_page_names() {
    let files = server().wheel(DEMO, b"bytes").auth("alice", SECRET).start();
    let upload = Upload::new(DEMO, b"bytes").href(&files.url(DEMO_PATH));
    let netrc = format!("machine 127.0.0.1 login alice password {SECRET}");
    for (is_named, served) in [(false, false), (true, true)] {
        let fixture = Fixture::with(server().upload(upload.clone()), |it| {
            it.netrc = Some(netrc.clone());
        });
        if is_named {
            fixture.client.url(&files.url("/")).unwrap();
        }
        assert_eq!(fixture.fetch().is_ok(), served);
    }
    assert_eq!(authorized(&files), [false, true]);
}
