//! TLS is verified, against the roots that were asked for.

use std::fs;

use assay_index::{Client, ErrorKind, IndexError, TlsRoots};
use assay_testkit::server::{Behaviour, Builder, Upload};

use crate::support::{DEMO, Fixture, PAGE, only_reason, server};

fn site() -> Builder {
    server().wheel(DEMO, b"bytes").tls()
}

/// A client that trusts the server's own authority.
fn trusting(builder: Builder) -> Fixture {
    let mut fixture = Fixture::new(builder);
    let path = fixture.folder.path().join("ca.pem");
    fs::write(&path, fixture.server.ca_pem()).unwrap();
    let mut config = fixture.client.config().clone();
    config.roots = TlsRoots::File(path);
    fixture.client = Client::new(config).unwrap();
    fixture
}

#[test]
fn an_authority_that_was_named_is_trusted_and_no_other() {
    let fixture = trusting(site());
    assert!(fixture.page().is_ok() && fixture.fetch().is_ok());
    let foreign = trusting(server().tls());
    for roots in [
        TlsRoots::Mozilla,
        TlsRoots::File(foreign.folder.path().join("ca.pem")),
    ] {
        let fixture = Fixture::with(site(), |it| it.roots = roots);
        let error = fixture.page().unwrap_err();
        assert!(matches!(error, IndexError::Tls { .. }), "{error}");
        assert!(error.hint().unwrap().contains("--cert"));
        assert_eq!(fixture.server.requests().len(), 0);
    }
}

#[test]
fn the_name_must_be_the_servers() {
    let fixture = trusting(server().wheel(DEMO, b"bytes").tls_named("other.example"));
    let error = fixture.page().unwrap_err();
    assert!(matches!(error, IndexError::Tls { .. }), "{error}");
}

#[test]
fn a_folder_of_authorities_serves_too() {
    let fixture = trusting(site());
    let mut config = fixture.client.config().clone();
    let folder = fixture.folder.path().join("certs");
    fs::create_dir(&folder).unwrap();
    fs::copy(fixture.folder.path().join("ca.pem"), folder.join("a.pem")).unwrap();
    config.roots = TlsRoots::Folder(folder);
    let client = Client::new(config).unwrap();
    let index = client.index(&fixture.server.index_url()).unwrap();
    assert!(client.fetch_page(&index, &crate::support::demo()).is_ok());
}

#[test]
fn an_empty_or_missing_store_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    fs::write(&empty, "").unwrap();
    let noise = folder.path().join("noise.pem");
    fs::write(
        &noise,
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    for roots in [
        TlsRoots::File(empty),
        TlsRoots::File(noise),
        TlsRoots::File(folder.path().join("missing.pem")),
        TlsRoots::Folder(folder.path().join("missing")),
    ] {
        let fixture = Fixture::with(site(), |it| it.roots = roots.clone());
        let error = fixture.page().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage, "{roots:?}: {error}");
        assert_eq!(fixture.server.connections(), 0);
    }
}

#[test]
fn plain_http_reads_no_trust_store() {
    let roots = TlsRoots::File("/missing/ca.pem".into());
    let fixture = Fixture::with(server().wheel(DEMO, b"bytes"), |it| it.roots = roots);
    assert!(fixture.page().is_ok());
}

#[test]
fn a_client_certificate_must_have_its_key() {
    let fixture = trusting(site());
    let mut config = fixture.client.config().clone();
    config.client_certificate = Some(fixture.folder.path().join("ca.pem"));
    let client = Client::new(config).unwrap();
    let index = client.index(&fixture.server.index_url()).unwrap();
    let error = client
        .fetch_page(&index, &crate::support::demo())
        .unwrap_err()
        .to_string();
    assert!(error.contains("no private key"), "{error}");
}

/// The fixture's client, with this certificate.
fn with_certificate(fixture: &Fixture, pem: &str) -> Client {
    let path = fixture.folder.path().join("client.pem");
    fs::write(&path, pem).unwrap();
    let mut config = fixture.client.config().clone();
    config.client_certificate = Some(path);
    Client::new(config).unwrap()
}

#[test]
fn a_server_that_demands_a_certificate_gets_the_one_that_was_named() {
    let fixture = trusting(site().demand_certificate());
    let error = fixture.page().unwrap_err();
    assert!(matches!(error, IndexError::Tls { .. }), "{error:?}");
    assert!(error.hint().unwrap().contains("--client-cert"), "{error}");

    let page = |client: Client| {
        let index = client.index(&fixture.server.index_url()).unwrap();
        client.fetch_page(&index, &crate::support::demo())
    };
    let good = fixture.server.client_pem();
    assert!(page(with_certificate(&fixture, good)).unwrap().is_some());
    let foreign = trusting(site());
    let error = page(with_certificate(&fixture, foreign.server.client_pem())).unwrap_err();
    assert!(matches!(error, IndexError::Tls { .. }), "{error:?}");
    // A certificate does no harm where nobody asks for it.
    let client = with_certificate(&foreign, foreign.server.client_pem());
    let index = client.index(&foreign.server.index_url()).unwrap();
    assert!(client.fetch_page(&index, &crate::support::demo()).is_ok());
}

#[test]
fn never_from_https_to_http() {
    let plain = server().wheel(DEMO, b"bytes").start();
    let down = Behaviour::Redirect(plain.url(PAGE));
    let fixture = trusting(site().behave(PAGE, down));
    let error = fixture.page().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Trust, "{error}");
    assert_eq!(plain.requests().len(), 0);
    let secure = Behaviour::Redirect("HOST/simple/other/".into());
    let fixture = trusting(
        site()
            .page("/simple/other/", "text/html", "")
            .behave(PAGE, secure),
    );
    assert!(fixture.page().is_ok());
}

#[test]
fn a_proxy_that_is_no_url_is_a_setting_and_is_not_shown() {
    let mut config = crate::support::config("/tmp".as_ref());
    config.proxy = Some("ht!tp://u:s3cr3t@".into());
    let Err(error) = Client::new(config) else {
        panic!("accepted")
    };
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(!error.to_string().contains("s3cr3t"));
}

#[test]
fn an_https_page_does_not_lead_to_plain_http_not_even_here() {
    let upload = |href: &str| Upload::new(DEMO, b"bytes").href(href);
    let plain = server()
        .tls()
        .upload(upload("http://127.0.0.1/demo-1.0-py3-none-any.whl"));
    assert!(only_reason(&trusting(plain).listing()).contains("plain HTTP"));
    let secure = server()
        .tls()
        .upload(upload("https://127.0.0.1/demo-1.0-py3-none-any.whl"));
    assert_eq!(trusting(secure).listing().files.len(), 1);
}
