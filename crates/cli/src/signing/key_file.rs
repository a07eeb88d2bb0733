//! OpenSSH's private keys: the one form in which assay keeps and reads any.

use std::{fs::Metadata, os::unix::fs::MetadataExt as _, path::Path};

use assay_files::{objection, read_file};
use assay_types::shell_word;
use ssh_key::{Kdf, LineEnding, PrivateKey};
use zeroize::Zeroizing;

use super::{
    open_key::{OpenKey, writing},
    passphrase::Passphrases,
    public::PublicKey,
};
use crate::failure::{Failure, Result};

/// Longest file in bytes: a key has some hundred.
const LONGEST: u64 = 64 << 10;
/// A file that asks for more would keep a processor busy for minutes.
const MOST_ROUNDS: u32 = 5000;

/// A file with a private key that can sign statements; its public half is readable at once.
#[derive(Debug)]
pub struct KeyFile {
    key: PrivateKey,
    public: PublicKey,
    /// What it is called in messages; unescaped.
    name: String,
}

impl KeyFile {
    /// Reads a file that nobody else can read or change.
    pub fn read(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let (bytes, stat) = read_file(path, LONGEST)
            .map_err(|error| Failure::could_not(format!("reading the key {name}: {error}")))?;
        let bytes = Zeroizing::new(bytes);
        // Somebody who is shown the way to a public key needs no chmod.
        let mut file = Self::parse(&bytes, name)?;
        if file.public.comment().is_empty() {
            file.public = public_beside(path, file.public);
        }
        match exposure(&stat) {
            None => Ok(file),
            Some(fact) => Err(Failure::refused(format!("the key {} {fact}", file.name))
                .detail("rule: a private key is for its owner alone to read")
                .hint(format!(
                    "chmod 600 {}; and ask who could have read it",
                    shell_word(&file.name)
                ))),
        }
    }

    /// Reads the bytes of one.
    pub fn parse(bytes: &[u8], name: String) -> Result<Self> {
        let key =
            PrivateKey::from_openssh(bytes).map_err(|error| not_a_key(bytes, &name, &error))?;
        if let Kdf::Bcrypt { rounds, .. } = key.kdf()
            && *rounds > MOST_ROUNDS
        {
            let fact =
                format!("{name} asks for {rounds} rounds of bcrypt; {MOST_ROUNDS} are the most");
            return Err(
                Failure::usage(fact).hint("ssh-keygen -p -a 100 -f FILE writes it anew with fewer")
            );
        }
        let Some(public) = PublicKey::of_ssh(key.public_key()) else {
            let kind = key.algorithm();
            let fact = format!("{name} is a key of the kind {kind}, which signs no statements");
            return Err(Failure::usage(fact)
                .hint("Ed25519 and ECDSA on P-256 do: assay key generate NAME")
                .hint("an RSA key can make .sshsig files through ssh-agent"));
        };
        Ok(Self { key, public, name })
    }

    /// Its public half. The comment of an encrypted key is known once it was opened.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Whether a passphrase is needed.
    pub fn is_encrypted(&self) -> bool {
        self.key.is_encrypted()
    }

    /// The file's text, anew.
    pub fn to_text(&self) -> Result<Zeroizing<String>> {
        self.key.to_openssh(LineEnding::LF).map_err(writing)
    }

    /// Decrypts it where it is encrypted.
    pub fn open(self, passphrases: &Passphrases) -> Result<OpenKey> {
        let key = match self.key.is_encrypted() {
            false => self.key,
            true => {
                let passphrase = passphrases.existing(&self.name)?;
                let opened = self.key.decrypt(&passphrase);
                opened.map_err(|error| not_opened(&self.name, &error))?
            }
        };
        OpenKey::new(key).ok_or_else(|| {
            damaged(
                &self.name,
                "its public and private parts are not of one key",
            )
        })
    }
}

/// Why a secret in this file is none, as a clause about it. What is the user's own nobody else may read,
/// as ssh has it; what is root's (as a container's secrets are) only root can expose.
pub fn exposure(stat: &Metadata) -> Option<String> {
    let mode = stat.mode() & 0o7777;
    let is_own = stat.uid() == rustix::process::geteuid().as_raw();
    let is_open = is_own && mode & 0o077 != 0;
    let fact = || format!("can be read or written by other users (mode {mode:04o})");
    is_open.then(fact).or_else(|| objection(stat))
}

