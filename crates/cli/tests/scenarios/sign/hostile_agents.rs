//! Whatever listens at `SSH_AUTH_SOCK` may lie, or say nothing.

use std::{
    io::{Read, Write},
    os::unix::net::{UnixListener, UnixStream},
    path::PathBuf,
    time::{Duration, Instant},
};

use ring::signature::{Ed25519KeyPair, KeyPair};

use super::{beside, statement::said, wheel};
use crate::machine::{Machine, Outcome};

pub const LIST: u8 = 11;
const SIGN: u8 = 13;

/// What an agent answers to a request; nothing at all where it is `None`.
type Answers = fn(&[u8]) -> Option<Vec<u8>>;

/// The same of an agent that remembers something.
pub trait Answering: Fn(&[u8]) -> Option<Vec<u8>> + Clone + Send + 'static {}
impl<T: Fn(&[u8]) -> Option<Vec<u8>> + Clone + Send + 'static> Answering for T {}

/// Signs with what that agent answers.
fn signed_by(machine: &Machine, answers: Answers) -> Outcome {
    let socket = listen(machine, answers);
    let file = wheel(machine);
    beside(machine, &socket, &["sign", &file, "--with", "ssh-agent"])
}

pub fn listen(machine: &Machine, answers: impl Answering) -> PathBuf {
    let socket = machine.path("agent.sock");
    let _ = std::fs::remove_file(&socket);
    let listener = UnixListener::bind(&socket).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let answers = answers.clone();
            std::thread::spawn(move || converse(stream, answers));
        }
    });
    socket
}

fn converse(mut stream: UnixStream, answers: impl Answering) {
    let mut length = [0; 4];
    while stream.read_exact(&mut length).is_ok() {
        let mut request = vec![0; u32::from_be_bytes(length) as usize];
        stream.read_exact(&mut request).unwrap();
        match answers(&request) {
            Some(answer) => stream.write_all(&answer).unwrap(),
            None => std::thread::sleep(Duration::from_secs(3600)),
        }
    }
}

fn pair(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
}

fn string(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_be_bytes(), bytes].concat()
}

fn blob(seed: u8) -> Vec<u8> {
    [
        string(b"ssh-ed25519"),
        string(pair(seed).public_key().as_ref()),
    ]
    .concat()
}

/// It has the first key.
pub fn listed() -> Option<Vec<u8>> {
    Some(string(
        &[&[12, 0, 0, 0, 1][..], &string(&blob(1)), &string(b"me")].concat(),
    ))
}

/// A signature by this key over this message.
pub fn signature(seed: u8, message: &[u8]) -> Option<Vec<u8>> {
    let signature = pair(seed).sign(message);
    let signature = [string(b"ssh-ed25519"), string(signature.as_ref())].concat();
    Some(string(&[&[14][..], &string(&signature)].concat()))
}

/// What is to be signed.
pub fn message(request: &[u8]) -> &[u8] {
    let rest = &request[1 + 4 + blob(1).len()..];
    let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
    &rest[4..4 + length]
}

#[test]
fn an_honest_agent_is_believed() {
    let machine = Machine::new();
    let honest: Answers = |request| match request[0] {
        LIST => listed(),
        SIGN => signature(1, message(request)),
        other => panic!("{other}"),
    };
    signed_by(&machine, honest).ok();
    let line = beside(
        &machine,
        &machine.path("agent.sock"),
        &["key", "export", "ssh-agent"],
    )
    .ok()
    .out;
    assert_eq!(said(&machine, &wheel(&machine), &line).len(), 1);
}

#[test]
fn what_is_no_signature_of_the_key_is_not_given_away() {
    let another_key: Answers = |request| match request[0] {
        LIST => listed(),
        _ => signature(2, message(request)),
    };
    let another_message: Answers = |request| match request[0] {
        LIST => listed(),
        _ => signature(1, b"something else"),
    };
    let another_kind: Answers = |request| match request[0] {
        LIST => listed(),
        _ => {
            let signature = [string(b"rsa-sha2-512"), string(&[1; 64])].concat();
            Some(string(&[&[14][..], &string(&signature)].concat()))
        }
    };
    for lies in [another_key, another_message, another_kind] {
        let machine = Machine::new();
        signed_by(&machine, lies).fails(4, &["is no signature of it"]);
        assert!(!machine.path(&format!("{}.assay", wheel(&machine))).exists());
        let sign = [
            "sign",
            &wheel(&machine),
            "--with",
            "ssh-agent",
            "--format",
            "sshsig",
        ];
        beside(&machine, &machine.path("agent.sock"), &sign).fails(4, &["is no signature of it"]);
        assert!(
            !machine
                .path(&format!("{}.sshsig", wheel(&machine)))
                .exists()
        );
    }
}

#[test]
fn nonsense_is_no_answer() {
    let nonsense: [Answers; 8] = [
        |_| Some(vec![0xff; 64]),
        |_| Some(string(&[])),
        |_| Some(string(&[12, 0xff, 0xff, 0xff, 0xff])),
        |_| Some(string(&[12, 0, 0, 0, 1, 0, 0, 0, 9, 1, 2, 3])),
        |_| Some(string(&[6])),
        |_| Some(string(&[200, 1, 2, 3])),
        |request| match request[0] {
            LIST => listed(),
            _ => Some(string(&[14, 0, 0, 0, 1, 7])),
        },
        |request| match request[0] {
            LIST => listed(),
            // It declines.
            _ => Some(string(&[5])),
        },
    ];
    for answers in nonsense {
        let machine = Machine::new();
        signed_by(&machine, answers).fails(1, &["the ssh-agent at", "did not"]);
    }
}

#[test]
fn an_agent_that_keeps_silent_is_not_waited_for() {
    let machine = Machine::new();
    let started = Instant::now();
    signed_by(&machine, |_| None).fails(1, &["did not say which keys it has within 5 seconds"]);
    assert!(started.elapsed() < Duration::from_secs(30));
}
