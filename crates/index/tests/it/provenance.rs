//! Provenance documents on their way in: announced, or asked for.

use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
    time::Duration,
};

use assay_index::{ErrorKind, IndexError};
use assay_testkit::server::{Behaviour, Builder, IndexServer, Upload};
use assay_types::listing::{File, Origin};
use serde_json::json;

use crate::support::{DEMO, Fixture, PAGE, server};

const SECRET: &str = "s3cr3t";
/// Where the integrity API has the document of the file `demo`.
const PATH: &str = "/integrity/demo/1.0/demo-1.0-py3-none-any.whl/provenance";
const TYPE: &str = "application/vnd.pypi.integrity.v1+json";
const DOCUMENT: &[u8] = b"{\"version\":1,\"attestation_bundles\":[]}";
const LARGEST: usize = 1 << 20;

/// An index whose page announces this URL.
fn announcing(url: &str) -> Builder {
    let file = json!({"filename": DEMO, "url": "/files/x", "hashes": {}, "provenance": url});
    let page = json!({"meta": {"api-version": "1.3"}, "name": "demo", "files": [file]});
    let content_type = "application/vnd.pypi.simple.v1+json";
    server().page(PAGE, content_type, page.to_string())
}

/// One that announces its own document and serves it.
fn honest() -> Builder {
    announcing(PATH).page(PATH, TYPE, DOCUMENT)
}

fn fetch(fixture: &Fixture) -> Result<Option<Vec<u8>>, IndexError> {
    fixture.client.fetch_provenance(&fixture.file(), true)
}

/// The failure, which must say what was asked for and for which file.
fn failure(fixture: &Fixture) -> IndexError {
    told(fetch(fixture), PATH)
}

fn told(result: Result<Option<Vec<u8>>, IndexError>, url: &str) -> IndexError {
    let error = result.unwrap_err();
    let text = error.to_string();
    assert!(text.contains(url) && text.contains(DEMO), "{text}");
    assert!(!text.contains(SECRET), "{text}");
    let IndexError::Provenance { source, .. } = error else {
        panic!("{text}")
    };
    *source
}

#[test]
fn an_announced_document_arrives_and_is_not_kept() {
    let fixture = Fixture::with(honest(), |it| {
        it.state = Some(it.cache.with_file_name("state"));
    });
    let file = fixture.file();
    for _ in 0..2 {
        let bytes = fixture.client.fetch_provenance(&file, true).unwrap();
        assert_eq!(bytes.as_deref(), Some(DOCUMENT));
    }
    assert_eq!(fixture.count(PATH), 2);
    let requests = fixture.server.requests();
    let accept = requests.last().unwrap().header("accept").unwrap();
    assert!(
        accept.starts_with(&format!("{TYPE}, application/json;q=")),
        "{accept}"
    );
}

#[test]
fn where_none_is_announced_nobody_is_asked() {
    let builder = server().wheel(DEMO, b"x").page(PATH, TYPE, DOCUMENT);
    let fixture = Fixture::new(builder);
    assert_eq!(fetch(&fixture).unwrap(), None);
    assert_eq!(fixture.count(PATH), 0);
}

#[test]
fn an_announced_document_that_cannot_be_had_is_not_none() {
    for status in [401, 403, 404, 406, 410, 500, 503, 204, 206, 304] {
        let fixture = Fixture::new(honest().behave(PATH, Behaviour::Status(status)));
        let error = failure(&fixture);
        assert!(
            matches!(error, IndexError::Status { status: it, .. } if it == status),
            "{error}"
        );
        assert_eq!(error.kind(), ErrorKind::Failed);
    }
    let stalling = Fixture::new(honest().behave(PATH, Behaviour::Stall));
    assert!(matches!(failure(&stalling), IndexError::TimedOut { .. }));
    let drip = Behaviour::Drip(Duration::from_millis(50));
    let dripping = Fixture::new(honest().behave(PATH, drip));
    assert!(matches!(failure(&dripping), IndexError::TimedOut { .. }));
}

#[test]
fn a_failure_that_passes_is_tried_again() {
    for (status, good) in [(503, true), (429, true), (404, false), (403, false)] {
        let builder = honest().behave(PATH, Behaviour::fail_times(status, 1));
        let fixture = Fixture::with(builder, |it| it.retries = 1);
        assert_eq!(fetch(&fixture).is_ok(), good, "{status}");
    }
}

#[test]
fn what_is_not_needed_is_tried_again_once() {
    for (is_needed, times) in [(true, 3), (false, 2)] {
        let builder = honest().behave(PATH, Behaviour::Status(503));
        let fixture = Fixture::with(builder, |it| it.retries = 2);
        let client = &fixture.client;
        assert!(client.fetch_provenance(&fixture.file(), is_needed).is_err());
        assert_eq!(fixture.count(PATH), times);
    }
}

