//! Which requests pass through a proxy, and what it gets to see.

use std::fs;

use assay_index::{Client, ClientConfig, IndexError, TlsRoots};
use assay_testkit::server::IndexServer;
use assay_types::listing::Listing;

use crate::support::{DEMO, config, demo, server};

/// Plays the proxy and `index.example` behind it.
fn proxy() -> IndexServer {
    let site = server().wheel(DEMO, b"bytes").tls_named("index.example");
    site.behind_proxy().start()
}

fn ask(
    proxy: &IndexServer,
    index: &str,
    change: impl FnOnce(&mut ClientConfig),
) -> Result<Option<Listing>, IndexError> {
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("ca.pem");
    fs::write(&authority, proxy.ca_pem()).unwrap();
    let mut config = config(folder.path());
    config.roots = TlsRoots::File(authority);
    config.proxy = Some(proxy.proxy_url());
    change(&mut config);
    let client = Client::new(config)?;
    client.fetch_page(&client.index(index)?, &demo())
}

#[test]
fn https_is_tunnelled_and_verified_to_its_end() {
    let proxy = proxy();
    let outcome = ask(&proxy, "https://alice:s3cr3t@index.example/simple/", |_| {}).unwrap();
    assert!(outcome.is_some());
    let requests = proxy.requests();
    assert_eq!(requests[0].method, "CONNECT");
    assert_eq!(requests[0].path, "index.example:443");
    assert_eq!(requests[0].header("authorization"), None);
    assert!(requests[1].header("authorization").is_some());
    assert!(ask(&proxy, "https://elsewhere.example/simple/", |_| {}).is_err());
}

#[test]
fn its_own_credentials_go_to_the_proxy_only() {
    let proxy = proxy();
    let own = proxy.proxy_url().replace("://", "://bob:pw@");
    ask(&proxy, "https://index.example/simple/", |it| {
        it.proxy = Some(own)
    })
    .unwrap();
    let requests = proxy.requests();
    assert!(requests[0].header("proxy-authorization").is_some());
    assert!(
        requests[1]
            .headers
            .iter()
            .all(|(name, _)| !name.contains("authorization"))
    );
}

#[test]
fn exempt_hosts_and_this_machine_are_reached_directly() {
    let proxy = proxy();
    let exempt = |it: &mut ClientConfig| it.no_proxy = vec!["example".into()];
    assert!(ask(&proxy, "https://index.example/simple/", exempt).is_err());
    let local = server().wheel(DEMO, b"bytes").start();
    assert!(ask(&proxy, &local.index_url(), |_| {}).is_ok());
    assert_eq!(proxy.requests().len(), 0);
}
