//! A way out for one build, to the hosts that the user named.

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    thread,
};

use assay_testkit::sdist::{Backend, SdistBuilder, attempt};

use super::{for_each_user, for_me, index, nothing_installed, receipt, seen};
use crate::machine::Machine;

/// Asks the proxy that it was told of for a host, and the host for an answer.
const ASK: &str = "
import socket, urllib.parse
def ask(host):
    proxy = urllib.parse.urlsplit(os.environ['HTTPS_PROXY'])
    to = socket.create_connection((proxy.hostname, proxy.port), 20)
    to.sendall(('CONNECT %s HTTP/1.1\\r\\nHost: %s\\r\\n\\r\\n' % (host, host)).encode())
    answer = to.recv(1000)
    if b' 200 ' not in answer.partition(b'\\r\\n')[0]: raise OSError(answer.decode())
    to.sendall(b'x')
    return to.recv(100).decode()
";

/// Somebody on this machine who answers whoever comes; the address.
fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

fn answering() -> String {
    let (listener, address) = listener();
    let answer = |mut stream: TcpStream| {
        stream.read_exact(&mut [0]).ok();
        stream.write_all(b"hello").ok();
    };
    thread::spawn(move || listener.incoming().flatten().for_each(answer));
    address
}

fn demo(name: &str, code: &str) -> SdistBuilder {
    let backend = Backend::new().at_import(ASK).building(code);
    SdistBuilder::simple(name, "1.0").in_tree(&backend)
}

#[test]
fn a_host_that_was_named_is_reached_and_in_the_receipt() {
    let named = answering();
    let (other, unnamed) = listener();
    other.set_nonblocking(true).unwrap();
    let code = attempt("named", &format!("return ask({named:?})"))
        + &attempt("unnamed", &format!("return ask({unnamed:?})"))
        + &attempt(
            "straight",
            &format!("return socket.create_connection({}, 5)", address(&named)),
        );
    let server = index(&[&demo("demo", &code).build()], &[]);
    for_each_user(|machine: &Machine| {
        let allow = format!("demo={named}");
        machine
            .install(&server, &["--allow-build-network", &allow, "demo"])
            .ok();
        let found = seen(machine, "demo")["found"].clone();
        let said = |name: &str| found[name].as_str().unwrap().to_owned();
        assert_eq!(said("named"), "reached: 'hello'");
        assert!(!said("unnamed").starts_with("reached"), "{found}");
        assert!(!said("straight").starts_with("reached"), "{found}");
        let built = receipt(machine, "demo-1.0")["built"].clone();
        assert_eq!(built["network"], serde_json::json!([named]));
        let nobody = other.accept().map(drop).map_err(|it| it.kind());
        assert_eq!(nobody, Err(ErrorKind::WouldBlock));
    });
}

/// Host and port as Python has them.
fn address(text: &str) -> String {
    let (host, port) = text.split_once(':').unwrap();
    format!("({host:?}, {port})")
}

#[test]
fn a_way_out_is_for_one_project() {
    let named = answering();
    let code = attempt("named", &format!("return ask({named:?})"));
    let with = demo("with", &code).build();
    let without = demo("without", &code).build();
    let server = index(&[&with, &without], &[]);
    for_me(|machine| {
        let allow = format!("with={named}");
        let args = ["--allow-build-network", &allow, "with", "without"];
        machine.install(&server, &args).ok();
        assert_eq!(seen(machine, "with")["found"]["named"], "reached: 'hello'");
        let found = seen(machine, "without")["found"]["named"].clone();
        assert!(!found.as_str().unwrap().starts_with("reached"), "{found}");
        let built = receipt(machine, "without-1.0")["built"].clone();
        assert_eq!(built["network"], serde_json::json!([]));
    });
}

#[test]
fn what_was_built_with_a_way_out_is_not_taken_without_one() {
    let named = answering();
    let code = attempt("named", &format!("return ask({named:?})"));
    let server = index(&[&demo("demo", &code).build()], &[]);
    for_me(|machine| {
        let allow = format!("demo={named}");
        machine
            .install(&server, &["--allow-build-network", &allow, "demo"])
            .ok();
        std::fs::remove_dir_all(machine.venv()).unwrap();
        machine.install(&server, &["demo"]).ok();
        let built = receipt(machine, "demo-1.0")["built"].clone();
        assert_eq!(built["network"], serde_json::json!([]));
    });
}

#[test]
fn a_way_out_is_a_host_and_not_a_pattern() {
    let server = index(&[&demo("demo", "").build()], &[]);
    for_me(|machine| {
        for bad in [
            "demo=*",
            "demo=*.example.com",
            "demo",
            "=example.com",
            "demo=",
            "demo=http://example.com/",
        ] {
            let outcome = machine.install(&server, &["--allow-build-network", bad, "demo"]);
            nothing_installed(machine, &outcome);
            outcome.fails(2, &["--allow-build-network"]);
        }
        let fine = ["--allow-build-network", "demo=files.example:443", "demo"];
        machine.install(&server, &fine).ok();
    });
}
