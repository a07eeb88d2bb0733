//! Redirects, statuses, retries, limits.

use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
    time::{Duration, Instant},
};

use assay_index::{ErrorKind, IndexError};
use assay_testkit::server::{Behaviour, IndexServer};

use crate::support::{DEMO, DEMO_PATH, Fixture, PAGE, server};

fn demo() -> assay_testkit::server::Builder {
    server().wheel(DEMO, b"bytes")
}

#[test]
fn redirects_are_followed_within_bounds() {
    let moved = |to: &str| {
        let builder = demo().behave("/simple/demo/", Behaviour::Redirect(to.into()));
        Fixture::new(builder)
    };
    let other = demo().start();
    assert!(moved(&other.url(PAGE)).page().is_ok());
    for refused in [
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "http://example.com/",
    ] {
        let error = moved(refused).page().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Trust, "{error}");
        assert!(error.to_string().contains("redirects to"), "{error}");
    }
    let error = moved("HOST/simple/demo/").page().unwrap_err().to_string();
    assert!(error.contains("more than 10 redirects"), "{error}");
}

#[test]
fn a_redirect_of_a_file_to_this_machine_is_followed() {
    let store = demo().start();
    let builder = demo().behave(DEMO_PATH, Behaviour::Redirect(store.url(DEMO_PATH)));
    assert!(Fixture::new(builder).fetch().is_ok());
}

#[test]
fn plain_http_elsewhere_is_refused() {
    let client = Fixture::new(demo()).client;
    let error = client
        .index("http://index.example.com/simple/")
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Trust);
    assert!(error.hint().unwrap().contains("https"));
    assert!(client.index("https://index.example.com/simple").is_ok());
    assert_eq!(
        client.index("not a url").unwrap_err().kind(),
        ErrorKind::Usage
    );
    assert!(client.index("file:///srv/index").is_err());
}

#[test]
fn refusals_and_failures_are_errors_and_not_absence() {
    for status in [401, 403, 451, 500, 503, 204, 206, 302] {
        let fixture = Fixture::new(demo().behave(PAGE, Behaviour::Status(status)));
        assert!(fixture.page().is_err(), "{status}");
        assert_eq!(fixture.count(PAGE), 1);
    }
}

#[test]
fn five_hundreds_and_429_are_tried_again_but_not_403() {
    for (status, good) in [
        (500, true),
        (503, true),
        (429, true),
        (403, false),
        (401, false),
    ] {
        let builder = demo().behave(PAGE, Behaviour::fail_times(status, 1));
        let fixture = Fixture::with(builder, |it| it.retries = 2);
        assert_eq!(fixture.page().is_ok(), good, "{status}");
    }
    let builder = demo().behave(PAGE, Behaviour::fail_times(500, 2));
    assert!(Fixture::with(builder, |it| it.retries = 1).page().is_err());
}

#[test]
fn retry_after_is_respected() {
    let builder = demo()
        .behave(PAGE, Behaviour::fail_times(503, 1))
        .behave(PAGE, Behaviour::Header("Retry-After".into(), "1".into()));
    let fixture = Fixture::with(builder, |it| it.retries = 1);
    let begin = Instant::now();
    assert!(fixture.page().is_ok());
    assert!(begin.elapsed() >= Duration::from_secs(1));
}

#[test]
fn a_page_that_breaks_off_is_fetched_again() {
    let builder = demo().behave(PAGE, Behaviour::drop_after(10, 1));
    assert!(Fixture::with(builder, |it| it.retries = 1).page().is_ok());
    let builder = demo().behave(PAGE, Behaviour::drop_after(10, 1));
    assert!(Fixture::new(builder).page().is_err());
}

#[test]
fn silence_and_dripping_end() {
    let begin = Instant::now();
    let error = Fixture::new(demo().behave(PAGE, Behaviour::Stall))
        .page()
        .unwrap_err();
    assert!(matches!(error, IndexError::TimedOut { .. }), "{error}");
    let drip = Behaviour::Drip(Duration::from_millis(50));
    let error = Fixture::new(demo().behave(PAGE, drip)).page().unwrap_err();
    assert!(
        error.to_string().contains("slower than 1024 bytes"),
        "{error}"
    );
    assert!(
        begin.elapsed() < Duration::from_secs(4),
        "{:?}",
        begin.elapsed()
    );
}

