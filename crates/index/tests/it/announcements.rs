//! Provenance (PEP 740) and OpenPGP signatures (PEP 503) that a page announces.

use std::sync::Arc;

use assay_index::page::{Format, Kind, PageContext, PageError, parse};
use assay_types::{
    Url,
    listing::{Joined, Listing, Location, Origin},
};
use serde_json::{Value, json};

use crate::support::{DEMO, demo, only_reason};

const PAGE: &str = "https://index.example/simple/demo/";
const GOOD: &str = "https://index.example/integrity/demo/1.0/x/provenance";
const STRONG: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn origin() -> Origin {
    Origin::Index(Arc::new("https://index.example/simple/".parse().unwrap()))
}

fn read(format: Format, body: &str, page: &str, kind: Kind<'_>) -> Result<Listing, PageError> {
    let url: Url = page.parse().unwrap();
    let context = PageContext {
        url: &url,
        origin: &origin(),
        project: &demo(),
        kind,
    };
    parse(format, body.as_bytes(), context)
}

fn json_page(version: &str, provenance: Value) -> String {
    let file = json!({
        "filename": DEMO, "url": format!("/files/{DEMO}"), "hashes": {"sha256": STRONG},
        "provenance": provenance,
    });
    json!({"meta": {"api-version": version}, "name": "demo", "files": [file]}).to_string()
}

fn html_page(version: &str, attribute: &str) -> String {
    format!(
        "<meta name='pypi:repository-version' content='{version}'>\
         <a href='/files/{DEMO}#sha256={STRONG}' {attribute}>{DEMO}</a>"
    )
}

/// What both formats say where the page announces this URL.
fn announcing(provenance: &str, page: &str) -> [Listing; 2] {
    let html = html_page("1.3", &format!("data-provenance='{provenance}'"));
    let json = json_page("1.3", json!(provenance));
    let read = |format, body| read(format, body, page, Kind::Project).unwrap();
    [read(Format::Json, &json), read(Format::Html, &html)]
}

#[test]
fn an_announcement_is_a_url_without_secrets() {
    for (announced, read) in [
        (GOOD, GOOD),
        ("/a/b.provenance", "https://index.example/a/b.provenance"),
        ("b", "https://index.example/simple/demo/b"),
        ("//other.example/b?c=d", "https://other.example/b?c=d"),
        ("https://u:p@other.example/b#c", "https://other.example/b"),
    ] {
        for listing in announcing(announced, PAGE) {
            let found = listing.files[0].provenance.as_ref();
            assert_eq!(found.map(Url::as_str), Some(read));
        }
    }
}

#[test]
fn one_that_nobody_can_fetch_is_not_none() {
    for (announced, why) in [
        ("", "empty"),
        ("https://", "not a URL"),
        ("javascript:alert(1)", "javascript:"),
        ("file:///etc/passwd", "file:"),
        ("data:application/json,{}", "data:"),
        ("http://index.example/x", "plain HTTP"),
        ("http://127.0.0.1/x", "plain HTTP"),
        ("http://u:s3cr3t@index.example/x", "plain HTTP"),
    ] {
        for listing in announcing(announced, PAGE) {
            let reason = only_reason(&listing);
            assert!(reason.starts_with("its provenance"), "{reason}");
            assert!(
                reason.contains(why) && !reason.contains("s3cr3t"),
                "{reason}"
            );
            assert!(listing.announces);
        }
    }
}

#[test]
fn plain_http_stays_on_this_machine() {
    let page = "http://127.0.0.1:8080/simple/demo/";
    for listing in announcing("http://localhost/x", page) {
        assert!(listing.files[0].provenance.is_some());
    }
    for listing in announcing("http://index.example/x", page) {
        assert!(only_reason(&listing).contains("plain HTTP"));
    }
}

#[test]
fn null_and_no_key_announce_nothing_and_another_type_is_no_page() {
    let nothing = json_page("1.3", Value::Null);
    let without = nothing.replace(",\"provenance\":null", "");
    assert_ne!(nothing, without);
    for page in [nothing, without] {
        let listing = read(Format::Json, &page, PAGE, Kind::Project).unwrap();
        assert_eq!(listing.files[0].provenance, None);
    }
    for other in [
        json!(true),
        json!(false),
        json!(1),
        json!([GOOD]),
        json!({"url": GOOD}),
    ] {
        let page = json_page("1.3", other);
        assert!(
            read(Format::Json, &page, PAGE, Kind::Project).is_err(),
            "{page}"
        );
    }
}

