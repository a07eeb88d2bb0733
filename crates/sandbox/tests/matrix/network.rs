//! No way out by a socket.

use std::{
    io::ErrorKind,
    net::{TcpListener, UdpSocket},
    os::{
        linux::net::SocketAddrExt,
        unix::{
            fs::PermissionsExt,
            net::{SocketAddr, UnixListener},
        },
    },
};

use crate::rig::for_each_tier;

for_each_tier! {
    fn tcp_to_a_listener_of_the_host(rig) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port().to_string();
        rig.refuses("socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5)", &[&port]);
    }

    fn udp_to_the_host(rig) {
        let receiver = UdpSocket::bind(("127.0.0.1", 0)).unwrap();
        let port = receiver.local_addr().unwrap().port().to_string();
        // That nobody listens is only told with the second one.
        let code = "
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.connect(('127.0.0.1', int(sys.argv[1])))
sender.send(b'x')
time.sleep(0.1)
sender.send(b'x')
";
        rig.refuses(code, &[&port]);
        receiver.set_nonblocking(true).unwrap();
        // Those that were sent without a sandbox.
        receiver.recv(&mut [0]).unwrap();
        receiver.recv(&mut [0]).unwrap();
        assert_eq!(receiver.recv(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
    }

    fn a_socket_in_the_file_system(rig) {
        let path = rig.host.path().join("socket");
        let _listener = UnixListener::bind(&path).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o777)).unwrap();
        rig.refuses("socket.socket(socket.AF_UNIX).connect(sys.argv[1])", &[&path]);
    }

    fn an_abstract_socket(rig) {
        let name = format!("assay-test-{:?}", rig.host.path());
        let _listener = UnixListener::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
        rig.refuses("socket.socket(socket.AF_UNIX).connect('\\0' + sys.argv[1])", &[&name]);
    }

    fn netlink_vsock_and_packets(rig) {
        rig.refuses("socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)", &[]);
        rig.refuses("socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)", &[]);
        rig.refuses("socket.socket(socket.AF_PACKET, socket.SOCK_RAW)", &[]);
    }

    fn io_uring_which_no_filter_sees_through(rig) {
        rig.refuses("call(io_uring_setup, 1, ctypes.create_string_buffer(120))", &[]);
    }

    fn a_pair_of_sockets_is_no_way_out_and_works(rig) {
        rig.allows("a, b = socket.socketpair(); a.send(b'x'); assert b.recv(1) == b'x'", &[]);
    }
}
