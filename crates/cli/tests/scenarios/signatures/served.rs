//! Sets of statements behind a URL.

use std::net::{SocketAddr, TcpListener};

use assay_testkit::{
    server::{Behaviour, Builder, IndexServer},
    wheel::BuiltWheel,
};

use super::{Listener, demo, sets::team};
use crate::machine::builder;

const SET: &str = "/team/set.assay";

fn serve_set(it: Builder, text: &str) -> Builder {
    it.page(SET, "application/octet-stream", text)
}

fn with_set(wheel: &BuiltWheel, text: &str) -> IndexServer {
    serve_set(builder(std::slice::from_ref(wheel)), text).start()
}

fn address(server: &IndexServer) -> SocketAddr {
    let url = server.index_url();
    let host = url.trim_start_matches("http://").split('/').next();
    host.unwrap().parse().unwrap()
}

#[test]
fn a_set_behind_a_url_is_asked_for_and_not_sent_twice() {
    let wheel = demo("1.0");
    let it = Listener::new("");
    let server = with_set(&wheel, &it.alice.vouches(&wheel));
    it.policy(&team(&server.url(SET)));
    it.install(&server, &[]).ok();
    it.install(&server, &[]).ok();
    let asked = server.requests();
    let asked: Vec<_> = asked.iter().filter(|it| it.path == SET).collect();
    assert_eq!(asked.len(), 2);
    assert!(asked[1].header("if-none-match").is_some());
}

#[test]
fn a_set_that_is_down_stops_unless_there_is_a_fresh_copy() {
    let wheel = demo("1.0");
    let it = Listener::new("");
    let vouched = it.alice.vouches(&wheel);
    let up = with_set(&wheel, &vouched);
    let address = address(&up);
    it.policy(&team(&up.url(SET)));
    it.install(&up, &[]).ok();
    drop(up);
    let down = |status| {
        let listener = TcpListener::bind(address).unwrap();
        let set = serve_set(builder(std::slice::from_ref(&wheel)), &vouched);
        set.behave(SET, Behaviour::Status(status))
            .at(listener)
            .start()
    };
    for status in [404, 500] {
        let server = down(status);
        let done = it.install(&server, &["--retries", "0"]).ok();
        let words = "the statements of team cannot be had";
        assert!(done.err.contains(words), "{done:?}");
    }
    let server = down(500);
    let notes = "../home/.local/state/assay/statements/team.json";
    let text = std::fs::read_to_string(it.machine.path(notes)).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let old = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * 8);
    value["seen"] = old.to_string().into();
    it.machine.write(notes, value.to_string());
    let failed = it.install(&server, &["--retries", "0"]);
    failed.fails(1, &["the statements of team cannot be had", "too old"]);
    let stranger = Listener::new(&team(&server.url(SET)));
    let failed = stranger.install(&server, &["--retries", "0"]);
    failed.fails(1, &["the statements of team cannot be had", "500"]);
}

#[test]
fn an_answer_that_is_no_set_does_not_take_the_copy_away() {
    let wheel = demo("1.0");
    let it = Listener::new("");
    let up = with_set(&wheel, &it.alice.vouches(&wheel));
    let (address, url) = (address(&up), up.url(SET));
    it.policy(&team(&url));
    it.install(&up, &[]).ok();
    drop(up);
    let again = |text: &str| {
        let listener = TcpListener::bind(address).unwrap();
        let set = serve_set(builder(std::slice::from_ref(&wheel)), text);
        set.at(listener)
    };
    let captive = again("<html>Sign in to this network</html>").start();
    it.install(&captive, &[]).fails(4, &["no envelope"]);
    drop(captive);
    let down = again("").behave(SET, Behaviour::Status(500)).start();
    let done = it.install(&down, &["--retries", "0"]).ok();
    let words = "the statements of team cannot be had";
    assert!(done.err.contains(words), "{done:?}");
    drop(down);
    it.install(&again("").start(), &[])
        .fails(4, &["missing: vouch:team"]);
}

#[test]
fn offline_the_copy_of_a_set_will_do() {
    let wheel = demo("1.0");
    let it = Listener::new("");
    let server = with_set(&wheel, &it.alice.vouches(&wheel));
    it.policy(&team(&server.url(SET)));
    let failed = it.install(&server, &["--offline"]);
    failed.fails(1, &["--offline"]);
    it.install(&server, &[]).ok();
    let done = it.install(&server, &["--offline"]).ok();
    assert!(
        done.err.contains("the statements of team cannot be had"),
        "{done:?}"
    );
}