#[test]
fn a_page_of_an_older_api_could_not_have_announced() {
    for (version, could) in [
        ("1", false),
        ("1.0", false),
        ("1.2", false),
        ("1.3", true),
        ("1.4", true),
        ("1.10", true),
        ("1.3.1", true),
        ("1.x", false),
    ] {
        let json = json_page(version, Value::Null);
        let html = html_page(version, "");
        for (format, body) in [(Format::Json, json), (Format::Html, html)] {
            let listing = read(format, &body, PAGE, Kind::Project).unwrap();
            assert_eq!(listing.could_announce(&listing.files[0]), could, "{body}");
        }
    }
    // Proxies pass it on and leave the version as it was.
    let json = json_page("1.0", json!(GOOD));
    let html = html_page("1.0", &format!("data-provenance='{GOOD}'"));
    for (format, body) in [(Format::Json, json), (Format::Html, html)] {
        assert!(read(format, &body, PAGE, Kind::Project).unwrap().announces);
    }
}

#[test]
fn each_index_speaks_for_its_own_files() {
    let [mut listing, _] = announcing(GOOD, PAGE);
    let other = Origin::Index(Arc::new("https://other.example/".parse().unwrap()));
    let mut theirs = listing.files[0].clone();
    theirs.origin = other.clone();
    assert!(!listing.could_announce(&theirs));
    for announces in [false, true] {
        listing.joined = vec![Joined {
            origin: other.clone(),
            is_mutual: true,
            announces,
        }];
        assert_eq!(listing.could_announce(&theirs), announces);
        assert!(listing.could_announce(&listing.files[0]));
    }
}

#[test]
fn a_file_on_this_machine_has_none_whatever_its_page_says() {
    let kind = Kind::LocalLinks {
        named_in: &Arc::from("--find-links wheels.html"),
    };
    let read = |link: &str| {
        let body = format!("<a href='{link}#sha256={STRONG}' data-provenance='{GOOD}'>");
        read(Format::Html, &body, "file:///srv/wheels.html", kind).unwrap()
    };
    let beside = &read(DEMO).files[0];
    assert!(matches!(beside.location, Location::Path { .. }));
    assert_eq!(beside.provenance, None);
    let elsewhere = &read(&format!("https://files.example/{DEMO}")).files[0];
    assert!(elsewhere.provenance.is_some());
}

#[test]
fn a_long_base_lengthens_announcements_too() {
    let base = "x".repeat(400 << 10);
    let page = |attribute: &str| {
        let link = format!("<a href='{DEMO}' {attribute}>");
        let body = format!("<base href='/{base}/'>{}", link.repeat(100));
        read(Format::Html, &body, PAGE, Kind::Project)
    };
    assert_eq!(page("").unwrap().files.len(), 100);
    let error = page("data-provenance=y").unwrap_err().to_string();
    assert!(error.contains("bytes of URLs"), "{error}");
}

#[test]
fn an_openpgp_signature_is_announced_denied_or_not_spoken_of() {
    let html = |attribute: &str| {
        let page = html_page("1.0", attribute);
        read(Format::Html, &page, PAGE, Kind::Project)
    };
    let json = |value: &str| {
        let page = json_page("1.0", json!("REPLACED"));
        let page = page.replace("\"provenance\":\"REPLACED\"", value);
        read(Format::Json, &page, PAGE, Kind::Project)
    };
    for (attribute, key, says) in [
        ("data-gpg-sig=true", "\"gpg-sig\":true", Some(true)),
        ("data-gpg-sig='false'", "\"gpg-sig\":false", Some(false)),
        ("data-gpg-sig=''", "\"gpg-sig\":null", None),
        ("data-gpg-sig=perhaps", "\"gpg\":true", None),
        ("", "\"gpg_sig\":true", None),
    ] {
        for listing in [html(attribute), json(key)] {
            assert_eq!(listing.unwrap().files[0].gpg_sig, says, "{attribute} {key}");
        }
    }
    assert!(json("\"gpg-sig\":\"true\"").is_err());
}
