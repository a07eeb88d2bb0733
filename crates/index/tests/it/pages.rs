//! What a page may say, in both formats.

use assay_index::ErrorKind;
use assay_testkit::server::{Behaviour, Builder, Upload};
use assay_types::listing::{Location, Status};
use serde_json::json;

use crate::support::{DEMO, Fixture, PAGE, only_reason, server};

const STRONG: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// Both formats must agree.
fn both(upload: &Upload, check: impl Fn(&assay_types::listing::Listing)) {
    for builder in [server(), server().html_only()] {
        check(&Fixture::new(builder.upload(upload.clone())).listing());
    }
}

fn demo() -> Upload {
    Upload::new(DEMO, b"bytes")
}

#[test]
fn everything_a_page_says_arrives() {
    let upload = demo()
        .requires_python(">=3.9")
        .yanked("a \"bad\" <one>")
        .sidecar("Name: demo");
    both(&upload, |listing| {
        let file = &listing.files[0];
        assert_eq!(file.name.as_str(), DEMO);
        assert_eq!(file.requires_python, Some(">=3.9".parse().unwrap()));
        assert_eq!(file.yanked.as_ref().unwrap().reason, "a \"bad\" <one>");
        assert!(file.digests.sha256().is_some());
        assert!(file.metadata.as_ref().unwrap().sha256().is_some());
        let Location::Url(url) = &file.location else {
            panic!()
        };
        assert_eq!(url.fragment(), None);
    });
}

#[test]
fn json_also_gives_sizes_and_times() {
    let upload = demo().upload_time("2026-01-02T03:04:05.678Z");
    let file = Fixture::new(server().upload(upload)).file();
    assert_eq!(file.size, Some(5));
    assert_eq!(
        file.upload_time,
        Some("2026-01-02T03:04:05.678Z".parse().unwrap())
    );
}

#[test]
fn a_malformed_upload_time_is_not_an_old_one() {
    let listing = Fixture::new(server().upload(demo().upload_time("yesterday"))).listing();
    assert!(only_reason(&listing).contains("upload time"));
}

#[test]
fn sidecars_need_a_hash() {
    both(&demo().sidecar("x").sidecar_hash(None), |listing| {
        assert_eq!(listing.files[0].metadata, None);
    });
    both(
        &demo().sidecar("x").sidecar_hash(Some("md5=00")),
        |listing| {
            assert_eq!(listing.files[0].metadata, None);
        },
    );
}

#[test]
fn only_md5_is_listed_as_nothing_strong() {
    both(
        &demo().hash("md5", "d41d8cd98f00b204e9800998ecf8427e"),
        |listing| {
            assert!(listing.files[0].digests.is_empty());
            assert_eq!(listing.files[0].digests.weak(), ["md5"]);
        },
    );
    both(&demo().hash("sha256", "abc"), |listing| {
        assert!(only_reason(listing).contains("malformed hash"));
    });
}

#[test]
fn other_hosts_need_a_strong_hash() {
    let elsewhere = demo().href("https://files.example.com/demo-1.0-py3-none-any.whl");
    both(&elsewhere.clone().hash("sha256", STRONG), |listing| {
        assert_eq!(listing.files.len(), 1);
    });
    for weak in [elsewhere.clone().no_hash(), elsewhere.hash("md5", "00")] {
        both(&weak, |listing| {
            assert!(only_reason(listing).contains("without a strong hash"));
        });
    }
    both(&demo().no_hash(), |listing| {
        assert_eq!(listing.files.len(), 1)
    });
}

#[test]
fn only_https_is_followed_and_http_on_this_machine() {
    for href in [
        "file:///tmp/demo-1.0-py3-none-any.whl",
        "javascript:alert(1)//demo-1.0-py3-none-any.whl",
        "data:text/plain,demo-1.0-py3-none-any.whl",
        "http://example.com/demo-1.0-py3-none-any.whl",
        "ftp://example.com/demo-1.0-py3-none-any.whl",
    ] {
        both(&demo().href(href).hash("sha256", STRONG), |listing| {
            only_reason(listing);
        });
    }
    both(
        &demo().href("../../files/demo-1.0-py3-none-any.whl"),
        |listing| {
            assert_eq!(listing.files.len(), 1);
        },
    );
}

