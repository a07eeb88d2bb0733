//! What host, supervisor and init tell each other: a length and JSON.

use std::{
    ffi::OsString,
    io::{self, Read, Write},
    path::PathBuf,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Ending, Limits, Tier};

use super::{channel::Handed, group::Doors};

/// Longer messages are not believed.
const MOST: u64 = 256 << 20;

/// What shall be run, and where.
#[derive(Debug, Serialize, Deserialize)]
pub struct Request {
    pub tier: Tier,
    pub work: PathBuf,
    pub folder: PathBuf,
    pub program: PathBuf,
    pub arguments: Vec<OsString>,
    pub variables: Vec<(OsString, OsString)>,
    pub read_only: Vec<PathBuf>,
    /// Folders of the host, and where they are found.
    pub read_only_at: Vec<(PathBuf, PathBuf)>,
    pub limits: Limits,
    pub input: Option<Vec<u8>>,
    /// Folders of the work folder, and where else they are found.
    pub also_at: Vec<(PathBuf, PathBuf)>,
    /// The control group, where there is one.
    pub group: Option<Doors>,
    /// Whether a way out is opened.
    pub network: bool,
    /// As whom the program runs, where the host is root.
    pub user: Option<u32>,
}

impl Request {
    /// Where the program finds its work folder.
    pub fn work_as_seen(&self) -> PathBuf {
        self.tier.work_as_seen(&self.work)
    }
}

/// What the host is told.
#[derive(Debug, Serialize, Deserialize)]
pub enum Message {
    /// Something was opened: its descriptor comes with this.
    Handed(Handed),
    /// The last word.
    Report(Report),
}

/// What became of it.
#[derive(Debug, Serialize, Deserialize)]
pub enum Report {
    /// Nothing was run.
    NotSetUp(Fault),
    /// It ended.
    Ended { ending: Ending, all_dead: bool },
}

/// Why nothing was run.
#[derive(Debug, Serialize, Deserialize)]
pub struct Fault {
    pub step: String,
    pub reason: String,
}

/// Names the step in which something failed.
pub trait During<T> {
    fn during(self, step: impl Into<String>) -> Result<T, Fault>;
}

impl<T, E: ToString> During<T> for Result<T, E> {
    fn during(self, step: impl Into<String>) -> Result<T, Fault> {
        self.map_err(|error| Fault {
            step: step.into(),
            reason: error.to_string(),
        })
    }
}

/// Writes one message.
pub fn send(to: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_vec(message)?;
    to.write_all(&(text.len() as u64).to_le_bytes())?;
    to.write_all(&text)?;
    to.flush()
}

/// Reads one message, and not a byte more.
pub fn receive<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<T> {
    let mut length = [0; 8];
    from.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    if length > MOST {
        return Err(io::Error::other("the message is too long"));
    }
    let mut text = Vec::new();
    from.take(length).read_to_end(&mut text)?;
    Ok(serde_json::from_slice(&text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_to_its_end_and_no_further() {
        let mut bytes = Vec::new();
        let sent = Report::Ended {
            ending: Ending::Exited(3),
            all_dead: true,
        };
        send(&mut bytes, &sent).unwrap();
        bytes.push(b'x');
        let mut rest = bytes.as_slice();
        let Report::Ended { ending, .. } = receive(&mut rest).unwrap() else {
            panic!("another message");
        };
        assert_eq!((ending, rest), (Ending::Exited(3), b"x".as_slice()));
        receive::<Report>(&mut &bytes[..bytes.len() - 2]).unwrap_err();
        receive::<Report>(&mut [0xff; 9].as_slice()).unwrap_err();
    }
}