#[test]
fn offline_has_none_to_give() {
    let mut fixture = Fixture::new(honest());
    let file = fixture.file();
    let mut config = crate::support::config(fixture.folder.path());
    config.offline = true;
    fixture.client = assay_index::Client::new(config).unwrap();
    let client = &fixture.client;
    for result in [
        client.fetch_provenance(&file, true),
        client.ask_integrity(&file),
    ] {
        assert!(matches!(told(result, PATH), IndexError::Offline { .. }));
    }
    assert_eq!(fixture.count(PATH), 0);
}

#[test]
fn a_document_has_a_largest_size() {
    for (size, good) in [(LARGEST, true), (LARGEST + 1, false)] {
        for no_length in [false, true] {
            let mut builder = announcing(PATH).page(PATH, TYPE, vec![b' '; size]);
            if no_length {
                builder = builder.behave(PATH, Behaviour::NoLength);
            }
            let result = fetch(&Fixture::new(builder));
            assert_eq!(result.is_ok(), good, "{size} {no_length}");
        }
    }
    for (size, good) in [(LARGEST as u64, true), (100 << 20, false)] {
        let builder = honest().behave(PATH, Behaviour::GzipBomb(size));
        let fixture = Fixture::with(builder, |it| it.timeout = Duration::from_secs(20));
        match fetch(&fixture) {
            Ok(bytes) => assert!(good && bytes.is_some()),
            Err(error) => {
                let error = told(Err(error), PATH);
                assert!(!good && matches!(error, IndexError::TooLarge { .. }));
            }
        }
    }
}

#[test]
fn an_endless_one_ends() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/endless", listener.local_addr().unwrap());
    let source = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
        let mut sent = 0_u64;
        while stream.write_all(&[b' '; 65536]).is_ok() {
            sent += 65536;
        }
        sent
    });
    let error = told(fetch(&Fixture::new(announcing(&url))), &url);
    assert!(matches!(error, IndexError::TooLarge { .. }), "{error}");
    // What lay in the buffers of the system is all that was sent beyond the limit.
    assert!(source.join().unwrap() < 64 << 20);
}

#[test]
fn a_truncated_one_is_an_error() {
    for (times, retries, good) in [(1, 0, false), (1, 1, true), (2, 1, false)] {
        let builder = honest().behave(PATH, Behaviour::drop_after(10, times));
        let fixture = Fixture::with(builder, |it| it.retries = retries);
        assert_eq!(fetch(&fixture).is_ok(), good, "{times} {retries}");
    }
    let gzip = honest()
        .behave(PATH, Behaviour::Gzip)
        .behave(PATH, Behaviour::drop_after(10, 1));
    failure(&Fixture::new(gzip));
}

#[test]
fn another_host_gets_no_credentials_but_its_own() {
    let theirs = |builder: Builder| builder.page("/p", TYPE, DOCUMENT).start();
    let (open, closed) = (theirs(server()), theirs(server().auth("bob", "b0b")));
    let ask = |announced: &str, also: Option<&str>| {
        let fixture = Fixture::new(announcing(announced).auth("alice", SECRET));
        let name = |url: String, user: &str| {
            let url = url.replace("://", &format!("://{user}@"));
            fixture.client.index(&url).unwrap();
        };
        name(fixture.server.index_url(), &format!("alice:{SECRET}"));
        if let Some(user) = also {
            name(closed.url("/"), user);
        }
        fetch(&fixture)
    };
    assert!(ask(&open.url("/p"), None).unwrap().is_some());
    assert_eq!(open.requests().len(), 1);
    assert_eq!(open.requests()[0].header("authorization"), None);
    let error = told(ask(&closed.url("/p"), None), "/p");
    assert!(matches!(error, IndexError::Status { status: 401, .. }));
    assert!(ask(&closed.url("/p"), Some("bob:b0b")).unwrap().is_some());
    // The page does not choose any.
    let chosen = closed.url("/p").replace("://", "://bob:b0b@");
    assert!(ask(&chosen, None).is_err());
}

#[test]
fn redirects_lead_no_further_than_those_of_files() {
    let other = server().page("/p", TYPE, DOCUMENT).start();
    let away = honest().behave(PATH, Behaviour::Redirect(other.url("/p")));
    let fixture = Fixture::new(away);
    let url = fixture.server.index_url();
    let with_credentials = url.replace("://", &format!("://alice:{SECRET}@"));
    fixture.client.index(&with_credentials).unwrap();
    assert!(fetch(&fixture).unwrap().is_some());
    assert_eq!(other.requests()[0].header("authorization"), None);
    for refused in ["file:///etc/passwd", "http://example.com/p", "javascript:1"] {
        let builder = honest().behave(PATH, Behaviour::Redirect(refused.into()));
        let error = failure(&Fixture::new(builder));
        assert_eq!(error.kind(), ErrorKind::Trust, "{error}");
    }
}