#[test]
fn names_are_decoded_once() {
    let html = |href: &str| {
        let builder = server().html_only().upload(demo().href(href));
        Fixture::new(builder).listing()
    };
    assert_eq!(
        html("/files/demo-1.0%2Blocal-py3-none-any.whl").files.len(),
        1
    );
    only_reason(&html("/files/x%252Fdemo-1.0-py3-none-any.whl"));
    only_reason(&html("/files/x%2Fdemo-1.0-py3-none-any.whl"));
    only_reason(&html("/files/demo-1.0-py3-none-any.whl%00"));
    let json = Upload::new("../demo-1.0-py3-none-any.whl", b"x").href("/files/x");
    let body = json!({"meta": {"api-version": "1.0"}, "name": "demo", "files": [
        {"filename": "../demo-1.0-py3-none-any.whl", "url": "/files/x", "hashes": {}},
    ]});
    drop(json);
    let page = json_page(&body.to_string());
    only_reason(&Fixture::new(page).listing());
}

#[test]
fn files_of_others_and_other_files_are_passed_over() {
    for href in [
        "/files/other-1.0-py3-none-any.whl",
        "/files/demo-1.0.exe",
        "/files/",
    ] {
        let builder = server().html_only().upload(demo().href(href));
        only_reason(&Fixture::new(builder).listing());
    }
    let sdist = Upload::new("demo-1.0.tar.gz", b"x");
    both(&sdist, |listing| {
        assert!(listing.files[0].name.wheel().is_none())
    });
}

#[test]
fn a_malformed_requires_python_passes_over_the_file() {
    both(&demo().requires_python("three or more"), |listing| {
        assert!(only_reason(listing).contains("requires-python"));
    });
    both(&demo().requires_python(""), |listing| {
        assert_eq!(listing.files[0].requires_python, None);
    });
}

#[test]
fn project_status_in_both_formats() {
    let with_status = |status: &str| {
        let head = format!(
            "<meta name=\"pypi:project-status\" content=\"{status}\">\
             <meta name=\"pypi:project-status-reason\" content=\"why\">"
        );
        let key = json!({"status": status, "reason": "why"});
        [
            server().html_only().html_head(&head).upload(demo()),
            server().json_key("project-status", key).upload(demo()),
        ]
    };
    for (status, expect) in [
        ("active", Status::Active),
        ("archived", Status::Archived),
        ("deprecated", Status::Deprecated),
        ("quarantined", Status::Quarantined),
        ("Quarantined ", Status::Quarantined),
        ("sleeping", Status::Unknown("sleeping".to_owned())),
    ] {
        for builder in with_status(status) {
            let listing = Fixture::new(builder).listing();
            assert_eq!(listing.status, expect);
            assert_eq!(listing.status_reason.as_deref(), Some("why"));
        }
    }
}

#[test]
fn base_stays_on_its_host() {
    let upload = demo().href("demo-1.0-py3-none-any.whl");
    let with_base = |base: &str| {
        let head = format!("<base href=\"{base}\">");
        let builder = server().html_only().html_head(&head).upload(upload.clone());
        let fixture = Fixture::new(builder);
        (fixture.listing(), fixture.server.url(""))
    };
    let (listing, here) = with_base("/elsewhere/");
    let expected = format!("{here}/elsewhere/{DEMO}");
    assert!(matches!(&listing.files[0].location, Location::Url(url) if url.as_str() == expected));
    let (listing, here) = with_base("https://evil.example/");
    let expected = format!("{here}/simple/demo/{DEMO}");
    assert!(matches!(&listing.files[0].location, Location::Url(url) if url.as_str() == expected));
    assert!(listing.skipped[0].why.contains("another host"));
}

#[test]
fn only_version_one_of_the_interface() {
    for (version, good) in [
        ("1.0", true),
        ("1.99", true),
        ("2.0", false),
        ("10.1", false),
    ] {
        let head = format!("<meta name=\"pypi:repository-version\" content=\"{version}\">");
        let pages = [
            server().html_only().html_head(&head).upload(demo()),
            server()
                .json_key("meta", json!({"api-version": version}))
                .upload(demo()),
        ];
        for builder in pages {
            assert_eq!(Fixture::new(builder).page().is_ok(), good, "{version}");
        }
    }
}

#[test]
fn the_page_must_be_of_the_project() {
    let named = |name: &str| Fixture::new(server().json_key("name", json!(name)).upload(demo()));
    assert!(named("DEMO").page().is_ok());
    let error = named("other").page().unwrap_err().to_string();
    assert!(
        error.contains("other") && error.contains("demo was asked for"),
        "{error}"
    );
    assert!(named("not a name!").page().is_err());
}

