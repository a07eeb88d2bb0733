//! Keys that sign: in ssh-agent, in the user's state, or in a file of OpenSSH's form.

mod agent;
mod key_file;
pub mod lines;
mod open_key;
mod own_keys;
mod pair;
mod passphrase;
mod public;
mod sshsig;
mod statements;
mod terminal;

use std::path::Path;

use assay_trust::{Label, signature::RawKey};
use assay_types::Printable;

pub use agent::Agent;
pub use key_file::KeyFile;
pub use open_key::OpenKey;
pub use own_keys::OwnKeys;
pub use passphrase::{Passphrase, Passphrases};
pub use public::PublicKey;
pub use sshsig::{FileDigest, SshSigner};
pub use statements::{BundleFile, seconds};

use crate::{
    commands::Context,
    failure::{Failure, Result},
};
use pair::Pair;

/// A key that signs statements: Ed25519, or ECDSA on P-256.
#[derive(Debug)]
pub struct Signer {
    public: PublicKey,
    hand: Hand,
}

/// Who holds the pen.
#[derive(Debug)]
enum Hand {
    Own(Pair),
    Agent(Agent),
}

impl Signer {
    /// The one that `--with` names: `ssh-agent`, `ssh-agent:COMMENT`, `ssh-agent:SHA256:…`, the name of
    /// a key in the state, or the path of an OpenSSH private key. A passphrase is asked for at once.
    pub fn named(with: &str, passphrases: &Passphrases, context: &Context<'_>) -> Result<Self> {
        match With::parse(with) {
            With::Agent(which) => {
                let agent = Agent::found(context.around)?;
                let public = of_agent(&agent, which)?;
                let hand = Hand::Agent(agent);
                Ok(Self { public, hand })
            }
            With::Own(name) => {
                let keys = OwnKeys::new(context.folders.state());
                Ok(Self::of_key(keys.read(&name)?.open(passphrases)?))
            }
            With::File(path) => {
                let file = KeyFile::read(&context.around.absolute(path))?;
                Ok(Self::of_key(file.open(passphrases)?))
            }
        }
    }

    /// Of a key that was opened.
    pub fn of_key(key: OpenKey) -> Self {
        let (public, pair) = key.into_parts();
        let hand = Hand::Own(pair);
        Self { public, hand }
    }

    /// Signs; 64 bytes of Ed25519, or ECDSA as ASN.1 DER. What is given away holds: an agent that
    /// answers with anything else, and a processor that miscalculates, are refused.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let signature = match &self.hand {
            Hand::Own(pair) => pair.sign(message),
            Hand::Agent(agent) => {
                let key = ssh_key::PublicKey::from(self.public.ssh().clone());
                let signature = agent.sign(&key, message)?;
                let is_its = signature.algorithm() == self.public.ssh().algorithm();
                let signature = pair::from_ssh(self.public.raw(), signature.as_bytes());
                signature.filter(|_| is_its)
            }
        };
        let signature = signature.filter(|it| self.public.raw().has_signed(message, it));
        signature.ok_or_else(|| not_signed(&self.public.fingerprint()))
    }

    /// The public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The public half without a frame, as statements are verified by it.
    pub fn raw(&self) -> RawKey {
        self.public.raw().clone()
    }

    /// What people tell it by; may be empty. Harmless to a terminal.
    pub fn comment(&self) -> &str {
        self.public.comment()
    }
}

impl PublicKey {
    /// The public half of the key that `--with` would name. No passphrase is needed.
    pub fn named(with: &str, context: &Context<'_>) -> Result<Self> {
        match With::parse(with) {
            With::Agent(which) => of_agent(&Agent::found(context.around)?, which),
            With::Own(name) => OwnKeys::new(context.folders.state()).public(&name),
            With::File(path) => {
                let file = KeyFile::read(&context.around.absolute(path))?;
                Ok(file.public().clone())
            }
        }
    }
}

/// What `--with` says.
enum With<'a> {
    /// Of which key: a comment or a fingerprint.
    Agent(Option<&'a str>),
    Own(Label),
    File(&'a Path),
}

impl<'a> With<'a> {
    /// A name of a key has no slash, dot or capital; a file that has none either is named `./file`.
    fn parse(with: &'a str) -> Self {
        match (with.strip_prefix(AGENT), with.parse()) {
            (Some(""), _) => Self::Agent(None),
            (Some(rest), _) if rest.starts_with(':') => Self::Agent(Some(&rest[1..])),
            (_, Ok(name)) => Self::Own(name),
            (_, Err(_)) => Self::File(Path::new(with)),
        }
    }
}

/// What names the agent; no key in the state has this name.
pub const AGENT: &str = "ssh-agent";

/// The one of an agent's keys that is meant, of those that sign statements.
fn of_agent(agent: &Agent, which: Option<&str>) -> Result<PublicKey> {
    let keys = agent.keys()?;
    chosen(keys.iter().filter_map(PublicKey::of_ssh).collect(), which)
}

fn chosen(mut keys: Vec<PublicKey>, which: Option<&str>) -> Result<PublicKey> {
    if let Some(which) = which {
        let is_meant = |it: &PublicKey| it.fingerprint() == which || it.comment() == which;
        let (meant, others): (Vec<_>, Vec<_>) = keys.into_iter().partition(is_meant);
        if let Some(failure) = ambiguous(&meant, which) {
            return Err(failure);
        }
        keys = meant;
        if keys.is_empty() {
            let fact = format!(
                "ssh-agent has no key {} that signs statements",
                Printable(which)
            );
            return Err(listed(Failure::usage(fact), &others));
        }
    }
    match keys.len() {
        1 => Ok(keys.remove(0)),
        0 => Err(Failure::usage("ssh-agent has no key that signs statements")
            .hint("Ed25519 and ECDSA on P-256 do: ssh-keygen -t ed25519; ssh-add FILE")),
        _ => Err(listed(
            Failure::usage("ssh-agent has several keys: say which"),
            &keys,
        )
        .hint("--with ssh-agent:COMMENT or ssh-agent:SHA256:FINGERPRINT")),
    }
}

fn ambiguous(meant: &[PublicKey], which: &str) -> Option<Failure> {
    let fact = || {
        format!(
            "ssh-agent has several keys with the comment {}",
            Printable(which)
        )
    };
    (meant.len() > 1).then(|| {
        listed(Failure::usage(fact()), meant)
            .hint("name one by its fingerprint: --with ssh-agent:SHA256:…")
    })
}

fn listed(failure: Failure, keys: &[PublicKey]) -> Failure {
    keys.iter().fold(failure, |failure, it| {
        failure.detail(format!(
            "{} {} {}",
            it.fingerprint(),
            it.kind(),
            it.comment()
        ))
    })
}

fn not_signed(fingerprint: &str) -> Failure {
    Failure::refused(format!(
        "what was made with the key {fingerprint} is no signature of it"
    ))
    .detail("rule: a signature is verified before it is given away")
    .hint("ask whether this ssh-agent is yours")
}
