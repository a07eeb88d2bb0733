//! The loopback index as PEP 740 describes one: what pages announce, and where it lies.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use assay_testkit::{
    publisher::{Publisher, TestSigstore},
    server::{Behaviour, IndexServer, Upload},
};
use serde_json::Value;

const WHEEL: &str = "demo-1.0+local.1-py3-none-any.whl";
const ANNOUNCED: &str = "/provenance/demo-1.0%2Blocal.1-py3-none-any.whl";
const ASKED: &str = "/integrity/demo/1.0+local.1/demo-1.0+local.1-py3-none-any.whl/provenance";
const MEDIA_TYPE: &str = "application/vnd.pypi.integrity.v1+json";

fn upload() -> Upload {
    Upload::new(WHEEL, b"bytes").provenance("{\"version\": 1}")
}

/// Head and body of an answer.
fn get(server: &IndexServer, path: &str, accept: &str) -> (String, String) {
    let address = server.url("").replace("http://", "");
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nAccept: {accept}\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

fn json_page(server: &IndexServer) -> Value {
    let (_, page) = get(server, "/simple/demo/", "application/json");
    serde_json::from_str(&page).unwrap()
}

#[test]
fn pages_announce_what_is_served_at_two_addresses() {
    let server = IndexServer::builder().upload(upload()).start();
    let page = json_page(&server);
    assert_eq!(page["meta"]["api-version"], "1.3");
    assert_eq!(page["files"][0]["provenance"], server.url(ANNOUNCED));
    let (_, html) = get(&server, "/simple/demo/", "text/html");
    let attribute = format!("data-provenance=\"{}\"", server.url(ANNOUNCED));
    assert!(html.contains(&attribute), "{html}");
    for path in [ANNOUNCED, ASKED] {
        let (head, body) = get(&server, path, MEDIA_TYPE);
        assert!(head.contains(MEDIA_TYPE), "{head}");
        assert_eq!(body, "{\"version\": 1}");
    }
}

#[test]
fn an_old_proxy_serves_it_and_keeps_silent() {
    let server = IndexServer::builder()
        .upload(upload().unannounced())
        .start();
    let page = json_page(&server);
    assert_eq!(page["meta"]["api-version"], "1.1");
    assert_eq!(page["files"][0]["provenance"], Value::Null);
    let (_, html) = get(&server, "/simple/demo/", "text/html");
    assert!(!html.contains("data-provenance"), "{html}");
    let (head, _) = get(&server, ASKED, MEDIA_TYPE);
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
}

#[test]
fn a_file_without_provenance_has_none_anywhere() {
    let server = IndexServer::builder().wheel(WHEEL, b"bytes").start();
    assert_eq!(json_page(&server)["files"][0]["provenance"], Value::Null);
    for path in [ANNOUNCED, ASKED] {
        let (head, _) = get(&server, path, MEDIA_TYPE);
        assert!(head.starts_with("HTTP/1.1 404"), "{head}");
    }
}

#[test]
fn an_address_of_provenance_can_be_spoiled_alone() {
    let server = IndexServer::builder()
        .upload(upload())
        .behave(
            "/provenance/demo-1.0+local.1-py3-none-any.whl",
            Behaviour::Status(503),
        )
        .behave(ASKED, Behaviour::drop_after(3, 1))
        .start();
    let (head, _) = get(&server, ANNOUNCED, MEDIA_TYPE);
    assert!(head.starts_with("HTTP/1.1 503"), "{head}");
    let (_, cut) = get(&server, ASKED, MEDIA_TYPE);
    assert_eq!(cut, "{\"v");
}

#[test]
fn every_file_of_a_server_is_attested_but_for_those_that_have_a_provenance() {
    let sigstore = TestSigstore::new();
    let server = IndexServer::builder()
        .wheel("demo-2.0-py3-none-any.whl", b"two")
        .wheel("demo-3.0.tar.gz", b"three")
        .upload(upload())
        .attested(
            &sigstore,
            &Publisher::github("acme/demo"),
            "2026-01-02T03:04:05Z",
        )
        .wheel("demo-4.0-py3-none-any.whl", b"four")
        .start();
    let attested = |version: &str, file: &str| {
        let path = format!("/integrity/demo/{version}/{file}/provenance");
        get(&server, &path, MEDIA_TYPE).1.contains("acme/demo")
    };
    assert!(attested("2.0", "demo-2.0-py3-none-any.whl"));
    assert!(attested("3.0", "demo-3.0.tar.gz"));
    assert!(!attested("1.0+local.1", WHEEL));
    assert!(!attested("4.0", "demo-4.0-py3-none-any.whl"));
}