#[test]
fn script_and_comments_are_text() {
    let head = format!(
        "<script>'<a href=\"/files/{DEMO}\">'</script><!-- <a href=\"/files/{DEMO}\"> -->\
         <style><a href=\"/files/{DEMO}\"></style>"
    );
    let listing = Fixture::new(server().html_only().html_head(&head).upload(demo())).listing();
    assert_eq!((listing.files.len(), listing.skipped.len()), (1, 0));
}

#[test]
fn pages_that_are_none_are_errors() {
    for (content_type, body) in [
        ("application/vnd.pypi.simple.v1+json", "{"),
        ("application/vnd.pypi.simple.v1+json", "[]"),
        (
            "application/vnd.pypi.simple.v1+json",
            "{\"meta\":{},\"files\":[]}",
        ),
        ("application/vnd.pypi.simple.v2+json", "{}"),
        ("application/octet-stream", "<a href=x>"),
        ("", "<a href=x>"),
    ] {
        let fixture = Fixture::new(server().page(PAGE, content_type, body));
        let error = fixture.page().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Failed);
        assert!(
            error.to_string().contains(&fixture.server.index_url()),
            "{error}"
        );
    }
    let wrong = server()
        .upload(demo())
        .behave(PAGE, Behaviour::ContentType("text/plain".into()));
    assert!(
        Fixture::new(wrong)
            .page()
            .unwrap_err()
            .to_string()
            .contains("text/plain")
    );
}

#[test]
fn escape_sequences_in_a_page_do_not_reach_the_terminal() {
    let fixture = Fixture::new(
        server()
            .json_key("name", json!("\u{1b}[2Jx"))
            .upload(demo()),
    );
    let error = fixture.page().unwrap_err().to_string();
    assert!(
        !error.contains('\u{1b}') && error.contains("u{1b}"),
        "{error}"
    );
}

#[test]
fn not_found_is_no_error() {
    for status in [404, 410] {
        let fixture = Fixture::new(server().behave(PAGE, Behaviour::Status(status)));
        assert!(matches!(fixture.page(), Ok(None)));
    }
}

#[test]
fn a_page_has_no_more_links_than_any_project_needs() {
    let html = |count: usize| {
        let page = "<a href=x>".repeat(count);
        Fixture::new(server().page(PAGE, "text/html", page)).page()
    };
    let json = |count: usize| {
        let file = r#"{"filename":"x","url":"x","hashes":{}}"#;
        let files = vec![file; count].join(",");
        let page = format!(r#"{{"meta":{{"api-version":"1.0"}},"name":"demo","files":[{files}]}}"#);
        Fixture::new(json_page(&page)).page()
    };
    for page in [html(100_000), json(100_000)] {
        // Those that were passed over are not all remembered.
        assert_eq!(page.unwrap().unwrap().skipped.len(), 10_000);
    }
    for page in [html(100_001), json(100_001)] {
        let error = page.unwrap_err().to_string();
        assert!(error.contains("100"), "{error}");
    }
}

#[test]
fn a_file_has_no_more_hashes_than_there_are_algorithms() {
    let page = |count: usize| {
        let hashes: Vec<_> = (0..count).map(|it| format!("\"x{it}\":\"00\"")).collect();
        let file = format!(
            r#"{{"filename":"{DEMO}","url":"{DEMO}","hashes":{{{}}}}}"#,
            hashes.join(",")
        );
        let page = format!(r#"{{"meta":{{"api-version":"1.0"}},"name":"demo","files":[{file}]}}"#);
        Fixture::new(json_page(&page)).page()
    };
    assert_eq!(page(16).unwrap().unwrap().files.len(), 1);
    assert!(page(17).is_err());
}

#[test]
fn a_long_base_does_not_lengthen_every_link() {
    let page = |length: usize| {
        let base = "x".repeat(length);
        let page = format!("<base href='/{base}/'>{}", "<a href=y>".repeat(100));
        Fixture::new(server().page(PAGE, "text/html", page)).page()
    };
    assert!(page(600 << 10).is_ok());
    let error = page(700 << 10).unwrap_err().to_string();
    assert!(error.contains("bytes of URLs"), "{error}");
}

#[test]
fn of_two_attributes_with_one_name_the_first_counts() {
    let link = format!("<a x=1 href='/files/{DEMO}' y=2 href='/files/other' data-yanked>");
    let listing = Fixture::new(server().page(PAGE, "text/html", link)).listing();
    assert_eq!(listing.files[0].name.as_str(), DEMO);
    assert_eq!(listing.files[0].yanked.as_ref().unwrap().reason, "");
}

fn json_page(body: &str) -> Builder {
    server().page(PAGE, "application/vnd.pypi.simple.v1+json", body)
}