/// The comment of an encrypted key is known from its public line, where that is beside it.
fn public_beside(path: &Path, public: PublicKey) -> PublicKey {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".pub");
    let line = read_file(Path::new(&beside), LONGEST).ok();
    let line = line.and_then(|it| String::from_utf8(it.0).ok());
    let key = line.and_then(|it| ssh_key::PublicKey::from_openssh(&it).ok());
    let key = key.and_then(|it| PublicKey::of_ssh(&it));
    key.filter(|it| it.raw() == public.raw()).unwrap_or(public)
}

fn not_a_key(bytes: &[u8], name: &str, error: &ssh_key::Error) -> Failure {
    let text = String::from_utf8_lossy(bytes);
    let begins = |what: &str| text.trim_start().starts_with(what);
    if [
        "ssh-",
        "ecdsa-",
        "sk-",
        "-----BEGIN PUBLIC",
        "-----BEGIN SSH2 PUBLIC",
    ]
    .into_iter()
    .any(begins)
    {
        return Failure::usage(format!(
            "{name} is a public key; to sign takes the private one"
        ))
        .hint("its file has the same name without .pub")
        .hint("or it is in ssh-agent: --with ssh-agent");
    }
    if begins("-----BEGIN OPENSSH PRIVATE KEY-----") {
        return damaged(name, &error.to_string());
    }
    let failure = Failure::usage(format!("{name} is no private key of OpenSSH's form"));
    match begins("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        true => failure.hint("ssh-keygen -p -f FILE writes a key in PEM anew in that form"),
        false => failure.hint("ssh-keygen -t ed25519 and assay key generate make one"),
    }
}

fn not_opened(name: &str, error: &ssh_key::Error) -> Failure {
    match error {
        ssh_key::Error::Crypto => {
            Failure::could_not(format!("the passphrase does not open {name}"))
                .hint("it is another one, or the file was changed")
        }
        error => damaged(name, &error.to_string()),
    }
}

fn damaged(name: &str, why: &str) -> Failure {
    Failure::could_not(format!("the key {name} is damaged: {why}")).hint("restore it from a copy")
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, prelude::BASE64_STANDARD};

    use super::{super::open_key::ROUNDS, *};

    const MARK: [&str; 2] = [
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "-----END OPENSSH PRIVATE KEY-----",
    ];

    /// The text of a key with so many rounds written where its own number was.
    fn with_rounds(text: &str, rounds: u32) -> String {
        let body: String = text.lines().filter(|it| !it.starts_with('-')).collect();
        let mut bytes = BASE64_STANDARD.decode(body).unwrap();
        // "openssh-key-v1" NUL, "aes256-ctr" and "bcrypt" with their lengths, two lengths, the salt.
        let at = 15 + 14 + 10 + 8 + 16;
        assert_eq!(bytes[at..at + 4], ROUNDS.to_be_bytes());
        bytes[at..at + 4].copy_from_slice(&rounds.to_be_bytes());
        let body = BASE64_STANDARD.encode(bytes);
        let lines: Vec<_> = body
            .as_bytes()
            .chunks(70)
            .map(String::from_utf8_lossy)
            .collect();
        format!("{}\n{}\n{}\n", MARK[0], lines.join("\n"), MARK[1])
    }

    #[test]
    fn a_file_cannot_make_us_compute_for_hours() {
        let key = OpenKey::generate("me").unwrap();
        let text = key.to_text(Some(b"hunter2")).unwrap();
        let parse = |text: &str| KeyFile::parse(text.as_bytes(), "key".to_owned());
        assert!(parse(&with_rounds(&text, MOST_ROUNDS)).is_ok());
        for rounds in [MOST_ROUNDS + 1, u32::MAX] {
            let failure = parse(&with_rounds(&text, rounds)).unwrap_err();
            assert!(failure.fact().contains("rounds"), "{failure}");
        }
    }

    #[test]
    fn a_key_is_the_same_after_it_was_written() {
        let key = OpenKey::generate("me").unwrap();
        let open = key.to_text(None).unwrap();
        let file = KeyFile::parse(open.as_bytes(), "key".to_owned()).unwrap();
        assert!(!file.is_encrypted());
        assert_eq!(file.public(), key.public());
        let locked = key.to_text(Some(b"hunter2")).unwrap();
        let file = KeyFile::parse(locked.as_bytes(), "key".to_owned()).unwrap();
        assert!(file.is_encrypted());
        assert_eq!(file.public().raw(), key.public().raw());
        assert_eq!(file.to_text().unwrap(), locked);
        // Salts are not used twice.
        assert_ne!(key.to_text(Some(b"hunter2")).unwrap(), locked);
    }
}
