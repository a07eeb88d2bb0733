//! Which requests pass through a proxy, and what it gets to see.

use std::{
    fs,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use assay_index::{Client, ClientConfig, ErrorKind, IndexError, TlsRoots};
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

#[test]
fn a_proxy_that_wants_other_credentials_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            while lines
                .next()
                .is_some_and(|it| it.is_ok_and(|it| !it.is_empty()))
            {}
            let answer = "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    let error = ask(&proxy(), "https://index.example/simple/", |it| {
        it.proxy = Some(format!("http://bob:pa55word@{address}"));
    })
    .unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(text.contains("407") && !text.contains("pa55word"), "{text}");
    assert!(
        error
            .hint()
            .unwrap()
            .contains("http://user:password@host:port")
    );
}

/// A SOCKS5 proxy for one kind of request: by name, with a password. Notes what it was asked, and
/// leads everything to one server.
fn socks(to: &IndexServer, password: &'static str) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let target = to.proxy_url().replace("http://", "");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let Some(name) = socks_handshake(&mut client, password) else {
                continue;
            };
            noted.lock().unwrap().push(name);
            let server = TcpStream::connect(&target).unwrap();
            for (mut from, mut to) in [
                (client.try_clone().unwrap(), server.try_clone().unwrap()),
                (server, client),
            ] {
                thread::spawn(move || io::copy(&mut from, &mut to));
            }
        }
    });
    (address, asked)
}

/// RFC 1928 and 1929. Gives the name that is asked for; `None` where somebody is turned away.
fn socks_handshake(client: &mut TcpStream, password: &str) -> Option<String> {
    let mut take = |count: usize| {
        let mut bytes = vec![0; count];
        client.read_exact(&mut bytes).ok().map(|()| bytes)
    };
    let methods = take(2)?[1];
    take(methods.into())?;
    client.write_all(&[5, 2]).ok()?;
    let text = |client: &mut TcpStream| {
        let mut length = [0];
        client.read_exact(&mut length).ok()?;
        let mut bytes = vec![0; length[0].into()];
        client.read_exact(&mut bytes).ok()?;
        String::from_utf8(bytes).ok()
    };
    client.read_exact(&mut [0]).ok()?;
    text(client)?;
    let is_right = text(client)? == password;
    client.write_all(&[1, u8::from(!is_right)]).ok()?;
    let mut request = [0; 4];
    client.read_exact(&mut request).ok()?;
    if !is_right || request[3] != 3 {
        return None;
    }
    let name = text(client)?;
    client.read_exact(&mut [0; 2]).ok()?;
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).ok()?;
    Some(name)
}

#[test]
fn a_socks_proxy_may_look_up_the_name_and_tls_goes_through_it() {
    let site = server()
        .wheel(DEMO, b"bytes")
        .tls_named("index.example")
        .start();
    let (address, asked) = socks(&site, "pw");
    let through = |proxy: String| {
        ask(&site, "https://index.example/simple/", |it| {
            it.proxy = Some(proxy)
        })
    };
    assert!(
        through(format!("socks5h://bob:pw@{address}"))
            .unwrap()
            .is_some()
    );
    assert_eq!(*asked.lock().unwrap(), ["index.example"]);
    let error = through(format!("socks5h://bob:pa55word@{address}")).unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(
        text.contains("by way of the proxy") && !text.contains("pa55word"),
        "{text}"
    );
    // socks5 looks the name up here, where it does not exist.
    assert!(through(format!("socks5://bob:pw@{address}")).is_err());
    assert_eq!(asked.lock().unwrap().len(), 1);
}

#[test]
fn what_is_no_proxy_is_a_setting() {
    for wrong in [
        "ftp://127.0.0.1:1",
        "socks6://127.0.0.1:1",
        "http://",
        "http://a b",
    ] {
        let error = ask(&proxy(), "https://index.example/simple/", |it| {
            it.proxy = Some(wrong.to_owned());
        })
        .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage, "{wrong}");
        assert!(error.to_string().contains("socks5h://host:port"), "{error}");
    }
}
