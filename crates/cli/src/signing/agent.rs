//! ssh-agent: keys that sign and are never seen.

use std::{
    os::unix::fs::FileTypeExt as _,
    path::{self, Path, PathBuf},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use assay_files::objection_on_the_way;
use ssh_agent_client_rs::{Client, Error, Identity};
use ssh_key::{PublicKey, Signature};

use crate::{
    failure::{Failure, Result},
    surroundings::Surroundings,
};

/// How long it may take to say which keys it has.
const LISTING: Duration = Duration::from_secs(5);
/// How long it may take to sign: it may ask its user, who may have to look for a token.
const SIGNING: Duration = Duration::from_secs(60);

/// The agent that listens at a socket. What it says is believed of nothing but its own keys.
#[derive(Debug, Clone)]
pub struct Agent {
    socket: PathBuf,
    signing: Duration,
}

impl Agent {
    /// The one that `SSH_AUTH_SOCK` names; nobody is asked yet.
    pub fn found(around: &Surroundings) -> Result<Self> {
        let Some(socket) = &around.ssh_auth_sock else {
            return Err(
                Failure::usage("no ssh-agent is known: SSH_AUTH_SOCK is not set")
                    .hint("start one and add a key: eval \"$(ssh-agent)\"; ssh-add FILE"),
            );
        };
        Self::at(socket)
    }

    fn at(socket: &Path) -> Result<Self> {
        let fact = match std::fs::metadata(socket) {
            Ok(stat) if stat.file_type().is_socket() => None,
            Ok(_) => Some("it is no socket".to_owned()),
            Err(error) => Some(error.to_string()),
        };
        let place = socket.display();
        if let Some(fact) = fact {
            return Err(Failure::could_not(format!(
                "no ssh-agent listens at {place}, which SSH_AUTH_SOCK names: {fact}"
            )));
        }
        check_owners(socket)?;
        Ok(Self {
            socket: socket.to_owned(),
            signing: SIGNING,
        })
    }

    /// The keys that it has; of certificates none.
    pub fn keys(&self) -> Result<Vec<PublicKey>> {
        let all = self.ask(
            "say which keys it has",
            LISTING,
            Client::list_all_identities,
        )?;
        let keys = all.into_iter().filter_map(|it| match it {
            Identity::PublicKey(key) => Some(key.into_owned()),
            Identity::Certificate(_) => None,
        });
        Ok(keys.collect())
    }

    /// What it says is the signature of this key; nothing of that is verified yet.
    pub fn sign(&self, key: &PublicKey, message: &[u8]) -> Result<Signature> {
        let (key, message) = (key.clone(), message.to_vec());
        let signed = move |client: &mut Client| client.sign(key, &message);
        self.ask("sign", self.signing, signed)
    }

    /// Asks in a thread of its own: an agent can keep silent at any step, and each is waited for
    /// without an end.
    fn ask<T: Send + 'static>(
        &self,
        what: &str,
        limit: Duration,
        question: impl FnOnce(&mut Client) -> Result<T, Error> + Send + 'static,
    ) -> Result<T> {
        let (sender, answer) = mpsc::channel();
        let socket = self.socket.clone();
        thread::spawn(move || {
            let said = Client::connect(&socket).and_then(|mut it| question(&mut it));
            // Nobody listens once the time is over.
            let _ = sender.send(said);
        });
        let place = self.socket.display();
        match answer.recv_timeout(limit) {
            Ok(said) => said.map_err(|error| {
                let why = explained(&error);
                Failure::could_not(format!("the ssh-agent at {place} did not {what}: {why}"))
            }),
            // It made the protocol's reader panic.
            Err(RecvTimeoutError::Disconnected) => Err(Failure::could_not(format!(
                "the ssh-agent at {place} did not {what}: what it said is no answer"
            ))),
            Err(RecvTimeoutError::Timeout) => {
                let seconds = limit.as_secs();
                let fact =
                    format!("the ssh-agent at {place} did not {what} within {seconds} seconds");
                Err(Failure::could_not(fact)
                    .hint("see whether it waits for you, then repeat the command"))
            }
        }
    }
}

