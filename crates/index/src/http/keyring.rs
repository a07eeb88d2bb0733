//! The `keyring` program, run as pip's subprocess provider runs it: `keyring --mode=creds
//! --output=json get SERVICE [USER]`.
//!
//! Off-spec: it has a time limit, runs in the root folder (old versions read a configuration from
//! the working folder, which may be anybody's), and gets no argument that it could take for an
//! option.

use std::{
    collections::HashMap,
    io::Read,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Mutex, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

use serde::Deserialize;

use super::{
    body::read_capped,
    credentials::{Credentials, Source},
};
use crate::IndexError;

/// Longest run: somebody may have to unlock the keyring by hand.
const LIMIT: Duration = Duration::from_secs(120);
/// Longest output in bytes. Tokens have some kilobytes.
const MOST_OUTPUT: u64 = 1 << 20;
const PAUSE: Duration = Duration::from_millis(10);

/// The program, and what it answered in this run.
pub(crate) struct Keyring {
    program: PathBuf,
    limit: Duration,
    known: Mutex<Known>,
}

/// What was found, or that there is nothing, by service and user.
type Known = HashMap<(String, Option<String>), Option<Credentials>>;

#[derive(Deserialize)]
struct Answer {
    username: String,
    password: String,
}

/// What a finished run left.
struct Finished {
    status: ExitStatus,
    out: Vec<u8>,
    err: Vec<u8>,
}

impl Keyring {
    pub(crate) fn new(program: PathBuf) -> Self {
        Self {
            program,
            limit: LIMIT,
            known: Mutex::default(),
        }
    }

    /// Asks for the credentials of a service, and of one user where that is known; `None` where the
    /// keyring has none. Asked once in a run, however many threads want to know.
    pub(crate) fn get(
        &self,
        service: &str,
        user: Option<&str>,
    ) -> Result<Option<Credentials>, IndexError> {
        let key = (service.to_owned(), user.map(str::to_owned));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = known.get(&key) {
            return Ok(answer.clone());
        }
        let answer = self.ask(service, user)?;
        known.insert(key, answer.clone());
        Ok(answer)
    }

    fn ask(&self, service: &str, user: Option<&str>) -> Result<Option<Credentials>, IndexError> {
        let arguments = [Some(service), user];
        let arguments: Vec<&str> = arguments.into_iter().flatten().collect();
        if arguments.iter().any(|it| it.starts_with('-')) {
            return Err(self.failed("a host or user name that begins with - would be an option"));
        }
        let finished = self.run(&arguments)?;
        if finished.status.success() {
            // The output holds a password, so the error repeats nothing of it.
            let answer: Answer = serde_json::from_slice(&finished.out)
                .map_err(|_| self.failed("its answer is not the JSON of --mode=creds"))?;
            let credentials = Credentials::new(answer.username, Some(answer.password));
            return Ok(Some(credentials.from(Source::Keyring)));
        }
        let complaint = String::from_utf8_lossy(&finished.err);
        let is_old = finished.status.code() == Some(2)
            && complaint.contains("unrecognized arguments")
            && complaint.contains("--mode=creds");
        if is_old {
            return Err(self.failed("it is too old: version 25.2.1 or newer is needed"));
        }
        Ok(None)
    }

    fn run(&self, arguments: &[&str]) -> Result<Finished, IndexError> {
        let mut child = Command::new(&self.program)
            .args(["--mode=creds", "--output=json", "get"])
            .args(arguments)
            .current_dir("/")
            .env("PYTHONIOENCODING", "utf-8")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| self.failed(format!("it cannot be run: {error}")))?;
        let finished = self.finish(&mut child);
        if finished.is_err() {
            // It may be gone already; nothing more can be done about it.
            let _ = child.kill();
            let _ = child.wait();
        }
        finished
    }

    /// Reads both pipes at once, for a full one would stop the program.
    fn finish(&self, child: &mut Child) -> Result<Finished, IndexError> {
        let deadline = Instant::now() + self.limit;
        let out = read_aside(child.stdout.take());
        let err = read_aside(child.stderr.take());
        let late = || {
            let seconds = self.limit.as_secs();
            self.failed(format!("it did not answer within {seconds} s"))
        };
        let received = |pipe: mpsc::Receiver<Option<Vec<u8>>>| {
            let left = deadline.saturating_duration_since(Instant::now());
            let bytes = pipe.recv_timeout(left).map_err(|_| late())?;
            bytes.ok_or_else(|| self.failed("its output is too long, or cannot be read"))
        };
        let (out, err) = (received(out)?, received(err)?);
        loop {
            let status = child.try_wait();
            match status.map_err(|error| self.failed(format!("waiting for it: {error}")))? {
                Some(status) => return Ok(Finished { status, out, err }),
                None if Instant::now() >= deadline => return Err(late()),
                None => thread::sleep(PAUSE),
            }
        }
    }

    fn failed(&self, fact: impl Into<String>) -> IndexError {
        IndexError::Keyring {
            program: self.program.clone(),
            fact: fact.into(),
        }
    }
}

