//! What a program wanted of the network is told in words, whatever it does with the answer.

use std::time::Duration;

use assay_sandbox::{Denied, Ending, Limit, Limits, Tier};

use crate::rig::{Rig, ended, for_each_tier, small_limits};

for_each_tier! {
    fn a_name_that_is_looked_up(rig) {
        let told = denied(rig, "
try: socket.getaddrinfo('files.example', 443)
except OSError: pass
");
        let expected = match rig.tier {
            Tier::Namespaces => "tried to look up files.example",
            Tier::Bubblewrap => "tried to look up a name",
            Tier::Restricted => "tried to open a network socket",
        };
        assert_eq!(told, [expected], "{}", rig.tier);
    }

    fn an_address_that_is_connected_to(rig) {
        let told = denied(rig, "
for family, kind, to in (
    (socket.AF_INET, socket.SOCK_STREAM, ('192.0.2.7', 443)),
    (socket.AF_INET, socket.SOCK_DGRAM, ('192.0.2.8', 123)),
    (socket.AF_INET6, socket.SOCK_STREAM, ('2001:db8::1', 80)),
    (socket.AF_INET6, socket.SOCK_STREAM, ('::ffff:192.0.2.9', 80)),
):
    try: socket.socket(family, kind).connect(to)
    except OSError: continue
    sys.exit('connected')
");
        let socket = "tried to open a network socket";
        let each = [
            "tried to connect to 192.0.2.7:443",
            "tried to connect to 192.0.2.8:123",
            "tried to connect to [2001:db8::1]:80",
            "tried to connect to 192.0.2.9:80",
        ];
        match rig.tier {
            Tier::Restricted => assert_eq!(told, [socket]),
            _ => assert_eq!(told, each, "{}", rig.tier),
        }
    }

    fn nothing_where_no_network_was_wanted(rig) {
        let told = denied(rig, "
a, b = socket.socketpair()
if sys.argv[1] == 'namespaces':
    assert socket.gethostbyname('localhost') == socket.gethostbyname(socket.gethostname())
if sys.argv[1] != 'restricted':
    listener = socket.socket(socket.AF_UNIX)
    listener.bind('socket')
    listener.listen()
    socket.socket(socket.AF_UNIX).connect('socket')
");
        assert!(told.is_empty(), "{}: {told:?}", rig.tier);
    }

    fn what_a_program_asks_is_escaped_and_not_endless(rig) {
        if rig.tier != Tier::Namespaces {
            return;
        }
        let told = denied(rig, "
def ask(label):
    name = bytes([len(label)]) + label
    question = b'\\7\\10\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0' + name + b'\\0\\0\\1\\0\\1'
    asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asking.settimeout(20)
    asking.sendto(question, ('127.0.0.53', 53))
    assert asking.recv(512) == b'\\7\\10\\x81\\5' + question[4:]
ask(b'\\x1b[2J\\r\\nall is well')
for number in range(50): ask(b'%d' % number)
");
        assert_eq!(told.len(), 20);
        assert_eq!(told[0], "tried to look up \\x1b[2J\\r\\nall is well");
        assert_eq!(told[1], "tried to look up 0");
    }

    fn who_asks_without_end_is_ended_all_the_same(rig) {
        let Some(sandbox) = rig.python("
os.fork()
while True:
    try:
        asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        asking.connect(('127.0.0.53', 53))
        for number in range(1000): asking.send(b'\\7\\10\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\0\\0\\1\\0\\1')
    except OSError: pass
") else { return };
        let limits = Limits { wall: Duration::from_secs(1), ..small_limits() };
        let outcome = ended(&sandbox.limits(limits));
        assert_eq!(outcome.ending, Ending::Stopped(Limit::Wall));
        assert!(outcome.took < Duration::from_secs(15), "{:?}", outcome.took);
        assert_eq!(outcome.denied.len(), 1, "{:?}", outcome.denied);
    }

    fn what_is_asked_in_the_last_moment(rig) {
        if rig.tier != Tier::Namespaces {
            return;
        }
        let told = denied(rig, "
asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asking.sendto(b'\\7\\10\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\4last\\0\\0\\1\\0\\1', ('127.0.0.53', 53))
os.kill(os.getpid(), 9)
");
        assert_eq!(told, ["tried to look up last"]);
    }
}

/// What was denied to the code, in words.
fn denied(rig: &Rig, code: &str) -> Vec<String> {
    let Some(sandbox) = rig.python(code) else {
        return Vec::new();
    };
    let outcome = ended(&sandbox.argument(rig.tier.to_string()));
    let text = outcome.output.text();
    assert!(outcome.reached.is_empty());
    assert!(!text.contains("connected"), "{text}");
    assert!(!text.contains("Error"), "{text}");
    outcome.denied.iter().map(Denied::to_string).collect()
}