/// Refuses a socket at which somebody else than the user and root may listen: what is signed there, and
/// which key is shown as the user's, would be theirs to say.
fn check_owners(socket: &Path) -> Result<()> {
    let place = socket.display();
    let failed = |fact: String| {
        Failure::refused(format!("the ssh-agent at {place} is not asked: {fact}"))
            .detail("rule: who signs for you is yours, or root's")
            .hint("start one of your own and add a key: eval \"$(ssh-agent)\"; ssh-add FILE")
    };
    let found = path::absolute(socket).map_err(|it| failed(it.to_string()))?;
    match objection_on_the_way(&found).map_err(|it| failed(it.to_string()))? {
        None => Ok(()),
        Some((path, objection)) if path == found => Err(failed(format!("it {objection}"))),
        Some((path, objection)) => {
            let refusal = failed(format!("{} {objection}", path.display()));
            Err(refusal.hint("or have this one listen in a folder to which you alone can write"))
        }
    }
}

fn explained(error: &Error) -> String {
    match error {
        Error::RemoteFailure => "it declined".to_owned(),
        Error::AgentCommunicationError(error) => error.to_string(),
        Error::SSHKey(error) => format!("what it said is no key or signature: {error}"),
        Error::SSHEncoding(error) => format!("what it said is no key or signature: {error}"),
        Error::UnknownMessageType(_) | Error::InvalidMessage(_) => {
            format!("what it said is no answer: {error}")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read as _, Write as _},
        os::unix::{
            fs::{PermissionsExt as _, chown},
            net::UnixListener,
        },
        time::Instant,
    };

    use super::*;

    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG6SoI4k+RoffUngWCzqlLFHn1u1c9tGlUGfizuthBd6 me";

    /// Lists a key at each connection, and says nothing more.
    fn tired(listener: UnixListener, key: PublicKey) {
        let blob = key.to_bytes().unwrap();
        let string = |it: &[u8]| [&(it.len() as u32).to_be_bytes(), it].concat();
        let answer = [&[12, 0, 0, 0, 1][..], &string(&blob), &string(b"me")].concat();
        thread::spawn(move || {
            let mut silent = Vec::new();
            for mut stream in listener.incoming().map_while(Result::ok) {
                let mut request = [0; 5];
                stream.read_exact(&mut request).unwrap();
                // SSH_AGENTC_REQUEST_IDENTITIES
                if request[4] == 11 {
                    stream.write_all(&string(&answer)).unwrap();
                }
                silent.push(stream);
            }
        });
    }

    #[test]
    fn an_agent_that_has_a_key_and_never_signs_is_not_waited_for() {
        let place = tempfile::tempdir().unwrap();
        let socket = place.path().join("agent.sock");
        let key = PublicKey::from_openssh(KEY).unwrap();
        tired(UnixListener::bind(&socket).unwrap(), key.clone());
        let agent = Agent {
            signing: Duration::from_secs(1),
            ..Agent::at(&socket).unwrap()
        };
        let keys = agent.keys().unwrap();
        assert_eq!(keys[0].key_data(), key.key_data());
        let started = Instant::now();
        let failure = agent.sign(&key, b"anything").unwrap_err();
        let words = "did not sign within 1 seconds";
        assert!(failure.fact().contains(words), "{failure}");
        assert!(started.elapsed() < SIGNING / 2);
    }

    #[test]
    fn an_agent_at_whose_socket_somebody_else_may_listen_is_not_asked() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("agent");
        std::fs::create_dir(&folder).unwrap();
        let socket = folder.join("socket");
        let _listener = UnixListener::bind(&socket).unwrap();
        let mode = |mode| std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode));
        let refused = |words: &str| {
            let failure = Agent::at(&socket).unwrap_err();
            let text = failure.render(false);
            assert_eq!(failure.exit_code(), 4, "{text}");
            assert!(
                text.contains(words) && text.contains("of your own"),
                "{text}"
            );
        };
        for open in [0o777, 0o1777] {
            mode(open).unwrap();
            refused("agent can be written to by other users");
            mode(0o755).unwrap();
            Agent::at(&socket).unwrap();
        }
        if chown(&socket, Some(12345), None).is_err() {
            println!("skipped: only root can give a file away");
            return;
        }
        refused("it belongs to user 12345");
    }
}