/// `None` arrives where there was more than may be, or nothing could be read.
fn read_aside(pipe: Option<impl Read + Send + 'static>) -> mpsc::Receiver<Option<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let bytes = pipe.and_then(|it| read_capped(it, MOST_OUTPUT).ok().flatten());
        // Whoever waited may have given up.
        let _ = sender.send(bytes);
    });
    receiver
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A program of these lines, and a file that gets its arguments.
    fn keyring(lines: &str) -> (Keyring, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("keyring");
        let log = folder.path().join("log");
        let script = format!(
            "#!/bin/sh\necho \"$PWD $*\" >> '{}'\n{lines}\n",
            log.display()
        );
        assay_testkit::program::script(&program, &script);
        let mut keyring = Keyring::new(program);
        keyring.limit = Duration::from_millis(1500);
        (keyring, folder)
    }

    fn log(folder: &tempfile::TempDir) -> String {
        fs::read_to_string(folder.path().join("log")).unwrap_or_default()
    }

    #[test]
    fn it_is_asked_once_and_as_pip_asks() {
        let (keyring, folder) = keyring(r#"echo '{"username": "u", "password": "pä:ß"}'"#);
        for _ in 0..2 {
            let found = keyring.get("https://h.example/simple/", Some("u")).unwrap();
            let expected = Credentials::new("u".into(), Some("pä:ß".into()));
            assert_eq!(found.unwrap().header(), expected.header());
        }
        assert_eq!(
            log(&folder),
            "/ --mode=creds --output=json get https://h.example/simple/ u\n"
        );
        keyring.get("h.example:8443", None).unwrap();
        assert!(log(&folder).ends_with("get h.example:8443\n"));
    }

    #[test]
    fn a_keyring_without_the_service_is_no_error() {
        let (keyring, _folder) = keyring("echo nothing >&2; exit 1");
        assert!(keyring.get("h.example", None).unwrap().is_none());
    }

    #[test]
    fn what_it_cannot_answer_is_told_without_its_secrets() {
        for (lines, words) in [
            (
                "echo 'error: unrecognized arguments: --mode=creds' >&2; exit 2",
                "too old",
            ),
            ("echo s3cr3t", "not the JSON"),
            (r#"echo '{"username": "s3cr3t"}'"#, "not the JSON"),
            ("exec sleep 30", "did not answer"),
            ("head -c 3000000 /dev/zero", "too long"),
        ] {
            let (keyring, _folder) = keyring(lines);
            let Err(error) = keyring.get("h.example", None) else {
                panic!("accepted: {lines}")
            };
            let text = format!("{error} {error:?}");
            assert!(text.contains(words) && !text.contains("s3cr3t"), "{text}");
        }
        let missing = Keyring::new("/missing/keyring".into());
        assert!(missing.get("h.example", None).is_err());
    }

    #[test]
    fn nothing_that_could_be_an_option_is_passed_on() {
        let (keyring, folder) = keyring("exit 1");
        assert!(keyring.get("h.example", Some("--help")).is_err());
        assert!(keyring.get("-h", None).is_err());
        assert_eq!(log(&folder), "");
        assert!(keyring.get("h.example", Some("a--help; id $(id)")).is_ok());
        assert!(log(&folder).ends_with("get h.example a--help; id $(id)\n"));
    }
}
