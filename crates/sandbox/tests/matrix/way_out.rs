//! The way out of a build that was given one: to the hosts that were named, and to nothing else.

use std::{
    io::{ErrorKind, Read, Write},
    net::{TcpListener, TcpStream},
    thread::{self, JoinHandle},
    time::Duration,
};

use assay_sandbox::{Denied, Ending, Error, Host, Outcome, Tier};

use crate::rig::{Rig, ended, for_each_tier};

/// Asks the proxy for its first argument.
const ASK: &str = "
import urllib.parse
proxy = urllib.parse.urlsplit(os.environ['https_proxy'])
assert os.environ['HTTPS_PROXY'] == os.environ['all_proxy'] == proxy.geturl()
def ask(head):
    to = socket.create_connection((proxy.hostname, proxy.port), 20)
    to.sendall(head.encode() + b'\\r\\n\\r\\n')
    answer = b''
    while b'\\r\\n\\r\\n' not in answer:
        more = to.recv(1000)
        if not more: break
        answer += more
    return to, answer.split(b'\\r\\n')[0].decode()
def connect(host):
    return ask(f'CONNECT {host} HTTP/1.1\\r\\nHost: {host}')
";

for_each_tier! {
    fn a_host_that_was_named_is_reached(rig) {
        if !rig.tier.network() { return }
        let (host, server) = server();
        let outcome = asks(rig, &host, "
to, answer = connect(sys.argv[1])
assert answer == 'HTTP/1.1 200 Connection established', answer
to.sendall(b'hello')
to.shutdown(socket.SHUT_WR)
assert to.recv(100) == b'HELLO'
assert to.recv(100) == b''
", &host);
        let Some(outcome) = outcome else { return };
        assert!(outcome.success(), "{}", outcome.output.text());
        assert_eq!(outcome.reached, [host]);
        assert_eq!(outcome.denied, []);
        server.join().unwrap();
    }

    fn no_other_host_and_no_other_port(rig) {
        if !rig.tier.network() { return }
        let other = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let unnamed = other.local_addr().unwrap().to_string();
        let outcome = asks(rig, "127.0.0.1:1", "
for host in sys.argv[1], 'files.example:443', sys.argv[1].replace('127.0.0.1', 'localhost'):
    assert connect(host)[1] == 'HTTP/1.1 403 Forbidden'
", &unnamed);
        let Some(outcome) = outcome else { return };
        assert!(outcome.success(), "{}", outcome.output.text());
        let port = other.local_addr().unwrap().port();
        let expected = [
            format!("tried to reach {unnamed}"),
            "tried to reach files.example:443".to_owned(),
            format!("tried to reach localhost:{port}"),
        ];
        assert_eq!(words(&outcome), expected);
        assert_eq!(outcome.reached, [""; 0]);
        nobody_came(&other);
    }

    fn no_other_method_than_connect(rig) {
        if !rig.tier.network() { return }
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let outcome = asks(rig, &host, "
assert ask(f'GET http://{sys.argv[1]}/ HTTP/1.1')[1] == 'HTTP/1.1 403 Forbidden'
assert ask('\\x1b[2J')[1] == 'HTTP/1.1 403 Forbidden'
", &host);
        let Some(outcome) = outcome else { return };
        assert!(outcome.success(), "{}", outcome.output.text());
        let expected = [format!("tried to reach http://{host}/"), "tried to reach \\x1b[2J".to_owned()];
        assert_eq!(words(&outcome), expected);
        nobody_came(&listener);
    }

    fn a_name_does_not_lead_to_this_machine(rig) {
        if !rig.tier.network() { return }
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let host = format!("localhost:{port}");
        let code = "assert connect(sys.argv[1])[1] == 'HTTP/1.1 403 Forbidden'";
        let Some(outcome) = asks(rig, &host, code, &host) else { return };
        assert!(outcome.success(), "{}", outcome.output.text());
        assert!(
            matches!(&outcome.denied[..], [Denied::Address { host: it, address }] if *it == host && address.ip().is_loopback()),
            "{:?}", outcome.denied
        );
        nobody_came(&listener);
    }

    fn nothing_passes_beside_it(rig) {
        if !rig.tier.network() { return }
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let outcome = asks(rig, &host, "
address, port = sys.argv[1].split(':')
for to in (address, int(port)), ('192.0.2.7', proxy.port), (proxy.hostname, int(port)):
    try: socket.create_connection(to, 5)
    except OSError: continue
    sys.exit('connected')
try: socket.socket().bind(('127.0.0.1', 0))
except OSError: sys.exit(0)
sys.exit('bound')
", &host);
        let Some(outcome) = outcome else { return };
        assert!(outcome.success(), "{}", outcome.output.text());
        assert_eq!(words(&outcome)[..2], [
            format!("tried to connect to {host}"),
            "tried to connect to 192.0.2.7:3128".to_owned(),
        ]);
        nobody_came(&listener);
    }

    fn it_ends_with_the_build(rig) {
        if !rig.tier.network() { return }
        let (host, server) = server();
        let code = "
assert connect(sys.argv[1])[1].endswith('200 Connection established')
os.kill(os.getpid(), 9)
";
        if asks(rig, &host, code, &host).is_some() {
            server.join().unwrap();
        }
    }

    fn without_it_there_is_none(rig) {
        let Some(sandbox) = rig.python("
assert not [it for it in os.environ if it.lower().endswith('_proxy')]
try: os.listdir('/etc/ssl/certs')
except OSError: socket.create_connection(('127.0.0.53', 3128), 5)
") else { return };
        let outcome = ended(&sandbox);
        assert_eq!(outcome.ending, Ending::Exited(42), "{}", outcome.output.text());
        if rig.tier.network() && std::path::Path::new("/etc/ssl/certs").exists() {
            let code = "assert os.listdir('/etc/ssl/certs') and not os.path.exists('/etc/ssl/private')";
            let outcome = asks(rig, "files.example", code, "");
            assert!(outcome.is_none_or(|it| it.success()));
        }
    }

    fn a_tier_without_a_network_of_its_own_has_no_way_out(rig) {
        let hosts = ["files.example".parse().unwrap()];
        let asked = rig.sandbox("/bin/true").network(&hosts).run();
        match rig.tier {
            Tier::Restricted => {
                let error = asked.unwrap_err();
                assert!(matches!(&error, Error::NoNetwork { .. }), "{error}");
            }
            _ => assert!(asked.unwrap().success()),
        }
        assert!(ended(&rig.sandbox("/bin/true").network(&[])).success());
    }
}

/// Runs the code where one host is allowed.
fn asks(rig: &Rig, allowed: &str, code: &str, argument: &str) -> Option<Outcome> {
    let hosts: [Host; 1] = [allowed.parse().unwrap()];
    let sandbox = rig.python(&format!("{ASK}{code}"))?;
    Some(ended(&sandbox.network(&hosts).argument(argument)))
}

fn words(outcome: &Outcome) -> Vec<String> {
    outcome.denied.iter().map(Denied::to_string).collect()
}

/// Says in capitals what one client says, and returns when that is gone.
fn server() -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let serve = move || echo(listener.accept().unwrap().0);
    (host, thread::spawn(serve))
}

fn echo(mut client: TcpStream) {
    client
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let mut bytes = [0; 100];
    loop {
        let length = client.read(&mut bytes).unwrap();
        if length == 0 {
            return;
        }
        client
            .write_all(bytes[..length].to_ascii_uppercase().as_slice())
            .unwrap();
    }
}

fn nobody_came(listener: &TcpListener) {
    listener.set_nonblocking(true).unwrap();
    assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
}