#[test]
fn both_formats_announce_and_a_local_version_is_found() {
    let local = "demo-1.0+x.1-py3-none-any.whl";
    let document = std::str::from_utf8(DOCUMENT).unwrap();
    for builder in [server(), server().html_only()] {
        let upload = Upload::new(local, b"x").provenance(document);
        let fixture = Fixture::new(builder.upload(upload));
        let listing = fixture.listing();
        let file = &listing.files[0];
        assert!(file.provenance.is_some() && listing.could_announce(file));
        let fetched = fixture.client.fetch_provenance(file, true).unwrap();
        assert_eq!(fetched.as_deref(), Some(DOCUMENT));
        let asked = fixture.client.ask_integrity(file).unwrap();
        assert_eq!(asked.as_deref(), Some(DOCUMENT));
    }
    let silent = Upload::new(local, b"x").provenance(document).unannounced();
    let fixture = Fixture::new(server().upload(silent));
    let listing = fixture.listing();
    let file = &listing.files[0];
    assert!(file.provenance.is_none() && !listing.could_announce(file));
    let asked = fixture.client.ask_integrity(file).unwrap();
    assert_eq!(asked.as_deref(), Some(DOCUMENT));
}

/// What the integrity API of an index that announces nothing answers.
fn ask(builder: Builder) -> (Fixture, Result<Option<Vec<u8>>, IndexError>) {
    let fixture = Fixture::new(builder.wheel(DEMO, b"x"));
    let answer = fixture.client.ask_integrity(&fixture.file());
    (fixture, answer)
}

#[test]
fn the_integrity_api_has_a_document_or_says_that_it_has_none() {
    for content_type in [TYPE, "application/json; charset=utf-8"] {
        let (_, answer) = ask(server().page(PATH, content_type, DOCUMENT));
        assert_eq!(answer.unwrap().as_deref(), Some(DOCUMENT));
    }
    let (fixture, answer) = ask(server());
    assert_eq!(answer.unwrap(), None);
    assert_eq!(fixture.count(PATH), 1);
    let (_, answer) = ask(server().behave(PATH, Behaviour::Status(410)));
    assert_eq!(answer.unwrap(), None);
}

#[test]
fn what_the_integrity_api_does_not_say_is_not_none() {
    for status in [401, 403, 406, 500, 503, 204] {
        let (_, answer) = ask(server().behave(PATH, Behaviour::Status(status)));
        let error = told(answer, PATH);
        assert!(matches!(error, IndexError::Status { .. }), "{error}");
    }
    let (_, answer) = ask(server().page(PATH, "text/html", "<title>Log in</title>"));
    assert!(told(answer, PATH).to_string().contains("text/html"));
    let (_, answer) = ask(server().page(PATH, TYPE, vec![b' '; LARGEST + 1]));
    assert!(matches!(told(answer, PATH), IndexError::TooLarge { .. }));
}

#[test]
fn not_found_elsewhere_says_nothing_about_the_index() {
    let elsewhere =
        |other: &IndexServer| ask(server().behave(PATH, Behaviour::Redirect(other.url("/p")))).1;
    let error = told(elsewhere(&server().start()), PATH);
    assert!(error.to_string().contains("led elsewhere"), "{error}");
    let has_it = server().page("/p", TYPE, DOCUMENT).start();
    assert!(elsewhere(&has_it).unwrap().is_some());
    let (_, answer) = ask(server().behave(PATH, Behaviour::Redirect("HOST/p".into())));
    assert_eq!(answer.unwrap(), None);
}

#[test]
fn the_integrity_api_is_asked_with_the_credentials_of_its_index() {
    let builder = server().page(PATH, TYPE, DOCUMENT).auth("alice", SECRET);
    let fixture = Fixture::new(builder.upload(Upload::new(DEMO, b"x")));
    let url = fixture.server.index_url();
    let with_credentials = url.replace("://", &format!("://alice:{SECRET}@"));
    fixture.client.index(&with_credentials).unwrap();
    let answer = fixture.client.ask_integrity(&fixture.file());
    assert_eq!(answer.unwrap().as_deref(), Some(DOCUMENT));
}

#[test]
fn files_of_no_index_have_no_integrity_api() {
    let fixture = Fixture::new(server().wheel(DEMO, b"x").page(PATH, TYPE, DOCUMENT));
    let file = File {
        origin: Origin::FindLinks("wheels".into()),
        ..fixture.file()
    };
    fixture.server.clear_requests();
    assert_eq!(fixture.client.ask_integrity(&file).unwrap(), None);
    assert!(fixture.server.requests().is_empty());
}