#[test]
fn the_deadline_holds_whatever_the_rate() {
    let drip = Behaviour::Drip(Duration::from_millis(20));
    let fixture = Fixture::with(demo().behave(PAGE, drip), |config| {
        config.minimum_rate.bytes_per_second = 0;
        config.deadline = Duration::from_millis(400);
    });
    let begin = Instant::now();
    let error = fixture.page().unwrap_err();
    assert!(matches!(error, IndexError::TimedOut { .. }), "{error}");
    assert!(begin.elapsed() < Duration::from_secs(2));

    let drip = Behaviour::Drip(Duration::from_millis(200));
    let fixture = Fixture::with(demo().behave(DEMO_PATH, drip), |config| {
        config.minimum_rate.bytes_per_second = 0;
        config.file_deadline = Duration::from_millis(400);
    });
    let error = fixture.fetch().unwrap_err();
    assert!(matches!(error, IndexError::TimedOut { .. }), "{error}");
}

#[test]
fn gzip_is_inflated_up_to_the_limit() {
    assert!(
        Fixture::new(demo().behave(PAGE, Behaviour::Gzip))
            .page()
            .is_ok()
    );
    let bomb = demo().behave(PAGE, Behaviour::GzipBomb(80 << 20));
    let patient = Fixture::with(bomb, |it| it.timeout = Duration::from_secs(20));
    let error = patient.page().unwrap_err();
    assert!(matches!(error, IndexError::TooLarge { .. }), "{error}");
    let unknown = Behaviour::Header("Content-Encoding".into(), "br".into());
    assert!(Fixture::new(demo().behave(PAGE, unknown)).page().is_err());
}

#[test]
fn connections_are_kept() {
    let fixture = Fixture::new(demo());
    fixture.page().unwrap();
    let begin = Instant::now();
    for _ in 0..50 {
        fixture.page().unwrap();
    }
    assert!(begin.elapsed() < Duration::from_secs(3));
    assert_eq!(fixture.server.connections(), 1);
}

#[test]
fn nobody_listening_is_a_connection_error() {
    let gone = IndexServer::builder().start().index_url();
    let client = Fixture::new(demo()).client;
    let index = client.index(&gone).unwrap();
    let error = client
        .fetch_page(&index, &crate::support::demo())
        .unwrap_err();
    assert!(matches!(error, IndexError::Connection { .. }), "{error}");
    assert_eq!(error.kind(), ErrorKind::Failed);
}

#[test]
fn offline_sends_nothing() {
    let fixture = Fixture::with(demo(), |it| it.offline = true);
    assert!(matches!(fixture.page(), Err(IndexError::Offline { .. })));
    assert_eq!(fixture.server.requests().len(), 0);
}

#[test]
fn the_user_agent_and_json_first() {
    let fixture = Fixture::new(demo());
    fixture.page().unwrap();
    let request = &fixture.server.requests()[0];
    assert!(request.header("user-agent").unwrap().starts_with("assay/"));
    assert!(
        request
            .header("accept")
            .unwrap()
            .starts_with("application/vnd.pypi.simple.v1+json,")
    );
}

#[test]
fn a_text_arrives_whole_or_not_at_all() {
    let builder = || server().page("/requirements.txt", "text/plain", "demo==1.0");
    let get = |builder: assay_testkit::server::Builder| {
        let fixture = Fixture::new(builder);
        let url = fixture
            .client
            .url(&fixture.server.url("/requirements.txt"))
            .unwrap();
        fixture.client.fetch_text(&url)
    };
    assert_eq!(get(builder()).unwrap(), b"demo==1.0");
    let gone = builder().behave("/requirements.txt", Behaviour::Status(404));
    assert!(matches!(
        get(gone),
        Err(IndexError::Status { status: 404, .. })
    ));
}

#[test]
fn a_user_agent_that_is_no_header_is_a_setting() {
    for (text, good) in [("assay/1 (x)", true), ("a\nb: c", false)] {
        let mut config = crate::support::config("/nowhere".as_ref());
        config.user_agent = text.into();
        assert_eq!(assay_index::Client::new(config).is_ok(), good);
    }
}

#[test]
fn answers_that_are_no_http_are_told_as_such() {
    for noise in ["SSH-2.0-server\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", ""] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/simple/", listener.local_addr().unwrap());
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = [0; 1024];
            let _ = stream.read(&mut head);
            stream.write_all(noise.as_bytes()).unwrap();
        });
        let client = Fixture::new(demo()).client;
        let index = client.index(&url).unwrap();
        let error = client
            .fetch_page(&index, &crate::support::demo())
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Failed, "{error}");
        server.join().unwrap();
    }
    let long = Behaviour::Header("X-Long".into(), "x".repeat(100_000));
    let error = Fixture::new(demo().behave(PAGE, long)).page().unwrap_err();
    assert!(error.to_string().contains("too large"), "{error}");
}

#[test]
fn threads_share_a_client_and_its_connections() {
    let fixture = Fixture::with(demo(), |it| it.timeout = Duration::from_secs(10));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..20).for_each(|_| drop(fixture.page().unwrap())));
        }
    });
    assert_eq!(fixture.count(PAGE), 160);
    assert!(fixture.server.connections() <= 8);
}
